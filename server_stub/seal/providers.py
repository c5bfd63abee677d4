"""Whoever makes the signature of a seal: a file, or a token (token.py)."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_private_key

from server_stub.seal.words import SUITE, SealAway


class SealProvider(Protocol):
    """One kind of key under one suite. A scheme with signatures and files of another form (GB/T 38540 is one)
    would be a suite of its own, with its own way into the file; none is here.
    """

    suite: str

    def sign(self, content: bytes) -> bytes:
        """The signature over these bytes.

        Raises:
            SealAway: `token` when the key cannot be reached now, `pin` when it has to be told its PIN anew.
        """


class KeyFile:
    """The sample's seal (样章): an RSA key in a file of mode 0400 that is read at the first use."""

    suite = SUITE

    def __init__(self, path: Path) -> None:
        self._path = path
        self._key: RSAPrivateKey | None = None

    def sign(self, content: bytes) -> bytes:
        if self._key is None:
            self._key = self._read()
        return self._key.sign(content, PKCS1v15(), SHA256())

    def _read(self) -> RSAPrivateKey:
        try:
            if self._path.stat().st_mode & 0o077:
                raise SealAway("token")
            key = load_der_private_key(self._path.read_bytes(), None)
        except (OSError, ValueError) as flaw:
            raise SealAway("token") from flaw
        if not isinstance(key, RSAPrivateKey):
            raise SealAway("token")
        return key
