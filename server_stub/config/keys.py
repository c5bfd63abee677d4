"""The server's secrets: one file each, mode 0400, made once; a file that cannot be used stops the start."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from app.field.records import Signed

NAMES = ("log", "answers", "partner", "route", "pepper", "kek")
SIGNING = ("log", "answers", "partner")


class SigningKey:
    """An Ed25519 key with its public half and its id (kind and first 16 hex digits of the key's SHA-256)."""

    def __init__(self, kind: str, seed: bytes) -> None:
        self._private = Ed25519PrivateKey.from_private_bytes(seed)
        self.public = self._private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        self.key_id = f"{kind}-{hashlib.sha256(self.public).hexdigest()[:16]}"

    def sign(self, message: bytes) -> bytes:
        """The 64-byte signature over exactly these bytes."""
        return self._private.sign(message)

    def sealed(self, payload: bytes) -> Signed:
        """`payload` in the wire's signed envelope."""
        return Signed(
            payload_b64=base64.b64encode(payload).decode(),
            key_id=self.key_id,
            sig_b64=base64.b64encode(self.sign(payload)).decode(),
        )


class Keys:
    """All keys of one home. `derived` gives a key for one use; no two uses share bytes.

    Raises:
        ImproperlyConfigured: a file is missing, open to others, or not 32 bytes.
    """

    def __init__(self, folder: Path) -> None:
        read = {name: _read(folder / f"{name}.key") for name in NAMES}
        self.log = SigningKey("log", read["log"])
        self.answers = SigningKey("answers", read["answers"])
        self.partner = SigningKey("partner", read["partner"])
        self.route = read["route"]
        self.pepper = read["pepper"]
        self.kek = read["kek"]

    def derived(self, use: str) -> bytes:
        """32 bytes for `use` alone, from the key-encryption key."""
        return derived(self.kek, use)


def derived(kek: bytes, use: str) -> bytes:
    """32 bytes for `use` alone, from a key-encryption key."""
    return hmac.new(kek, f"hengxin/{use}".encode(), hashlib.sha256).digest()


def missing(home: Path) -> list[str]:
    """Names of the keys that are not in this home."""
    return [name for name in NAMES if not (home / "keys" / f"{name}.key").exists()]


def marks(home: Path) -> dict[str, str]:
    """A digest of each key that is there, under the key itself: it tells a key from another one and gives
    nothing of it away.

    Raises:
        ImproperlyConfigured: a file is open to others, or not 32 bytes.
    """
    gone = set(missing(home))
    read = {name: _read(home / "keys" / f"{name}.key") for name in NAMES if name not in gone}
    return {name: derived(key, f"mark/{name}").hex() for name, key in read.items()}


def publics(home: Path) -> dict[str, str]:
    """The public halves (base64) of the signing keys that are there: what they signed can be judged by them
    when the keys are gone.

    Raises:
        ImproperlyConfigured: as `marks`.
    """
    gone = set(missing(home))
    signing = [name for name in SIGNING if name not in gone]
    held = {name: SigningKey(name, _read(home / "keys" / f"{name}.key")) for name in signing}
    return {name: base64.b64encode(key.public).decode() for name, key in held.items()}


def make(home: Path) -> Path:
    """Make the keys that are not there yet and return their folder. A home that has lived before is asked
    first (`jobs.recognising`): a key made in place of a lost one answers for nothing of what is there.
    """
    folder = home / "keys"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name in NAMES:
        path = folder / f"{name}.key"
        if not path.exists():
            write_secret(path, secrets.token_bytes(32))
    return folder


def make_one(home: Path, name: str) -> None:
    """Make this key alone; another one that is lost stays lost."""
    (home / "keys").mkdir(mode=0o700, parents=True, exist_ok=True)
    write_secret(home / "keys" / f"{name}.key", secrets.token_bytes(32))


def write_secret(path: Path, content: bytes) -> None:
    """Write a new file that only its owner may read; it appears whole or not at all."""
    half = path.with_name(f"{path.name}.{secrets.token_hex(4)}.half")
    descriptor = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    half.rename(path)


def _read(path: Path) -> bytes:
    """Raises ImproperlyConfigured when the file is missing, open to others or not 32 bytes."""
    if not path.exists():
        raise ImproperlyConfigured(f"keys/{path.name} is missing")
    if path.stat().st_mode & 0o077:
        raise ImproperlyConfigured(f"{path.name} may be read by its owner only")
    content = path.read_bytes()
    if len(content) != 32:
        raise ImproperlyConfigured(f"{path.name} must hold 32 bytes")
    return content


@cache
def _at(home: Path) -> Keys:
    folder = home / "keys"
    return Keys(folder if folder.exists() else make(home))


def forget() -> None:
    """Read the keys again when they are asked for next: one was replaced."""
    _at.cache_clear()


def keys() -> Keys:
    """The keys of this server's home."""
    return _at(settings.HENGXIN_HOME)
