"""From the rows under a header to staged rows: notes set aside, every other row judged and counted."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date

import msgspec

from app.field.canonical import canonical_sha256
from app.field.names import normalise, printable
from app.field.working_days import Calendar
from server_stub.exchange.checks import judge
from server_stub.exchange.delivering import Delivery, admit
from server_stub.exchange.facts import facts_of, kept
from server_stub.exchange.judged import Finding, Judged
from server_stub.exchange.mapping import Found, address
from server_stub.exchange.models import StagedRow
from server_stub.exchange.who import identify
from server_stub.records.facts import RecordFacts
from server_stub.records.reading import fold_document_no

NOTE_CELLS = 3  # a row with fewer filled cells, and no document number, is a remark and no data


class Split(msgspec.Struct, frozen=True):
    """The rows of a file: data with their index in the sheet, and remarks as text."""

    data: list[tuple[int, list[str]]]
    notes: list[str]


def split(found: Found) -> Split:
    """Tell data from banner, remarks, repeated headers and empty rows. Nothing but empty rows is dropped."""
    data, notes = [], []
    header = [normalise(cell) for cell in found.sheet.rows[found.header]]
    document = found.columns[_code(found, "document")]
    for at, cells in enumerate(found.sheet.rows):
        filled = [cell.strip() for cell in cells if cell.strip()]
        if not filled:
            continue
        below = at > found.header
        lonely = len(filled) < NOTE_CELLS and not _cell(cells, document)
        if not below or lonely or [normalise(cell) for cell in cells] == header:
            if at != found.header:
                notes.append(printable(" ".join(filled)))
        else:
            data.append((at, cells))
    return Split(data, notes)


def staged(
    found: Found,
    data: list[tuple[int, list[str]]],
    batch_no: str,
    received: date,
    at: str,
    calendar: Calendar,
    delivery: Delivery,
) -> Iterator[StagedRow]:
    """Judge each row of a delivery; `at` is the time of receipt as the wire writes it."""
    entering: dict[str, str] = {}
    acts: dict[str, tuple[int, str]] = {}
    ids = {column for code, column in found.columns.items() if _kind(found, code) == "id_number"}
    dropped = {column for code, column in found.columns.items() if _kind(found, code) == "drop"}
    for index, cells in data:
        number = index + found.sheet.row + 1
        values = {code: _cell(cells, column) for code, column in found.columns.items()}
        row = Judged(found.mapping, values)
        judge(row, received, calendar)
        identify(row, entering)
        admit(row, delivery, received)
        facts = facts_of(row, f"{batch_no}/{number}", at, delivery.item_code, delivery.provider)
        if row.ok:
            _twice(row, facts, number, acts)
        yield StagedRow(
            number=number,
            raw=kept(cells, ids, dropped),
            state="accepted" if row.ok else "refused",
            faults=[_shown(finding, found, index) for finding in row.faults],
            warnings=[_shown(finding, found, index) for finding in row.warnings],
            subject_key=row.subject_key if row.ok else "",
            unit=json.dumps(row.unit, ensure_ascii=False) if row.ok and row.unit else "",
            facts=json.dumps(facts, ensure_ascii=False) if row.ok else "",
        )


def _twice(row: Judged, facts: RecordFacts, number: int, acts: dict[str, tuple[int, str]]) -> None:
    """One act stands once in a file: the same again is a duplicate, with other content a conflict."""
    key = json.dumps(
        [
            facts["subject_key"],
            fold_document_no(facts["document_no"]),
            facts["decided_on"],
            facts["provider_code"] or normalise(facts["provider"]),
        ]
    )
    content = canonical_sha256(facts["payload"])
    other, known = acts.setdefault(key, (number, content))
    if other != number:
        code = row.form.of_kind("document")
        row.refuse(code.code if code else "", "duplicate" if known == content else "conflict", other=other)


def _shown(finding: Finding, found: Found, index: int) -> dict[str, str]:
    column = found.columns.get(finding.field)
    cell = address(found.sheet, index, column) if column is not None else ""
    return {"cell": cell, "field": finding.field, "code": finding.code, "reason": finding.text}


def _cell(cells: list[str], column: int) -> str:
    return cells[column].strip() if column < len(cells) else ""


def _kind(found: Found, code: str) -> str:
    return next(field.kind for field in found.mapping.field if field.code == code)


def _code(found: Found, kind: str) -> str:
    field = found.mapping.of_kind(kind)
    return field.code if field else ""
