"""Paths through the stored tree: every complete subtree is a row, so a path reads few rows."""

from __future__ import annotations

from app.field.proofs import EMPTY_ROOT, node_hash
from server_stub.evidence.models import Leaf, Node


def grow(index: int, leaf: bytes) -> None:
    """Store the subtrees that the leaf at `index` completes. Call under the head's lock."""
    level, position, seen = 0, index, leaf
    while position & 1:
        seen = node_hash(_whole(level, position - 1), seen)
        level, position = level + 1, position >> 1
        Node(level=level, position=position, hash=seen).save()


def root(size: int) -> bytes:
    """Root of the tree of the first `size` leaves."""
    return _range(0, size) if size else EMPTY_ROOT


def inclusion(index: int, size: int) -> list[bytes]:
    """Siblings from the leaf up to the root of the tree of `size` leaves."""
    path: list[bytes] = []
    low, high = 0, size
    while high - low > 1:
        split = low + _power_below(high - low)
        if index < split:
            path.append(_range(split, high))
            high = split
        else:
            path.append(_range(low, split))
            low = split
    return path[::-1]


def consistency(older: int, newer: int) -> list[bytes]:
    """Hashes that show the tree of `older` leaves to be a prefix of the tree of `newer` ones."""
    if older in {0, newer}:
        return []
    path: list[bytes] = []
    low, high, whole = 0, newer, True
    while older != high:
        split = low + _power_below(high - low)
        if older <= split:
            path.append(_range(split, high))
            high = split
        else:
            path.append(_range(low, split))
            low, whole = split, False
    if not whole:
        path.append(_range(low, high))
    return path[::-1]


def _range(low: int, high: int) -> bytes:
    size = high - low
    if size & (size - 1) == 0 and low % size == 0:
        level = size.bit_length() - 1
        return _whole(level, low >> level)
    split = low + _power_below(size)
    return node_hash(_range(low, split), _range(split, high))


def _whole(level: int, position: int) -> bytes:
    if level == 0:
        return bytes.fromhex(Leaf.objects.values_list("leaf", flat=True).get(index=position))
    return bytes(Node.objects.values_list("hash", flat=True).get(level=level, position=position))


def _power_below(count: int) -> int:
    return 1 << ((count - 1).bit_length() - 1)
