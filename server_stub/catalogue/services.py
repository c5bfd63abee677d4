"""Verbs of the catalogue: an edition is entered by one person and comes into force by another's approval."""

from __future__ import annotations

from pathlib import Path

from django.db import transaction

from server_stub.catalogue import entries
from server_stub.catalogue.checking import flaw, flaws_of
from server_stub.catalogue.errors import EditionRefused, NotStaged, NotTwoPeople, VersionTaken, no_edition
from server_stub.catalogue.models import Category, Edition, Item
from server_stub.catalogue.reading import read, shipped
from server_stub.catalogue.selectors import national_keys, stored
from server_stub.config.clock import stamp
from server_stub.evidence import services as evidence

_LENGTHS = {"title": 200, "basis": 300, "note": 500}


def load(path: Path, *, by: str) -> Edition:
    """Enter the edition in a file for approval; the same file again is the same edition.

    Raises:
        EditionRefused: when it cannot stand, is of the platform's own series or names its people itself.
        VersionTaken: this version of this edition is on record with other content.
        OSError: when a file is missing.
    """
    edition = read(path, national_keys())
    if edition.series == "platform":
        raise EditionRefused(
            [flaw("edition/series", "series", "the platform's own edition ships with a release")]
        )
    if edition.entered_by or edition.approved_by:
        raise EditionRefused([flaw("edition/entered_by", "people", "who enters and approves is who does it")])
    _fits(edition)
    with transaction.atomic():
        same = Edition.objects.select_for_update().filter(sha256=edition.digest).first()
        if same is not None:
            return same
        if _taken(edition):
            raise VersionTaken(edition.name)
        row = _row(edition, "staged", by)
        row.save(force_insert=True)
        _children(row, edition)
        _witness("entered", row, by)
    return row


def approve(name: str, *, by: str) -> Edition:
    """Bring a staged edition into force. `name`: CODE/VERSION, or CODE when one version waits.

    Raises:
        Problem: `not-found`. NotStaged. NotTwoPeople: `by` entered it.
        EditionRefused: what stands on record does not keep the rules any more.
    """
    with transaction.atomic():
        row = _waiting(name)
        if row.state != "staged":
            raise NotStaged(row.name, row.state)
        if not by or by == row.entered_by:
            raise NotTwoPeople(row.name)
        flaws = flaws_of(stored(row), national_keys())
        if flaws:
            raise EditionRefused(flaws)
        row.state, row.approved_by, row.approved_at = "approved", by, stamp()
        row.save(update_fields=["state", "approved_by", "approved_at"])
        _witness("approved", row, by)
    return row


def record_shipped(by: str = "system") -> tuple[str, ...]:
    """Put on record which shipped editions this server runs on; returns the names of those that are new.

    Raises:
        EditionRefused: when a shipped file does not fit.
    """
    fresh: list[str] = []
    with transaction.atomic():
        for edition in shipped():
            if Edition.objects.filter(sha256=edition.digest).exists():
                continue
            row = _row(edition, "shipped", edition.entered_by)
            row.approved_by, row.approved_at = edition.approved_by, row.entered_at
            row.save(force_insert=True)
            _witness("loaded", row, by)
            fresh.append(row.name)
    return tuple(fresh)


def _taken(edition: entries.Edition) -> bool:
    on_record = Edition.objects.filter(code=edition.code, version=edition.version).exists()
    return on_record or any(one.code == edition.code for one in shipped())


def _waiting(name: str) -> Edition:
    code, sign, version = name.partition("/")
    rows = Edition.objects.select_for_update().filter(code=code)
    if sign:
        rows = rows.filter(version=int(version)) if version.isdecimal() else rows.none()
    else:
        rows = rows.filter(state="staged")
    found = list(rows[:2])
    if len(found) != 1:
        raise no_edition(name)
    return found[0]


def _row(edition: entries.Edition, state: str, by: str) -> Edition:
    return Edition(
        code=edition.code,
        version=edition.version,
        series=edition.series,
        title=edition.title,
        effective_from=edition.effective_from,
        effective_to=edition.effective_to,
        basis=edition.basis,
        verified=edition.verified,
        note=edition.note,
        sha256=edition.digest,
        state=state,
        entered_by=by,
        entered_at=stamp(),
        category_count=len(edition.categories),
        item_count=len(edition.items),
    )


def _children(row: Edition, edition: entries.Edition) -> None:
    categories = {
        one.code: Category(
            edition=row, code=one.code, name=one.name, key=one.key, verified=one.verified, note=one.note
        )
        for one in edition.categories
    }
    Category.objects.bulk_create(categories.values())
    plain = [name for name in entries.Item.__struct_fields__ if name not in ("category", "kinds")]
    Item.objects.bulk_create(
        [
            Item(
                edition=row,
                category=categories[item.category],
                kinds=list(item.kinds),
                **{name: getattr(item, name) for name in plain},
            )
            for item in edition.items
        ],
        batch_size=500,
    )


def _fits(edition: entries.Edition) -> None:
    """Refuse texts that no column holds; a database may cut or refuse them in its own words."""
    found = [
        flaw(f"edition/{name}", "too-long", f"more than {most} characters")
        for name, most in _LENGTHS.items()
        if len(getattr(edition, name)) > most
    ]
    for item in edition.items:
        for name, most in {"instrument": 200, "article": 100, "frequency": 24, "note": 500}.items():
            if len(getattr(item, name)) > most:
                found.append(flaw(f"items/{item.code}/{name}", "too-long", f"more than {most} characters"))
    if found:
        raise EditionRefused(found)


def _witness(act: str, row: Edition, by: str) -> None:
    evidence.append(
        kind="catalogue",
        source="server",
        user=by,
        organisation="",
        basis_sha256=row.sha256,
        outcome=f"{act}:{row.name}",
    )
