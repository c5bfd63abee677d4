"""Passwords, one-time codes and sealed secrets by themselves."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from typing import Any

import pytest
from cryptography.exceptions import InvalidTag

from server_stub.accounts import passwords, totp
from server_stub.accounts.sealing import seal, unseal
from server_stub.accounts.throttle import lock_minutes
from server_stub.errors import Problem

RFC_SECRET = b"12345678901234567890"


@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (59, "287082"),
        (1111111109, "081804"),
        (1111111111, "050471"),
        (1234567890, "005924"),
        (2000000000, "279037"),
        (20000000000, "353130"),
    ],
)
def test_codes_are_those_of_the_standard(seconds: int, code: str) -> None:
    at = datetime.fromtimestamp(seconds, UTC)
    assert totp.code_at(RFC_SECRET, totp.step_of(at)) == code
    assert totp.matching_step(RFC_SECRET, code, at, 0) == totp.step_of(at)


def test_one_step_of_slack_and_never_back() -> None:
    at = datetime.fromtimestamp(1_800_000_000, UTC)
    middle = totp.step_of(at)
    found = {
        shift: totp.matching_step(RFC_SECRET, totp.code_at(RFC_SECRET, middle + shift), at, 0)
        for shift in (-2, -1, 0, 1, 2)
    }
    assert found == {-2: None, -1: middle - 1, 0: middle, 1: middle + 1, 2: None}
    assert totp.matching_step(RFC_SECRET, totp.code_at(RFC_SECRET, middle), at, middle) is None
    assert totp.matching_step(RFC_SECRET, "衡阳", at, 0) is None


def test_the_product_pays_sixty_four_mebibytes_and_three_passes(settings: Any) -> None:
    settings.HENGXIN_ARGON2 = (3, 64 * 1024, 1)
    encoded = passwords.encode("correct horse battery")
    assert encoded.startswith("$argon2id$v=19$m=65536,t=3,p=1$")
    assert passwords.verify("correct horse battery", encoded)
    assert not passwords.verify("correct horse batterz", encoded)
    settings.HENGXIN_ARGON2 = (4, 64 * 1024, 1)
    assert passwords.needs_rehash(encoded)


def test_nobody_has_no_password() -> None:
    assert not passwords.verify("nobody's password", None)
    assert not passwords.verify("x" * 12, "not a hash")


@pytest.mark.parametrize("password", ["short", "x" * 129])
def test_lengths(password: str) -> None:
    with pytest.raises(ValueError, match="12 to 128"):
        passwords.encode(password)


def test_composed_and_decomposed_letters_are_one_password() -> None:
    assert passwords.verify("Cafe\u0301 au lait!", passwords.encode("Caf\u00e9 au lait!"))


def test_two_at_once_and_the_third_is_asked_to_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "WAIT_S", 0.05)
    turns = threading.BoundedSemaphore(passwords.AT_ONCE)
    monkeypatch.setattr(passwords, "_turns", turns)
    encoded = passwords.encode("correct horse battery")
    with turns, turns, pytest.raises(Problem) as caught:
        passwords.verify("correct horse battery", encoded)
    assert (caught.value.code, caught.value.retry_after_s) == ("rate-limited", 2)
    assert passwords.verify("correct horse battery", encoded)


def test_a_sealed_secret_opens_for_its_owner_only() -> None:
    sealed = seal(b"seed", "bank1")
    assert unseal(sealed, "bank1") == b"seed"
    assert sealed != seal(b"seed", "bank1")
    with pytest.raises(InvalidTag):
        unseal(sealed, "bank2")
    with pytest.raises(InvalidTag):
        unseal(sealed[:-1] + bytes([sealed[-1] ^ 1]), "bank1")


def test_waiting_grows_to_a_quarter_of_an_hour() -> None:
    assert [lock_minutes(count) for count in range(5, 12)] == [1, 2, 4, 8, 15, 15, 15]
