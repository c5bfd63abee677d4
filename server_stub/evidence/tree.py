"""Paths through the stored tree: every complete subtree is a row, so a path reads few rows, all at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec

from app.field.proofs import EMPTY_ROOT, node_hash
from server_stub import statements
from server_stub.evidence import sql
from server_stub.evidence.sql import Place
from server_stub.pouring import pour

_Read = Callable[[int, int], bytes]


class Proofs(msgspec.Struct, frozen=True):
    """The root of the tree of some size, the paths of some leaves to it, and the path from an older tree."""

    root: bytes
    inclusion: list[list[bytes]]
    consistency: list[bytes]


def grow(index: int, leaf: bytes) -> None:
    """Store the subtrees that the leaf at `index` completes. Call under the head's lock."""
    places: list[Place] = []
    level, position = 0, index
    while position & 1:
        places.append((level, position - 1))
        level, position = level + 1, position >> 1
    left, seen = sql.subtrees(places), leaf
    for level, position in places:
        seen = node_hash(left[level, position], seen)
        statements.insert("evidence_node", level=level + 1, position=position >> 1, hash=seen)


def grow_many(first: int, leaves: Sequence[bytes]) -> None:
    """As `grow` for leaves that follow one another from index `first` on."""
    fresh: dict[Place, bytes] = {(0, first + at): leaf for at, leaf in enumerate(leaves)}
    older: set[Place] = set()
    for index in range(first, first + len(leaves)):
        level, position = 0, index
        while position & 1:
            if position << level <= first:
                older.add((level, position - 1))
            level, position = level + 1, position >> 1
    left = sql.subtrees(older)
    made: list[tuple[int, int, bytes]] = []
    for index, leaf in enumerate(leaves, first):
        level, position, seen = 0, index, leaf
        while position & 1:
            before = (level, position - 1)
            seen = node_hash(left[before] if before in left else fresh[before], seen)
            level, position = level + 1, position >> 1
            fresh[level, position] = seen
            made.append((level, position, seen))
    pour("evidence_node", ("level", "position", "hash"), made)


def proofs(size: int, indexes: Sequence[int] = (), older: int = 0) -> Proofs:
    """Everything a receipt needs of the tree of `size` leaves, read in one or two statements."""

    def all_of(read: _Read) -> Proofs:
        return Proofs(
            _range(0, size, read) if size else EMPTY_ROOT,
            [_inclusion(index, size, read) for index in indexes],
            _consistency(older, size, read),
        )

    wanted: set[Place] = set()

    def noting(level: int, position: int) -> bytes:
        wanted.add((level, position))
        return b""

    all_of(noting)
    found = sql.subtrees(wanted)
    return all_of(lambda level, position: found[level, position])


def root(size: int) -> bytes:
    """Root of the tree of the first `size` leaves."""
    return proofs(size).root


def inclusion(index: int, size: int) -> list[bytes]:
    """Siblings from the leaf up to the root of the tree of `size` leaves."""
    return proofs(size, [index]).inclusion[0]


def consistency(older: int, newer: int) -> list[bytes]:
    """Hashes that show the tree of `older` leaves to be a prefix of the tree of `newer` ones."""
    return proofs(newer, older=older).consistency


def _inclusion(index: int, size: int, read: _Read) -> list[bytes]:
    path: list[bytes] = []
    low, high = 0, size
    while high - low > 1:
        split = low + _power_below(high - low)
        if index < split:
            path.append(_range(split, high, read))
            high = split
        else:
            path.append(_range(low, split, read))
            low = split
    return path[::-1]


def _consistency(older: int, newer: int, read: _Read) -> list[bytes]:
    if older in {0, newer}:
        return []
    path: list[bytes] = []
    low, high, whole = 0, newer, True
    while older != high:
        split = low + _power_below(high - low)
        if older <= split:
            path.append(_range(split, high, read))
            high = split
        else:
            path.append(_range(low, split, read))
            low, whole = split, False
    if not whole:
        path.append(_range(low, high, read))
    return path[::-1]


def _range(low: int, high: int, read: _Read) -> bytes:
    size = high - low
    if size & (size - 1) == 0 and low % size == 0:
        level = size.bit_length() - 1
        return read(level, low >> level)
    split = low + _power_below(size)
    return node_hash(_range(low, split, read), _range(split, high, read))


def _power_below(count: int) -> int:
    return 1 << ((count - 1).bit_length() - 1)
