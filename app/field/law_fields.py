"""Fields of law by which a special report may be limited: dated rows that client and server share."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from datetime import date

import msgspec


class LawField(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One field. A record belongs to it when its provider's name holds one of `providers`."""

    id: str
    zh: str
    en: str
    providers: tuple[str, ...]
    effective_from: date
    basis: str
    entered_by: str
    approved_by: str
    version: int
    effective_to: date | None = None
    text: str = ""

    def in_force(self, on: date) -> bool:
        return self.effective_from <= on and (self.effective_to is None or on <= self.effective_to)

    def claims(self, provider: str) -> bool:
        return any(word in provider for word in self.providers)


def read_law_fields(text: str) -> tuple[LawField, ...]:
    """The rows of the table.

    Raises:
        ValueError: when a row does not fit, an id occurs twice, or one person entered and approved a row.
    """
    content = tomllib.loads(text)
    rows = tuple(msgspec.convert(content.get("defaults", {}) | row, LawField) for row in content["row"])
    if len({row.id for row in rows}) < len(rows):
        raise ValueError("field: a row occurs twice")
    for row in rows:
        if row.entered_by == row.approved_by:
            raise ValueError(f"field: row {row.id} was approved by the one who entered it")
        if not all(row.providers):
            raise ValueError(f"field: row {row.id} would claim every provider")
    return rows


def fields_on(rows: Sequence[LawField], on: date) -> tuple[LawField, ...]:
    return tuple(row for row in rows if row.in_force(on))


def belongs(provider: str, chosen: str, rows: Sequence[LawField]) -> bool:
    """Whether a provider's records stand on a report about the field `chosen` (empty: about all of them).
    What no field claims stands on each: a report must not be silent about what nobody could sort.
    """
    claimed = [row.id for row in rows if row.claims(provider)]
    return not chosen or not claimed or chosen in claimed
