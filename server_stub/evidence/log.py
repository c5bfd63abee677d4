"""Writing the log: leaves under one lock, device chains, receipts with a signed checkpoint."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Any, Literal

import msgspec
from django.db import connection, transaction
from django.db.models import QuerySet

from app.field.evidence import LeafEntry, Receipt, leaf_of
from app.field.proofs import Checkpoint, checkpoint_body, key_hint, write_note
from server_stub.config.city import log_origin
from server_stub.config.clock import stamp
from server_stub.config.keys import keys
from server_stub.errors import Problem
from server_stub.evidence import tree
from server_stub.evidence.models import Head, Leaf


class Appended(msgspec.Struct, frozen=True):
    """A leaf that is in the tree: its entry, its blind (hex), its place and its hash."""

    entry: LeafEntry
    blind: str
    leaf_index: int
    leaf: bytes


def append(
    *,
    kind: str,
    source: Literal["device", "server"] = "server",
    at: str = "",
    user: str = "",
    organisation: str = "",
    **fields: Any,
) -> Appended:
    """Add one leaf; call inside the transaction of the act it stands for.

    `fields` are further fields of LeafEntry; the places in the subject's and the organisation's history are
    filled in here.

    Raises:
        TypeError: for a name that LeafEntry does not have.
        TransactionManagementError: outside a transaction.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("a leaf belongs into the transaction of its act")
    head = Head.objects.select_for_update().get(pk=1)
    subject_key = fields.get("subject_key", "")
    subject_seq, prev_subject = _tail(
        subject_key, Leaf.objects.filter(subject_key=subject_key), "subject_seq"
    )
    org_seq, prev_org = _tail(organisation, Leaf.objects.filter(organisation=organisation), "org_seq")
    entry = LeafEntry(
        v=1,
        source=source,
        kind=kind,
        at=at or stamp(),
        user=user,
        organisation=organisation,
        **fields,
        subject_seq=subject_seq,
        prev_subject_leaf=prev_subject,
        org_seq=org_seq,
        prev_org_leaf=prev_org,
    )
    blind = secrets.token_hex(32)
    leaf = leaf_of(entry, blind)
    index = head.size
    Leaf(
        index=index,
        leaf=leaf.hex(),
        entry=msgspec.json.encode(entry).decode(),
        blind=blind,
        source=source,
        kind=kind,
        user=user,
        organisation=organisation,
        device_id=entry.device_id,
        op_id=entry.op_id,
        entry_sha256=entry.entry_sha256,
        subject_key=subject_key,
        query_no=entry.query_no,
        report_no=entry.report_no,
    ).save()
    tree.grow(index, leaf)
    Head.objects.filter(pk=1).update(size=index + 1)
    return Appended(entry, blind, index, leaf)


def _tail(key: str, leaves: QuerySet[Leaf], field: str) -> tuple[int, str]:
    """The next number in one history and the leaf before it; nothing for an empty key."""
    if not key:
        return 0, ""
    last = leaves.order_by("-index").first()
    if last is None:
        return 1, ""
    return getattr(stored(last).entry, field) + 1, last.leaf


def stored(row: Leaf) -> Appended:
    """A stored leaf as it was appended."""
    entry = msgspec.json.decode(row.entry, type=LeafEntry)
    return Appended(entry, row.blind, row.index, bytes.fromhex(row.leaf))


def checkpoint(size: int | None = None) -> str:
    """The signed note over the tree as it is now, or over its first `size` leaves."""
    leaves = Head.objects.get(pk=1).size if size is None else size
    claim = Checkpoint(log_origin(), leaves, tree.root(leaves))
    key = keys().log
    hint = key_hint(claim.origin, 1, key.public)
    return write_note(claim, claim.origin, hint, key.sign(checkpoint_body(claim)))


def receipts(appended: Sequence[Appended], tree_size: int) -> list[Receipt]:
    """One receipt per leaf, all under one checkpoint, consistent with the `tree_size` the client knows.

    Raises:
        Problem: `epoch-changed` when the client has seen a larger tree than this server holds.
    """
    with transaction.atomic():
        size = Head.objects.select_for_update().get(pk=1).size
        if not 0 <= tree_size <= size:
            raise Problem("epoch-changed", "this log is shorter than the one the client has seen")
        note = checkpoint(size)
        steps = tuple(step.hex() for step in tree.consistency(tree_size, size))
        return [
            Receipt(
                entry=one.entry,
                blind=one.blind,
                leaf_index=one.leaf_index,
                checkpoint=note,
                inclusion=tuple(step.hex() for step in tree.inclusion(one.leaf_index, size)),
                consistency_from=tree_size,
                consistency=steps,
            )
            for one in appended
        ]
