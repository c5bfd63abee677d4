"""Compact signatures by device keys: ES256 on P-256 and nothing else."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

_PUBLIC_MEMBERS = {"kty", "crv", "x", "y"}
_DESCRIPTIVE_MEMBERS = {"kid", "use", "alg", "key_ops"}


class SignatureTrouble(Exception):  # noqa: N818 - the family of the field's Trouble
    """The token is not a signature by this key of the expected form."""


def public_key(jwk: Any) -> ECKey:
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
def _key(x: str, y: str) -> ECKey:
    try:
        key = ECKey.import_key({"kty": "EC", "crv": "P-256", "x": x, "y": y})
        key.get_op_key("verify")
    except (JoseError, ValueError, TypeError) as flaw:
        raise SignatureTrouble("not a point on P-256") from flaw
    return key


def plain(jwk: dict[str, Any]) -> dict[str, str]:
    """The four members that make the key, for storing."""
    return {name: str(jwk[name]) for name in sorted(_PUBLIC_MEMBERS)}


def thumbprint(jwk: dict[str, Any]) -> str:
    """RFC 7638 thumbprint (SHA-256, base64url, 43 characters): the id of a device."""
    return str(public_key(jwk).thumbprint())


def header_of(token: str) -> dict[str, Any]:
    """The protected header, not yet trusted.

    Raises:
        SignatureTrouble: when the token is not compact JWS.
    """
    try:
        found = jws.extract_compact(token.encode("ascii")).headers()
    except (JoseError, ValueError) as flaw:
        raise SignatureTrouble("not a compact signature") from flaw
    if not isinstance(found, dict):
        raise SignatureTrouble("not a compact signature")
    return found


def read(token: str, jwk: dict[str, Any], typ: str) -> tuple[dict[str, Any], bytes]:
    """Header and payload of a signature that holds.

    Raises:
        SignatureTrouble: wrong typ or algorithm, critical headers, or a signature that does not hold.
    """
    header = header_of(token)
    if header.get("typ") != typ or header.get("alg") != "ES256" or "crit" in header:
        raise SignatureTrouble("another kind of signature")
    try:
        found = jws.deserialize_compact(token.encode("ascii"), public_key(jwk), algorithms=["ES256"])
    except (JoseError, ValueError) as flaw:
        raise SignatureTrouble("the signature does not hold") from flaw
    return header, bytes(found.payload)


def read_json(payload: bytes) -> dict[str, Any]:
    """The payload as a JSON object.

    Raises:
        SignatureTrouble: when it is not one.
    """
    try:
        value = json.loads(payload)
    except ValueError as flaw:
        raise SignatureTrouble("the payload is not JSON") from flaw
    if not isinstance(value, dict):
        raise SignatureTrouble("the payload is not an object")
    return value
