"""Accepted rows as they came, some hundred in one piece: each gets its own row when something becomes of it.

A piece is msgpack, squeezed: rows of one department say much the same, and one piece of five hundred costs
less than a tenth of so many rows of a table.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate
from operator import sub
from typing import Any, NamedTuple

import msgspec

from server_stub.exchange import sql
from server_stub.exchange.columns import Chunk, Column, Packed, packed, unpacked
from server_stub.subjects.keying import route_key

Doubt = tuple[str, str, str]  # field, code, sentence
Act = tuple[str, str, str, str]  # subject, folded document number, day, authority
_Said = tuple[str, str, str, str]  # letters of the column, field, code, sentence
KNOWN, AS_TOLD, ANOTHER = range(3)  # of a row: its unit is registered, or brought in and told by which cells


class Brought(NamedTuple):
    """A unit that only this file names: what the register would keep of it. Beside a code no other number is
    kept; without one there is at least one other, each with its kind.
    """

    name: str
    code: str
    other_numbers: Sequence[tuple[str, str]] = ()

    @property
    def number(self) -> str:
        """The number that its subject key is made of."""
        return self.code or self.other_numbers[0][1]


class Ready(msgspec.Struct, frozen=True, gc=False):
    """One row as it will be stored. `act` is None for a refused one; else its subject (the key of one that is
    registered, the number of one that is brought in), its folded document number, its day and its authority.

    `facts` is None for a proven row: what it says follows from its cells by the same look-ups
    (`rereading`), and is not written twice.
    """

    number: int
    cells: Sequence[str]
    faults: tuple[Doubt, ...]
    warnings: tuple[Doubt, ...]
    subject_key: str
    unit: Brought | None
    facts: dict[str, Any] | None
    act: Act | None


class Line(NamedTuple):
    """One accepted row as it came: its cells with persons' numbers masked, what was doubtful, whom it is
    about, the unit that it brings in, and the record it would make where that does not follow from the cells.
    """

    number: int
    cells: list[str]
    warnings: list[dict[str, str]]
    subject_key: str
    unit: Brought | None
    facts: dict[str, Any] | None


class Accepted(NamedTuple):
    """Accepted rows by columns. `cells`: as they are kept; `keys`: empty for a row that brings its unit in;
    `brought` says of each row whether it does: `AS_TOLD` as its cells at `places` (name, code) have it,
    `ANOTHER` one of `units`, which stand in the order of those rows. `facts`: of those rows that have some.
    """

    numbers: Sequence[int]
    cells: Chunk
    warnings: Column[tuple[Doubt, ...]]
    keys: Column[str]
    places: tuple[int, int]
    brought: bytes
    units: Sequence[Brought]
    facts: dict[int, dict[str, Any]]


class _Piece(msgspec.Struct, array_like=True, gc=False):
    steps: Sequence[int]  # from the number of the row before
    columns: Sequence[Packed]
    widths: Sequence[int] | None
    warned: Sequence[int]
    warnings: Sequence[Sequence[_Said]]
    keys: Packed
    places: tuple[int, int]
    brought: bytes
    units: Sequence[Brought]
    facts: dict[int, dict[str, Any]]


_packed = msgspec.msgpack.Encoder().encode
_piece_of = msgspec.msgpack.Decoder(_Piece).decode


def pack(rows: Accepted, letters: Mapping[str, str]) -> bytes:
    """These accepted rows as one piece; `letters`: the letters of each field's column."""
    said: dict[tuple[Doubt, ...], int] = {}
    which = rows.warnings.at or ()
    warned = {at: said.setdefault(rows.warnings.values[at], len(said)) for at in dict.fromkeys(which)}
    piece = _Piece(
        list(map(sub, rows.numbers, [0, *rows.numbers])),
        list(map(packed, rows.cells.columns)),
        rows.cells.widths,
        list(map(warned.__getitem__, which)),
        [[(letters.get(one[0], ""), *one) for one in doubts] for doubts in said],
        packed(rows.keys),
        rows.places,
        rows.brought,
        rows.units,
        rows.facts,
    )
    return zlib.compress(_packed(piece), 1)


def unpack(body: bytes) -> list[Line]:
    """The rows of a piece, in order."""
    piece = _piece_of(zlib.decompress(body))
    numbers = list(accumulate(piece.steps))
    cells = Chunk(len(numbers), list(map(unpacked, piece.columns)), piece.widths).rows()
    keys, name, code, others = unpacked(piece.keys).whole(), *piece.places, iter(piece.units)
    held = []
    for at, (number, warned, how) in enumerate(zip(numbers, piece.warned, piece.brought, strict=True)):
        unit, row = None, cells[at]
        if how:
            unit = Brought(row[name].strip(), row[code].strip()) if how == AS_TOLD else next(others)
        whose = route_key("legal", unit.number) if unit is not None else keys[at]
        doubts = told(piece.warnings[warned], number)
        held.append(Line(number, row, doubts, whose, unit, piece.facts.get(at)))
    return held


def told(said: Iterable[_Said], number: int) -> list[dict[str, str]]:
    """Faults or warnings of the row of this number as a person is told them: cell, field, code and reason."""
    return [
        {"cell": f"{letters}{number}" if letters else "", "field": field, "code": code, "reason": text}
        for letters, field, code, text in said
    ]


def lines(batch_no: str) -> Iterator[Line]:
    """All rows of a batch that were accepted when it was staged, whatever became of them, in order."""
    after = -1
    while piece := sql.piece(batch_no, after):
        after, body = piece
        yield from unpack(body)


def waiting(batch_no: str) -> Iterator[Line]:
    """As `lines` for those of which nothing became so far, each piece looked at when its turn comes."""
    after = -1
    while piece := sql.piece(batch_no, after):
        before, (after, body) = after, piece
        settled = sql.settled(batch_no, before + 1, after)
        yield from (line for line in unpack(body) if line.number not in settled)
