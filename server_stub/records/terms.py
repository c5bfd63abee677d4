"""The term of a record: for how long it is published, from when it may be repaired, and what ends its being
shown today. A corrected amount, day or authority moves it, without a word of it in the correction.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any, cast

import msgspec

from server_stub.catalogue.selectors import current
from server_stub.records.asking import facts_of, item_of
from server_stub.records.facts import RecordFacts, columns_of
from server_stub.records.history import columns_at
from server_stub.records.models import Record, Revision
from server_stub.records.revising import changed
from server_stub.rules.periods import term_of
from server_stub.rules.selectors import ended
from server_stub.rules.tables_file import shipped
from server_stub.subjects.models import Subject


class Term(msgspec.Struct, frozen=True):
    """The tier, the first day of a repair and the last of publicity as ISO text; "" where there is none.
    `state` is the gravest finding that ends its being shown (`rules.explain.ended`), or current.
    """

    tier: str
    earliest: str
    end: str
    state: str


def term_at(rec_id: str, rev: int, on: date) -> Term:
    """The term of a record as it stood at a revision, by the rows of a day."""
    record = Record.objects.get(pk=rec_id)
    payload = json.loads(Revision.objects.get(record=record, rev=rev).payload)
    return _term(record, payload, columns_of(cast(RecordFacts, columns_at(record, rev))), on)


def term_with(rec_id: str, changes: Mapping[str, Any], on: date) -> Term:
    """The term that a record would have with these changes (of `services.correct`).

    Raises:
        Problem: `body-invalid` when they do not fit.
    """
    record = Record.objects.get(pk=rec_id)
    held = json.loads(Revision.objects.get(record=record, rev=record.rev).payload)
    whole = {**(changes.get("payload") or held), **(changes.get("fields") or {})}
    payload = {key: text for key, text in whole.items() if text}
    columns = columns_of(cast(RecordFacts, columns_at(record, record.rev)))
    return _term(record, payload, {**columns, **_plain(changed(record, changes, payload))}, on)


def moved(before: Term, after: Term) -> dict[str, tuple[str, str]]:
    """Each part of a term that is other than before: tier, earliest, end, state."""
    return {
        name: (old, new)
        for name in Term.__struct_fields__
        if (old := getattr(before, name)) != (new := getattr(after, name))
    }


def _plain(columns: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in columns.items() if name != "document_no_folded"}


def _term(record: Record, payload: dict[str, str], columns: Mapping[str, Any], on: date) -> Term:
    stood = Record(rec_id=record.rec_id, rev=record.rev, **columns)
    subject = Subject.objects.filter(pk=record.subject_key).first()
    kind, born = (subject.kind, subject.born_on) if subject else ("legal", None)
    facts = facts_of(stood, payload, kind, born)
    tier, period = term_of(facts, shipped(), on)
    days = (period.earliest, period.end) if period is not None else (None, None)
    state = ended(facts, on, item_of(stood, on, current()))
    earliest, end = (day.isoformat() if day else "" for day in days)
    return Term(tier, earliest, end, state)
