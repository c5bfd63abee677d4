"""A small log and answer signer with real keys: what an honest server would send, to be broken by tests."""

from __future__ import annotations

import base64
import hashlib

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from app.field.evidence import FIRST_PREV, ClientEntry, LeafEntry, Receipt
from app.field.proofs import Checkpoint, checkpoint_body, key_hint, node_hash, root_of, write_note
from app.field.records import Basis, Bundle, Lease, PurposeRef, Requester, Signed, write_bundle
from app.wire.messages import AnswersKey, LogKey, SealCertificates
from app.wire.receipts import Intent, Seen
from app.wire.trust import Trust

ORIGIN = "log.example/test"


def raw_public(key: Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def inclusion_path(leaves: list[bytes], index: int) -> list[bytes]:
    if len(leaves) <= 1:
        return []
    split = 1 << ((len(leaves) - 1).bit_length() - 1)
    if index < split:
        return [*inclusion_path(leaves[:split], index), root_of(leaves[split:])]
    return [*inclusion_path(leaves[split:], index - split), root_of(leaves[:split])]


def consistency_path(leaves: list[bytes], older: int, whole: bool = True) -> list[bytes]:
    count = len(leaves)
    if older == count:
        return [] if whole else [root_of(leaves)]
    split = 1 << ((count - 1).bit_length() - 1)
    if older <= split:
        return [*consistency_path(leaves[:split], older, whole), root_of(leaves[split:])]
    return [*consistency_path(leaves[split:], older - split, False), root_of(leaves[:split])]


class FakeLog:
    """Leaves in a list; notes, receipts and signed answers over them."""

    def __init__(self) -> None:
        self.log_key, self.answers_key = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
        self.leaves: list[bytes] = []

    def trust(self, ca_pem: str = "") -> Trust:
        return Trust(
            v=1, url="https://localhost", ca_pem=ca_pem, epoch="e1", specimen=True, city_name="x",
            division="1",
            log=LogKey(ORIGIN, "log-1", base64.b64encode(raw_public(self.log_key)).decode()),
            answers=AnswersKey("answers-1", base64.b64encode(raw_public(self.answers_key)).decode()),
            seal=SealCertificates("", ""),
        )  # fmt: skip

    def grow(self, count: int) -> None:
        self.leaves += [
            hashlib.sha256(f"leaf {len(self.leaves)} {i}".encode()).digest() for i in range(count)
        ]

    def seen(self) -> Seen:
        return Seen(len(self.leaves), root_of(self.leaves), self.note())

    def note(self, key: Ed25519PrivateKey | None = None, origin: str = ORIGIN) -> str:
        key = key or self.log_key
        checkpoint = Checkpoint(origin, len(self.leaves), root_of(self.leaves))
        hint = key_hint(origin, 1, raw_public(self.log_key))
        return write_note(checkpoint, origin, hint, key.sign(checkpoint_body(checkpoint)))

    def append(self, entry: LeafEntry, since: int = 0) -> Receipt:
        blind = hashlib.sha256(entry.op_id.encode()).hexdigest()
        bare = Receipt(entry, blind, len(self.leaves), "", ())
        self.leaves.append(bare.leaf())
        return self.receipt(bare, since)

    def receipt(self, bare: Receipt, since: int) -> Receipt:
        return Receipt(
            bare.entry, bare.blind, bare.leaf_index, self.note(),
            tuple(part.hex() for part in inclusion_path(self.leaves, bare.leaf_index)),
            since,
            tuple(part.hex() for part in consistency_path(self.leaves, since)) if since else (),
        )  # fmt: skip

    def sign(self, payload: bytes, key: Ed25519PrivateKey | None = None) -> Signed:
        mark = (key or self.answers_key).sign(payload)
        return Signed(base64.b64encode(payload).decode(), "answers-1", base64.b64encode(mark).decode())


def entry(op_id: str = "op-1", n: int = 1, prev: str = FIRST_PREV) -> ClientEntry:
    return ClientEntry(
        v=1, device_id="d" * 43, n=n, prev=prev, kind="query", op_id=op_id, user="u1",
        claimed_at="2026-01-05T01:00:00.000Z", boot_id="b", mono_ms=1, purpose="B01", body_sha256="0" * 64,
    )  # fmt: skip


def bundle(op_id: str = "op-1", purpose: str = "B01", user: str = "u1") -> bytes:
    return write_bundle(
        Bundle(
            type="bundle", v=1, query_no="Q1", op_id=op_id, made_at="2026-01-05T01:00:00.000Z",
            as_of="2026-01-05T01:00:00.000Z", as_of_seq=1, epoch="e1", specimen=True, subject_key="k",
            no_information=True, requester=Requester(user, "n", "o", "on", "bank", "bank_officer"),
            purpose=PurposeRef(purpose, purpose, purpose), case_no="C1", basis=Basis("open"),
            lease=Lease("", "", "", 0),
        )
    )  # fmt: skip


def intent(op_id: str = "op-1") -> Intent:
    return Intent(op_id, "B01", "u1", entry(op_id))


def leaf_for(made: ClientEntry, payload: bytes) -> LeafEntry:
    return LeafEntry(
        v=1, source="device", kind="query", at="2026-01-05T01:00:00.000Z", user="u1", organisation="o",
        op_id=made.op_id, entry_sha256=made.digest(), records_sha256=hashlib.sha256(payload).hexdigest(),
    )  # fmt: skip


__all__ = ["FakeLog", "bundle", "entry", "intent", "leaf_for", "node_hash"]
