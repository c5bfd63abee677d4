"""What an accepted row does to the register and the records, and how it is undone."""

from __future__ import annotations

import json
from typing import Any

from app.field.canonical import canonical_sha256
from server_stub.config.clock import today
from server_stub.exchange import sql
from server_stub.exchange.delivering import Delivery
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
    return canonical_sha256(sorted([*row] for row in sql.standing_of(batch.batch_no)))


def carry_out(row: StagedRow, facts: RecordFacts | None, by: str, delivery: Delivery) -> None:
    """Enter the row's unit where the register has none, and put its record.

    Checks (no facts then), a register or a catalogue that changed since the row was staged refuse it.
    """
    if facts is None:
        _refuse(row, "rules-changed")
        return
    subject = find_by_key(row.subject_key)
    fault = delivery.fault(facts["section"], subject.kind if subject else "legal", today())
    if fault:
        _refuse(row, fault, item=delivery.code(facts["section"]))
        return
    if subject is None and not row.unit:  # a person who was taken out of the register since
        _refuse(row, "person-unknown")
        return
    if subject is None:
        unit = json.loads(row.unit)
        unit["other_numbers"] = tuple((kind, value) for kind, value in unit["other_numbers"])
        try:
            register([LegalEntry(**unit)])
        except NumberTaken:  # since it was staged, a unit came in that bears the code's inner part
            _refuse(row, "code-taken")
            return
    elif row.unit and not name_agrees(subject, json.loads(row.unit)["name"]):
        _refuse(row, "name-code-mismatch")
        return
    before = _revisions(facts)
    try:
        row.rec_id = records.put(facts, by=by)
    except BelongsElsewhere:
        _refuse(row, "foreign-record")
        return
    row.rev_before, row.rev_after = before.get(row.rec_id, 0), Record.objects.get(pk=row.rec_id).rev
    row.outcome = "new" if not row.rev_before else "same" if row.rev_before == row.rev_after else "corrected"
    row.state = "applied"
    row.save(update_fields=["rec_id", "rev_before", "rev_after", "outcome", "state"])


def _refuse(row: StagedRow, code: str, **values: object) -> None:
    row.state = "refused"
    row.faults = [{"cell": "", "field": "", "code": code, "reason": reason("row", code, **values)}]
    row.save(update_fields=["state", "faults"])


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
