"""The own road to a device's signature takes what joserfc takes, and nothing that joserfc refuses."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
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


def by_oracle(token: str) -> bytes | None:
    try:
        return bytes(jws.deserialize_compact(token.encode("ascii"), KEY, algorithms=["ES256"]).payload)
    except (JoseError, ValueError):
        return None


def by_us(token: str) -> bytes | None:
    try:
        return jose.read(token, JWK, "dpop+jwt")[1]
    except jose.SignatureTrouble:
        return None


def test_what_holds_for_one_holds_for_the_other() -> None:
    for _ in range(200):
        token = signed()
        assert by_us(token) == by_oracle(token) != None  # noqa: E711
        assert jose.thumbprint(JWK) == str(KEY.thumbprint())


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
    head, body = base64url(json.dumps(header).encode()), base64url(b"{}")
    with pytest.raises(jose.SignatureTrouble):
        jose.read(f"{head}.{body}.{signed().rpartition('.')[2]}", JWK, "dpop+jwt")


def test_another_key_or_algorithm_is_refused() -> None:
    secret = OctKey.import_key({"kty": "oct", "k": JWK["x"]})
    assert by_us(signed(key=OTHER)) is None
    assert by_us(signed({**HEADER, "alg": "HS256"}, key=secret)) is None
    assert by_us(f"{base64url(json.dumps({**HEADER, 'alg': 'none'}).encode())}.e30.") is None
    with pytest.raises(jose.SignatureTrouble):
        jose.public_key({**JWK, "d": JWK["x"]})
    with pytest.raises(jose.SignatureTrouble):
        jose.public_key({**JWK, "y": JWK["x"]})


@pytest.mark.parametrize("payload", [b"[]", b"1", b"{", b"\xff", b'"\\ud800"'])
def test_what_is_no_object_is_refused(payload: bytes) -> None:
    with pytest.raises(jose.SignatureTrouble):
        jose.read_json(payload)
