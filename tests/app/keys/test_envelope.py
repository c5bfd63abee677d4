"""The envelope: right parts open, any other part, byte or parameter does not."""

from __future__ import annotations

import secrets

import pytest

from app.keys.envelope import CACHE, STANDARD, WORK, Envelope, Strength, Wrap, expand, zero
from app.trouble import NotTrusted, NotYou

LIGHT = Envelope(floor=Strength(t=1, m_kib=64, p=1))
KEY = secrets.token_bytes(32)
P, K, L = (secrets.token_bytes(32) for _ in range(3))


def test_the_standard_is_that_of_the_design() -> None:
    assert (STANDARD.t, STANDARD.m_kib, STANDARD.p) == (3, 65536, 1)
    assert Envelope().floor == STANDARD


def test_only_the_same_parts_label_and_header_open() -> None:
    wrap = LIGHT.wrap(KEY, [P, K, L], CACHE, b"header")
    assert LIGHT.unwrap(wrap, [P, K, L], CACHE, b"header") == KEY
    for parts in ([P, K], [P], [P, L, K], [K, P, L], [P, K, secrets.token_bytes(32)]):
        with pytest.raises(NotYou):
            LIGHT.unwrap(wrap, parts, CACHE, b"header")
    with pytest.raises(NotYou):
        LIGHT.unwrap(wrap, [P, K, L], WORK, b"header")
    with pytest.raises(NotYou):
        LIGHT.unwrap(wrap, [P, K, L], CACHE, b"headeR")
    with pytest.raises(NotYou):
        LIGHT.unwrap(Wrap(wrap.nonce, wrap.box[:-1]), [P, K, L], CACHE, b"header")


def test_parts_of_another_length_are_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        expand([P + K], WORK)
    with pytest.raises(ValueError, match="32 bytes"):
        expand([], WORK)


@pytest.mark.parametrize(
    "change",
    [{"t": 2}, {"m_kib": 65535}, {"p": 0}, {"p": 5}, {"t": 1000}, {"m_kib": 2**30}, {"name": "argon2i"},
     {"salt_b64": "AAAA"}, {"salt_b64": "?"}, {"t": None}],
)  # fmt: skip
def test_lowered_or_absurd_parameters_are_refused(change: dict[str, object]) -> None:
    with pytest.raises(NotTrusted) as lowered:
        Envelope().derive("x", {**Envelope().new_kdf(), **change})
    assert lowered.value.code == "vault.kdf-lowered"


def test_the_standard_parameters_derive_and_forms_of_one_letter_agree() -> None:
    kdf = Envelope().new_kdf()
    one = Envelope().derive("é电", kdf)
    assert len(one) == 32
    assert Envelope().derive("e\u0301电", kdf) == one
    assert LIGHT.derive("other", kdf) != one


def test_each_wrap_and_salt_is_fresh() -> None:
    wraps = {LIGHT.wrap(KEY, [P], WORK, b"").box for _ in range(5)}
    salts = {LIGHT.new_kdf()["salt_b64"] for _ in range(5)}
    assert (len(wraps), len(salts)) == (5, 5)


def test_zeroed_keys_are_zero() -> None:
    key = bytearray(KEY)
    zero(key, None)
    assert key == bytes(32)
