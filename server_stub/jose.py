"""Compact signatures by device keys: ES256 on P-256 and nothing else.

Keys are read by joserfc; the signature itself is taken apart and verified here, since every request
carries one or two and the general road costs as much again as the curve. tests/server_stub/test_jose.py
holds both roads side by side.
"""

from __future__ import annotations

import binascii
import re
from functools import lru_cache
from typing import Any

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

_PUBLIC_MEMBERS = {"kty", "crv", "x", "y"}
_DESCRIPTIVE_MEMBERS = {"kid", "use", "alg", "key_ops"}
_COMPACT = re.compile(rb"([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]*)\.([A-Za-z0-9_-]+)")
_TO_STANDARD = bytes.maketrans(b"-_", b"+/")
_ES256 = ECDSA(SHA256())
_HALF = 32


class SignatureTrouble(Exception):  # noqa: N818 - the family of the field's Trouble
    """The token is not a signature by this key of the expected form."""


class PublicKey(msgspec.Struct, frozen=True):
    """A key that verifies, and its RFC 7638 thumbprint."""

    point: EllipticCurvePublicKey
    thumbprint: str


def public_key(jwk: Any) -> PublicKey:
    """A P-256 public key from its JWK.

    Raises:
        SignatureTrouble: for private members, foreign members, other curves or points off the curve.
    """
    if not isinstance(jwk, dict) or not jwk.keys() >= _PUBLIC_MEMBERS:
        raise SignatureTrouble("not a public P-256 key")
    if jwk.keys() - _PUBLIC_MEMBERS - _DESCRIPTIVE_MEMBERS:
        raise SignatureTrouble("members that a public key does not have")
    if jwk["kty"] != "EC" or jwk["crv"] != "P-256":
        raise SignatureTrouble("not a P-256 key")
    if not isinstance(jwk["x"], str) or not isinstance(jwk["y"], str):
        raise SignatureTrouble("not a point on P-256")
    return _key(jwk["x"], jwk["y"])


@lru_cache(maxsize=4096)
def _key(x: str, y: str) -> PublicKey:
    try:
        key = ECKey.import_key({"kty": "EC", "crv": "P-256", "x": x, "y": y})
        point = key.get_op_key("verify")
    except (JoseError, ValueError, TypeError) as flaw:
        raise SignatureTrouble("not a point on P-256") from flaw
    if not isinstance(point, EllipticCurvePublicKey) or point.curve.name != "secp256r1":
        raise SignatureTrouble("not a point on P-256")
    return PublicKey(point, str(key.thumbprint()))


def plain(jwk: dict[str, Any]) -> dict[str, str]:
    """The four members that make the key, for storing."""
    return {name: str(jwk[name]) for name in sorted(_PUBLIC_MEMBERS)}


def thumbprint(jwk: dict[str, Any]) -> str:
    """RFC 7638 thumbprint (SHA-256, base64url, 43 characters): the id of a device."""
    return public_key(jwk).thumbprint


class Compact(msgspec.Struct, frozen=True):
    """A compact JWS taken apart, not yet trusted: header, payload, the bytes signed, the signature."""

    header: dict[str, Any]
    payload: bytes
    signed: bytes
    signature: bytes


def taken_apart(token: str) -> Compact:
    """The parts of a compact JWS.

    Raises:
        SignatureTrouble: when the token is not one.
    """
    try:
        raw = token.encode("ascii")
        found = _COMPACT.fullmatch(raw)
        if found is None:
            raise SignatureTrouble("not a compact signature")
        head, payload, signature = map(_bytes, found.groups())
        header = msgspec.json.decode(head)
    except (ValueError, msgspec.MsgspecError) as flaw:
        raise SignatureTrouble("not a compact signature") from flaw
    if not isinstance(header, dict):
        raise SignatureTrouble("not a compact signature")
    return Compact(header, payload, raw[: found.end(2)], signature)


def opened(given: Compact, jwk: dict[str, Any], typ: str) -> bytes:
    """The payload of a signature that holds.

    Raises:
        SignatureTrouble: wrong typ or algorithm, critical headers, or a signature that does not hold.
    """
    header, signature = given.header, given.signature
    if header.get("typ") != typ or header.get("alg") != "ES256" or "crit" in header:
        raise SignatureTrouble("another kind of signature")
    if len(signature) != 2 * _HALF:
        raise SignatureTrouble("the signature does not hold")
    whole = int.from_bytes(signature[:_HALF], "big"), int.from_bytes(signature[_HALF:], "big")
    try:
        public_key(jwk).point.verify(encode_dss_signature(*whole), given.signed, _ES256)
    except InvalidSignature as flaw:
        raise SignatureTrouble("the signature does not hold") from flaw
    return given.payload


def read(token: str, jwk: dict[str, Any], typ: str) -> tuple[dict[str, Any], bytes]:
    """Header and payload of a signature that holds.

    Raises:
        SignatureTrouble: as `taken_apart` and `opened`.
    """
    given = taken_apart(token)
    return given.header, opened(given, jwk, typ)


def read_json(payload: bytes) -> dict[str, Any]:
    """The payload as a JSON object.

    Raises:
        SignatureTrouble: when it is not one.
    """
    try:
        value = msgspec.json.decode(payload)
    except (ValueError, msgspec.MsgspecError) as flaw:
        raise SignatureTrouble("the payload is not JSON") from flaw
    if not isinstance(value, dict):
        raise SignatureTrouble("the payload is not an object")
    return value


def _bytes(part: bytes) -> bytes:
    """Raises ValueError (binascii.Error) for a length that base64url does not have."""
    return binascii.a2b_base64(part.translate(_TO_STANDARD) + b"=" * (-len(part) % 4), strict_mode=True)
