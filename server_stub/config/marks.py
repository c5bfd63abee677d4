"""What a home is known by beside its keys: the seal, the time stamps and the authority of TLS.

A file's mark is a digest of its content; what is secret of it has more entropy than anybody could try out.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from server_stub.config import keys

FILES = {
    "seal": ("seal/seal.key", "seal/seal.pem", "seal/issuer.pem"),
    "stamp": ("seal/stamp.key", "seal/stamp.pem", "seal/stamp-issuer.pem", "seal/stamped-from"),
    "tls": ("tls/ca.key", "tls/ca.pem"),
}
UNREADABLE = "-"  # the file is another user's: that it is there is all that can be seen


def marks(home: Path, group: str) -> dict[str, str]:
    """The mark of each file of a group that is there, by its place in the home."""
    return {name: _mark(home / name, name) for name in FILES[group] if (home / name).exists()}


def faults(home: Path, known: dict[str, str]) -> dict[str, str]:
    """What is wrong with the files that a database knows, by name: missing or other. An empty mark asks for
    no more than that the file is there.
    """
    found: dict[str, str] = {}
    for name, mark in known.items():
        path = home / name
        if not path.exists():
            found[name] = "missing"
        elif mark and UNREADABLE not in (mark, now := _mark(path, name)) and now != mark:
            found[name] = "other"
    return found


def key_faults(home: Path, known: dict[str, str]) -> dict[str, str]:
    """The same for the six keys, by name without folder.

    Raises:
        ImproperlyConfigured: a key is open to others, or not 32 bytes.
    """
    gone = dict.fromkeys((name for name in keys.missing(home) if name in known), "missing")
    there = keys.marks(home) if known else {}
    others = (name for name, mark in known.items() if name not in gone and there[name] != mark)
    return gone | dict.fromkeys(others, "other")


def _mark(path: Path, name: str) -> str:
    try:
        return hashlib.sha256(f"hengxin/mark/{name}\n".encode() + path.read_bytes()).hexdigest()
    except PermissionError:
        return UNREADABLE
