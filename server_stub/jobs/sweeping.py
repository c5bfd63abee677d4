"""What the server does by itself: on each new day of the city tell the holders of what is over and forget
what was kept for a term, and every few minutes remove uploads that nobody finished.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import date

from django.db import DatabaseError, close_old_connections

from server_stub.cases import uploads
from server_stub.config.clock import now, today
from server_stub.jobs.forgetting import forget
from server_stub.records.sweeping import sweep

AGAIN_S = 60.0
LEFTOVERS_S = 600.0
BY = "system"
log = logging.getLogger(__name__)


class Daily:
    """Knows the day that was swept; `look` is called often and does nothing on most calls.

    Sweeping 5,000 records costs about a tenth of a second, and some ten milliseconds more for each record
    that is over; it runs beside the requests and holds the write lock for one record at a time.
    """

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._swept: date | None = None
        self._not_before = 0.0
        self._monotonic = monotonic

    def look(self, stopped: Callable[[], bool]) -> int:
        """Sweep when the day is new; returns how many records were told. After a fault of database or disk it
        is tried again a minute later; a sweep that was stopped counts as not done.
        """
        on = today()
        if on == self._swept or self._monotonic() < self._not_before:
            return 0
        close_old_connections()  # the one of yesterday may be dead
        try:
            told = sweep(on, by=BY, stopped=stopped)
            forget(on, by=BY, stopped=stopped)
        except (DatabaseError, OSError):
            log.exception("the sweep of %s failed and is tried again", on)
            self._not_before = self._monotonic() + AGAIN_S
            return 0
        if not stopped():
            self._swept = on
        return told


class Leftovers:
    """Removes expired uploads at the start and every ten minutes; `look` does nothing on most calls."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._not_before = 0.0
        self._monotonic = monotonic

    def look(self) -> int:
        """Returns how many uploads ended. After a fault of database or disk the next look tries again."""
        if self._monotonic() < self._not_before:
            return 0
        self._not_before = self._monotonic() + LEFTOVERS_S
        close_old_connections()
        try:
            return uploads.sweep(now())
        except (DatabaseError, OSError):
            log.exception("expired uploads could not be removed; the next look tries again")
            return 0
