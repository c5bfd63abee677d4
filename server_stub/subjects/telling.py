"""Who is told of persons that enter the register: rooms above this one, named by the settings.

The number itself is never passed on: only its digest, to be sealed or keyed by who hears of it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache

from django.conf import settings
from django.utils.module_loading import import_string

Hearer = Callable[[Sequence[tuple[str, bytes]]], object]


def tell_persons(persons: Sequence[tuple[str, bytes]]) -> None:
    """Pass (subject key, `keying.number_digest`) of new persons on, inside their transaction."""
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
