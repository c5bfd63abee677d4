"""From the rows of a sheet to rows to be staged: remarks set aside, every other row proven or judged."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple

import msgspec

from app.field.names import normalise, printable, same_name
from app.field.working_days import Calendar
from server_stub.exchange.checks import judge
from server_stub.exchange.delivering import Delivery, admit
from server_stub.exchange.facts import facts_of, kept
from server_stub.exchange.judged import Finding, Judged
from server_stub.exchange.mapping import Found, address
from server_stub.exchange.proving import Proven, Prover
from server_stub.exchange.reasons import reason
from server_stub.exchange.standing import Acts, Register
from server_stub.exchange.who import entry, identify
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


class Ready(NamedTuple):
    """One row as it will be stored. `facts` is None for a refused one."""

    number: int
    raw: bytes
    faults: list[dict[str, str]]
    warnings: list[dict[str, str]]
    subject_key: str
    unit: dict[str, Any] | None
    facts: dict[str, Any] | None


class Rows:
    """Takes the rows of one sheet chunk by chunk, in order; remembers what earlier rows brought in."""

    def __init__(self, found: Found, receipt: Receipt, *, short: bool = True) -> None:
        delivery = receipt.delivery
        fixed: dict[str, Any] = {
            "section": found.mapping.section,
            "schema": found.mapping.schema,
            "received_at": receipt.at,
            "provider": delivery.provider,
        }
        if delivery.item_code:
            fixed["item_code"] = delivery.item_code
        self.notes: list[str] = []
        self._found, self._receipt = found, receipt
        self._prover = Prover(found, receipt.received, receipt.calendar, fixed)
        taken = not delivery.fault(found.mapping.section, "legal", receipt.received)
        self._short = short and self._prover.able and taken
        self._register = Register()
        self._entering: dict[str, str] = {}
        self._acts: dict[tuple[str, str, str, str], tuple[int, bytes]] = {}
        kinds = {field.code: field.kind for field in found.mapping.field}
        self._ids = {column for code, column in found.columns.items() if kinds[code] == "id_number"}
        self._dropped = {column for code, column in found.columns.items() if kinds[code] == "drop"}
        self._document = found.columns[_code(found, "document")]
        self._head = [normalise(cell) for cell in found.sheet.rows[found.header]]
        self._name_at, self._document_at = _code(found, "name"), _code(found, "document")
        self._letters = {code: address(found.sheet, 0, at)[:-1] for code, at in found.columns.items()}

    def take(self, chunk: Iterable[Sequence[str]], first: int) -> list[Ready]:
        """Judge rows that stand one below the other; `first` is the index of the first one in the sheet."""
        data: list[tuple[int, Sequence[str], Proven | None]] = []
        for at, cells in enumerate(chunk, first):
            proven = self._prover.prove(cells) if self._short and at > self._found.header else None
            if proven is not None or self._is_data(at, cells):
                data.append((at, cells, proven))
        self._register.ask(proven.code for _, _, proven in data if proven is not None)
        done = [self._short_way(at, cells, proven) or self._long_way(at, cells) for at, cells, proven in data]
        self._compare(done)
        return done

    def _is_data(self, at: int, cells: Sequence[str]) -> bool:
        """Tell data from banner, remarks, repeated headers and empty rows; only empty rows are dropped."""
        filled = [cell.strip() for cell in cells if cell.strip()]
        if not filled or at == self._found.header:
            return False
        document = _cell(cells, self._document)
        lonely = len(filled) < NOTE_CELLS and not document
        if at < self._found.header or lonely or self._is_head(document, cells):
            self.notes.append(printable(" ".join(filled)))
            return False
        return True

    def _is_head(self, document: str, cells: Sequence[str]) -> bool:
        titled = not _DIGIT(document) or normalise(document) == self._head[self._document]
        return titled and [normalise(cell) for cell in cells] == self._head

    def _short_way(self, at: int, cells: Sequence[str], proven: Proven | None) -> Ready | None:
        """What was proven, with its unit; None when the register or an earlier row leaves a doubt."""
        unit = self._register.unit(proven.code) if proven is not None else None
        raw = self._prover.kept(cells) if unit is not None else None
        if proven is None or unit is None or raw is None:
            return None
        entering = None
        if unit.name:
            if unit.name != proven.name and unit.folded != normalise(proven.name):
                return None
        else:
            known = self._entering.setdefault(unit.subject_key, proven.name)
            if known != proven.name and not same_name(known, proven.name):
                return None
            entering = entry(proven.name, proven.code, [])
        number = at + self._found.sheet.row + 1
        facts = proven.facts
        facts["subject_key"] = unit.subject_key
        facts["source_no"] = f"{self._receipt.batch_no}/{number}"
        if self._twice(facts, proven.content, number) is not None:
            return None
        doubts = list(proven.warnings)
        if entering is not None:
            doubts.append((self._name_at, "unit-new", reason("warning", "unit-new")))
        warnings = [self._said(field, number, code, text) for field, code, text in doubts]
        return Ready(number, raw, [], warnings, unit.subject_key, entering, facts)

    def _long_way(self, at: int, cells: Sequence[str]) -> Ready:
        found, receipt = self._found, self._receipt
        number = at + found.sheet.row + 1
        row = Judged(found.mapping, {code: _cell(cells, column) for code, column in found.columns.items()})
        judge(row, receipt.received, receipt.calendar)
        identify(row, self._entering)
        admit(row, receipt.delivery, receipt.received)
        facts: dict[str, Any] | None = None
        if row.ok:
            given = receipt.delivery
            source = f"{receipt.batch_no}/{number}"
            facts = dict(facts_of(row, source, receipt.at, given.item_code, given.provider))
            content = hashlib.sha256(msgspec.json.encode(facts["payload"])).digest()
            other = self._twice(facts, content, number)
            if other is not None:
                row.refuse(
                    self._document_at, "duplicate" if other[1] == content else "conflict", other=other[0]
                )
        return Ready(
            number,
            kept(list(cells), self._ids, self._dropped).encode(),
            [self._finding(finding, number) for finding in row.faults],
            [self._finding(finding, number) for finding in row.warnings],
            row.subject_key if row.ok else "",
            row.unit if row.ok else None,
            facts if row.ok else None,
        )

    def _twice(self, facts: dict[str, Any], content: bytes, number: int) -> tuple[int, bytes] | None:
        """One act stands once in a file: the earlier row of the same act and its content, or None."""
        provider = facts["provider_code"] or normalise(facts["provider"])
        document = fold_document_no(facts["document_no"])
        key = (facts["subject_key"], document, facts["decided_on"], provider)
        held = self._acts.setdefault(key, (number, content))
        return held if held[0] != number else None

    def _compare(self, done: list[Ready]) -> None:
        """Warn of acts that are on record already, with the same content or with other."""
        acts = Acts(row.subject_key for row in done if row.facts is not None and row.unit is None)
        for row in done:
            if row.facts is not None and acts.any:
                document = fold_document_no(row.facts["document_no"])
                code = acts.doubt(row.subject_key, document, row.facts["decided_on"], row.facts["payload"])
                if code:
                    row.warnings.append(self._said("", row.number, code, reason("warning", code)))

    def _finding(self, finding: Finding, number: int) -> dict[str, str]:
        return self._said(finding.field, number, finding.code, finding.text)

    def _said(self, field: str, number: int, code: str, text: str) -> dict[str, str]:
        letters = self._letters.get(field)
        return {"cell": f"{letters}{number}" if letters else "", "field": field, "code": code, "reason": text}


def columns_of(batch_no: str, row: Ready) -> tuple[Any, ...]:
    """The row in the order of the table of staged rows."""
    return (
        batch_no,
        row.number,
        row.raw.decode(),
        "accepted" if row.facts is not None else "refused",
        _text(row.faults) if row.faults else "[]",
        _text(row.warnings) if row.warnings else "[]",
        row.subject_key,
        _text(row.unit) if row.unit else "",
        _text(row.facts) if row.facts is not None else "",
        "", "", 0, 0,
    )  # fmt: skip


def _text(value: Any) -> str:
    return msgspec.json.encode(value).decode()


def _cell(cells: Sequence[str], column: int) -> str:
    return cells[column].strip() if column < len(cells) else ""


def _code(found: Found, kind: str) -> str:
    field = found.mapping.of_kind(kind)
    return field.code if field else ""
