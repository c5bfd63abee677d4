"""Pins are written once and never replaced by what a server says later."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import msgspec
import pytest

from app.field.canonical import canonical
from app.field.records import Signed
from app.trouble import NotTrusted, VaultTrouble
from app.wire.trust import Trust, check_pins, keep_trust, load_trust
from tests.app.wire.fake_log import FakeLog
from tests.app.wire.tls import authority


def test_pins_come_back_as_written(tmp_path: Path) -> None:
    path = tmp_path / "trust.json"
    assert load_trust(path) is None
    trust = FakeLog().trust(authority().pem)
    keep_trust(path, trust)
    assert load_trust(path) == trust
    assert path.stat().st_mode & 0o077 == 0


def test_a_broken_file_is_said_not_replaced(tmp_path: Path) -> None:
    path = tmp_path / "trust.json"
    path.write_text('{"v":1,"v":1}')
    with pytest.raises(VaultTrouble):
        load_trust(path)


def test_the_same_pins_again_keep_what_was_kept() -> None:
    root = authority()
    kept = FakeLog().trust(root.pem)
    again = msgspec.structs.replace(kept, epoch="e2", ca_pem=root.pem + "\n")
    assert check_pins(kept, again) is kept
    assert check_pins(None, again) is again


@pytest.mark.parametrize("part", ["log", "answers", "seal", "ca_pem", "url"])
def test_a_changed_pin_is_refused(part: str) -> None:
    log, other = FakeLog(), FakeLog()
    kept = log.trust(authority().pem)
    stranger = other.trust(authority().pem)
    offered = msgspec.structs.replace(kept, **{part: getattr(stranger, part)})
    if part == "seal":
        changed = msgspec.structs.replace(kept.seal, certificate_pem="another")
        offered = msgspec.structs.replace(kept, seal=changed)
    if part == "url":
        offered = msgspec.structs.replace(stranger, url="https://elsewhere.example")
    with pytest.raises(NotTrusted) as caught:
        check_pins(kept, offered)
    assert caught.value.code == "trust.changed"


def test_pins_of_before_take_up_the_root_of_time_stamps_once() -> None:
    """A server of before named none. What is taken up is then as fixed as the other pins."""
    kept = FakeLog().trust(authority().pem)
    assert kept.seal.stamp_issuer_pem == ""

    def offering(root: str, since: str) -> Trust:
        seal = msgspec.structs.replace(kept.seal, stamp_issuer_pem=root, stamped_from=since)
        return msgspec.structs.replace(kept, seal=seal)

    first = offering("a root", "2026-11-26T06:00:00.000Z")
    taken = check_pins(kept, first)
    assert taken == first
    assert check_pins(taken, first) is taken
    for other in (
        offering("another root", "2026-11-26T06:00:00.000Z"), offering("a root", "2027-01-01T00:00:00.000Z"),
        kept,
    ):  # fmt: skip
        with pytest.raises(NotTrusted):
            check_pins(taken, other)
    moved = check_pins(kept, msgspec.structs.replace(first, url="https://elsewhere.example"))
    assert (moved.url, moved.seal) == ("https://elsewhere.example", first.seal)


def test_pins_written_before_are_read() -> None:
    kept = FakeLog().trust(authority().pem)
    loose = msgspec.json.decode(msgspec.json.encode(kept))
    del loose["seal"]["stamp_issuer_pem"], loose["seal"]["stamped_from"]
    assert msgspec.json.decode(msgspec.json.encode(loose), type=Trust) == kept


ME = "m" * 43
ORDER = {"type": "device_revoked", "device_id": ME, "at": "2026-01-05T00:00:00.000Z"}


def order(log: FakeLog, payload: dict[str, Any], key_id: str = "answers-1") -> dict[str, Any]:
    raw = canonical(payload)
    signature = base64.b64encode(log.answers_key.sign(raw)).decode()
    found: dict[str, Any] = msgspec.to_builtins(Signed(base64.b64encode(raw).decode(), key_id, signature))
    return found


def test_only_the_pinned_key_orders_the_end_of_this_device() -> None:
    log, stranger = FakeLog(), FakeLog()
    trust = log.trust()
    assert trust.orders_end(order(log, ORDER), ME)  # control
    assert not trust.orders_end(order(stranger, ORDER), ME)
    assert not trust.orders_end(order(log, ORDER, "answers-2"), ME)
    assert not trust.orders_end(order(log, ORDER | {"device_id": "o" * 43}), ME)
    assert not trust.orders_end(order(log, ORDER | {"type": "lease"}), ME)
    for nonsense in (None, "", [], {}, {"payload_b64": "?"}, 1):
        assert not trust.orders_end(nonsense, ME)
