"""Who is asked before a record is changed: rooms above this one, named by the settings."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from django.conf import settings
from django.utils.module_loading import import_string

Asked = Callable[[str, str], object]


def permit(rec_id: str, reason: str) -> None:
    """Ask everybody who may object to a revision of this record for this reason.

    Raises:
        Problem: of whoever objects; nothing is written then.
    """
    for ask in asked(tuple(settings.HENGXIN_ASKED_BEFORE_CHANGES)):
        ask(rec_id, reason)


@cache
def asked(paths: tuple[str, ...]) -> tuple[Asked, ...]:
    """The functions behind dotted names.

    Raises:
        ImportError: for a name behind which there is none.
    """
    return tuple(import_string(path) for path in paths)
