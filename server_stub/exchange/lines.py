"""Accepted rows as they came, some hundred in one piece: each gets its own row when something becomes of it.

A piece is msgpack, squeezed: rows of one department say much the same, and one piece of five hundred costs
less than a tenth of so many rows of a table.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from server_stub.exchange import sql
from server_stub.subjects.keying import route_key

Doubt = tuple[str, str, str]  # field, code, sentence
_Said = tuple[str, str, str, str]  # letters of the column, field, code, sentence


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
    act: tuple[str, str, str, str] | None


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


class _Piece(msgspec.Struct, array_like=True, gc=False):
    numbers: Sequence[int]
    cells: Sequence[Sequence[str]]
    warned: Sequence[int]
    warnings: Sequence[Sequence[_Said]]
    keys: Sequence[str]
    units: Sequence[Brought | None]
    facts: Sequence[dict[str, Any] | None]


_packed = msgspec.msgpack.Encoder().encode
_piece_of = msgspec.msgpack.Decoder(_Piece).decode


def pack(rows: Sequence[Ready], letters: Mapping[str, str]) -> bytes:
    """These accepted rows as one piece; `letters`: the letters of each field's column."""
    said: dict[tuple[Doubt, ...], int] = {}
    warned = [said.setdefault(row.warnings, len(said)) for row in rows]
    piece = _Piece(
        [row.number for row in rows],
        [row.cells for row in rows],
        warned,
        [[(letters.get(one[0], ""), *one) for one in doubts] for doubts in said],
        [
            "" if row.unit is not None else row.subject_key for row in rows
        ],  # it follows from the unit's number
        [row.unit for row in rows],
        [row.facts for row in rows],
    )
    return zlib.compress(_packed(piece), 1)


def unpack(body: bytes) -> list[Line]:
    """The rows of a piece, in order."""
    piece = _piece_of(zlib.decompress(body))
    columns = (piece.numbers, piece.cells, piece.warned, piece.keys, piece.units, piece.facts)
    held = []
    for number, cells, warned, key, unit, facts in zip(*columns, strict=True):
        whose = route_key("legal", unit.number) if unit is not None else key
        held.append(Line(number, list(cells), told(piece.warnings[warned], number), whose, unit, facts))
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
