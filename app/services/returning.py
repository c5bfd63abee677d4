"""Filings that the server did not take: given back as drafts with their evidence, until the officer has filed
them again or done with them."""

from __future__ import annotations

import logging
from typing import Literal

import msgspec

from app.services.room import Opened
from local_cache import drafts, evidence, ledger, outbox
from local_cache.database import transaction
from local_cache.faults import VaultFault
from local_cache.outbox import OutboxItem

_log = logging.getLogger(__name__)
KIND, FILE = "objection", "objection.file"
OTHER = "other"


class Draft(msgspec.Struct, frozen=True):
    """An objection being written about one record of one answer.

    `refused` names the filing that the server did not take (empty for a new draft): its evidence lies beside
    that row, sealed with the vault. `why` is the code of the refusal, `other` the open case for whose sake it
    was, `left_out` the places of the files that do not go again.
    """

    draft_id: str
    query_no: str
    rec_id: str
    document_no: str = ""
    subject_name: str = ""
    kind: Literal["objection", "data_error"] = "objection"
    ground: str = ""
    wish: str = ""
    statement: str = ""
    should_be: str = ""
    letter_no: str = ""
    refused: str = ""
    why: str = ""
    other: str = ""
    left_out: tuple[int, ...] = ()


def in_the_way(item: OutboxItem) -> str:
    """The open case for whose sake the server refused an item; empty when it named none."""
    if item.state != "refused" or not item.result:
        return ""
    return str(msgspec.json.decode(item.result).get(OTHER, ""))


def give_back(opened: Opened, op_id: str) -> None:
    """Make a draft of a refused filing, in the transaction of its refusal; its evidence stays where it lies.
    Does nothing for a row of another kind, and when the draft is there already."""
    row = outbox.get(opened.work, op_id)
    if row is None or row.kind != FILE or row.state != "refused":
        return
    if drafts.load(opened.work, "drafts", KIND, op_id) is not None:
        return
    body = msgspec.json.decode(row.body)
    query_no = str(body.get("query_no", ""))
    draft = Draft(
        op_id,
        query_no,
        str(body.get("rec_id", "")),
        subject_name=ledger.subject_of(opened.work, query_no),
        kind="data_error" if body.get("kind") == "data_error" else "objection",
        ground=str(body.get("ground", "")),
        wish=str(body.get("wish", "")),
        statement=str(body.get("statement", "")),
        should_be=str(body.get("should_be", "")),
        letter_no=str(body.get("letter_no", "")),
        refused=op_id,
        why=row.why,
        other=in_the_way(row),
    )
    drafts.save(
        opened.work, "drafts", drafts.Body(KIND, op_id, msgspec.json.encode(draft), opened.now_text())
    )


def give_back_all(opened: Opened) -> None:
    """Drafts of the filings that a program before this one left refused."""
    for row in outbox.refused(opened.work, FILE):
        give_back(opened, row.op_id)


def let_go(opened: Opened, op_id: str) -> bool:
    """The officer has done with a refused filing, or has filed it again: its draft, its evidence and what was
    written in it go; that it was sent, and why it was refused, stays. False when there is none such."""
    with transaction(opened.work, "work"):
        row = outbox.get(opened.work, op_id)
        if row is None or row.kind != FILE:
            return False
        kind = msgspec.json.decode(row.body).get("kind", KIND)
        if not outbox.dismiss(opened.work, op_id, msgspec.json.encode({"kind": kind})):
            return False
        evidence.discard(opened.work, op_id)
        drafts.discard(opened.work, "drafts", KIND, op_id)
    return True


def give_back_room(opened: Opened) -> None:
    """Only the size of the file is at stake; the next filing with evidence tries again."""
    try:
        evidence.give_back_room(opened.work)
    except VaultFault as flaw:
        _log.warning("work.db stays large: %s", type(flaw).__name__)
