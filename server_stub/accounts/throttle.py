"""Wrong guesses cost waiting time, for known and unknown users alike."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction

from server_stub.accounts.models import Throttle
from server_stub.accounts.sealing import pseudonym
from server_stub.config.clock import now
from server_stub.errors import Problem

FREE = 5
LONGEST_MIN = 15


def reserve(user: str) -> int:
    """Count one guess before it is looked at, so that parallel guesses count too; returns the tries left.

    Raises:
        Problem: `account-locked` with the seconds to wait.
    """
    with transaction.atomic():
        row, _ = Throttle.objects.select_for_update().get_or_create(key=_key(user))
        wait = (row.locked_until - now()).total_seconds() if row.locked_until else 0.0
        if wait > 0:
            raise Problem("account-locked", "too many wrong guesses", retry_after_s=int(wait) + 1)
        row.failures, row.guessed_at = row.failures + 1, now()
        if row.failures >= FREE:
            row.locked_until = now() + timedelta(minutes=lock_minutes(row.failures))
        row.save()
    return max(0, FREE - row.failures)


def lock_minutes(failures: int) -> int:
    """1, 2, 4, 8, then 15 minutes from the fifth wrong guess on."""
    return min(1 << min(failures - FREE, 4), LONGEST_MIN)


def give_back(user: str) -> None:
    """The guess was right but the sign-in is not complete: earlier wrong guesses stay counted."""
    with transaction.atomic():
        row = Throttle.objects.select_for_update().get(key=_key(user))
        row.failures = max(0, row.failures - 1)
        row.locked_until = None
        row.save()


def forget(user: str) -> None:
    """Both factors were right."""
    Throttle.objects.filter(key=_key(user)).delete()


def _key(user: str) -> str:
    return pseudonym(user, "throttle")
