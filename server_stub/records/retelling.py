"""What follows for the copies when it was not a record that was wrong, but what is known of its subject."""

from __future__ import annotations

import json
from datetime import date

from server_stub.catalogue.selectors import current
from server_stub.config.clock import today
from server_stub.feed import services as feed
from server_stub.records.asking import facts_of
from server_stub.records.models import Record
from server_stub.records.revising import advance, locked, newest
from server_stub.rules.selectors import explain
from server_stub.subjects.models import Subject


def end_copies(subject: Subject, born_before: date | None, *, by: str) -> int:
    """Take every copy about a corrected person back, also one that holds no record, inside the transaction of
    the correction. Each record that the other date of birth hides or shows comes to a new revision, so that
    partners learn it, also when it is corrected back; returns how many these are.
    """
    turned = 0
    for record in Record.objects.filter(subject_key=subject.subject_key).order_by("rec_id"):
        if _state(record, subject, born_before) == _state(record, subject, subject.born_on):
            continue
        turned += 1
        advance(
            locked(record.rec_id),
            {},
            reason="person-corrected",
            by=by,
            op="revoke",
            feed_reason="corrected",
            quietly=True,
        )
    feed.announce(subject.subject_key, op="revoke", reason="corrected")
    return turned


def _state(record: Record, subject: Subject, born_on: date | None) -> str:
    facts = facts_of(record, json.loads(newest(record).payload), subject.kind, born_on)
    return explain(facts, "centre_staff", "standard", today(), catalogue=current()).state
