"""Filed objections as they are told: what is on its way, then by what the server said last."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import msgspec

from app.services.case_rows import CaseRow, is_seen, looked_at, unsettled, with_subjects
from app.services.objection_drafts import FILE, KIND, STEPS, Act, act_of, turn_of
from app.services.room import Opened
from app.wire.messages import ObjectionView
from local_cache import drafts
from local_cache.outbox import OutboxItem

SEEN = "objection.seen"


@dataclass(frozen=True)
class ObjectionRow(CaseRow):
    """A filed objection. `act`: what is on its way, a step on the objection `of` where it is none itself.
    `turn`: what the officer may do about it now (`turn_of`)."""

    kind: str = ""
    view: ObjectionView | None = field(default=None, compare=False)
    act: Act = "file"
    of: str = ""
    turn: Act | Literal[""] = ""


def rows_of(opened: Opened, today: str) -> tuple[ObjectionRow, ...]:
    """Every one of them; `today` (YYYY-MM-DD) decides what the officer may do."""
    looked = looked_at(opened, SEEN)
    known = [filed_row(item.body, looked, today) for item in drafts.listed(opened.work, "kept", KIND)]
    cases = {row.number: row for row in known}
    waiting = [_waiting(item, facts, cases) for item, facts in unsettled(opened, (FILE, *STEPS.values()))]
    going = {row.of for row in waiting if row.state == "queued"}
    known = [replace(row, turn="") if row.number in going else row for row in known]
    return with_subjects(opened, (*waiting, *known))


def _waiting(item: OutboxItem, facts: dict[str, Any], cases: Mapping[str, ObjectionRow]) -> ObjectionRow:
    """A step names its case alone; the record is that of what is kept of the case."""
    body: dict[str, Any] = msgspec.json.decode(item.body)
    of = str(body.get("number", ""))
    if of in cases:
        case = cases[of]
        body |= {"kind": case.kind, "query_no": case.query_no, "rec_id": case.rec_id}
    return ObjectionRow(
        number="", kind=body.get("kind", "objection"), query_no=body.get("query_no", ""),
        rec_id=body.get("rec_id", ""), act=act_of(item.kind), of=of, **facts,
    )  # fmt: skip


def filed_row(raw: bytes, looked: Mapping[str, bytes], today: str) -> ObjectionRow:
    """One as the server told it last."""
    facts = msgspec.json.decode(raw)
    defaults = {"kind": "objection", "query_no": "", "rec_id": "", "state": "", "filed_at": ""}
    view = msgspec.convert(defaults | facts, ObjectionView)
    return ObjectionRow(
        "", view.number, view.query_no, view.rec_id, view.document_no, view.state, view.filed_at, view.due_on,
        kind=view.kind, view=view, seen=is_seen(looked, view.number, view.rev), turn=turn_of(view, today),
    )  # fmt: skip
