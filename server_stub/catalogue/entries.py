"""The catalogue as frozen rows: an edition with its categories and items, as files and look-ups have them."""

from __future__ import annotations

from datetime import date
from typing import Literal

import msgspec

Series = Literal["national", "platform", "local"]
Kind = Literal["legal", "person"]
Mode = Literal["", "open", "sharing", "authorised"]
Share = Literal["all", "conditional", "centre"]
KINDS: tuple[Kind, ...] = ("legal", "person")


class Row(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What category and item have in common. `verified`: somebody compared the words with their source."""

    code: str
    name: str
    verified: bool = False
    note: str = ""


class Category(Row, frozen=True, kw_only=True):
    """A class of information. `key` names the same class through all national editions."""

    key: str = ""


class Item(Row, frozen=True, kw_only=True):
    """One kind of record that one unit delivers.

    `mode` is how it is disclosed; only items of the platform's own edition leave that to the table of
    disclosure. `share`: all bodies, those with a letter or duty (conditional), or the centre alone.
    `national` is the key of a category of `national_edition`; both empty: unmapped. Without `effective_from`
    it was never activated. `retention_months` 0: as long as the table of retention says. `section`: of the
    report.
    """

    category: str
    section: str
    kinds: tuple[Kind, ...]
    provider: str = ""
    provider_code: str = ""
    mode: Mode = ""
    share: Share = "all"
    instrument: str = ""
    article: str = ""
    frequency: str = ""
    retention_months: int = 0
    national_edition: str = ""
    national: str = ""
    effective_from: date | None = None
    effective_to: date | None = None

    @property
    def about_persons(self) -> bool:
        return "person" in self.kinds

    @property
    def baseless(self) -> bool:
        """Whether it is about persons and names no instrument with its article."""
        return self.about_persons and not (self.instrument and self.article)

    @property
    def basis(self) -> str:
        return self.instrument + self.article

    def active(self, on: date) -> bool:
        return (
            self.effective_from is not None
            and self.effective_from <= on
            and (self.effective_to is None or on <= self.effective_to)
        )


class Edition(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One edition: in force from `effective_from` to `effective_to`, both inclusive.

    `digest` is the SHA-256 of the file or files it came from; two people stand behind it.
    """

    code: str
    series: Series
    title: str
    version: int
    effective_from: date
    basis: str
    effective_to: date | None = None
    entered_by: str = ""
    approved_by: str = ""
    verified: bool = False
    note: str = ""
    digest: str = ""
    categories: tuple[Category, ...] = ()
    items: tuple[Item, ...] = ()

    @property
    def name(self) -> str:
        return f"{self.code}/{self.version}"

    @property
    def keys(self) -> frozenset[str]:
        """Keys of its categories."""
        return frozenset(category.key for category in self.categories if category.key)

    def in_force(self, on: date) -> bool:
        return self.effective_from <= on and (self.effective_to is None or on <= self.effective_to)
