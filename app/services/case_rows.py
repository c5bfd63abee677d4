"""Objections and repairs as they are told alike: what is on its way, then by what the server said last."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from app.services.documents import document_no
from app.services.refused_files import RefusedFile, refused_file
from app.services.returning import in_the_way
from app.services.room import Opened
from local_cache import drafts, evidence, ledger, outbox
from local_cache.drafts import Body
from local_cache.outbox import OutboxItem


@dataclass(frozen=True)
class CaseRow:
    """A case, or an act on one; `state` is queued or refused until the server has taken it. `subject` (masked
    for a person) is that of the query it belongs to, empty when this computer does not know the query. `view`
    is what the server told last. `evidence_sent` of the `evidence_size` bytes that go before it have arrived.
    `other`, `file`: the open case, or the file, for whose sake it was refused. `seen`: the officer has looked
    at it as it is now."""

    op_id: str
    number: str
    query_no: str
    rec_id: str
    document_no: str
    state: str
    filed_at: str
    due_on: str
    why: str = ""
    view: Any = field(default=None, compare=False)
    evidence_sent: int = 0
    evidence_size: int = 0
    other: str = ""
    file: RefusedFile | None = None
    subject: str = ""
    seen: bool = field(default=False, compare=False)


C = TypeVar("C", bound=CaseRow)


def unsettled(opened: Opened, kinds: Collection[str]) -> list[tuple[OutboxItem, dict[str, Any]]]:
    """What is on its way of these kinds, with those facts of its row that do not depend on what it says."""
    brought = evidence.progress(opened.work)
    return [
        (item, _on_its_way(item, brought.get(item.op_id)))
        for item in outbox.unsettled(opened.work)
        if item.kind in kinds
    ]


def _on_its_way(item: OutboxItem, brought: evidence.Progress | None) -> dict[str, Any]:
    refused = item.state == "refused"
    going = brought if not refused else None
    return {
        "op_id": item.op_id, "document_no": "", "state": "refused" if refused else "queued",
        "filed_at": item.made_at, "due_on": "", "why": item.why,
        "evidence_sent": going.sent if going else 0, "evidence_size": going.size if going else 0,
        "other": in_the_way(item), "file": refused_file(item),
    }  # fmt: skip


def looked_at(opened: Opened, kind: str) -> Mapping[str, bytes]:
    """By its number, at which version the officer looked at a case last."""
    return {item.key: item.body for item in drafts.listed(opened.work, "kept", kind)}


def is_seen(looked: Mapping[str, bytes], number: str, rev: int) -> bool:
    """Whether that was the version `rev`, which the server told last."""
    return int(looked.get(number, b"-1")) >= rev


def note_seen(opened: Opened, kind: str, row: CaseRow) -> None:
    """The officer looks at a case as the server told it last."""
    body = Body(kind, row.number, str(row.view.rev).encode("ascii"), opened.now_text())
    drafts.save(opened.work, "kept", body)


def with_subjects(opened: Opened, rows: Iterable[C]) -> tuple[C, ...]:
    """Each with the subject of its query and the number of its document, as far as they are known here."""
    asked, nothing = ledger.asked(opened.work), ledger.Asked("", "")
    return tuple(
        replace(
            row,
            subject=asked.get(row.query_no, nothing).subject,
            document_no=row.document_no or document_no(opened, row.query_no, row.rec_id),
        )
        for row in rows
    )
