"""The device's P-256 key: what it signs and how others know it. JOSE by joserfc, imported at first use."""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit, urlunsplit

from app.clock import Clock, SystemClock
from app.field.canonical import canonical
from app.field.evidence import ClientEntry
from app.field.fingerprints import read_out
from app.trouble import Fault, NotTrusted

if TYPE_CHECKING:
    from joserfc.jwk import ECKey

ALGORITHM = "ES256"
ENTRY = "hyc-entry+jws"
ITEM = "hyc-item+jws"
PROOF = "dpop+jwt"


class DeviceKey:
    """A private key that never leaves the keyring (or the vault) except into the memory of this process."""

    def __init__(self, key: ECKey, clock: Clock | None = None) -> None:
        self._key = key
        self._clock = clock or SystemClock()
        self._thumbprint: str = key.thumbprint()

    @classmethod
    def generate(cls, clock: Clock | None = None) -> DeviceKey:
        """A new key of a device that is not enrolled yet."""
        return cls(_keys().generate_key("P-256", private=True), clock)

    @classmethod
    def from_pem(cls, pem: str, clock: Clock | None = None) -> DeviceKey:
        """The key of `private_pem`.

        Raises:
            Fault: key.broken when the text is not a private P-256 key.
        """
        try:
            key = _keys().import_key(pem)
        except ValueError as flaw:
            raise Fault("key.broken") from flaw
        if not key.is_private or key.curve_name != "P-256":
            raise Fault("key.broken")
        return cls(key, clock)

    def private_pem(self) -> str:
        """PKCS#8 for the keyring or for the vault's secrets, and for no other place."""
        text: bytes = self._key.as_pem(private=True)
        return text.decode("ascii")

    def public_jwk(self) -> dict[str, str]:
        """kty, crv, x and y; nothing private."""
        return public_part(self._key.as_dict(private=False))

    def thumbprint(self) -> str:
        """RFC 7638 thumbprint, 43 characters: the device's id."""
        return self._thumbprint

    def fingerprint(self) -> str:
        """What is read out by telephone, see app.field.fingerprints."""
        return read_out(self._thumbprint)

    def sign_entry(self, entry: ClientEntry) -> str:
        """Compact JWS over the canonical entry.

        Raises:
            Fault: entry.foreign when the entry names another device.
        """
        if entry.device_id != self._thumbprint:
            raise Fault("entry.foreign")
        return self._sign({"typ": ENTRY, "kid": self._thumbprint}, entry.bytes_())

    def sign_item(self, op_id: str, kind: str, made_at: str, body_sha256: str) -> str:
        """Compact JWS over what an outbox item claims."""
        claims = {"op_id": op_id, "kind": kind, "made_at": made_at, "body_sha256": body_sha256}
        return self._sign({"typ": ITEM, "kid": self._thumbprint}, canonical(claims))

    def proof(self, method: str, url: str, nonce: str = "", access_token: str = "") -> str:
        """A DPoP proof (RFC 9449) for one request. The query part of `url` is left out of htu."""
        parts = urlsplit(url)
        claims: dict[str, Any] = {
            "htm": method.upper(),
            "htu": urlunsplit((parts.scheme, parts.netloc, parts.path, "", "")),
            "iat": int(self._clock.now().timestamp()),
            "jti": secrets.token_urlsafe(16),
        }
        if nonce:
            claims["nonce"] = nonce
        if access_token:
            digest = hashlib.sha256(access_token.encode("ascii")).digest()
            claims["ath"] = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        return self._sign({"typ": PROOF, "jwk": self.public_jwk()}, canonical(claims))

    def _sign(self, header: dict[str, Any], payload: bytes) -> str:
        from joserfc import jws

        text: str = jws.serialize_compact(
            {"alg": ALGORITHM, **header}, payload, self._key, [ALGORITHM], registry=_registry()
        )
        return text


def opened(text: str, jwk: dict[str, str], typ: str) -> bytes:
    """The payload of a compact JWS that the key `jwk` signed for the purpose `typ`.

    Raises:
        NotTrusted: signature.bad for another key, purpose, algorithm or a text that is no JWS.
    """
    from joserfc import jws
    from joserfc.errors import JoseError

    try:
        found = jws.deserialize_compact(
            text, _keys().import_key(public_part(jwk)), [ALGORITHM], registry=_registry()
        )
    except (JoseError, ValueError, KeyError) as flaw:
        raise NotTrusted("signature.bad") from flaw
    if found.protected.get("typ") != typ:
        raise NotTrusted("signature.bad")
    return bytes(found.payload)


def public_part(jwk: Mapping[str, Any]) -> dict[str, Any]:
    """Only the members that make a P-256 public key.

    Raises:
        KeyError: when one is missing.
    """
    return {name: jwk[name] for name in ("kty", "crv", "x", "y")}


def _keys() -> type[ECKey]:
    from joserfc.jwk import ECKey

    return ECKey


def _registry() -> Any:
    """Header members are ours alone, so the registry only has to know the embedded key of proofs."""
    from joserfc.jws import JWSRegistry

    return JWSRegistry(algorithms=[ALGORITHM], strict_check_header=True)
