"""What an accepted row does to the register and the records, and how it is undone."""

from __future__ import annotations

import json
from typing import Any

from app.field.canonical import canonical_sha256
from server_stub.config.clock import today
from server_stub.exchange import sql
from server_stub.exchange.delivering import Delivery
from server_stub.exchange.lines import Brought, Line, lines
from server_stub.exchange.models import Batch, StagedRow
from server_stub.exchange.reasons import reason
from server_stub.records import services as records
from server_stub.records.errors import BelongsElsewhere
from server_stub.records.facts import RecordFacts
from server_stub.records.history import columns_at
from server_stub.records.models import Record, Revision
from server_stub.records.reading import fold_document_no
from server_stub.subjects.errors import NumberTaken
from server_stub.subjects.selectors import find_by_key, name_agrees
from server_stub.subjects.services import LegalEntry, register


def content_digest(batch: Batch) -> str:
    """SHA-256 over what stands in force for the batch's subjects: record, payload and status of each."""
    keys = {line.subject_key for line in lines(batch.batch_no)}
    return canonical_sha256(sorted([*row] for row in sql.standing_of(keys)))


def carry_out(batch_no: str, line: Line, facts: RecordFacts | None, by: str, delivery: Delivery) -> StagedRow:
    """Enter the row's unit where the register has none, put its record, and note what became of the row.

    Checks (no facts then), a register or a catalogue that changed since the row was staged refuse it.
    """
    row = StagedRow(batch_id=batch_no, number=line.number, state="applied")
    fault, values = _put(row, line, facts, by, delivery)
    if fault:
        row.state, row.raw = "refused", json.dumps(line.cells, ensure_ascii=False)
        row.warnings = line.warnings
        row.faults = [{"cell": "", "field": "", "code": fault, "reason": reason("row", fault, **values)}]
    row.save(force_insert=True)
    return row


def _put(
    row: StagedRow, line: Line, facts: RecordFacts | None, by: str, delivery: Delivery
) -> tuple[str, dict[str, object]]:
    """The code of what forbids it, with its values; without one the record is put and `row` says so."""
    if facts is None:
        return "rules-changed", {}
    subject = find_by_key(line.subject_key)
    fault = delivery.fault(facts["section"], subject.kind if subject else "legal", today())
    if fault:
        return fault, {"item": delivery.code(facts["section"])}
    if subject is None:
        if line.unit is None:  # a person who was taken out of the register since
            return "person-unknown", {}
        try:
            register([entry_of(line.unit)])
        except NumberTaken:  # since it was staged, a unit came in that bears the code's inner part
            return "code-taken", {}
    elif line.unit is not None and not name_agrees(subject, line.unit.name):
        return "name-code-mismatch", {}
    before = _revisions(facts)
    try:
        row.rec_id = records.put(facts, by=by)
    except BelongsElsewhere:
        return "foreign-record", {}
    row.rev_before, row.rev_after = before.get(row.rec_id, 0), Record.objects.get(pk=row.rec_id).rev
    row.outcome = "new" if not row.rev_before else "same" if row.rev_before == row.rev_after else "corrected"
    return "", {}


def entry_of(unit: Brought) -> LegalEntry:
    """The register's entry of a unit that a row brings in."""
    numbers = tuple((kind, value) for kind, value in unit.other_numbers)
    return LegalEntry(name=unit.name, code=unit.code, other_numbers=numbers, from_exchange=True)


def take_back(row: StagedRow, by: str, why: str) -> None:
    """Undo one row. What others changed since stays as they left it."""
    record = Record.objects.get(pk=row.rec_id)
    if row.outcome == "new" and record.status != "annulled":
        records.annul(row.rec_id, reason=why, by=by)
    elif row.outcome == "corrected" and record.rev == row.rev_after:
        earlier = Revision.objects.get(record=record, rev=row.rev_before)
        changes: dict[str, Any] = {
            **columns_at(record, row.rev_before),
            "payload": json.loads(earlier.payload),
        }
        records.correct(row.rec_id, changes, reason=why, by=by)
    row.state = "reversed"
    row.save(update_fields=["state"])


def _revisions(facts: RecordFacts) -> dict[str, int]:
    """Revision numbers of the subject's records of the same document, by record."""
    held = Record.objects.filter(
        subject_key=facts["subject_key"], document_no_folded=fold_document_no(facts["document_no"])
    )
    return dict(held.values_list("rec_id", "rev"))
