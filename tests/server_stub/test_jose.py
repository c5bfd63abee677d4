"""The own road to a device's signature takes what joserfc takes, and nothing that joserfc refuses."""

from __future__ import annotations

import base64
import json
from contextlib import suppress
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OctKey

from server_stub import jose
from tests.server_stub.knocking import base64url

KEY, OTHER = ECKey.generate_key("P-256"), ECKey.generate_key("P-256")
JWK = {
    name: str(value) for name, value in KEY.as_dict(private=False).items() if name in ("kty", "crv", "x", "y")
}
HEADER = {"typ": "dpop+jwt", "alg": "ES256", "jwk": JWK}


def signed(header: dict[str, Any] | None = None, claims: Any = None, key: Any = KEY) -> str:
    content = json.dumps(claims if claims is not None else {"jti": "x" * 22, "name": "衡阳"})
    return str(jws.serialize_compact(header or HEADER, content, key, algorithms=["ES256", "HS256", "none"]))


def by_hand(header: dict[str, Any]) -> str:
    """Signed by the right key, whatever the header says."""
    text = f"{base64url(json.dumps(header).encode())}.{base64url(b'{}')}"
    halves = decode_dss_signature(KEY.get_op_key("sign").sign(text.encode(), ECDSA(SHA256())))
    return f"{text}.{base64url(b''.join(half.to_bytes(32, 'big') for half in halves))}"


def by_oracle(token: str) -> bytes | None:
    try:
        return bytes(jws.deserialize_compact(token.encode("ascii"), KEY, algorithms=["ES256"]).payload)
    except (JoseError, ValueError):
        return None


def by_us(token: str) -> bytes | None:
    """By a key known before and, where the header brings one, by that: both say the same."""
    known = brought = None
    with suppress(jose.SignatureTrouble):
        known = jose.read(token, JWK, "dpop+jwt")[1]
    with suppress(jose.SignatureTrouble):
        brought = jose.proven(token, "dpop+jwt")[1]
    assert known == brought
    return known


def test_what_holds_for_one_holds_for_the_other() -> None:
    for _ in range(200):
        token = signed()
        assert by_us(token) == by_oracle(token) != None  # noqa: E711
        assert jose.public_key(JWK).thumbprint == str(KEY.thumbprint())


def spoilt() -> list[str]:
    """One right token with one bit, one character or one part changed, wherever that can be done."""
    token = signed()
    head, body, mark = token.split(".")
    raw = base64.urlsafe_b64decode(mark + "==")
    bits = [bytes([*raw[:at], raw[at] ^ 1, *raw[at + 1 :]]) for at in range(64)]
    halves = [
        raw[:63],
        raw + b"\0",
        raw[32:] + raw[:32],
        b"\0" * 64,
        raw[:32] + b"\0" * 32,
        b"\xff" * 64,
        b"",
    ]
    marks = [base64url(one) for one in (*bits, *halves)]
    return [
        *(f"{head}.{body}.{one}" for one in marks),
        f"{head}.{body}x.{mark}",
        f"{head}x.{body}.{mark}",
        f"{head}.{body}",
        f"{head}.{body}.{mark}.{mark}",
        f"{head}.{body}.{mark}==",
        f" {token}",
        f"{head}.{body}.{mark[:-2]}+/",
        f"{body}.{head}.{mark}",
        "",
        "..",
    ]


@pytest.mark.parametrize("token", spoilt())
def test_a_spoilt_token_holds_for_neither(token: str) -> None:
    assert by_oracle(token) is None or token.endswith("==")  # the oracle overlooks filling
    assert by_us(token) is None


@pytest.mark.parametrize(
    "header",
    [
        {**HEADER, "typ": "jwt"},
        {"alg": "ES256", "jwk": JWK},
        {**HEADER, "crit": ["b64"], "b64": True},
    ],
    ids=["type", "no type", "critical"],
)
def test_another_kind_of_signature_is_refused(header: dict[str, Any]) -> None:
    assert by_us(by_hand(HEADER)) == b"{}"  # the control
    assert by_us(by_hand(header)) is None


def test_another_key_or_algorithm_is_refused() -> None:
    secret = OctKey.import_key({"kty": "oct", "k": JWK["x"]})
    assert by_us(signed(key=OTHER)) is None
    assert by_us(signed({**HEADER, "alg": "HS256"}, key=secret)) is None
    assert by_us(f"{base64url(json.dumps({**HEADER, 'alg': 'none'}).encode())}.e30.") is None
    with pytest.raises(jose.SignatureTrouble):
        jose.public_key({**JWK, "d": JWK["x"]})
    with pytest.raises(jose.SignatureTrouble):
        jose.public_key({**JWK, "y": JWK["x"]})


def test_a_key_is_never_taken_for_anothers() -> None:
    """What is kept by a header's text is that header's."""
    theirs = {**HEADER, "jwk": {**JWK, **OTHER.as_dict(private=False)}}
    for header, key in ((HEADER, KEY), (theirs, OTHER)) * 2:
        found = jose.proven(signed(header, key=key), "dpop+jwt")[0]
        assert found.thumbprint == str(key.thumbprint())
        assert found.plain().items() <= key.as_dict(private=False).items() and len(found.plain()) == 4
        with pytest.raises(jose.SignatureTrouble):
            jose.proven(signed(header, key=KEY if key is OTHER else OTHER), "dpop+jwt")
        with pytest.raises(jose.SignatureTrouble):
            jose.proven(signed(header, key=key), "entry+jwt")
    for none in ({**HEADER, "jwk": None}, {"typ": "dpop+jwt", "alg": "ES256"}, {**HEADER, "jwk": JWK["x"]}):
        with pytest.raises(jose.SignatureTrouble):
            jose.proven(by_hand(none), "dpop+jwt")


def test_a_long_header_is_read_and_not_kept() -> None:
    before = jose._key_of.cache_info().currsize
    token = signed({**HEADER, "jwk": {**JWK, "kid": "k" * 2000}})
    assert jose.proven(token, "dpop+jwt")[1] == jose.read(token, JWK, "dpop+jwt")[1]
    assert jose._key_of.cache_info().currsize == before
    jose.proven(signed({**HEADER, "jwk": {**JWK, "kid": "k"}}), "dpop+jwt")
    assert jose._key_of.cache_info().currsize == before + 1  # the control


@pytest.mark.parametrize("first", [0, 1, 127, 128, 255])
def test_a_signature_is_written_as_the_library_writes_it(first: int) -> None:
    for zeros in range(32):
        half = (b"\0" * zeros + bytes([first]) + b"\x9c" * 32)[:32]
        for whole in (half + b"\x01" * 32, b"\xff" * 32 + half, half + half):
            numbers = int.from_bytes(whole[:32], "big"), int.from_bytes(whole[32:], "big")
            assert jose.der(whole) == encode_dss_signature(*numbers)


@pytest.mark.parametrize("payload", [b"[]", b"1", b"{", b"\xff", b'"\\ud800"'])
def test_what_is_no_object_is_refused(payload: bytes) -> None:
    with pytest.raises(jose.SignatureTrouble):
        jose.read_json(payload)
