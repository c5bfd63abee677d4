"""Filings that the server did not take: given back as drafts with their evidence, until the officer has filed
them again or done with them."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from app.field.evidence import EntryKind
from app.services import objection_drafts, repair_drafts
from app.services.objection_drafts import FILE, KIND, STEPS, Draft
from app.services.refused_files import refused_file
from app.services.room import Opened
from local_cache import drafts, evidence, ledger, outbox
from local_cache.database import Connection, transaction
from local_cache.faults import VaultFault
from local_cache.outbox import OutboxItem

_log = logging.getLogger(__name__)
# Kinds of outbox rows that come back as a draft when they are refused, and the kind of that draft.
FILINGS: Mapping[str, str] = {
    FILE: KIND,
    **dict.fromkeys(STEPS.values(), KIND),
    repair_drafts.APPLY: repair_drafts.KIND,
    repair_drafts.SUPPLEMENT: repair_drafts.KIND,
}
# Kinds of signed items that a link of the chain stands for, and the kind of that link.
LINKS: Mapping[str, EntryKind] = {
    FILE: "objection",
    **dict.fromkeys(STEPS.values(), "objection"),
    repair_drafts.APPLY: "repair",
    repair_drafts.SUPPLEMENT: "repair",
    repair_drafts.WITHDRAW: "repair",
}
OTHER = "other"


def in_the_way(item: OutboxItem) -> str:
    """The open case for whose sake the server refused an item; empty when it named none."""
    if item.state != "refused" or not item.result:
        return ""
    return str(msgspec.json.decode(item.result).get(OTHER, ""))


def give_back(opened: Opened, op_id: str) -> None:
    """Make a draft of a refused filing, in the transaction of its refusal; its evidence stays where it lies.
    Does nothing for a row of another kind, and when the draft is there already."""
    row = outbox.get(opened.work, op_id)
    if row is None or row.kind not in FILINGS or row.state != "refused":
        return
    kind = FILINGS[row.kind]
    if drafts.load(opened.work, "drafts", kind, op_id) is not None:
        return
    draft = _objection(opened, row) if kind == KIND else _repair(opened, row)
    drafts.save(
        opened.work, "drafts", drafts.Body(kind, op_id, msgspec.json.encode(draft), opened.now_text())
    )


def _objection(opened: Opened, row: OutboxItem) -> Draft:
    body = _whole(opened, KIND, row, ("query_no", "rec_id", "kind"))
    subject = ledger.subject_of(opened.work, str(body.get("query_no", "")))
    why, other, file = row.why, in_the_way(row), refused_file(row)
    return objection_drafts.returned(row.op_id, row.kind, body, subject, why, other, file)


def _repair(opened: Opened, row: OutboxItem) -> repair_drafts.RepairDraft:
    body = _whole(opened, repair_drafts.KIND, row, ("query_no", "rec_id", "kind"))
    subject = ledger.subject_of(opened.work, str(body.get("query_no", "")))
    return repair_drafts.returned(row.op_id, body, subject, row.why, in_the_way(row), refused_file(row))


def _whole(opened: Opened, kind: str, row: OutboxItem, names: Sequence[str]) -> dict[str, Any]:
    """A step names its case alone; subject and record are those of what is kept of the case."""
    body: dict[str, Any] = msgspec.json.decode(row.body)
    case = drafts.load(opened.work, "kept", kind, str(body.get("number", "")))
    if case is not None:
        facts = msgspec.json.decode(case.body)
        body |= {name: facts.get(name, "") for name in names}
    return body


def refused_filings(work: Connection) -> list[OutboxItem]:
    """The refused rows that nobody has dismissed and that there are drafts of."""
    return [row for kind in FILINGS for row in outbox.refused(work, kind)]


def give_back_all(opened: Opened) -> None:
    """Drafts of the filings that a program before this one left refused."""
    for row in refused_filings(opened.work):
        give_back(opened, row.op_id)


def let_go(opened: Opened, op_id: str) -> bool:
    """The officer has done with a refused filing, or has filed it again: its draft, its evidence and what was
    written in it go; that it was sent, and why it was refused, stays. False when there is none such."""
    with transaction(opened.work, "work"):
        row = outbox.get(opened.work, op_id)
        if row is None or row.kind not in FILINGS:
            return False
        kind = msgspec.json.decode(row.body).get("kind", KIND)
        if not outbox.dismiss(opened.work, op_id, msgspec.json.encode({"kind": kind})):
            return False
        evidence.discard(opened.work, op_id)
        drafts.discard(opened.work, "drafts", FILINGS[row.kind], op_id)
    return True


def give_back_room(opened: Opened) -> None:
    """Only the size of the file is at stake; the next filing with evidence tries again."""
    try:
        evidence.give_back_room(opened.work)
    except VaultFault as flaw:
        _log.warning("work.db stays large: %s", type(flaw).__name__)
