"""What stands in the outbox, as an officer is told: what it is about, where it is, why, and since when."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal

import msgspec

from app.services.documents import document_no
from app.services.refused_files import RefusedFile, refused_file
from app.services.returning import FILINGS, in_the_way
from app.services.room import Opened
from local_cache import drafts, evidence, ledger, outbox
from local_cache.evidence import Progress
from local_cache.outbox import OutboxItem

Place = Literal["here", "waiting", "held", "sending", "unknown", "refused"]
NO_WAY, SESSION = "net.", ("session.", "token-")
NONE = Progress(0, 0)


@dataclass(frozen=True)
class OutboxRow:
    """One intent that is not done. Of the `evidence_size` bytes that go before it `evidence_sent` have
    arrived. `next_try` and `tried_at` in milliseconds since 1970, 0: none. `subject` (masked for a person),
    `query_no` and `document_no` say what it is about, empty where this computer does not know; `other` is the
    open case, `file` the file for whose sake it was refused. `draft`: it is back as a draft. `heard`: the
    officer was told of the refusal while he waited; of one that the courier met nobody has told him."""

    op_id: str
    kind: str
    made_at: str
    state: str
    why: str
    attempts: int
    next_try: int
    evidence_sent: int = 0
    evidence_size: int = 0
    tried_at: int = 0
    subject: str = ""
    query_no: str = ""
    document_no: str = ""
    other: str = ""
    file: RefusedFile | None = None
    draft: bool = False
    heard: bool = False

    @property
    def place(self) -> Place:
        """Where it is: written here and never offered; waiting for a connection or a sign-in; held because
        the server named a passing reason; on its way; sent without an answer; refused."""
        if self.state == "waiting":
            if not self.attempts and not self.why:
                return "here"
            return "waiting" if self.why.startswith((NO_WAY, *SESSION)) else "held"
        return "sending" if self.state == "sending" else "refused" if self.state == "refused" else "unknown"


def unsent(opened: Opened) -> tuple[OutboxRow, ...]:
    """What waits, is unknown or was refused, in the order it was written; done and dismissed rows are left
    out."""
    items = outbox.unsettled(opened.work)
    if not items:
        return ()
    brought = evidence.progress(opened.work)
    told = ledger.told_of(opened.work, (one.op_id for one in items))
    return tuple(
        _row(opened, one, brought.get(one.op_id, NONE), *told.get(one.op_id, ("", ""))) for one in items
    )


def _row(opened: Opened, item: OutboxItem, brought: Progress, subject: str, query_no: str) -> OutboxRow:
    refused = item.state == "refused"
    body: dict[str, Any] = msgspec.json.decode(item.body)
    query_no = query_no or str(body.get("query_no", ""))
    made = OutboxRow(
        item.op_id, item.kind, item.made_at, item.state, item.why, item.attempts, item.next_try,
        tried_at=item.tried_at,
        subject=subject or ledger.subject_of(opened.work, query_no),
        query_no=query_no,
        document_no=document_no(opened, query_no, str(body["rec_id"])) if "rec_id" in body else "",
        other=in_the_way(item),
        file=refused_file(item),
        heard=bool(item.heard),
    )  # fmt: skip
    if not refused:
        return replace(made, evidence_sent=brought.sent, evidence_size=brought.size)
    kind = FILINGS.get(item.kind, "")
    return replace(
        made, draft=bool(kind) and drafts.load(opened.work, "drafts", kind, item.op_id) is not None
    )
