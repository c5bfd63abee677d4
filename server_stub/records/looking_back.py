"""The time machine: what a role would have been shown of one record on a day, and by which rows."""

from __future__ import annotations

import json
from datetime import date, datetime, time, timedelta
from typing import Any, cast

import msgspec
from django.db import transaction

from server_stub.accounts.staff import require_staff
from server_stub.accounts.staff_looks import note_look
from server_stub.catalogue.models import Edition
from server_stub.catalogue.selectors import current
from server_stub.config import clock
from server_stub.records import errors
from server_stub.records.asking import facts_of
from server_stub.records.facts import RecordFacts, columns_of
from server_stub.records.history import columns_at
from server_stub.records.models import Record, Revision
from server_stub.records.selectors import MARKS
from server_stub.rules.ages import is_minor
from server_stub.rules.facts import Verdict
from server_stub.rules.models import TableEdition
from server_stub.rules.selectors import explain
from server_stub.rules.tables_file import shipped
from server_stub.subjects.models import Subject


class Asked(msgspec.Struct, frozen=True):
    """As whom, for which report, on which day (of the city) and on what ground a record is looked at."""

    role: str
    report_type: str
    on: date
    ground: str = "open"


def look_back(rec_id: str, asked: Asked, *, by: str) -> dict[str, Any]:
    """What would have been shown; a member of the centre's staff asks, and that is a leaf of the log.

    `answered` False: on that day a query about this subject found nobody, so nothing was shown whatever
    `display` says. `revision` None: the platform held no such record by the end of that day. `flags` also say
    what limits the answer: `tables-changed` (a table it rests on is another file than the one that ran on
    that day), `catalogue-approved-later`, `day-to-come`.

    Raises:
        Problem: `role-denied`, `not-found`.
    """
    with transaction.atomic():
        require_staff(by)
        record = Record.objects.filter(pk=rec_id).first()
        if record is None:
            raise errors.no_record(rec_id)
        subject = Subject.objects.get(subject_key=record.subject_key)
        row = standing_on(rec_id, asked.on)
        verdict = verdict_on(row, subject, asked) if row else None
        note_look(
            "record.explained",
            by,
            record.subject_key,
            records_sha256=row.digest if row else "",
            outcome=f"done:{rec_id}:{asked.role}:{asked.report_type}:{asked.ground}:{asked.on}",
        )
    return {
        "rec_id": rec_id,
        "on": asked.on.isoformat(),
        "role": asked.role,
        "report": asked.report_type,
        "ground": asked.ground,
        "answered": row is not None and not is_minor(subject.born_on, asked.on),
        **_said(verdict),
        "flags": [*(verdict.flags if verdict else ()), *_limits(verdict, asked.on)],
        "revision": _revision(row),
    }


def standing_on(rec_id: str, on: date) -> Revision | None:
    """The revision a record stood at when the day ended in the city."""
    rows = Revision.objects.filter(record_id=rec_id, at__lt=end_of(on))
    return rows.order_by("-rev").first()


def verdict_on(row: Revision, subject: Subject, asked: Asked) -> Verdict:
    """The verdict by the same call as a query's, over the columns as they stood; a mark is read from the
    revisions that set it and took it away.
    """
    marks = Revision.objects.filter(record_id=row.record_id, rev__lte=row.rev, reason__in=MARKS)
    last = marks.order_by("-rev").first()
    columns = columns_of(cast(RecordFacts, columns_at(row.record, row.rev)))
    mark = "marked" if last is not None and last.reason == "marked" else ""
    stood = Record(rec_id=row.record_id, rev=row.rev, objection_no=mark, **columns)
    facts = facts_of(stood, json.loads(row.payload), subject.kind, subject.born_on)
    return explain(facts, asked.role, asked.report_type, asked.on, basis=asked.ground, catalogue=current())


def end_of(on: date) -> str:
    """The first moment after the day in the city, as UTC text of the wire."""
    return clock.stamp(datetime.combine(on + timedelta(days=1), time(), clock.CITY_ZONE))


def _said(verdict: Verdict | None) -> dict[str, Any]:
    if verdict is None:
        return {"display": "hide", "state": "not-held", "rule": None, "period": None, "item": None}
    period = {
        "rule": msgspec.to_builtins(verdict.period_rule),
        "earliest_repair": verdict.earliest_repair,
        "end": verdict.end,
    }
    return {
        "display": verdict.display,
        "state": verdict.state,
        "tier": verdict.tier,
        "rule": msgspec.to_builtins(verdict.rule),
        "period": period if verdict.period_rule else None,
        "item": msgspec.to_builtins(verdict.item),
    }


def _limits(verdict: Verdict | None, on: date) -> list[str]:
    """Why the answer may differ from what an officer saw on that day."""
    found = ["day-to-come"] if on > clock.today() else []
    if verdict is None:
        return found
    used = {one.table for one in (verdict.rule, verdict.period_rule) if one}
    loaded = TableEdition.objects.filter(table__in=used, loaded_at__gte=end_of(on))
    running = {shipped().digests[table] for table in used}
    first = TableEdition.objects.filter(table__in=used, loaded_at__lt=end_of(on)).exists()
    if first and loaded.filter(sha256__in=running).exists():
        found.append("tables-changed")
    edition = verdict.item.row.partition("/")[0] if verdict.item else ""
    version = verdict.item.version if verdict.item else 0
    late = Edition.objects.filter(
        code=edition, version=version, approved_at__gte=end_of(on), state="approved"
    )
    return [*found, "catalogue-approved-later"] if late.exists() else found


def _revision(row: Revision | None) -> dict[str, Any] | None:
    if row is None:
        return None
    return {"rev": row.rev, "at": row.at, "reason": row.reason, "by": row.by, "sha256": row.digest}
