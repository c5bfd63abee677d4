"""Compact signatures by device keys: ES256 on P-256 and nothing else.

Keys are read by joserfc; the signature itself is taken apart and verified here, since every request
carries one or two and the general road costs as much again as the curve. A device writes the same header
each time, so what a header says is kept by its text. tests/server_stub/test_jose.py holds both roads side by
side.
"""

from __future__ import annotations

import binascii
from functools import lru_cache
from typing import Any

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

_PUBLIC_MEMBERS = {"kty", "crv", "x", "y"}
_DESCRIPTIVE_MEMBERS = {"kid", "use", "alg", "key_ops"}
# signs that base64url does not have become one that no base64 has
_TO_STANDARD = bytes.maketrans(b"-_+/=", b"+/!!!")
_ES256 = ECDSA(SHA256())
_HALF = 32
_KEPT_HEADER = 1024  # a longer one is somebody's own, and is read each time


class SignatureTrouble(Exception):  # noqa: N818 - the family of the field's Trouble
    """The token is not a signature by this key of the expected form."""


class PublicKey(msgspec.Struct, frozen=True):
    """A key that verifies, its RFC 7638 thumbprint (SHA-256, base64url, 43 characters: the id of a device),
    and its point as a JWK writes it."""

    point: EllipticCurvePublicKey
    thumbprint: str
    x: str
    y: str

    def plain(self) -> dict[str, str]:
        """The four members that make the key, for storing."""
        return {"crv": "P-256", "kty": "EC", "x": self.x, "y": self.y}


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
    return PublicKey(point, str(key.thumbprint()), x, y)


class Compact(msgspec.Struct, frozen=True):
    """A compact JWS taken apart, not yet trusted: header, payload and signature as they are written, and the
    bytes signed."""

    header: bytes
    payload: bytes
    signature: bytes
    signed: bytes


def taken_apart(token: str) -> Compact:
    """The parts of a compact JWS.

    Raises:
        SignatureTrouble: when it has not three parts.
    """
    try:
        signed, _, signature = token.encode("ascii").rpartition(b".")
    except UnicodeEncodeError as flaw:
        raise SignatureTrouble("not a compact signature") from flaw
    header, _, payload = signed.partition(b".")  # a further dot is no sign of base64
    return Compact(header, payload, signature, signed)


def proven(token: str, typ: str) -> tuple[PublicKey, bytes]:
    """The key that a signature brings along, and the payload: it holds by that key.

    Raises:
        SignatureTrouble: no key or no right one, wrong typ or algorithm, critical headers, or a signature
            that does not hold.
    """
    given = taken_apart(token)
    key = (_key_of if len(given.header) <= _KEPT_HEADER else _key_of.__wrapped__)(given.header, typ)
    return key, _opened(given, key)


def read(token: str, jwk: Any, typ: str) -> tuple[dict[str, Any], bytes]:
    """Header and payload of a signature that holds by a key known before.

    Raises:
        SignatureTrouble: as `proven`.
    """
    given = taken_apart(token)
    header = _header(given.header)
    _require_kind(header, typ)
    return header, _opened(given, public_key(jwk))


@lru_cache(maxsize=4096)
def _key_of(header: bytes, typ: str) -> PublicKey:
    """What a header says never changes with time; a refusal is not kept."""
    members = _header(header)
    key = public_key(members.get("jwk"))
    _require_kind(members, typ)
    return key


def _header(text: bytes) -> dict[str, Any]:
    try:
        header = msgspec.json.decode(_bytes(text))
    except (ValueError, msgspec.MsgspecError) as flaw:
        raise SignatureTrouble("not a compact signature") from flaw
    if not isinstance(header, dict):
        raise SignatureTrouble("not a compact signature")
    return header


def _require_kind(header: dict[str, Any], typ: str) -> None:
    if header.get("typ") != typ or header.get("alg") != "ES256" or "crit" in header:
        raise SignatureTrouble("another kind of signature")


def _opened(given: Compact, key: PublicKey) -> bytes:
    """The payload, once the signature holds."""
    try:
        payload, signature = _bytes(given.payload), _bytes(given.signature)
    except ValueError as flaw:
        raise SignatureTrouble("not a compact signature") from flaw
    if len(signature) != 2 * _HALF:
        raise SignatureTrouble("the signature does not hold")
    try:
        key.point.verify(der(signature), given.signed, _ES256)
    except InvalidSignature as flaw:
        raise SignatureTrouble("the signature does not hold") from flaw
    return payload


def der(signature: bytes) -> bytes:
    """Both halves of a signature as ASN.1 writes two whole numbers: without zeros in front, but for the one
    that keeps a number from being negative."""
    r, s = signature[:_HALF].lstrip(b"\0") or b"\0", signature[_HALF:].lstrip(b"\0") or b"\0"
    r, s = b"\0" + r if r[0] > 127 else r, b"\0" + s if s[0] > 127 else s  # noqa: PLR2004
    return b"\x30%c\x02%c%b\x02%c%b" % (4 + len(r) + len(s), len(r), r, len(s), s)


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
