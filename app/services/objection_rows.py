"""Filed objections as they are told: what is on its way, then by what the server said last."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import msgspec

from app.services.documents import document_no
from app.services.objection_drafts import FILE, KIND, STEPS, Act, act_of, turn_of
from app.services.refused_files import RefusedFile, refused_file
from app.services.returning import in_the_way
from app.services.room import Opened
from app.wire.messages import ObjectionView
from local_cache import drafts, evidence, ledger, outbox
from local_cache.outbox import OutboxItem

SEEN = "objection.seen"


@dataclass(frozen=True)
class ObjectionRow:
    """A filed objection; `state` is queued or refused while it has no number. `subject` (masked for a person)
    is that of the query it belongs to, empty when this computer does not know the query. `evidence_sent` of
    the `evidence_size` bytes that go before it have arrived. `other`, `file`: the open case, or the file,
    for whose sake it was refused. `seen`: the officer has looked at it as it is now. `act`: what is on its
    way, a step on the objection `of` where it is none itself. `turn`: what the officer may do about it now
    (`turn_of`)."""

    op_id: str
    number: str
    kind: str
    query_no: str
    rec_id: str
    document_no: str
    state: str
    filed_at: str
    due_on: str
    why: str = ""
    view: ObjectionView | None = field(default=None, compare=False)
    evidence_sent: int = 0
    evidence_size: int = 0
    other: str = ""
    file: RefusedFile | None = None
    subject: str = ""
    seen: bool = field(default=False, compare=False)
    act: Act = "file"
    of: str = ""
    turn: Act | Literal[""] = ""


def rows_of(opened: Opened, today: str) -> tuple[ObjectionRow, ...]:
    """Every one of them; `today` (YYYY-MM-DD) decides what the officer may do."""
    brought = evidence.progress(opened.work)
    looked_at = {item.key: item.body for item in drafts.listed(opened.work, "kept", SEEN)}
    known = [filed_row(item.body, looked_at, today) for item in drafts.listed(opened.work, "kept", KIND)]
    cases = {row.number: row for row in known}
    waiting = [
        _waiting(row, brought.get(row.op_id), cases)
        for row in outbox.unsettled(opened.work)
        if row.kind in (FILE, *STEPS.values())
    ]
    going = {row.of for row in waiting if row.state == "queued"}
    known = [replace(row, turn="") if row.number in going else row for row in known]
    asked, nothing = ledger.asked(opened.work), ledger.Asked("", "")
    return tuple(
        replace(
            row,
            subject=asked.get(row.query_no, nothing).subject,
            document_no=row.document_no or document_no(opened, row.query_no, row.rec_id),
        )
        for row in (*waiting, *known)
    )


def _waiting(
    row: OutboxItem, brought: evidence.Progress | None, cases: Mapping[str, ObjectionRow]
) -> ObjectionRow:
    """A step names its case alone; the record is that of what is kept of the case."""
    body: dict[str, Any] = msgspec.json.decode(row.body)
    of = str(body.get("number", ""))
    if of in cases:
        case = cases[of]
        body |= {"kind": case.kind, "query_no": case.query_no, "rec_id": case.rec_id}
    word = "refused" if row.state == "refused" else "queued"
    brought = brought if word == "queued" else None
    return ObjectionRow(
        row.op_id, "", body.get("kind", "objection"), body.get("query_no", ""), body.get("rec_id", ""), "",
        word, row.made_at, "", row.why,
        evidence_sent=brought.sent if brought else 0,
        evidence_size=brought.size if brought else 0,
        other=in_the_way(row),
        file=refused_file(row),
        act=act_of(row.kind),
        of=of,
    )  # fmt: skip


def filed_row(raw: bytes, looked_at: Mapping[str, bytes], today: str) -> ObjectionRow:
    """One as the server told it last."""
    facts = msgspec.json.decode(raw)
    defaults = {"kind": "objection", "query_no": "", "rec_id": "", "state": "", "filed_at": ""}
    view = msgspec.convert(defaults | facts, ObjectionView)
    return ObjectionRow(
        "", view.number, view.kind, view.query_no, view.rec_id, view.document_no, view.state, view.filed_at,
        view.due_on, "", view, seen=int(looked_at.get(view.number, b"-1")) >= view.rev,
        turn=turn_of(view, today),
    )  # fmt: skip
