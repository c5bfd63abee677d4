"""Paths through the stored tree: every complete subtree is a row, so a path reads few rows, all at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from app.field.proofs import EMPTY_ROOT, node_hash
from server_stub import statements
from server_stub.evidence import sql
from server_stub.evidence.sql import Place
from server_stub.pouring import pour

_Cover = list[Place]


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
    whole = _cover(0, size)
    inclusion = [_inclusion(index, size) for index in indexes]
    consistency = _consistency(older, size)
    found = sql.subtrees(
        {place for covers in (*inclusion, consistency, [whole]) for cover in covers for place in cover}
    )
    return Proofs(
        _hash(whole, found) if size else EMPTY_ROOT,
        [[_hash(cover, found) for cover in path] for path in inclusion],
        [_hash(cover, found) for cover in consistency],
    )


def root(size: int) -> bytes:
    """Root of the tree of the first `size` leaves."""
    return proofs(size).root


def inclusion(index: int, size: int) -> list[bytes]:
    """Siblings from the leaf up to the root of the tree of `size` leaves."""
    return proofs(size, [index]).inclusion[0]


def consistency(older: int, newer: int) -> list[bytes]:
    """Hashes that show the tree of `older` leaves to be a prefix of the tree of `newer` ones."""
    return proofs(newer, older=older).consistency


def _inclusion(index: int, size: int) -> list[_Cover]:
    path: list[_Cover] = []
    low, high = 0, size
    while high - low > 1:
        split = low + _power_below(high - low)
        if index < split:
            path.append(_cover(split, high))
            high = split
        else:
            path.append(_cover(low, split))
            low = split
    return path[::-1]


def _consistency(older: int, newer: int) -> list[_Cover]:
    if older in {0, newer}:
        return []
    path: list[_Cover] = []
    low, high, whole = 0, newer, True
    while older != high:
        split = low + _power_below(high - low)
        if older <= split:
            path.append(_cover(split, high))
            high = split
        else:
            path.append(_cover(low, split))
            low, whole = split, False
    if not whole:
        path.append(_cover(low, high))
    return path[::-1]


def _cover(low: int, high: int) -> _Cover:
    """The complete subtrees that leaves from `low` to before `high` fall into, the largest first; `low` is
    where a subtree of their size can begin.
    """
    places: list[Place] = []
    while low < high:
        level = (high - low).bit_length() - 1
        places.append((level, low >> level))
        low += 1 << level
    return places


def _hash(cover: _Cover, found: Mapping[Place, bytes]) -> bytes:
    """The hash above these subtrees."""
    *left, seen = [found[place] for place in cover]
    for before in reversed(left):
        seen = node_hash(before, seen)
    return seen


def _power_below(count: int) -> int:
    return 1 << ((count - 1).bit_length() - 1)
