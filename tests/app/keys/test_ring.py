"""The keyring's door: a real Secret Service (marked), and the states it can be in without one."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from typing import Any

import pytest
import secretstorage

from app.keys.ring import ITEMS, Backend, Ring, allowed_backend
from app.trouble import VaultTrouble

PROFILE = "u-test"


class Slow:
    """A backend whose prompt nobody answers."""

    def __init__(self) -> None:
        self.release = threading.Event()

    def get_password(self, service: str, username: str) -> str | None:
        self.release.wait()
        return None

    def set_password(self, service: str, username: str, password: str) -> None:
        self.release.wait()

    def delete_password(self, service: str, username: str) -> None:
        self.release.wait()


class Forgetful(Slow):
    """A backend that says yes and keeps nothing, like the null backend."""

    def get_password(self, service: str, username: str) -> str | None:
        return None

    def set_password(self, service: str, username: str, password: str) -> None:
        return

    def delete_password(self, service: str, username: str) -> None:
        return


@pytest.fixture
def slow() -> Iterator[Slow]:
    made = Slow()
    yield made
    made.release.set()


def test_no_keyring_is_missing() -> None:
    ring = Ring.absent()
    assert (ring.state(), ring.name()) == ("missing", "")
    with pytest.raises(VaultTrouble) as missing:
        ring.read(PROFILE, "secret")
    assert missing.value.code == "keyring.missing"


def test_a_prompt_that_is_not_answered_is_locked_after_the_time_out(slow: Slow) -> None:
    def choose() -> tuple[str, Backend]:
        return "SecretService", slow

    ring = Ring(choose, timeout_s=0.05)
    assert ring.state() == "locked"
    assert ring.state("SecretService") == "locked"
    assert ring.state("KWallet") == "changed"


def test_a_keyring_that_keeps_nothing_is_missing() -> None:
    def choose() -> tuple[str, Backend]:
        return "SecretService", Forgetful()

    assert Ring(choose).state() == "missing"


def test_without_a_bus_no_backend_is_allowed_even_when_the_user_prefers_a_plain_one() -> None:
    environment = {**os.environ, "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring"}
    environment.pop("DBUS_SESSION_BUS_ADDRESS", None)
    environment["XDG_RUNTIME_DIR"] = "/nonexistent"
    text = "from app.keys.ring import Ring; print(Ring().state(), repr(Ring().name()))"
    told = subprocess.run(
        [sys.executable, "-c", text], env=environment, capture_output=True, text=True, check=True
    )
    assert told.stdout.strip() == "missing ''"


@pytest.mark.keyring
def test_the_real_keyring_keeps_values_and_forgets_them() -> None:
    found = allowed_backend()
    assert found is not None
    assert found[0] == "SecretService"
    ring = Ring()
    assert ring.state() == "ready"
    assert ring.state("KWallet") == "changed"
    for item in ITEMS:
        ring.write(PROFILE, item, {"text": "衡阳", "n": 1})
    assert ring.read(PROFILE, "secret") == {"text": "衡阳", "n": 1}
    assert ring.read("u-other", "secret") is None
    ring.forget(PROFILE)
    assert [ring.read(PROFILE, item) for item in ITEMS] == [None] * len(ITEMS)
    ring.forget(PROFILE)


@pytest.mark.keyring
def test_many_calls_go_over_one_connection_and_a_failed_one_costs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """gnome-keyring 42 may abort when connections come and go beside its work, for every program."""
    opened: list[Any] = []
    connect = secretstorage.dbus_init

    def counted() -> Any:
        opened.append(connect())
        return opened[-1]

    ring = Ring()
    assert ring.name() == "SecretService"  # whether it is there is asked over a connection of its own
    monkeypatch.setattr(secretstorage, "dbus_init", counted)
    for turn in range(5):
        ring.write(PROFILE, "marks", {"turn": turn})
        assert ring.read(PROFILE, "marks") == {"turn": turn}
    ring.delete(PROFILE, "marks")
    assert len(opened) == 1
    opened[0].sock.close()
    with pytest.raises(VaultTrouble):
        ring.read(PROFILE, "marks")
    assert ring.read(PROFILE, "marks") is None
    assert len(opened) > 1


@pytest.mark.keyring
def test_a_value_that_is_not_ours_is_told() -> None:
    found = allowed_backend()
    assert found is not None
    found[1].set_password(f"hengxin/{PROFILE}", "secret", "no base64!")
    with pytest.raises(VaultTrouble) as broken:
        Ring().read(PROFILE, "secret")
    assert broken.value.code == "keyring.broken"
    Ring().forget(PROFILE)
