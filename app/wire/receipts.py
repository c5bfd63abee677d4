"""Data after evidence: every check an answer must pass before anything of it is shown or kept.

Each check is a function of its own with one reason; `verify_answer` runs them all, in order.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from app.field.evidence import ClientEntry, Receipt
from app.field.proofs import Checkpoint, consistent, included
from app.field.records import Bundle, Signed, read_bundle
from app.trouble import NotTrusted
from app.wire.trust import Trust


@dataclass(frozen=True)
class Seen:
    """The newest checkpoint this device has verified; `note` is its whole text, empty before the first."""

    size: int = 0
    root: bytes = b""
    note: str = ""


@dataclass(frozen=True)
class Intent:
    """What was asked, as the chain entry fixed it before anything was sent."""

    op_id: str
    purpose: str
    user: str
    entry: ClientEntry


@dataclass(frozen=True)
class Verified:
    """An answer that passed: the bundle, its bytes as sent and the checkpoint to remember."""

    bundle: Bundle
    payload: bytes
    seen: Seen


def verify_answer(
    trust: Trust, intent: Intent, signed: Signed, receipts: Sequence[Receipt], last: Seen, sent_size: int
) -> Verified:
    """All checks of a query's answer.

    Raises:
        NotTrusted: with the reason's code; the caller shows and keeps nothing.
    """
    payload = trust.open_signed(signed)
    bundle = read_answer(payload)
    check_operation(bundle, intent)
    check_purpose(bundle, intent)
    check_requester(bundle, intent)
    receipt = last_receipt(receipts)
    check_entry(receipt, intent.op_id, intent.entry.digest())
    check_records(receipt, payload)
    seen = verify_receipts(trust, receipts, last, sent_size)
    return Verified(bundle, payload, seen)


def verify_receipts(trust: Trust, receipts: Sequence[Receipt], last: Seen, sent_size: int) -> Seen:
    """Inclusion, signature, size and consistency of every receipt; the newest checkpoint comes back."""
    newest = last
    for receipt in receipts:
        note = trust.open_note(receipt.checkpoint)
        check_inclusion(receipt, note.checkpoint)
        check_not_smaller(note.checkpoint, last)
        check_consistent(receipt, note.checkpoint, last, sent_size)
        if note.checkpoint.size >= newest.size:
            newest = Seen(note.checkpoint.size, note.checkpoint.root, receipt.checkpoint)
    return newest


def read_answer(payload: bytes) -> Bundle:
    """The bundle of the signed bytes; answer.malformed when they are none."""
    try:
        return read_bundle(payload)
    except msgspec.DecodeError as flaw:
        raise NotTrusted("answer.malformed") from flaw


def check_operation(bundle: Bundle, intent: Intent) -> None:
    """The answer belongs to this very question."""
    if bundle.op_id != intent.op_id:
        raise NotTrusted("answer.foreign")


def check_purpose(bundle: Bundle, intent: Intent) -> None:
    """The purpose that was logged is the purpose that was stated."""
    if bundle.purpose.code != intent.purpose:
        raise NotTrusted("answer.purpose")


def check_requester(bundle: Bundle, intent: Intent) -> None:
    """The answer was made for this officer."""
    if bundle.requester.user != intent.user:
        raise NotTrusted("answer.requester")


def last_receipt(receipts: Sequence[Receipt]) -> Receipt:
    """The query's own entry is the last one sent."""
    if not receipts:
        raise NotTrusted("receipt.missing")
    return receipts[-1]


def check_entry(receipt: Receipt, op_id: str, digest: str) -> None:
    """The leaf speaks of the entry that this device signed."""
    if receipt.entry.op_id != op_id or receipt.entry.entry_sha256 != digest:
        raise NotTrusted("receipt.entry")


def check_records(receipt: Receipt, payload: bytes) -> None:
    """The leaf commits to the records exactly as received."""
    if receipt.entry.records_sha256 != hashlib.sha256(payload).hexdigest():
        raise NotTrusted("receipt.records")


def check_inclusion(receipt: Receipt, checkpoint: Checkpoint) -> None:
    """The leaf stands in the tree of the signed checkpoint."""
    path = _hashes(receipt.inclusion)
    if not included(receipt.leaf(), receipt.leaf_index, checkpoint.size, path, checkpoint.root):
        raise NotTrusted("receipt.inclusion")


def check_not_smaller(checkpoint: Checkpoint, last: Seen) -> None:
    """A log only grows."""
    if checkpoint.size < last.size:
        raise NotTrusted("log.smaller")


def check_consistent(receipt: Receipt, checkpoint: Checkpoint, last: Seen, sent_size: int) -> None:
    """The tree seen before is the beginning of the tree shown now."""
    if last.size == 0:
        return
    if checkpoint.size == last.size and checkpoint.root == last.root:
        return
    if receipt.consistency_from != sent_size or sent_size != last.size:
        raise NotTrusted("log.inconsistent")
    path = _hashes(receipt.consistency)
    if not consistent(last.size, checkpoint.size, path, last.root, checkpoint.root):
        raise NotTrusted("log.inconsistent")


def _hashes(path: Sequence[str]) -> list[bytes]:
    try:
        raw = [bytes.fromhex(part) for part in path]
    except ValueError as flaw:
        raise NotTrusted("receipt.inclusion") from flaw
    if any(len(part) != 32 for part in raw):
        raise NotTrusted("receipt.inclusion")
    return raw
