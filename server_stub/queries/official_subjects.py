"""Whom an official letter names: keyed digests of their numbers, and whether a question is about one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from server_stub.errors import Problem
from server_stub.queries.question import Meant, Whom, meant
from server_stub.subjects.keying import route_key


def keys_of(named: Sequence[Whom], on: date) -> list[str]:
    """The keys under which those named may be asked about, sorted: the subject's own, and that of the number
    on the paper. Neither number nor name is kept.

    Raises:
        ValueError: a number that cannot be, a person without all three parts, or one named twice; says which
            by its place, and never a value.
    """
    found: set[str] = set()
    for place, whom in enumerate(named, 1):
        try:
            one = _keys(whom, meant(whom, on))
        except Problem as flaw:
            raise ValueError(f"subject {place} of the letter: {flaw.code}") from None
        if whom.subject_key or one & found:
            raise ValueError(f"subject {place} of the letter is named by a key, or twice")
        found |= one
    return sorted(found)


def names(keys: Sequence[str], whom: Whom, asked: Meant) -> bool:
    """Whether a letter with these keys names the subject of a question."""
    return not _keys(whom, asked).isdisjoint(keys)


def _keys(whom: Whom, found: Meant) -> set[str]:
    typed = {route_key(whom.kind, found.number, whom.id_type)} if found.number else set()
    return {found.subject_key, *typed}
