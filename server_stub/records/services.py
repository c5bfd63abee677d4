"""Verbs that change records. Each is one transaction: a new revision, a feed row and a leaf of the log.

    put(facts, *, by)                 -> rec_id     one record (same act again: nothing, or a correction)
    put_many(rows, *, by)             -> int        seeding: revisions only, no feed row, no leaf
    correct(rec_id, changes, *, reason, by)         changes: {"payload": whole, "fields": some, columns...}
    annul(rec_id, *, reason, by)                    the act was withdrawn or annulled
    repair(rec_id, *, on, by)  remove(rec_id, *, on, reason, by)  shield / unshield(rec_id, *, on, by)
    mark(rec_id, *, number, accepted_on, due_on, by)  unmark(rec_id, *, by)

`facts` is server_stub.records.facts.RecordFacts. Every verb returns the new revision unless said otherwise.
A signed answer cannot be mended where it lies: every change of content revokes the copies that hold it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db import transaction

from server_stub.catalogue.judging import Catalogue, section_item
from server_stub.catalogue.selectors import current
from server_stub.config import clock
from server_stub.errors import Problem
from server_stub.evidence import services as evidence
from server_stub.feed import services as feed
from server_stub.records import conflicts
from server_stub.records.asking import item_of, time_over, withheld
from server_stub.records.facts import RecordFacts
from server_stub.records.labels import word
from server_stub.records.models import Record, Revision
from server_stub.records.revising import (
    advance,
    as_text,
    changed,
    locked,
    new_id,
    newest,
    revision,
    told,
    typed,
)
from server_stub.records.two_sources import beside

_AT_ONCE = 500
# how a record came here, not what it says: a difference in these alone makes no revision
_ARRIVAL = {"source_no", "received_at", "published_on", "subject_key", "section"}


def put(facts: RecordFacts, *, by: str) -> str:
    """Enter one record; the same act (subject, document, day, authority) again is the same record.

    Same content: nothing happens. Other content: a correction. A repaired or removed record stays so, and
    content that was corrected earlier does not come back when its source sends it once more. A second source
    of the act is named beside the first; what the two disagree on is a ticket (`conflicts`) and a leaf
    `record.conflict`, and nothing of the first is overwritten.

    Raises:
        Problem: `body-invalid` when the facts do not fit.
    """
    columns, payload = typed(facts), as_text(facts["payload"])
    with transaction.atomic():
        held = _same_act(columns)
        if held is not None:
            if _was_corrected(held, payload):
                return held.rec_id
            kept = newest(held).payload
            sent = beside(held, json.loads(kept), columns, facts["payload"])
            changes = {
                name: value
                for name, value in sent.columns.items()
                if name not in _ARRIVAL and getattr(held, name) != value
            }
            payload = as_text(sent.payload)
            if changes or kept != payload:
                text = word(f"two_sources.{sent.conflict}", "zh_CN") if sent.conflict else ""
                advance(held, changes, reason="corrected", by=by, op="revoke", text=text, payload=payload)
            if conflicts.note(held, sent, facts["payload"], source_no=columns.get("source_no", ""), by=by):
                told(held, "conflict", by, payload)
            return held.rec_id
        record = _new(facts, columns, current())
        record.save(force_insert=True)
        revision(record, payload, "put", by).save(force_insert=True)
        feed.announce(record.subject_key, rec_id=record.rec_id, rev=1)
        told(record, "put", by, payload)
    return record.rec_id


def put_many(rows: Iterable[RecordFacts], *, by: str) -> int:
    """Enter records of a first load: no look for the same act, no feed rows, one leaf for all of them.

    Raises:
        Problem: `body-invalid` when the facts of a row do not fit; nothing is entered then.
    """
    done, catalogue = 0, current()
    with transaction.atomic():
        records: list[Record] = []
        revisions: list[Revision] = []
        for facts in rows:
            record, first = drafted(facts, by=by, catalogue=catalogue)
            records.append(record)
            revisions.append(first)
            if len(records) == _AT_ONCE:
                done += _enter(records, revisions)
        done += _enter(records, revisions)
        evidence.append(kind="record.load", source="server", user=by, outcome=f"done:{done}")
    return done


def drafted(facts: RecordFacts, *, by: str, catalogue: Catalogue) -> tuple[Record, Revision]:
    """A record and its first revision as `put_many` would enter them, not saved.

    Raises:
        Problem: `body-invalid` when the facts do not fit.
    """
    record = _new(facts, typed(facts), catalogue)
    return record, revision(record, as_text(facts["payload"]), "put", by)


def _enter(records: list[Record], revisions: list[Revision]) -> int:
    count = len(records)
    Record.objects.bulk_create(records)
    Revision.objects.bulk_create(revisions)
    records.clear()
    revisions.clear()
    return count


def _new(facts: RecordFacts, columns: Mapping[str, Any], catalogue: Catalogue) -> Record:
    given = {"item_code": section_item(facts["section"]), **columns}
    record = Record(rec_id=facts.get("rec_id") or new_id(), **given)
    today = clock.today()
    record.over_told = bool(time_over(record, today, item_of(record, today, catalogue)))
    record.withheld_told = withheld(record, today, catalogue)
    return record


def _same_act(columns: Mapping[str, Any]) -> Record | None:
    """The record of the same act. Without a document number it is never taken for another one, but for an
    entry of a list: that is told by its list, day and authority.
    """
    listed = columns.get("list_code", "")
    if not columns["document_no_folded"] and not (listed and columns.get("decided_on")):
        return None
    same = Record.objects.select_for_update().filter(
        subject_key=columns["subject_key"],
        section=columns["section"],
        document_no_folded=columns["document_no_folded"],
        decided_on=columns.get("decided_on"),
    )
    if not columns["document_no_folded"]:
        same = same.filter(list_code=listed)
    if columns.get("provider_code"):
        same = same.filter(provider_code__in=("", columns["provider_code"]))
    else:
        same = same.filter(provider=columns["provider"])
    return same.exclude(status="annulled").order_by("rec_id").first()


def _was_corrected(record: Record, payload: str) -> bool:
    """Whether this very payload stood in the record before it was corrected."""
    if newest(record).payload == payload:
        return False
    return Revision.objects.filter(record=record, rev__lt=record.rev, payload=payload).exists()


def correct(rec_id: str, changes: Mapping[str, Any], *, reason: str, by: str, rev: int | None = None) -> int:
    """Replace wrong content. `reason` is told to officers; `rev` guards against a change meanwhile.

    `changes`: `payload` replaces all fields, `fields` some of them ("" takes one away), further names are
    columns of RecordFacts.

    Raises:
        Problem: `not-found`, `rev-conflict`, `body-invalid`.
    """
    with transaction.atomic():
        record = locked(rec_id, rev)
        payload: dict[str, str] = dict(changes.get("payload") or json.loads(newest(record).payload))
        for key, text in (changes.get("fields") or {}).items():
            payload[key] = text
        payload = {key: text for key, text in payload.items() if text}
        columns = changed(record, changes, payload)
        text = as_text(payload)
        return advance(record, columns, reason="corrected", by=by, op="revoke", text=reason, payload=text)


def annul(rec_id: str, *, reason: str, by: str) -> int:
    """The act was withdrawn or annulled: it is not shown any more, whatever its publicity."""
    return _state(rec_id, "annulled", clock.today(), "annulled", by, text=reason)


def repair(rec_id: str, *, on: date, by: str, reason: str = "") -> int:
    """The repair was granted on `on`: publicity, sharing and use end."""
    return _state(rec_id, "repaired", on, "repaired", by, text=reason)


def remove(rec_id: str, *, on: date, reason: str, by: str) -> int:
    """The keeper of the list removed the subject from it."""
    return _state(rec_id, "removed", on, "removed", by, text=reason)


def withdraw(rec_id: str, *, reason: str, by: str) -> int:
    """The record's origin gives it no longer, and does not say that the act ended: it is never shown."""
    return _state(rec_id, "withdrawn", clock.today(), "withdrawn", by, feed_reason="removed", text=reason)


def shield(rec_id: str, *, on: date, by: str, reason: str = "") -> int:
    """A court's reorganisation plan shields the record for a time; copies go."""
    return _state(rec_id, "shielded", on, "shielded", by, feed_reason="court", text=reason)


def unshield(rec_id: str, *, on: date, by: str, reason: str = "") -> int:
    """The plan failed: the record is shown again, as a new revision."""
    with transaction.atomic():
        record = locked(rec_id)
        if record.status != "shielded":
            raise Problem("rev-conflict", "the record is not shielded", context={"rev": record.rev})
        columns = {"status": "current", "status_on": on}
        return advance(
            record, columns, reason="unshielded", by=by, op="put", feed_reason="court", text=reason
        )


def _state(
    rec_id: str, status: str, on: date, reason: str, by: str, *, feed_reason: str = "", text: str = ""
) -> int:
    with transaction.atomic():
        record = locked(rec_id)
        columns = {"status": status, "status_on": on}
        return advance(record, columns, reason=reason, by=by, op="revoke", feed_reason=feed_reason, text=text)


def mark(rec_id: str, *, number: str, accepted_on: date, due_on: date | None, by: str) -> int:
    """The record is under objection `number`; copies keep their content and get the mark.

    Raises:
        Problem: `objection-duplicate` when another objection marks it.
    """
    with transaction.atomic():
        record = locked(rec_id)
        if record.objection_no and record.objection_no != number:
            raise Problem("objection-duplicate", context={"number": record.objection_no})
        columns = {"objection_no": number, "objection_on": accepted_on, "objection_due": due_on}
        body = {
            "number": number,
            "accepted_on": accepted_on.isoformat(),
            "due_on": due_on.isoformat() if due_on else "",
        }
        return advance(record, columns, reason="marked", by=by, op="put", body=body)


def unmark(rec_id: str, *, by: str) -> int:
    """The objection ended without a change of content; an unmarked record stays as it is."""
    with transaction.atomic():
        record = locked(rec_id)
        if not record.objection_no:
            return record.rev
        body = {"number": record.objection_no}
        columns = {"objection_no": "", "objection_on": None, "objection_due": None}
        return advance(record, columns, reason="unmarked", by=by, op="put", body=body)
