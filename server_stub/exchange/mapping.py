"""Forms of departments' files: which column holds which field, found by the header wherever it stands."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from functools import cache, cached_property
from importlib.resources import files
from typing import Literal

import msgspec

from app.field.names import normalise
from server_stub.exchange.errors import FileRefused
from server_stub.exchange.readers import Sheet
from server_stub.exchange.writing import column as letters

HEADER_ROWS = 20  # banner rows that may stand above a header
Need = Literal["M", "C", "O"]


class Field(msgspec.Struct, frozen=True):
    """One field of a form. `kind` says which checks apply; `need` is mandatory, conditional or optional."""

    code: str
    titles: tuple[str, ...]
    kind: str
    need: Need
    length: int


class Mapping(msgspec.Struct, frozen=True, dict=True):
    """A form: its section, the year whose meaning of digits holds, and the columns that make it this form.

    `list`: the row of the table of lists whose entries it delivers; empty for acts.
    """

    id: str
    section: str
    schema: str
    must: tuple[str, ...]
    field: tuple[Field, ...]
    list: str = ""

    def of_kind(self, kind: str) -> Field | None:
        """The first field of a kind."""
        return self._first.get(kind)

    def of_kinds(self, kinds: frozenset[str]) -> tuple[Field, ...]:
        """All fields of these kinds, in order."""
        found = self._of_kinds.get(kinds)
        if found is None:
            found = self._of_kinds[kinds] = tuple([field for field in self.field if field.kind in kinds])
        return found

    @cached_property
    def _first(self) -> dict[str, Field]:
        return {field.kind: field for field in reversed(self.field)}

    @cached_property
    def _of_kinds(self) -> dict[frozenset[str], tuple[Field, ...]]:
        return {}


class Found(msgspec.Struct, frozen=True):
    """Where the header stands and which column (index in the row) holds which field."""

    mapping: Mapping
    sheet: Sheet
    header: int
    columns: dict[str, int]


@cache
def mappings() -> dict[str, Mapping]:
    """All forms by their id."""
    folder = files("server_stub.exchange").joinpath("mappings")
    texts = [item.read_text(encoding="utf-8") for item in folder.iterdir() if item.name.endswith(".toml")]
    read = [msgspec.convert(tomllib.loads(text), Mapping) for text in texts]
    return {mapping.id: mapping for mapping in sorted(read, key=lambda one: one.id)}


def forms(kind: str) -> Sequence[Mapping]:
    """The forms that `kind` means: a form's id, a section, or `auto`.

    Raises:
        FileRefused: kind-unknown.
    """
    chosen = [one for one in mappings().values() if kind in ("auto", one.id, one.section)]
    if not chosen:
        raise FileRefused("kind-unknown")
    return chosen


def head_of(sheet: Sheet, chosen: Sequence[Mapping]) -> Found | None:
    """The header among the first rows of a sheet: of the forms that fit, the one with most columns."""
    best: Found | None = None
    known = [(mapping, _titles(mapping)) for mapping in chosen]
    for at, row in enumerate(sheet.rows[:HEADER_ROWS]):
        cells = [_title(cell) for cell in row]
        for mapping, titles in known:
            columns = _columns(titles, cells)
            fits = all(code in columns for code in mapping.must)
            if fits and (best is None or _rank(mapping, columns) > _rank(best.mapping, best.columns)):
                best = Found(mapping, sheet, at, columns)
    return best


def letters_of(found: Found) -> dict[str, str]:
    """The letters of each field's column as a spreadsheet shows them."""
    return {code: letters(at + found.sheet.column) for code, at in found.columns.items()}


def _rank(mapping: Mapping, columns: dict[str, int]) -> tuple[int, int]:
    return len(columns), len(mapping.must)


def _titles(mapping: Mapping) -> dict[str, str]:
    """The field's code by each title its column may have."""
    return {_title(title): field.code for field in mapping.field for title in field.titles}


def _columns(titles: dict[str, str], cells: list[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for at, cell in enumerate(cells):
        code = titles.get(cell)
        if code is not None:
            found.setdefault(code, at)
    return found


def _title(cell: str) -> str:
    """A column title without blanks, marks of duty, remarks that it is required and a warehouse's prefix."""
    return re.sub(r"[*\u203b]|\(\u5fc5\u586b\)|\(\u9009\u586b\)", "", normalise(cell)).removeprefix("DW_")
