"""Whether a record of an item may be shown or taken on a day, and which item and edition say so."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Literal

import msgspec

from app.field.records import RuleRef
from server_stub.catalogue.entries import Edition, Item

Why = Literal["", "unknown", "section", "kind", "unmapped", "baseless", "inactive"]
PLATFORM = "PT-"
MOST_DAYS = 64
MOST_FINDINGS = 8192


class Finding(msgspec.Struct, frozen=True):
    """What the catalogue says of one item on one day; `why` is empty when nothing speaks against it.

    `state` is the finding for the table of display: what no category covers is unmapped, whatever the reason.
    `rule` is item and edition as they are named in answers and reports.
    """

    why: Why
    item: Item | None = None
    edition: Edition | None = None
    state: str = ""
    rule: RuleRef | None = None


def finding(why: Why, item: Item | None = None, edition: Edition | None = None) -> Finding:
    """The finding with its state and the item as answers name it."""
    state = "unmapped" if why in ("unknown", "section", "kind") else why
    if item is None or edition is None:
        return Finding(why, item, edition, state)
    rule = RuleRef("catalogue", f"{edition.code}/{item.code}", edition.version, item.basis, item.name)
    return Finding(why, item, edition, state, rule)


def section_item(section: str) -> str:
    """The code of the platform's own item of a section: where records stand that name none."""
    return f"{PLATFORM}{section.upper()}"


class _Day(msgspec.Struct, frozen=True):
    """The editions that hold on one day; `national` are the keys of the categories that stand then,
    `findings` what was judged of it before, by item, section and kind: an edition never changes."""

    holding: tuple[Edition, ...]
    national: frozenset[str]
    findings: dict[tuple[str, str, str], Finding] = {}


class Catalogue:
    """Editions that hold, ready for look-ups; a look-up touches nothing but memory."""

    def __init__(self, editions: Iterable[Edition]) -> None:
        self.editions = tuple(editions)
        self._items = {one.name: {item.code: item for item in one.items} for one in self.editions}
        self._known = frozenset(
            (one.code, key) for one in self.editions if one.series == "national" for key in one.keys
        )
        self._days: dict[date, _Day] = {}

    def in_force(self, series: str, on: date) -> Edition | None:
        """The edition of a series on a day: the one that began last, of its versions the newest."""
        rows = [one for one in self.editions if one.series == series and one.in_force(on)]
        return max(rows, key=lambda one: (one.effective_from, one.version), default=None)

    def find(self, code: str, on: date) -> tuple[Edition, Item] | None:
        """The row of an item on a day; the city's edition comes before the platform's own."""
        for edition in self._day(on).holding:
            item = self._items[edition.name].get(code)
            if item is not None:
                return edition, item
        return None

    def provided_by(self, provider: str, on: date) -> bool:
        """Whether an item of that day is provided by a unit of this name or code."""
        items = (item for edition in self._day(on).holding for item in edition.items)
        return any(provider in (item.provider, item.provider_code) for item in items)

    def mapped(self, item: Item, on: date) -> bool:
        """Whether the item stands in a category of the national catalogue of that day.

        The edition it was mapped to has to know the category, and so has the one in force on the day: a later
        edition takes over categories that it still has. Before the first edition the first one is asked.
        """
        return (item.national_edition, item.national) in self._known and item.national in self._day(
            on
        ).national

    def judge(self, code: str, section: str, kind: str, on: date) -> Finding:
        """Whether records of item `code` (empty: the section's own) about a `kind` of subject hold then."""
        known, asked = self._day(on).findings, (code, section, kind)
        found = known.get(asked)
        if found is None:
            found = self._judge(code, section, kind, on)
            if len(known) < MOST_FINDINGS:
                known[asked] = found
        return found

    def _judge(self, code: str, section: str, kind: str, on: date) -> Finding:
        found = self.find(code or section_item(section), on)
        if found is None:
            return finding("unknown")
        edition, item = found
        return finding(self._why(item, section, kind, on), item, edition)

    def _why(self, item: Item, section: str, kind: str, on: date) -> Why:
        if item.section != section:
            return "section"
        if kind not in item.kinds:
            return "kind"
        if not self.mapped(item, on):
            return "unmapped"
        if item.baseless:
            return "baseless"
        return "" if item.active(on) else "inactive"

    def _day(self, on: date) -> _Day:
        """A query asks of one day for all its records, so days are kept; a few are enough."""
        found = self._days.get(on)
        if found is None:
            holding = [self.in_force(series, on) for series in ("local", "platform")]
            found = _Day(tuple(one for one in holding if one is not None), self._national(on))
            if len(self._days) >= MOST_DAYS:
                self._days.clear()
            self._days[on] = found
        return found

    def _national(self, on: date) -> frozenset[str]:
        now = self.in_force("national", on)
        if now is None:
            rows = [one for one in self.editions if one.series == "national" and one.effective_from > on]
            now = min(rows, key=lambda one: (one.effective_from, -one.version), default=None)
        return now.keys if now else frozenset()
