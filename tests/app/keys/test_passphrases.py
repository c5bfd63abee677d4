"""What may be a passphrase, with and without a keyring."""

from __future__ import annotations

import pytest

from app.keys.passphrases import check_passphrase
from app.trouble import NotRight


@pytest.mark.parametrize("good", ["804271", "8042713", "passwords", "口令口令一二三四", "x7!kq0ab"])
def test_beside_a_keyring_a_pin_or_eight_characters_will_do(good: str) -> None:
    check_passphrase(good, has_keyring=True)


@pytest.mark.parametrize(
    "bad", ["", "80427", "short", "123456", "654321", "567890", "111111", "121212", "123123", "abcdefgh",
            "900215", "010203", "19900215", "x" * 129],
)  # fmt: skip
def test_short_or_guessable_ones_are_refused(bad: str) -> None:
    with pytest.raises(NotRight):
        check_passphrase(bad, has_keyring=True)


@pytest.mark.parametrize("bad", ["804271", "passwords", "80427139462", "804271394625", "abcdefghijkl"])
def test_without_a_keyring_a_pin_never_will_do(bad: str) -> None:
    with pytest.raises(NotRight):
        check_passphrase(bad, has_keyring=False)


def test_without_a_keyring_twelve_characters_will_do() -> None:
    check_passphrase("twelve chars", has_keyring=False)
