"""From the rows of a sheet to rows to be staged: judged alone, together, and by the register."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import islice

import msgspec

from app.field.masks import STAR
from app.field.names import normalise
from server_stub.exchange.columns import Chunk
from server_stub.exchange.facts import kept
from server_stub.exchange.mapping import Found, letters_of
from server_stub.exchange.persons.reading import Read, form, holds_number, read
from server_stub.exchange.persons.settling import verdicts

AT_ONCE = 500
FEWEST = 3  # a row with fewer filled cells, and no number, is a remark and no data
_DAYS = frozenset({"from", "to", "born"})
_DAY = re.compile(
    r"(1[89]|20)\d\d[-/.\u5e74]?\d{1,2}[-/.\u6708]?\d{1,2}\u65e5?([T ]+\d{1,2}:\d\d(:\d\d([.]\d+)?)?)?"
)
Cells = tuple[int, dict[str, str], Sequence[str]]  # row number, cells by code, the whole row


class Staged(msgspec.Struct, frozen=True):
    """A row as it will be kept: a person, or faults beside its masked cells."""

    number: int
    read: Read | None
    raw: str = ""
    faults: list[dict[str, str]] = []


class Rows:
    """Takes the rows of one sheet in order; remembers by digest which documents earlier rows bear."""

    def __init__(self, found: Found | None, act: str, today: date) -> None:
        self._found, self._act, self._today = found, act, today
        self._borne: dict[bytes, int] = {}
        self._letters = letters_of(found) if found else {}

    @classmethod
    def typed(cls, act: str, today: date) -> Rows:
        """For a person that stands in no sheet."""
        return cls(None, act, today)

    def read(self, chunks: Iterable[Chunk]) -> Iterator[list[Staged]]:
        """All rows below the head in groups that are judged together."""
        data = self._data(chunks)
        while group := list(islice(data, AT_ONCE)):
            yield self.take(group)

    def _data(self, chunks: Iterable[Chunk]) -> Iterator[Cells]:
        found = self._found
        if found is None:
            return
        at = -1
        head = [normalise(cell) for cell in found.sheet.rows[found.header]]
        for cells in (row for chunk in chunks for row in chunk.rows()):
            at += 1
            filled = sum(bool(cell.strip()) for cell in cells)
            if at <= found.header or not filled or [normalise(cell) for cell in cells] == head:
                continue
            given = {
                code: cells[column] if column < len(cells) else "" for code, column in found.columns.items()
            }
            if filled >= FEWEST or given["RK_ZJHM"].strip():
                yield at + found.sheet.row + 1, given, cells

    def take(self, group: Sequence[Cells]) -> list[Staged]:
        """Judge rows in order; the register is asked once for all of them."""
        judged = [(one, *read(one[1], self._today)) for one in group]
        right = [self._first(one[0], given) for one, _, given in judged if given is not None]
        asked = iter(verdicts([given for _, _, given in judged if given is not None], self._act))
        others = iter(right)
        done: list[Staged] = []
        for (number, _, cells), row, given in judged:
            verdict = next(asked) if given is not None else None
            other = next(others) if given is not None else 0
            if verdict is not None and other:
                row.refuse("RK_ZJHM", "person-twice", other=other)
            elif verdict is not None and not verdict.outcome:
                row.refuse(verdict.fault[1], verdict.fault[0])
            if row.ok and given is not None:
                done.append(Staged(number, given))
                continue
            faults = [self._fault(fault.field, number, fault.code, fault.text) for fault in row.faults]
            done.append(Staged(number, None, self._masked(cells, row.values), faults))
        return done

    def _first(self, number: int, given: Read) -> int:
        """The earlier row that bears one of the documents; 0 when this is the first."""
        marks = [bytes.fromhex(one.number_hash)[:16] for one in given.person.documents]
        other = next((self._borne[mark] for mark in marks if mark in self._borne), 0)
        if not other:
            self._borne.update(dict.fromkeys(marks, number))
        return other

    def _fault(self, field: str, number: int, code: str, text: str) -> dict[str, str]:
        letters = self._letters.get(field)
        return {"cell": f"{letters}{number}" if letters else "", "field": field, "code": code, "reason": text}

    def _masked(self, cells: Sequence[str], values: dict[str, str]) -> str:
        """The cells of the form's own columns, every number masked; what else the file holds is not kept."""
        kinds = {field.code: field.kind for field in form().field}
        if self._found is None:
            cells = [values.get(code, "") for code in kinds]
            columns = {code: at for at, code in enumerate(kinds)}
        else:
            columns = self._found.columns
        of = {at: kinds[code] for code, at in columns.items()}
        numbers = {at for at, kind in of.items() if kind == "id_number"}
        shown = [_starred(cell, of.get(at, "")) for at, cell in enumerate(cells)]
        return json.dumps(kept(shown, numbers, set(range(len(cells))) - set(of)), ensure_ascii=False)


def _starred(cell: str, kind: str) -> str:
    """A cell that is no number's, but may hold one all the same (a column shifted by one): its digits go,
    whatever touches them. A day stays to be read.
    """
    if kind == "id_number" or not holds_number(cell):
        return cell
    if kind in _DAYS and _DAY.fullmatch(unicodedata.normalize("NFKC", cell.strip())):
        return cell
    return "".join(STAR if sign.isdecimal() else sign for sign in unicodedata.normalize("NFKC", cell))
