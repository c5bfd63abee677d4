"""From the rows of a sheet to rows to be staged: remarks set aside, every other row proven or judged."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

import msgspec

from app.field.names import normalise, printable, same_name
from app.field.working_days import Calendar
from server_stub.exchange.checks import judge
from server_stub.exchange.delivering import Delivery, admit
from server_stub.exchange.facts import facts_of, kept
from server_stub.exchange.judged import Finding, Judged
from server_stub.exchange.mapping import Found, letters_of
from server_stub.exchange.proving import Doubt, Proven, Prover, fixed_of
from server_stub.exchange.reasons import reason
from server_stub.exchange.standing import Acts, Register
from server_stub.exchange.who import entry, identify
from server_stub.records.reading import fold_document_no, fold_document_nos

NOTE_CELLS = 3  # a row with fewer filled cells, and no document number, is a remark and no data
_ROW = 880_055_535  # stands for a row's number in a pattern
_DIGIT = re.compile(r"\d").search


class Receipt(NamedTuple):
    """When and for whom a file came: its batch, the city's day, the wire's time, who delivers which item."""

    batch_no: str
    received: date
    at: str
    calendar: Calendar
    delivery: Delivery


class Ready(NamedTuple):
    """One row as it will be stored, in texts of JSON. `act` is None for a refused one.

    `facts` is empty for a proven row: what it says follows from its cells by the same look-ups
    (`rereading`), and is not written twice.
    """

    number: int
    raw: str
    faults: str
    warnings: str
    subject_key: str
    unit: str
    facts: str
    act: Act | None


class Act(NamedTuple):
    """What tells an act from another one: its subject's key, its folded document number and its day; with
    the row it was proven from, or what it says in full.
    """

    subject_key: str
    document: str
    day: str
    said: Proven | dict[str, Any]


class Rows:
    """Takes the rows of one sheet chunk by chunk, in order; remembers what earlier rows brought in."""

    def __init__(self, found: Found, receipt: Receipt, *, short: bool = True) -> None:
        delivery = receipt.delivery
        fixed = fixed_of(found.mapping, delivery.item_code, delivery.provider, receipt.at)
        self.notes: list[str] = []
        self._found, self._receipt = found, receipt
        self._prover = Prover(found, receipt.received, receipt.calendar, fixed)
        taken = not delivery.fault(found.mapping.section, "legal", receipt.received)
        self._short = short and self._prover.able and taken
        self._register = Register()
        self._entering: dict[str, str] = {}
        self._acts: dict[tuple[str, ...], tuple[int, int]] = {}
        kinds = {field.code: field.kind for field in found.mapping.field}
        self._ids = {column for code, column in found.columns.items() if kinds[code] == "id_number"}
        self._dropped = {column for code, column in found.columns.items() if kinds[code] == "drop"}
        self._document = found.columns.get(_code(found, "document"), -1)
        self._head = [normalise(cell) for cell in found.sheet.rows[found.header]]
        self._name_at, self._document_at = _code(found, "name"), _code(found, "document")
        self._unit_new = ((self._name_at, "unit-new", reason("warning", "unit-new")),)
        self._patterns: dict[tuple[Doubt, ...], str] = {}
        self._letters = letters_of(found)

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
        self._register.ask(proven.code for _, _, proven in data if proven is not None)
        folded = fold_document_nos([proven.document for _, _, proven in data if proven is not None])
        documents = iter(folded)
        done = [
            (proven and self._short_way(at, cells, proven, next(documents))) or self._long_way(at, cells)
            for at, cells, proven in data
        ]
        return self._compared(done)

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
        key, name, entering = unit.subject_key, proven.name, ""
        doubts = proven.warnings
        if unit.name:
            if unit.name != name and unit.folded != normalise(name):
                return None
        else:
            known = self._entering.setdefault(key, name)
            if known != name and not same_name(known, name):
                return None
            entering = _text(entry(name, proven.code, []))
            doubts += self._unit_new
        number = at + self._found.sheet.row + 1
        act = (key, document, proven.decided_on, proven.authority)
        if self._acts.setdefault(act, (number, proven.content))[0] != number:
            return None
        raw = self._prover.kept(cells).decode()
        told = self._warned(doubts, number) if doubts else "[]"
        return Ready(
            number, raw, "[]", told, key, entering, "", Act(key, document, proven.decided_on, proven)
        )

    def _warned(self, doubts: tuple[Doubt, ...], number: int) -> str:
        """Warnings of a proven row as text; only the row's number differs from row to row."""
        pattern = self._patterns.get(doubts)
        if pattern is None:
            said = [self._said(field, _ROW, code, text) for field, code, text in doubts]
            pattern = self._patterns[doubts] = _text(said).replace("%", "%%").replace(str(_ROW), "%(n)d")
        return pattern % {"n": number}

    def _long_way(self, at: int, cells: Sequence[str]) -> Ready:
        found, receipt = self._found, self._receipt
        number = at + found.sheet.row + 1
        row = Judged(found.mapping, {code: _cell(cells, column) for code, column in found.columns.items()})
        judge(row, receipt.received, receipt.calendar)
        identify(row, self._entering)
        admit(row, receipt.delivery, receipt.received)
        facts: dict[str, Any] | None = None
        act: Act | None = None
        if row.ok:
            given = receipt.delivery
            source = f"{receipt.batch_no}/{number}"
            facts = dict(facts_of(row, source, receipt.at, given.item_code, given.provider))
            act = Act(row.subject_key, fold_document_no(facts["document_no"]), facts["decided_on"], facts)
            content = self._prover.content(facts["payload"])
            authority = facts["provider_code"] or normalise(facts["provider"])
            other = self._acts.setdefault((*act[:3], authority), (number, content))
            if other[0] != number:
                same = other[1] == content
                row.refuse(self._document_at, "duplicate" if same else "conflict", other=other[0])
        faults = [self._finding(finding, number) for finding in row.faults]
        warnings = [self._finding(finding, number) for finding in row.warnings]
        return Ready(
            number,
            kept(list(cells), self._ids, self._dropped),
            _text(faults) if faults else "[]",
            _text(warnings) if warnings else "[]",
            row.subject_key if row.ok else "",
            _text(row.unit) if row.ok and row.unit is not None else "",
            _text(facts) if row.ok else "",
            act if row.ok else None,
        )

    def _compared(self, done: list[Ready]) -> list[Ready]:
        """Warn of acts that are on record already, with the same content or with other."""
        acts = Acts(row.subject_key for row in done if row.act is not None and not row.unit)
        if not acts.any:
            return done
        return [self._beside(row, row.act, acts) if row.act and row.act.document else row for row in done]

    def _beside(self, row: Ready, act: Act, acts: Acts) -> Ready:
        kept = acts.payload(act.subject_key, act.document, act.day)
        if kept is None:
            return row
        said = act.said
        payload = said["payload"] if isinstance(said, dict) else self._prover.payload(said)
        code = "known" if json.loads(kept) == payload else "correction"
        told = [*json.loads(row.warnings), self._said("", row.number, code, reason("warning", code))]
        return row._replace(warnings=_text(told))

    def _finding(self, finding: Finding, number: int) -> dict[str, str]:
        return self._said(finding.field, number, finding.code, finding.text)

    def _said(self, field: str, number: int, code: str, text: str) -> dict[str, str]:
        letters = self._letters.get(field)
        return {"cell": f"{letters}{number}" if letters else "", "field": field, "code": code, "reason": text}


def columns_of(batch_no: str, row: Ready) -> tuple[Any, ...]:
    """The row in the order of the table of staged rows."""
    state = "accepted" if row.act is not None else "refused"
    number, raw, faults, warnings, key, unit, facts, _ = row
    return batch_no, number, raw, state, faults, warnings, key, unit, facts, "", "", 0, 0


def _text(value: Any) -> str:
    return msgspec.json.encode(value).decode()


def _cell(cells: Sequence[str], column: int) -> str:
    return cells[column].strip() if column < len(cells) else ""


def _code(found: Found, kind: str) -> str:
    field = found.mapping.of_kind(kind)
    return field.code if field else ""
