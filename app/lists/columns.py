"""Which column of a sheet holds the number and which the name: by the head, else by what stands in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.field.identifiers import recognise
from app.field.names import normalise
from app.lists.sheet_words import Titles, sheet_words
from app.sheets.reading import Line, Sheet

HEAD_WITHIN = 10  # lines: a title and notes may stand above the head
LOOKED_AT = 200


@dataclass(frozen=True)
class Columns:
    """Places counted from 0, -1 for none. `head` is the place of the head among the sheet's lines."""

    head: int = -1
    code: int = -1
    name: int = -1

    @property
    def known(self) -> bool:
        return self.code >= 0 or self.name >= 0

    def body(self, sheet: Sheet) -> tuple[Line, ...]:
        """The lines below the head."""
        return sheet.lines[self.head + 1 :]

    def titles(self, sheet: Sheet) -> tuple[str, ...]:
        """What stands in the head; empty where there is none."""
        return sheet.lines[self.head].cells if self.head >= 0 else ()


def guess(sheet: Sheet) -> Columns:
    """The columns as the head names them; without one, a column half of whose cells are right numbers."""
    words = sheet_words()
    for place, line in enumerate(sheet.lines[:HEAD_WITHIN]):
        code, name = _titled(line.cells, words.code), _titled(line.cells, words.name)
        if code >= 0 or name >= 0:
            return Columns(place, code, name if name != code else -1)
    width = max((len(line.cells) for line in sheet.lines), default=0)
    looked = sheet.lines[:LOOKED_AT]
    for column in range(width):
        cells = [cell_of(line.cells, column) for line in looked]
        right = sum(seen.ok and seen.kind == "uscc" for seen in map(recognise, cells))
        if right and right * 2 >= len(looked):
            return Columns(-1, column, -1)
    return Columns()


def cell_of(cells: Sequence[str], at: int) -> str:
    """A cell without what a spreadsheet puts in front to keep a number a text."""
    return cells[at].strip().lstrip("'").strip() if 0 <= at < len(cells) else ""


def _titled(cells: Sequence[str], known: Titles) -> int:
    """The column whose title is one of these; the earlier title wins, one with more around it last."""
    bare = [normalise(cell).casefold() for cell in cells]
    wanted = [normalise(title).casefold() for title in known.titles]
    for title in wanted:
        if title in bare:
            return bare.index(title)
    for title in wanted[: known.within]:
        for place, cell in enumerate(bare):
            if title in cell and len(cell) <= len(title) + 8:
                return place
    return -1
