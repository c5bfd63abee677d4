"""The keys of this home are those its database was begun with; a lost one is never made anew in silence."""

from __future__ import annotations

from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from server_stub.accounts.models import Officer
from server_stub.config import keys
from server_stub.evidence.models import Head, KeyMark
from server_stub.exchange.province.models import Partner
from server_stub.subjects.models import Subject

BACK = "put it back from the key backup, nothing was made anew (docs/OPERATOR.md)"


def require_keys(home: Path) -> None:
    """Every key that the database knows is there, and is the same one. An empty database knows none.

    Raises:
        ImproperlyConfigured: a key is missing, or is another one.
    """
    tables = set(connection.introspection.table_names())
    known = dict(KeyMark.objects.values_list("name", "mark")) if KeyMark._meta.db_table in tables else {}
    expected = set(known) or _unmarked(tables)
    gone = [f"keys/{name}.key" for name in keys.missing(home) if name in expected]
    if gone:
        raise ImproperlyConfigured(
            f"{', '.join(gone)} {'is' if len(gone) == 1 else 'are'} missing, and the database of this home"
            f" was begun with it: {BACK}"
        )
    there = keys.marks(home) if known else {}
    others = [f"keys/{name}.key" for name, mark in known.items() if there[name] != mark]
    if others:
        raise ImproperlyConfigured(
            f"{', '.join(others)} {'is' if len(others) == 1 else 'are'} not the key that the database of"
            f" this home was begun with: {BACK}"
        )


def make_keys(home: Path) -> None:
    """Make the keys of a home that begins, and let its migrated database know those that it does not yet."""
    keys.make(home)
    known = set(KeyMark.objects.values_list("name", flat=True))
    KeyMark.objects.bulk_create(
        KeyMark(name=name, mark=mark) for name, mark in keys.marks(home).items() if name not in known
    )


def _unmarked(tables: set[str]) -> set[str]:
    """What a database of before the marks must have: nothing, while it holds nothing a key stands behind."""
    if Head._meta.db_table not in tables or not (
        Head.objects.filter(size__gt=0).exists() or Officer.objects.exists() or Subject.objects.exists()
    ):
        return set()
    return {name for name in keys.NAMES if name != "partner" or Partner._meta.db_table in tables}
