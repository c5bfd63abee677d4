"""Words of the evidence log: what a device claims, what the server commits to, what it hands back."""

from __future__ import annotations

from typing import Literal

import msgspec

from app.field.canonical import canonical, canonical_sha256, canonical_struct
from app.field.proofs import leaf_hash
from app.field.records import Part

EntryKind = Literal[
    "query", "view", "print", "save", "issue", "export", "open_cached", "unmask", "objection", "screen",
    "void", "repair",
]  # fmt: skip
FIRST_PREV = "0" * 64


class ClientEntry(Part, frozen=True):
    """One link of a device's own chain. `prev` is the SHA-256 of the entry before; `n` counts from 1.

    `body_sha256` binds the request body the entry was made for (canonical bytes); `claimed_at` is the
    device's word, never used for order.
    """

    v: int
    device_id: str
    n: int
    prev: str
    kind: EntryKind
    op_id: str
    user: str
    claimed_at: str
    boot_id: str
    mono_ms: int
    purpose: str = ""
    body_sha256: str = ""
    query_no: str = ""
    report_no: str = ""
    records_sha256: str = ""
    report_sha256: str = ""
    copies: int = 0
    last_receipt: str = ""

    def bytes_(self) -> bytes:
        """Canonical bytes: what the device key signs and the chain hashes."""
        return canonical(msgspec.structs.asdict(self))

    def digest(self) -> str:
        return canonical_sha256(msgspec.structs.asdict(self))


class LeafEntry(Part, frozen=True):
    """What stands behind one leaf of the tree. Subject and organisation chains show gaps in one history."""

    v: int
    source: Literal["device", "server"]
    kind: str
    at: str
    user: str
    organisation: str
    device_id: str = ""
    op_id: str = ""
    entry_sha256: str = ""
    subject_key: str = ""
    purpose: str = ""
    basis_sha256: str = ""
    query_no: str = ""
    report_no: str = ""
    records_sha256: str = ""
    report_sha256: str = ""
    outcome: str = "done"
    subject_seq: int = 0
    prev_subject_leaf: str = ""
    org_seq: int = 0
    prev_org_leaf: str = ""


class Receipt(Part, frozen=True):
    """Proof that an entry is in the log: entry, blind, position, signed checkpoint and paths (hex)."""

    entry: LeafEntry
    blind: str
    leaf_index: int
    checkpoint: str
    inclusion: tuple[str, ...]
    consistency_from: int = 0
    consistency: tuple[str, ...] = ()

    def leaf(self) -> bytes:
        return leaf_of(self.entry, self.blind)


def leaf_of(entry: LeafEntry, blind: str) -> bytes:
    """Leaf hash over the entry and its 32-byte blind (hex); forgetting both erases content, not the tree."""
    return leaf_hash(canonical_struct({"blind": blind, "entry": entry}))
