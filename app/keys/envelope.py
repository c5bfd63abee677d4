"""The envelope around the vault's two keys: argon2id, HKDF-SHA256 and AES-256-GCM.

P comes from the passphrase, K from the keyring, L from the server (the lease's share). The key of work.db
opens with P and K, the key of cache.db with P, K and L. The whole header is bound in: an edited one
opens nothing.
"""

from __future__ import annotations

import base64
import secrets
from dataclasses import dataclass
from typing import Any

from app.keys.passphrases import normal
from app.trouble import NotTrusted, NotYou

SUITE = "argon2id|hkdf-sha256|aes-256-gcm|sqlcipher4"
KEY_BYTES = 32
WORK = "work"
CACHE = "cache"
_INFO = b"hengxin|vault|1|"
_MOST_KIB = 1024 * 1024
_MOST_ROUNDS = 64


@dataclass(frozen=True)
class Strength:
    """Parameters of argon2id: rounds, memory in KiB, lanes."""

    t: int = 3
    m_kib: int = 64 * 1024
    p: int = 1


STANDARD = Strength()


@dataclass(frozen=True)
class Wrap:
    """A key in its envelope."""

    nonce: bytes
    box: bytes

    def as_json(self) -> dict[str, str]:
        return {"nonce_b64": b64(self.nonce), "box_b64": b64(self.box)}

    @classmethod
    def from_json(cls, value: dict[str, str]) -> Wrap:
        return cls(unb64(value["nonce_b64"]), unb64(value["box_b64"]))


class Envelope:
    """Makes and opens wraps. `floor` is the weakest argon2id accepted; only tests pass a lower one."""

    def __init__(self, floor: Strength = STANDARD) -> None:
        self.floor = floor

    def new_kdf(self) -> dict[str, Any]:
        """Parameters with a fresh salt, in the form the header keeps."""
        return {
            "name": "argon2id",
            "t": self.floor.t,
            "m_kib": self.floor.m_kib,
            "p": self.floor.p,
            "salt_b64": b64(secrets.token_bytes(16)),
        }

    def derive(self, passphrase: str, kdf: dict[str, Any]) -> bytearray:
        """P (32 bytes). Takes about 270 ms at the standard strength.

        Raises:
            NotTrusted: vault.kdf-lowered for parameters below the floor, above reason or of another name.
        """
        from argon2.low_level import Type, hash_secret_raw

        try:
            t, m_kib, p, salt = int(kdf["t"]), int(kdf["m_kib"]), int(kdf["p"]), unb64(kdf["salt_b64"])
        except (KeyError, TypeError, ValueError) as flaw:
            raise NotTrusted("vault.kdf-lowered") from flaw
        low = t < self.floor.t or m_kib < self.floor.m_kib or p < self.floor.p or len(salt) < 16
        if kdf.get("name") != "argon2id" or low or m_kib > _MOST_KIB or t > _MOST_ROUNDS or p > 4:
            raise NotTrusted("vault.kdf-lowered")
        secret = normal(passphrase).encode("utf-8", "surrogatepass")
        return bytearray(hash_secret_raw(secret, salt, t, m_kib, p, KEY_BYTES, Type.ID))

    def wrap(self, key: bytes, parts: list[bytes], label: str, header: bytes) -> Wrap:
        """Put a key into its envelope; `header` is what it is bound to, `parts` are P, K (if any) and L."""
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        nonce = secrets.token_bytes(12)
        return Wrap(nonce, AESGCM(expand(parts, label)).encrypt(nonce, key, header))

    def unwrap(self, wrap: Wrap, parts: list[bytes], label: str, header: bytes) -> bytearray:
        """The key.

        Raises:
            NotYou: unlock.bad when passphrase, keyring secret, share or any byte of the header differs.
        """
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        try:
            return bytearray(AESGCM(expand(parts, label)).decrypt(wrap.nonce, wrap.box, header))
        except (InvalidTag, ValueError) as flaw:
            raise NotYou("unlock.bad") from flaw


def expand(parts: list[bytes], label: str) -> bytes:
    """HKDF-SHA256 over parts of 32 bytes each, for one purpose.

    Raises:
        ValueError: when a part has another length (the joint would be ambiguous).
    """
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    if not parts or any(len(part) != KEY_BYTES for part in parts):
        raise ValueError("parts of a key have 32 bytes each")
    info = _INFO + f"{len(parts)}|{label}".encode()
    return HKDF(SHA256(), KEY_BYTES, None, info).derive(b"".join(parts))


def zero(*keys: bytearray | None) -> None:
    """Overwrite, as far as Python lets us; the real end of a key is the end of its process."""
    for key in keys:
        if key is not None:
            key[:] = bytes(len(key))


def b64(value: bytes) -> str:
    return base64.b64encode(value).decode("ascii")


def unb64(text: str) -> bytes:
    """Standard base64.

    Raises:
        ValueError: when it is not.
    """
    return base64.b64decode(text, validate=True)
