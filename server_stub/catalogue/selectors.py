"""Questions to the catalogue. What the query path asks is answered from memory, by the editions' digests."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import Any

import msgspec

from server_stub import statements
from server_stub.catalogue import entries
from server_stub.catalogue.entries import KINDS
from server_stub.catalogue.errors import no_item
from server_stub.catalogue.judging import Catalogue
from server_stub.catalogue.models import Edition
from server_stub.catalogue.reading import shipped

_KEPT = 4  # catalogues in memory: the present one, and those an approval or a test has just left behind
_DIGESTS = "SELECT sha256 FROM catalogue_edition WHERE state = 'approved' ORDER BY id"


def current() -> Catalogue:
    """The catalogue that holds now: one read of the approved digests, whatever is asked of it afterwards."""
    return _built(tuple(digest for (digest,) in statements.every(_DIGESTS)))


@lru_cache(maxsize=_KEPT)
def _built(digests: tuple[str, ...]) -> Catalogue:
    rows = Edition.objects.filter(sha256__in=digests).order_by("pk")
    return Catalogue([*shipped(), *map(stored, rows)])


def stored(row: Edition) -> entries.Edition:
    """An edition with its rows as they stand in the database."""
    categories = [
        {"code": one.code, "name": one.name, "key": one.key, "verified": one.verified, "note": one.note}
        for one in row.categories.order_by("pk")
    ]
    names = [name for name in entries.Item.__struct_fields__ if name != "category"]
    items = [
        {"category": one.category.code, **{name: getattr(one, name) for name in names}}
        for one in row.items.select_related("category").order_by("pk")
    ]
    return entries.Edition(
        code=row.code,
        series=msgspec.convert(row.series, entries.Series),
        title=row.title,
        version=row.version,
        effective_from=row.effective_from,
        effective_to=row.effective_to,
        basis=row.basis,
        entered_by=row.entered_by,
        approved_by=row.approved_by,
        verified=row.verified,
        note=row.note,
        digest=row.sha256,
        categories=tuple(msgspec.convert(categories, list[entries.Category])),
        items=tuple(msgspec.convert(items, list[entries.Item])),
    )


def national_keys() -> dict[str, frozenset[str]]:
    """Keys of the categories of each national edition, shipped or approved, by its code."""
    keys: dict[str, frozenset[str]] = {}
    for one in current().editions:
        if one.series == "national":
            keys[one.code] = keys.get(one.code, frozenset()) | one.keys
    return keys


def editions(on: date) -> list[dict[str, Any]]:
    """Every edition on record with its people, its digest and whether it is the one of the day."""
    held = current()
    now = {
        found.digest for series in ("national", "platform", "local") if (found := held.in_force(series, on))
    }
    rows = Edition.objects.order_by("series", "effective_from", "version", "pk")
    return [
        {
            "edition": row.name,
            "series": row.series,
            "title": row.title,
            "state": row.state,
            "in_force": row.sha256 in now,
            "effective_from": _text(row.effective_from),
            "effective_to": _text(row.effective_to),
            "basis": row.basis,
            "verified": row.verified,
            "note": row.note,
            "entered_by": row.entered_by,
            "approved_by": row.approved_by,
            "categories": row.category_count,
            "items": row.item_count,
            "sha256": row.sha256,
        }
        for row in rows
    ]


def counts(on: date) -> dict[str, int]:
    """How many items of the day hold, and how many do not and why; an item counts once, under its gravest."""
    held = current()
    found = {"items": 0, "shown": 0, "unmapped": 0, "baseless": 0, "inactive": 0}
    for item in items(held, on):
        found["items"] += 1
        found[held.judge(item.code, item.section, item.kinds[0], on).state or "shown"] += 1
    return found


def items(held: Catalogue, on: date) -> Iterable[entries.Item]:
    """The items of the city's and the platform's edition of the day, each code once."""
    seen: dict[str, entries.Item] = {}
    for series in ("local", "platform"):
        edition = held.in_force(series, on)
        for item in edition.items if edition else ():
            seen.setdefault(item.code, item)
    return seen.values()


def item_view(code: str, on: date) -> dict[str, Any]:
    """One item as it stands on a day, with its edition and what the catalogue says of it.

    Raises:
        Problem: `not-found` when no edition of the day holds it.
    """
    held = current()
    found = held.find(code, on)
    if found is None:
        raise no_item(code)
    edition, item = found
    category = next(one for one in edition.categories if one.code == item.category)
    said = {kind: held.judge(code, item.section, kind, on).why or "shown" for kind in KINDS}
    view: dict[str, Any] = msgspec.to_builtins(item)
    return {
        **view,
        "category_name": category.name,
        "edition": edition.name,
        "edition_sha256": edition.digest,
        "on": on.isoformat(),
        "finding": said,
    }


def _approved() -> Any:
    return Edition.objects.filter(state="approved").order_by("pk")


def _text(day: date | None) -> str:
    return day.isoformat() if day else ""
