"""Who is told of persons that enter the register: rooms above this one, named by the settings.

A person's number is in hand only at this moment; it is passed on for a keyed digest and for nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache

from django.conf import settings
from django.utils.module_loading import import_string

Hearer = Callable[[Sequence[tuple[str, str]]], object]


def tell_persons(persons: Sequence[tuple[str, str]]) -> None:
    """Pass (subject key, number as it is hashed) of new persons on, inside their transaction."""
    if persons:
        for hear in hearers(tuple(settings.HENGXIN_TOLD_OF_PERSONS)):
            hear(persons)


@cache
def hearers(paths: tuple[str, ...]) -> tuple[Hearer, ...]:
    """The functions behind dotted names.

    Raises:
        ImportError: for a name behind which there is none.
    """
    return tuple(import_string(path) for path in paths)
