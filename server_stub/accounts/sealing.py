"""Secrets that must be read back (TOTP seeds, lease shares) are sealed under the key-encryption key."""

from __future__ import annotations

import hashlib
import hmac
import secrets

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from server_stub.config.keys import keys


def seal(plain: bytes, owner: str) -> bytes:
    """AES-256-GCM: nonce, then ciphertext; only `owner`'s name opens it again."""
    nonce = secrets.token_bytes(12)
    return nonce + AESGCM(keys().derived("sealing")).encrypt(nonce, plain, owner.encode())


def unseal(sealed: bytes | memoryview[int], owner: str) -> bytes:
    """What was sealed for `owner`.

    Raises:
        cryptography.exceptions.InvalidTag: another owner, another key or changed bytes.
    """
    content = bytes(sealed)
    return AESGCM(keys().derived("sealing")).decrypt(content[:12], content[12:], owner.encode())


def digest(secret: str) -> str:
    """SHA-256 under which a random secret of 80 bits or more is stored."""
    return hashlib.sha256(secret.encode()).hexdigest()


def pseudonym(text: str, use: str) -> str:
    """A keyed digest for looking a low-entropy text up without storing it."""
    return hmac.new(keys().derived(use), text.encode(), hashlib.sha256).hexdigest()
