"""Merkle tree arithmetic of the evidence log (RFC 9162) and the checkpoint as a signed note.

Hashes are raw 32-byte values; a proof is a tuple of them, lowest level first.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence

import msgspec


class Checkpoint(msgspec.Struct, frozen=True):
    """What the log commits to: its origin, the number of leaves and the root hash."""

    origin: str
    size: int
    root: bytes


class Note(msgspec.Struct, frozen=True):
    """A checkpoint as text with its signature lines: name -> (4-byte key hint, signature)."""

    checkpoint: Checkpoint
    body: bytes
    signatures: tuple[tuple[str, bytes, bytes], ...]


def leaf_hash(content: bytes) -> bytes:
    """SHA-256 over 0x00 and the leaf's content."""
    return hashlib.sha256(b"\x00" + content).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256 over 0x01 and the two children."""
    return hashlib.sha256(b"\x01" + left + right).digest()


EMPTY_ROOT = hashlib.sha256(b"").digest()


def root_of(leaves: Sequence[bytes]) -> bytes:
    """The tree head over leaf hashes, computed from nothing else (for tests and auditors)."""
    if not leaves:
        return EMPTY_ROOT
    if len(leaves) == 1:
        return leaves[0]
    split = _largest_power_below(len(leaves))
    return node_hash(root_of(leaves[:split]), root_of(leaves[split:]))


def _largest_power_below(count: int) -> int:
    return 1 << ((count - 1).bit_length() - 1)


def included(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Whether `path` proves that `leaf` stands at `index` of the tree of `size` leaves with `root`."""
    if not 0 <= index < size:
        return False
    position, last, seen = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            return False
        if position & 1 or position == last:
            seen = node_hash(sibling, seen)
            while not position & 1 and position:
                position >>= 1
                last >>= 1
        else:
            seen = node_hash(seen, sibling)
        position >>= 1
        last >>= 1
    return last == 0 and seen == root


def consistent(older: int, newer: int, path: Sequence[bytes], older_root: bytes, newer_root: bytes) -> bool:
    """Whether `path` proves that the tree of `older` leaves is a prefix of the tree of `newer` leaves."""
    if older > newer or older < 0:
        return False
    if older == newer:
        return not path and older_root == newer_root
    if older == 0:
        return not path and older_root == EMPTY_ROOT
    steps = list(path)
    position, last = older - 1, newer - 1
    while position & 1:
        position >>= 1
        last >>= 1
    if position == 0:
        old = new = older_root
    else:
        if not steps:
            return False
        old = new = steps.pop(0)
    for sibling in steps:
        if last == 0:
            return False
        if position & 1 or position == last:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            while not position & 1 and position:
                position >>= 1
                last >>= 1
        else:
            new = node_hash(new, sibling)
        position >>= 1
        last >>= 1
    return last == 0 and old == older_root and new == newer_root


def checkpoint_body(checkpoint: Checkpoint) -> bytes:
    """The signed part of a checkpoint: origin, size and root, a line each, with a final newline."""
    root = base64.b64encode(checkpoint.root).decode()
    return f"{checkpoint.origin}\n{checkpoint.size}\n{root}\n".encode()


def key_hint(name: str, algorithm: int, public_key: bytes) -> bytes:
    """First four bytes of SHA-256 over name, newline, algorithm byte (1 = Ed25519) and the raw public key."""
    return hashlib.sha256(name.encode() + b"\n" + bytes([algorithm]) + public_key).digest()[:4]


def write_note(checkpoint: Checkpoint, name: str, hint: bytes, signature: bytes) -> str:
    """The whole note: body, empty line, one signature line."""
    mark = base64.b64encode(hint + signature).decode()
    return checkpoint_body(checkpoint).decode() + f"\n— {name} {mark}\n"


def read_note(text: str) -> Note:
    """Parse a note; the signatures are returned, not judged.

    Raises:
        ValueError: when the text is not a note of the form above.
    """
    body, gap, rest = text.partition("\n\n")
    lines = body.split("\n")
    if not gap or len(lines) != 3 or not rest.endswith("\n"):
        raise ValueError("not a checkpoint note")
    size = int(lines[1])
    root = base64.b64decode(lines[2], validate=True)
    if len(root) != 32 or size < 0 or lines[1] != str(size):
        raise ValueError("not a checkpoint note")
    signatures = []
    for line in rest.rstrip("\n").split("\n"):
        dash, name, mark = line.split(" ")
        raw = base64.b64decode(mark, validate=True)
        if dash != "—" or len(raw) < 5:
            raise ValueError("not a signature line")
        signatures.append((name, raw[:4], raw[4:]))
    return Note(Checkpoint(lines[0], size, root), (body + "\n").encode(), tuple(signatures))
