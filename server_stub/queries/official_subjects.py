"""Whom an official letter names: keyed digests of their numbers, of a person with the name, and whether a
question is about one.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from server_stub.errors import Problem
from server_stub.queries.question import Meant, Whom, meant
from server_stub.subjects.keying import key_hash, named_hash, route_key


def keys_of(named: Sequence[Whom], on: date) -> list[str]:
    """The keys under which those named may be asked about, sorted: the subject's own, and that of the number
    on the paper, of a person of number and name together. Neither number nor name is kept.

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
    if whom.kind == "person":
        return _keys_of_person(whom, found)
    typed = {route_key(whom.kind, found.number, whom.id_type)} if found.number else set()
    return {found.subject_key, *typed}


def _keys_of_person(whom: Whom, found: Meant) -> set[str]:
    """A number is a person's with his name alone: a wrong digit on the paper is somebody else's number. Whom
    the register finds by all three is named under each of his documents and names, a stranger as he is typed.
    """
    typed = named_hash(found.number, whom.id_type, whom.name)
    return {typed, key_hash(found.subject_key)} if found.subject else {typed}
