"""The sidecar header (vault.json): readable without a key, bound into the wraps byte for byte.

`sealed` is what the wraps are bound to. `open` changes without a key (tries, why it was locked) and is
believed only as far as a card on the screen. The old header stays as `.prev` until the new one has
opened once.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from local_cache import faults
from local_cache.files import settle, write_atomically

FORMAT = 1


@dataclass(frozen=True)
class Card:
    """Hints for the unlock card: the officer and the device, never a subject."""

    user: str
    name: str
    organisation_name: str
    device_name: str
    device_id: str


@dataclass(frozen=True)
class Header:
    """`keyring` is the backend's name, empty when there was none; `share_id` names the L that cache.db needs;
    `fingerprints` and `wraps` have the keys work and cache. Without wraps nothing opens any more."""

    vault_id: str
    profile: str
    suite: str
    gen: int
    kdf: dict[str, Any]
    keyring: str
    share_id: str
    fingerprints: dict[str, str]
    card: Card
    wraps: dict[str, dict[str, str]] = field(default_factory=dict)
    tries: int = 0
    why: str = ""
    kept_drafts: int = 0

    def sealed_bytes(self) -> bytes:
        """What the wraps are bound to: everything but the wraps and the open part."""
        return _bytes(
            {
                "format": FORMAT,
                "vault_id": self.vault_id,
                "profile": self.profile,
                "suite": self.suite,
                "gen": self.gen,
                "kdf": self.kdf,
                "keyring": self.keyring,
                "share_id": self.share_id,
                "fingerprints": self.fingerprints,
                "card": vars(self.card),
            }
        )

    def digest(self) -> str:
        """SHA-256 over the sealed part and the wraps: an edited or older header has another one."""
        return hashlib.sha256(self.sealed_bytes() + _bytes(self.wraps)).hexdigest()

    def without_wraps(self, why: str) -> Header:
        """The header of a vault whose keys are destroyed."""
        return replace(self, wraps={}, why=why)


def read_header(path: Path) -> Header:
    """The header, or the one before when a crash or a bad disk left no readable one.

    Raises:
        Missing: neither is there.
        NewerFile: a later program wrote it.
        Damaged: it is no header of ours.
    """
    try:
        return _read(path)
    except (faults.Missing, faults.Damaged):
        if not _previous(path).exists():
            raise
        return _read(_previous(path))


def read_previous(path: Path) -> Header | None:
    """The header kept beside the new one, while that has not opened yet."""
    return _read(_previous(path)) if _previous(path).exists() else None


def write_header(path: Path, header: Header, keep_previous: bool = False) -> None:
    """Replace the header atomically; `keep_previous` keeps the old one as `.prev` first.

    Raises:
        DiskFull, ReadOnly: the old header is then untouched.
    """
    if keep_previous and path.exists():
        write_atomically(_previous(path), path.read_bytes())
    sealed = json.loads(header.sealed_bytes())
    opened = {"tries": header.tries, "why": header.why, "kept_drafts": header.kept_drafts}
    text = json.dumps(
        {"sealed": sealed, "wraps": header.wraps, "open": opened},
        ensure_ascii=False,
        indent=1,
        sort_keys=True,
    )
    write_atomically(path, text.encode("utf-8"))


def drop_previous(path: Path) -> None:
    """The new header has opened: overwrite and remove the old one."""
    old = _previous(path)
    if old.exists():
        write_atomically(old, b"{}")
        old.unlink()
        settle(path.parent)


def _read(path: Path) -> Header:
    try:
        value = json.loads(path.read_bytes())
        sealed, opened = dict(value["sealed"]), dict(value["open"])
        if sealed.pop("format") != FORMAT:
            raise faults.NewerFile("header")
        return Header(
            **{**sealed, "card": Card(**sealed["card"])},
            wraps={part: dict(wrap) for part, wrap in value["wraps"].items()},
            tries=int(opened["tries"]),
            why=str(opened["why"]),
            kept_drafts=int(opened["kept_drafts"]),
        )
    except FileNotFoundError as flaw:
        raise faults.Missing("header") from flaw
    except (ValueError, KeyError, TypeError, AttributeError) as flaw:
        raise faults.Damaged("header") from flaw


def _previous(path: Path) -> Path:
    return path.with_name(path.name + ".prev")


def _bytes(value: dict[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=True, sort_keys=True, separators=(",", ":")).encode("ascii")
