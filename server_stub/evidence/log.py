"""Writing the log: leaves under one lock, device chains, receipts with a signed checkpoint."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any, Literal

import msgspec
from django.db import connection, transaction

from app.field.evidence import LeafEntry, Receipt, leaf_of
from app.field.proofs import Checkpoint, checkpoint_body, key_hint, write_note
from server_stub import statements
from server_stub.config.city import log_origin
from server_stub.config.clock import stamp
from server_stub.config.keys import keys
from server_stub.errors import Problem
from server_stub.evidence import sql, tree
from server_stub.evidence.models import Head, Leaf
from server_stub.pouring import pour


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
    index = sql.locked_size()
    subject_key = fields.get("subject_key", "")
    of_subject = of_organisation = None
    if subject_key and organisation:
        of_subject, of_organisation = sql.last_of_both(subject_key, organisation)
    elif subject_key:
        of_subject = sql.last_of_subject(subject_key)
    elif organisation:
        of_organisation = sql.last_of_organisation(organisation)
    subject_tail = _tail(of_subject) if subject_key else _EMPTY
    org_tail = _tail(of_organisation) if organisation else _EMPTY
    entry = LeafEntry(
        v=1,
        source=source,
        kind=kind,
        at=at or stamp(),
        user=user,
        organisation=organisation,
        **fields,
        subject_seq=subject_tail.subject_seq,
        prev_subject_leaf=subject_tail.leaf,
        org_seq=org_tail.org_seq,
        prev_org_leaf=org_tail.leaf,
    )
    blind = secrets.token_hex(32)
    leaf = leaf_of(entry, blind)
    statements.insert(
        "evidence_leaf",
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
    )
    tree.grow(index, leaf)
    sql.grow(index + 1)
    return Appended(entry, blind, index, leaf)


def stand_still() -> None:
    """From here on nobody else appends a leaf until this transaction ends, so nothing that leaves one is
    changed meanwhile: what is read now still holds when its own leaf is written. SQLite's transaction has
    the only write lock already.
    """
    if statements.locking():
        sql.locked_size()


def append_many(entries: Sequence[Mapping[str, Any]]) -> None:
    """Add one leaf for each entry, in order, as `append` would: fields of LeafEntry, `source` among them.

    Raises:
        TypeError: for a name that LeafEntry does not have.
        TransactionManagementError: outside a transaction.
    """
    if len(entries) == 1:
        append(**entries[0])
        return
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("a leaf belongs into the transaction of its act")
    index, now = sql.locked_size(), stamp()
    keys = list(dict.fromkeys(given["subject_key"] for given in entries if given.get("subject_key")))
    last = sql.last_of_subjects(keys) if keys else {}
    tails = {key: _tail(last.get(key)) for key in keys}
    bodies = dict.fromkeys(given["organisation"] for given in entries if given.get("organisation"))
    org_tails = {body: _tail(sql.last_of_organisation(body)) for body in bodies}
    leaves: list[bytes] = []
    rows: list[tuple[Any, ...]] = []
    for at, given in enumerate(entries, index):
        key, body = given.get("subject_key", ""), given.get("organisation", "")
        tail, org_tail = tails.get(key, _EMPTY), org_tails.get(body, _EMPTY)
        entry = LeafEntry(
            v=1, at=now, **given, subject_seq=tail.subject_seq, prev_subject_leaf=tail.leaf,
            org_seq=org_tail.org_seq, prev_org_leaf=org_tail.leaf,
        )  # fmt: skip
        blind = secrets.token_hex(32)
        leaf = leaf_of(entry, blind)
        if key:
            tails[key] = _Tail(leaf.hex(), tail.subject_seq + 1)
        if body:
            org_tails[body] = _Tail(leaf.hex(), 0, org_tail.org_seq + 1)
        leaves.append(leaf)
        text = msgspec.json.encode(entry).decode()
        rows.append((at, leaf.hex(), text, blind, *(getattr(entry, name) for name in _FOUND_BY)))
    pour("evidence_leaf", ("index", "leaf", "entry", "blind", *_FOUND_BY), rows)
    tree.grow_many(index, leaves)
    sql.grow(index + len(leaves))


_FOUND_BY = (
    "source", "kind", "user", "organisation", "device_id", "op_id", "entry_sha256", "subject_key", "query_no",
    "report_no",
)  # fmt: skip


class _Tail(msgspec.Struct, frozen=True):
    """Where histories go on: the leaf before, and the next number for its subject and organisation."""

    leaf: str = ""
    subject_seq: int = 0
    org_seq: int = 0


_EMPTY = _Tail()


def _tail(last: tuple[str, str] | None) -> _Tail:
    if last is None:
        return _Tail("", 1, 1)
    entry = msgspec.json.decode(last[1], type=LeafEntry)
    return _Tail(last[0], entry.subject_seq + 1, entry.org_seq + 1)


def stored(row: Leaf) -> Appended:
    """A stored leaf as it was appended."""
    entry = msgspec.json.decode(row.entry, type=LeafEntry)
    return Appended(entry, row.blind, row.index, bytes.fromhex(row.leaf))


def checkpoint(size: int | None = None) -> str:
    """The signed note over the tree as it is now, or over its first `size` leaves."""
    leaves = Head.objects.get(pk=1).size if size is None else size
    return _note(leaves, tree.root(leaves))


def _note(size: int, root: bytes) -> str:
    claim = Checkpoint(log_origin(), size, root)
    key = keys().log
    hint = key_hint(claim.origin, 1, key.public)
    return write_note(claim, claim.origin, hint, key.sign(checkpoint_body(claim)))


def _one_transaction() -> AbstractContextManager[Any]:
    """The one we are in, else one of its own: what only reads needs no savepoint."""
    return nullcontext() if connection.in_atomic_block else transaction.atomic()


def receipts(appended: Sequence[Appended], tree_size: int) -> list[Receipt]:
    """One receipt per leaf, all under one checkpoint, consistent with the `tree_size` the client knows.

    Raises:
        Problem: `epoch-changed` when the client has seen a larger tree than this server holds.
    """
    with _one_transaction():
        size = sql.locked_size()
        if not 0 <= tree_size <= size:
            raise Problem("epoch-changed", "this log is shorter than the one the client has seen")
        proofs = tree.proofs(size, [one.leaf_index for one in appended], tree_size)
        note = _note(size, proofs.root)
        steps = tuple(step.hex() for step in proofs.consistency)
        return [
            Receipt(
                entry=one.entry,
                blind=one.blind,
                leaf_index=one.leaf_index,
                checkpoint=note,
                inclusion=tuple(step.hex() for step in path),
                consistency_from=tree_size,
                consistency=steps,
            )
            for one, path in zip(appended, proofs.inclusion, strict=True)
        ]
