"""Rows of text by columns: a text that comes again in a column is held once, and each row says which it has.

What is asked of texts is so asked of few, and what goes between processes or into a piece says them once.
The child that opens workbooks uses this module too: it knows nothing of the server.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import compress
from typing import Any, Generic, NamedTuple, TypeVar

_V = TypeVar("_V")
_W = TypeVar("_W")
Packed = tuple[str | list[str], bytes | None]
FEW = 256  # a row's place among so many texts is one byte
_LOOKED_AT = 32  # rows at either end of a column that show whether its texts come again
_JOINT = "\x1f"  # a workbook cannot hold it but by an escape


class Column(NamedTuple, Generic[_V]):
    """`values`, and for each row the place of its own; without places there is one for each row."""

    values: Sequence[_V]
    at: Sequence[int] | None = None

    def whole(self) -> Sequence[_V]:
        """One value for each row."""
        return self.values if self.at is None else list(map(self.values.__getitem__, self.at))

    def of(self, row: int) -> _V:
        return self.values[row if self.at is None else self.at[row]]

    def each(self, act: Callable[[Sequence[_V]], Sequence[_W]]) -> Column[_W]:
        """The column of what `act` makes of these values, in the same order."""
        return Column(act(self.values), self.at)

    def rows(self, told: Callable[[_V], object]) -> Sequence[int]:
        """The rows of whose value this can be told."""
        found = [place for place, value in enumerate(self.values) if told(value)]
        if not found or self.at is None:
            return found
        among = frozenset(found)
        return [row for row, place in enumerate(self.at) if place in among]


Text = Column[str]


def coded(cells: Sequence[str]) -> Text:
    """These texts as a column, each held once where that is worth it."""
    ends = {*cells[:_LOOKED_AT], *cells[-_LOOKED_AT:]}
    if len(ends) < min(len(cells), 2 * _LOOKED_AT):
        places = {text: place for place, text in enumerate(dict.fromkeys(cells))}
        if len(places) <= min(FEW, len(cells) // 2 + 1):
            return Text(list(places), bytes(map(places.__getitem__, cells)))
    return Text(cells)


def alone(text: str, rows: int) -> Text:
    """A column that says the same in every row."""
    return Text([text], bytes(rows))


class Chunk(NamedTuple):
    """Rows that stand one below the other. `widths`: how many cells each has, where that differs; the columns
    are filled up with empty ones.
    """

    size: int
    columns: Sequence[Text]
    widths: Sequence[int] | None = None

    @classmethod
    def of(cls, rows: Sequence[Sequence[str]]) -> Chunk:
        """Rows of any length."""
        widths = list(map(len, rows))
        widest = max(widths, default=0)
        if min(widths, default=0) == widest:
            return cls(len(rows), [coded(cells) for cells in zip(*rows, strict=True)])
        filled = [[*cells, *("",) * (widest - len(cells))] for cells in rows]
        return cls(len(rows), [coded(cells) for cells in zip(*filled, strict=True)], widths)

    def rows(self) -> list[list[str]]:
        """The rows as they came."""
        if not self.columns:
            return [[] for _ in range(self.size)]
        rows = list(map(list, zip(*(column.whole() for column in self.columns), strict=True)))
        if self.widths is not None:
            return [cells[:width] for cells, width in zip(rows, self.widths, strict=True)]
        return rows

    def row(self, at: int) -> list[str]:
        width = len(self.columns) if self.widths is None else self.widths[at]
        return [values[at if places is None else places[at]] for values, places in self.columns[:width]]

    def parts(self, most: int) -> Iterator[Chunk]:
        """The same rows in chunks of at most so many."""
        if self.size <= most:
            yield self
            return
        for first in range(0, self.size, most):
            yield self._only(partial(_between, first, min(first + most, self.size)))

    def chosen(self, flags: Sequence[int]) -> Chunk:
        """The rows whose flag is set; texts that only others have are not in it."""
        return self if all(flags) else self._only(lambda of_rows: list(compress(of_rows, flags)))

    def _only(self, choose: Callable[[Sequence[Any]], Sequence[Any]]) -> Chunk:
        columns = [
            Text(choose(column.values)) if column.at is None else _recoded(column.values, choose(column.at))
            for column in self.columns
        ]
        widths = self.widths if self.widths is None else choose(self.widths)
        return Chunk(len(choose(range(self.size))), columns, widths)


def _between(first: int, last: int, of_rows: Sequence[Any]) -> Sequence[Any]:
    return of_rows[first:last]


def _recoded(values: Sequence[str], at: Sequence[int]) -> Text:
    """Texts that no row has any more are left out."""
    used = set(at)
    if len(used) == len(values):
        return Text(values, bytes(at))
    places = {place: new for new, place in enumerate(sorted(used))}
    return Text([values[place] for place in places], bytes(map(places.__getitem__, at)))


def packed(column: Text) -> Packed:
    """A column as it goes to another process or into a piece: one text is cheaper than many.

    Raises:
        TypeError: when a value is no text.
    """
    joined = _JOINT.join(column.values)
    plain = joined.count(_JOINT) == len(column.values) - 1
    return joined if plain else list(column.values), column.at if column.at is None else bytes(column.at)


def unpacked(one: Packed) -> Text:
    """The column that was packed."""
    values, at = one
    return Text(values.split(_JOINT) if isinstance(values, str) else values, at)
