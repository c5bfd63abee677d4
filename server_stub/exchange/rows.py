"""From the rows of a sheet to rows to be staged: remarks set aside, every other row proven or judged."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

import msgspec

from app.field.names import normalise, printable
from app.field.working_days import Calendar
from server_stub.exchange.checks import judge
from server_stub.exchange.columns import Chunk
from server_stub.exchange.delivering import Delivery, admit
from server_stub.exchange.facts import facts_of, kept
from server_stub.exchange.gathering import Gathering, Memory, Taken
from server_stub.exchange.judged import Finding, Judged
from server_stub.exchange.lines import Act, Doubt, Ready, told
from server_stub.exchange.mapping import Found, letters_of
from server_stub.exchange.proving import Proofs, Prover, fixed_of
from server_stub.exchange.reasons import reason
from server_stub.exchange.standing import Register
from server_stub.exchange.who import identify
from server_stub.records.reading import fold_document_no

NOTE_CELLS = 3  # a row with fewer filled cells, and no document number, is a remark and no data
_DIGIT = re.compile(r"\d").search


class Receipt(NamedTuple):
    """When and for whom a file came: its batch, the city's day, the wire's time, who delivers which item."""

    batch_no: str
    received: date
    at: str
    calendar: Calendar
    delivery: Delivery


class Rows:
    """Takes the rows of one sheet chunk by chunk, in order; remembers what earlier rows brought in."""

    def __init__(self, found: Found, receipt: Receipt, *, short: bool = True) -> None:
        delivery = receipt.delivery
        fixed = fixed_of(found.mapping, delivery.item_code, delivery.provider, receipt.at)
        self.notes: list[str] = []
        self._found, self._receipt = found, receipt
        self._first = found.sheet.row + 1
        self._prover = Prover(found, receipt.received, receipt.calendar, fixed)
        taken = not delivery.fault(found.mapping.section, "legal", receipt.received)
        self._short = short and self._prover.able and taken
        name = _code(found, "name")
        self._memory = Memory(Register(), {}, {}, (name, "unit-new", reason("warning", "unit-new")))
        kinds = {field.code: field.kind for field in found.mapping.field}
        self._ids = {column for code, column in found.columns.items() if kinds[code] == "id_number"}
        self._dropped = {column for code, column in found.columns.items() if kinds[code] == "drop"}
        self._document = found.columns.get(_code(found, "document"), -1)
        self._head = [normalise(cell) for cell in found.sheet.rows[found.header]]
        self._document_at = _code(found, "document")
        self.letters = letters_of(found)

    def take(self, chunk: Chunk, first: int) -> Taken:
        """Judge rows that stand one below the other; `first` is the index of the first one in the sheet."""
        proofs = self._prover.prove(chunk) if self._short else Proofs.none(chunk.size)
        for at in range(min(self._found.header + 1 - first, chunk.size)):
            proofs.sure[at] = 0

        def judge(at: int) -> Ready | None:
            cells = chunk.row(at)
            if not proofs.sure[at] and not self._is_data(first + at, cells):
                return None
            return self._long_way(first + at, cells)

        gathering = Gathering(chunk, proofs, first + self._first, self._memory, self._prover, judge)
        gathering.run()
        return gathering.taken()

    def _is_data(self, at: int, cells: Sequence[str]) -> bool:
        """Tell data from banner, remarks, repeated headers and empty rows; only empty rows are dropped."""
        filled = [cell.strip() for cell in cells if cell.strip()]
        if not filled or at == self._found.header:
            return False
        document = _cell(cells, self._document) if self._document >= 0 else ""
        lonely = len(filled) < NOTE_CELLS and not document
        if at < self._found.header or lonely or self._is_head(document, cells):
            self.notes.append(printable(" ".join(filled)))
            return False
        return True

    def _is_head(self, document: str, cells: Sequence[str]) -> bool:
        titled = not _DIGIT(document) or normalise(document) in self._head
        return titled and [normalise(cell) for cell in cells] == self._head

    def _long_way(self, at: int, cells: Sequence[str]) -> Ready:
        found, receipt = self._found, self._receipt
        number = at + found.sheet.row + 1
        width = len(cells)
        values = {
            code: cells[column].strip() if column < width else "" for code, column in found.columns.items()
        }
        row = Judged(found.mapping, values)
        judge(row, receipt.received, receipt.calendar)
        identify(row, self._memory.entering)
        admit(row, receipt.delivery, receipt.received)
        facts: dict[str, Any] | None = None
        act: Act | None = None
        if row.ok:
            given = receipt.delivery
            source = f"{receipt.batch_no}/{number}"
            whose = row.subject_key if row.unit is None else row.unit.number
            facts = dict(facts_of(row, source, receipt.at, given.item_code, given.provider))
            document, day = fold_document_no(facts["document_no"]), facts["decided_on"]
            content = self._prover.content(facts["payload"])
            act = (whose, document, day, facts["provider_code"] or normalise(facts["provider"]))
            other = self._memory.acts.setdefault(act, (number, content))
            if other[0] != number:
                same = other[1] == content
                row.refuse(self._document_at, "duplicate" if same else "conflict", other=other[0])
        ok = row.ok
        return Ready(
            number,
            kept(cells, self._ids, self._dropped),
            _doubts(row.faults),
            _doubts(row.warnings),
            row.subject_key if ok else "",
            row.unit if ok else None,
            facts if ok else None,
            act if ok else None,
        )


def columns_of(batch_no: str, row: Ready, letters: Mapping[str, str]) -> tuple[Any, ...]:
    """A refused row in the order of the table of rows."""
    faults, warnings = (
        _text(told([(letters.get(one[0], ""), *one) for one in doubts], row.number))
        for doubts in (row.faults, row.warnings)
    )
    return batch_no, row.number, _text(row.cells), "refused", faults, warnings, "", "", 0, 0


def _doubts(findings: Sequence[Finding]) -> tuple[Doubt, ...]:
    return tuple([(one.field, one.code, one.text) for one in findings])


def _text(value: Any) -> str:
    return msgspec.json.encode(value).decode()


def _cell(cells: Sequence[str], column: int) -> str:
    return cells[column].strip() if column < len(cells) else ""


def _code(found: Found, kind: str) -> str:
    field = found.mapping.of_kind(kind)
    return field.code if field else ""
