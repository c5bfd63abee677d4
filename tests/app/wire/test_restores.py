"""A restore is followed only along signed declarations, over a tree that grew out of what was seen."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.field.canonical import canonical
from app.field.proofs import Checkpoint, root_of
from app.field.records import Signed
from app.field.restorations import Restoration, confirmation_code, folded_code
from app.trouble import NotTrusted
from app.wire.receipts import Seen
from app.wire.restores import Cut, check_history, read_cut
from tests.app.wire.fake_log import ORIGIN, FakeLog, consistency_path


class Declared:
    """A server's declarations, signed with its log key."""

    def __init__(self) -> None:
        self.log = FakeLog()
        self.payloads: list[bytes] = []

    def add(self, epoch: str, earlier: Sequence[str], left: int, **changes: object) -> None:
        statement = Restoration(
            type="restoration", v=1, epoch=epoch, follows=tuple(earlier), size=left,
            root=root_of(self.log.leaves[:left]).hex(), at="2026-11-23T00:00:00.000Z", by="c1", second="c2",
            why="x", previous=self.digest(),
        )  # fmt: skip
        statement = msgspec.structs.replace(statement, **changes)
        self.payloads.append(canonical(msgspec.to_builtins(statement)))

    def digest(self) -> str:
        return hashlib.sha256(self.payloads[-1]).hexdigest() if self.payloads else ""

    def signed(self, key: Ed25519PrivateKey | None = None, key_id: str = "log-1") -> list[Signed]:
        rows = [self.log.sign(payload, key or self.log.log_key) for payload in self.payloads]
        return [msgspec.structs.replace(row, key_id=key_id) for row in rows]

    def cut(self, own: str, now: str) -> Cut:
        return read_cut(self.log.trust(), self.signed(), own, now)

    def head(self) -> Checkpoint:
        return Checkpoint(ORIGIN, len(self.log.leaves), root_of(self.log.leaves))

    def path(self, older: int, newer: int) -> list[str]:
        assert newer == len(self.log.leaves)
        return [step.hex() for step in consistency_path(self.log.leaves, older)]


@pytest.fixture
def declared() -> Declared:
    one = Declared()
    one.log.grow(7)
    one.add("e2", ["e1"], 5)
    return one


def test_one_declaration_names_the_cut_and_its_code(declared: Declared) -> None:
    cut = declared.cut("e1", "e2")
    assert (cut.size, cut.root, cut.epoch) == (5, root_of(declared.log.leaves[:5]), "e2")
    assert cut.code == confirmation_code(declared.payloads[0])
    assert folded_code(cut.code.lower().replace("0", "o")) == cut.code.replace("-", "")


def test_of_several_declarations_the_deepest_cut_counts_and_the_newest_code(declared: Declared) -> None:
    declared.add("e3", ["e1", "e2"], 6)
    assert (declared.cut("e1", "e3").size, declared.cut("e2", "e3").size) == (5, 6)
    assert declared.cut("e1", "e3").code == confirmation_code(declared.payloads[1])


@pytest.mark.parametrize(("own", "now"), [("e0", "e2"), ("e1", "e9"), ("e2", "e2"), ("e2", "e1")])
def test_no_declaration_from_here_to_there(declared: Declared, own: str, now: str) -> None:
    with pytest.raises(NotTrusted, match="log.inconsistent"):
        declared.cut(own, now)


def test_nothing_declared_is_nothing_to_follow(declared: Declared) -> None:
    declared.payloads.clear()
    with pytest.raises(NotTrusted, match="log.inconsistent"):
        declared.cut("e1", "e2")


@pytest.mark.parametrize(
    "changes",
    [{"previous": ""}, {"previous": "0" * 64}, {"follows": ("e1", "e2", "e3")}, {"root": "no hex"}],
)
def test_declarations_that_are_no_chain(declared: Declared, changes: dict[str, object]) -> None:
    declared.add("e3", ["e1", "e2"], 4, **changes)
    with pytest.raises(NotTrusted, match="log.inconsistent"):
        declared.cut("e1", "e3")


def test_only_the_pinned_log_key_declares(declared: Declared) -> None:
    trust = declared.log.trust()
    assert read_cut(trust, declared.signed(), "e1", "e2").size == 5  # control
    others = (
        declared.signed(Ed25519PrivateKey.generate()),
        declared.signed(declared.log.answers_key, "answers-1"),
        [
            msgspec.structs.replace(one, payload_b64=base64.b64encode(b"{}").decode())
            for one in declared.signed()
        ],
        [msgspec.structs.replace(one, sig_b64="no base64") for one in declared.signed()],
    )
    for signed in others:
        with pytest.raises(NotTrusted, match="log.unsigned"):
            read_cut(trust, signed, "e1", "e2")


def test_the_restored_log_grew_out_of_the_cut_and_of_what_was_seen(declared: Declared) -> None:
    cut = declared.cut("e1", "e2")
    anchor = Seen(3, root_of(declared.log.leaves[:3]))
    check_history(cut, declared.head(), [anchor, Seen()], declared.path)


def test_another_past_is_not_followed(declared: Declared) -> None:
    cut = declared.cut("e1", "e2")
    seen = Seen(3, root_of(declared.log.leaves[:3]))
    flaws = (
        (cut, [Seen(3, b"\0" * 32)]),  # an entry before the cut was altered
        (cut, [Seen(6, root_of(declared.log.leaves[:6]))]),  # more was seen than is left
        (msgspec.structs.replace(cut, root=b"\1" * 32), [seen]),
    )
    for wrong, anchors in flaws:
        with pytest.raises(NotTrusted, match="log.inconsistent"):
            check_history(wrong, declared.head(), anchors, declared.path)
    with pytest.raises(NotTrusted, match="log.inconsistent"):  # the declaration is not in the log
        check_history(cut, Checkpoint(ORIGIN, 5, cut.root), [seen], declared.path)
    with pytest.raises(NotTrusted, match="log.inconsistent"):
        check_history(cut, declared.head(), [seen], lambda older, newer: ["zz"])
