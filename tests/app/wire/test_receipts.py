"""An honest answer passes; with any one thing broken nothing comes through, for that thing's reason."""

from __future__ import annotations

import base64
from collections.abc import Callable

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.field.evidence import Receipt
from app.field.records import Signed
from app.trouble import NotTrusted
from app.wire.receipts import Seen, Verified, verify_answer
from tests.app.wire.fake_log import FakeLog, bundle, entry, intent, leaf_for

BEFORE, MEANWHILE = 7, 4


class Exchange:
    """One query against a log that had BEFORE leaves when this device last looked."""

    def __init__(self) -> None:
        self.log = FakeLog()
        self.log.grow(BEFORE)
        self.last = self.log.seen()
        self.sent_size = self.last.size
        self.log.grow(MEANWHILE)
        self.payload = bundle()
        self.signed = self.log.sign(self.payload)
        self.receipts = [self.log.append(leaf_for(entry(), self.payload), BEFORE)]

    def verify(self) -> Verified:
        return verify_answer(
            self.log.trust(), intent(), self.signed, self.receipts, self.last, self.sent_size
        )

    def answer_with(self, payload: bytes) -> None:
        """The server signs and logs this payload instead."""
        fresh = FakeLog()
        fresh.log_key, fresh.answers_key, fresh.leaves = (
            self.log.log_key, self.log.answers_key, self.log.leaves[: BEFORE + MEANWHILE],
        )  # fmt: skip
        self.payload, self.signed = payload, fresh.sign(payload)
        self.receipts = [fresh.append(leaf_for(entry(), payload), BEFORE)]

    def patch(self, **changes: object) -> None:
        self.receipts[-1] = msgspec.structs.replace(self.receipts[-1], **changes)


def test_an_honest_answer_passes_and_its_checkpoint_is_remembered() -> None:
    exchange = Exchange()
    passed = exchange.verify()
    assert passed.payload == exchange.payload
    assert passed.bundle.op_id == "op-1"
    assert passed.seen.size == BEFORE + MEANWHILE + 1


def test_the_first_answer_ever_needs_no_consistency() -> None:
    exchange = Exchange()
    exchange.last, exchange.sent_size = Seen(), 0
    exchange.patch(consistency_from=0, consistency=())
    assert exchange.verify().seen.size == BEFORE + MEANWHILE + 1


def flip_signature(exchange: Exchange) -> None:
    raw = bytearray(base64.b64decode(exchange.signed.sig_b64))
    raw[3] ^= 1
    exchange.signed = Signed(exchange.signed.payload_b64, "answers-1", base64.b64encode(raw).decode())


def other_signer(exchange: Exchange) -> None:
    exchange.signed = exchange.log.sign(exchange.payload, Ed25519PrivateKey.generate())


def other_key_id(exchange: Exchange) -> None:
    exchange.signed = msgspec.structs.replace(exchange.signed, key_id="answers-2")


def altered_payload(exchange: Exchange) -> None:
    payload = exchange.payload.replace(b'"C1"', b'"C2"')
    exchange.signed = msgspec.structs.replace(exchange.signed, payload_b64=base64.b64encode(payload).decode())


def not_a_bundle(exchange: Exchange) -> None:
    exchange.answer_with(b'{"type":"bundle"}')


def other_operation(exchange: Exchange) -> None:
    exchange.answer_with(bundle(op_id="op-2"))


def other_purpose(exchange: Exchange) -> None:
    exchange.answer_with(bundle(purpose="B02"))


def other_officer(exchange: Exchange) -> None:
    exchange.answer_with(bundle(user="u2"))


def no_receipt(exchange: Exchange) -> None:
    exchange.receipts = []


def entry_digest(exchange: Exchange) -> None:
    exchange.log.leaves.pop()
    leaf = msgspec.structs.replace(leaf_for(entry(), exchange.payload), entry_sha256="1" * 64)
    exchange.receipts = [exchange.log.append(leaf, BEFORE)]


def entry_operation(exchange: Exchange) -> None:
    exchange.log.leaves.pop()
    leaf = msgspec.structs.replace(leaf_for(entry(), exchange.payload), op_id="op-9")
    exchange.receipts = [exchange.log.append(leaf, BEFORE)]


def records_digest(exchange: Exchange) -> None:
    exchange.log.leaves.pop()
    leaf = msgspec.structs.replace(leaf_for(entry(), exchange.payload), records_sha256="1" * 64)
    exchange.receipts = [exchange.log.append(leaf, BEFORE)]


def other_blind(exchange: Exchange) -> None:
    exchange.patch(blind="0" * 64)


def shorter_path(exchange: Exchange) -> None:
    exchange.patch(inclusion=exchange.receipts[-1].inclusion[:-1])


def odd_path(exchange: Exchange) -> None:
    exchange.patch(inclusion=("zz",))


def other_index(exchange: Exchange) -> None:
    exchange.patch(leaf_index=2)


def unsigned_checkpoint(exchange: Exchange) -> None:
    exchange.patch(checkpoint=exchange.log.note(Ed25519PrivateKey.generate()))


def other_log(exchange: Exchange) -> None:
    exchange.patch(checkpoint=exchange.log.note(origin="log.example/other"))


def no_note(exchange: Exchange) -> None:
    exchange.patch(checkpoint="hello")


def smaller_log(exchange: Exchange) -> None:
    small = FakeLog()
    small.log_key = exchange.log.log_key
    small.grow(2)
    exchange.receipts = [small.append(leaf_for(entry(), exchange.payload), 0)]


def forked_log(exchange: Exchange) -> None:
    fork = FakeLog()
    fork.log_key = exchange.log.log_key
    fork.leaves = [bytes(32)] * (BEFORE + MEANWHILE)
    exchange.receipts = [fork.append(leaf_for(entry(), exchange.payload), BEFORE)]


def same_size_other_root(exchange: Exchange) -> None:
    exchange.last = Seen(BEFORE + MEANWHILE + 1, bytes(32), "")
    exchange.sent_size = exchange.last.size


def no_consistency(exchange: Exchange) -> None:
    exchange.patch(consistency=())


def consistency_from_elsewhere(exchange: Exchange) -> None:
    exchange.patch(consistency_from=BEFORE - 1)


@pytest.mark.parametrize(
    ("breaking", "code"),
    [
        (flip_signature, "answer.unsigned"),
        (other_signer, "answer.unsigned"),
        (other_key_id, "answer.unsigned"),
        (altered_payload, "answer.unsigned"),
        (not_a_bundle, "answer.malformed"),
        (other_operation, "answer.foreign"),
        (other_purpose, "answer.purpose"),
        (other_officer, "answer.requester"),
        (no_receipt, "receipt.missing"),
        (entry_digest, "receipt.entry"),
        (entry_operation, "receipt.entry"),
        (records_digest, "receipt.records"),
        (other_blind, "receipt.inclusion"),
        (shorter_path, "receipt.inclusion"),
        (odd_path, "receipt.inclusion"),
        (other_index, "receipt.inclusion"),
        (unsigned_checkpoint, "log.unsigned"),
        (other_log, "log.unsigned"),
        (no_note, "log.unsigned"),
        (smaller_log, "log.smaller"),
        (forked_log, "log.inconsistent"),
        (same_size_other_root, "log.inconsistent"),
        (no_consistency, "log.inconsistent"),
        (consistency_from_elsewhere, "log.inconsistent"),
    ],
    ids=lambda value: value.__name__ if callable(value) else "",
)
def test_one_broken_thing_stops_everything(breaking: Callable[[Exchange], None], code: str) -> None:
    exchange = Exchange()
    breaking(exchange)
    with pytest.raises(NotTrusted) as caught:
        exchange.verify()
    assert caught.value.code == code


@pytest.mark.parametrize(("older", "newer"), [(o, n) for n in range(1, 18) for o in range(1, n + 1)])
def test_the_oracle_and_the_checks_agree_on_every_small_tree(older: int, newer: int) -> None:
    log = FakeLog()
    log.grow(older)
    last = log.seen()
    log.grow(newer - older)
    payload = bundle()
    receipt: Receipt = log.append(leaf_for(entry(), payload), older)
    passed = verify_answer(log.trust(), intent(), log.sign(payload), [receipt], last, older)
    assert passed.seen.size == newer + 1
