"""Keys, seal and authority of this home are those its database was begun with; a lost one is never made anew
in silence.
"""

from __future__ import annotations

from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from server_stub.accounts.models import Device, Officer
from server_stub.config import keys, marks
from server_stub.evidence.models import Head, KeyMark
from server_stub.exchange.province.models import Partner
from server_stub.reports.models import Report
from server_stub.subjects.models import Subject

BACK = "put it back from the key backup, nothing was made anew (docs/OPERATOR.md)"


def require_keys(home: Path) -> None:
    """Every key and file that the database knows is there, and is the same one. An empty database knows none.

    Raises:
        ImproperlyConfigured: one is missing, or is another one.
    """
    found = faults(home)
    gone = [name for name, fault in found.items() if fault == "missing"]
    if gone:
        raise ImproperlyConfigured(
            f"{', '.join(gone)} {'is' if len(gone) == 1 else 'are'} missing, and the database of this home"
            f" was begun with it: {BACK}"
        )
    if found:
        raise ImproperlyConfigured(
            f"{', '.join(found)} {'is' if len(found) == 1 else 'are'} not the key that the database of"
            f" this home was begun with: {BACK}"
        )


def faults(home: Path) -> dict[str, str]:
    """What is missing or another one, by its place in the home.

    Raises:
        ImproperlyConfigured: a key is open to others, or not 32 bytes.
    """
    tables = set(connection.introspection.table_names())
    known = dict(KeyMark.objects.values_list("name", "mark")) if KeyMark._meta.db_table in tables else {}
    own = {name: mark for name, mark in known.items() if name in keys.NAMES}
    files = {name: mark for name, mark in known.items() if name not in own}
    found = marks.key_faults(home, own) if own else _unmarked(home, tables)
    unknown = dict.fromkeys(_unmarked_files(tables, files), "")
    return {f"keys/{name}.key": fault for name, fault in found.items()} | marks.faults(home, files | unknown)


def make_keys(home: Path) -> None:
    """Make the keys of a home that begins, and let its migrated database know those that it does not yet."""
    keys.make(home)
    known = set(KeyMark.objects.values_list("name", flat=True))
    KeyMark.objects.bulk_create(
        KeyMark(name=name, mark=mark) for name, mark in keys.marks(home).items() if name not in known
    )
    for name, public in keys.publics(home).items():
        KeyMark.objects.filter(name=name).exclude(public_b64=public).update(public_b64=public)


def mark_files(home: Path) -> None:
    """Let the database know seal, time stamps and authority, once they were made; a group that it knows
    already stays as it is known.
    """
    known = set(KeyMark.objects.values_list("name", flat=True))
    for group, names in marks.FILES.items():
        if not known.intersection(names):
            rows = marks.marks(home, group).items()
            KeyMark.objects.bulk_create(KeyMark(name=name, mark=mark) for name, mark in rows)


def _unmarked(home: Path, tables: set[str]) -> dict[str, str]:
    """What a database of before the marks misses: nothing, while it holds nothing a key stands behind."""
    if Head._meta.db_table not in tables or not (
        Head.objects.filter(size__gt=0).exists() or Officer.objects.exists() or Subject.objects.exists()
    ):
        return {}
    expected = {name for name in keys.NAMES if name != "partner" or Partner._meta.db_table in tables}
    return {name: "missing" for name in keys.missing(home) if name in expected}


def _unmarked_files(tables: set[str], known: dict[str, str]) -> list[str]:
    """What a database of before these marks has to have: the authority once a computer was enrolled, the
    certificates of the seal once a report was issued.
    """
    wanted = (("tls", Device, marks.FILES["tls"]), ("seal", Report, marks.FILES["seal"][1:]))
    return [
        name
        for group, model, names in wanted
        if not set(marks.FILES[group]).intersection(known)
        and model._meta.db_table in tables
        and model._default_manager.exists()
        for name in names
    ]
