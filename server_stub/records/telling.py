"""Who is told of a record whose shown state ended: rooms above this one, named by the settings."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from django.conf import settings
from django.utils.module_loading import import_string

Hearer = Callable[[str, int], object]


def tell(rec_id: str, rev: int) -> None:
    """Call every hearer with a record and the revision of it that may not be relied on any more.

    Belongs into the transaction of the change: when a hearer fails, the change does not happen.
    """
    for hear in hearers(tuple(settings.HENGXIN_TOLD_OF_CHANGES)):
        hear(rec_id, rev)


@cache
def hearers(paths: tuple[str, ...]) -> tuple[Hearer, ...]:
    """The functions behind dotted names.

    Raises:
        ImportError: for a name behind which there is none.
    """
    return tuple(import_string(path) for path in paths)
