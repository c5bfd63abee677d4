"""From the rows of a sheet to rows to be staged: remarks set aside, every other row proven or judged."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

import msgspec
from msgspec.structs import replace

from app.field.names import normalise, printable, same_name
from app.field.working_days import Calendar
from server_stub.exchange.checks import judge
from server_stub.exchange.delivering import Delivery, admit
from server_stub.exchange.facts import facts_of, kept
from server_stub.exchange.judged import Finding, Judged
from server_stub.exchange.lines import Brought, Doubt, Ready, told
from server_stub.exchange.mapping import Found, letters_of
from server_stub.exchange.proving import Proven, Prover, fixed_of
from server_stub.exchange.reasons import reason
from server_stub.exchange.standing import NOBODY, Acts, Register
from server_stub.exchange.who import identify
from server_stub.records.reading import fold_document_no, fold_document_nos

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
        self._register = Register()
        self._entering: dict[str, str] = {}
        self._acts: dict[tuple[str, str, str, str], tuple[int, int]] = {}
        kinds = {field.code: field.kind for field in found.mapping.field}
        self._ids = {column for code, column in found.columns.items() if kinds[code] == "id_number"}
        self._dropped = {column for code, column in found.columns.items() if kinds[code] == "drop"}
        self._document = found.columns.get(_code(found, "document"), -1)
        self._head = [normalise(cell) for cell in found.sheet.rows[found.header]]
        self._name_at, self._document_at = _code(found, "name"), _code(found, "document")
        self._unit_new = ((self._name_at, "unit-new", reason("warning", "unit-new")),)
        self.letters = letters_of(found)

    def take(self, chunk: Sequence[Sequence[str]], first: int) -> list[Ready]:
        """Judge rows that stand one below the other; `first` is the index of the first one in the sheet."""
        proofs: list[Proven | None] = self._prover.prove(chunk) if self._short else [None] * len(chunk)
        if first <= self._found.header:
            for at in range(min(self._found.header + 1 - first, len(chunk))):
                proofs[at] = None
        data = [
            (at, cells, proven)
            for at, (cells, proven) in enumerate(zip(chunk, proofs, strict=True), first)
            if proven is not None or self._is_data(at, cells)
        ]
        proven_rows = [proven for _, _, proven in data if proven is not None]
        self._register.ask([proven.code for proven in proven_rows])
        documents = iter(fold_document_nos([proven.document for proven in proven_rows]))
        done = [
            (proven and self._short_way(at, cells, proven, next(documents))) or self._long_way(at, cells)
            for at, cells, proven in data
        ]
        return self._compared(done, [proven for _, _, proven in data])

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

    def _short_way(self, at: int, cells: Sequence[str], proven: Proven, document: str) -> Ready | None:
        """What was proven, with its unit; None when the register or an earlier row leaves a doubt."""
        unit = self._register.unit(proven.code)
        if unit is None:
            return None
        name, doubts, brought = proven.name, proven.warnings, None
        if unit is not NOBODY:
            whose = unit.subject_key
            if unit.name != name and unit.folded != normalise(name):
                return None
        else:
            whose = proven.code
            known = self._entering.setdefault(whose, name)
            if known != name and not same_name(known, name):
                return None
            brought = Brought(name, whose)
            doubts += self._unit_new
        number = at + self._first
        act = (whose, document, proven.decided_on, proven.authority)
        if self._acts.setdefault(act, (number, proven.content))[0] != number:
            return None
        return Ready(number, self._prover.kept(cells), (), doubts, unit.subject_key, brought, None, act)

    def _long_way(self, at: int, cells: Sequence[str]) -> Ready:
        found, receipt = self._found, self._receipt
        number = at + found.sheet.row + 1
        row = Judged(found.mapping, {code: _cell(cells, column) for code, column in found.columns.items()})
        judge(row, receipt.received, receipt.calendar)
        identify(row, self._entering)
        admit(row, receipt.delivery, receipt.received)
        facts: dict[str, Any] | None = None
        act: tuple[str, str, str, str] | None = None
        if row.ok:
            given = receipt.delivery
            source = f"{receipt.batch_no}/{number}"
            whose = row.subject_key if row.unit is None else row.unit.number
            facts = dict(facts_of(row, source, receipt.at, given.item_code, given.provider))
            document, day = fold_document_no(facts["document_no"]), facts["decided_on"]
            content = self._prover.content(facts["payload"])
            act = (whose, document, day, facts["provider_code"] or normalise(facts["provider"]))
            other = self._acts.setdefault(act, (number, content))
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

    def _compared(self, done: list[Ready], proofs: Sequence[Proven | None]) -> list[Ready]:
        """Warn of acts that are on record already, with the same content or with other."""
        acts = Acts(row.act[0] for row in done if row.act is not None and row.unit is None)
        if not acts.any:
            return done
        return [self._beside(row, proven, acts) for row, proven in zip(done, proofs, strict=True)]

    def _beside(self, row: Ready, proven: Proven | None, acts: Acts) -> Ready:
        known = acts.payload(*row.act[:3]) if row.act is not None and row.act[1] else None
        if known is None:
            return row
        if row.facts is not None:
            payload = row.facts["payload"]
        else:
            payload = self._prover.payload(proven) if proven is not None else None
        code = "known" if json.loads(known) == payload else "correction"
        return replace(row, warnings=(*row.warnings, ("", code, reason("warning", code))))


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
