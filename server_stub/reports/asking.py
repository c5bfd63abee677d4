"""How often one address may ask the register of reports: one bound for the public page and for the wire.

A server of one process counts in memory; several processes share a table. Only questions that were let
through count, so that somebody who waits as long as told is let through.
"""

from __future__ import annotations

import hashlib
import hmac
import math
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from datetime import timedelta
from functools import cache
from typing import Protocol

from django.conf import settings
from django.db import transaction

from server_stub.config.clock import now, today
from server_stub.config.keys import keys
from server_stub.errors import Problem
from server_stub.queries.policy import figure
from server_stub.reports.models import Asked

SPAN_S = 60
REMEMBERED = 20_000  # addresses; the one that was quiet longest is forgotten first


class Tally(Protocol):
    """What was asked lately."""

    def wait_s(self, address: str, most: int) -> int:
        """0 when the address has asked fewer than `most` times within SPAN_S: then this time is counted. Else
        the seconds until it may ask again.
        """


class InMemory:
    """The questions of this process."""

    def __init__(self, moment: Callable[[], float] = time.monotonic) -> None:
        self._moment = moment
        self._lock = threading.Lock()
        self._asked: OrderedDict[str, deque[float]] = OrderedDict()

    def wait_s(self, address: str, most: int) -> int:
        with self._lock:
            at = self._moment()
            times = self._asked.setdefault(address, deque())
            while times and times[0] <= at - SPAN_S:
                times.popleft()
            if len(times) >= most:
                return max(1, math.ceil(times[-most] + SPAN_S - at))
            times.append(at)
            self._asked.move_to_end(address)
            while len(self._asked) > REMEMBERED:
                self._asked.popitem(last=False)
            return 0


class InTable:
    """The questions of all processes. Two that count at the same moment may let one more through."""

    def wait_s(self, address: str, most: int) -> int:
        mark = hmac.new(keys().derived("asking"), address.encode(), hashlib.sha256).hexdigest()
        at = now()
        with transaction.atomic():
            Asked.objects.filter(at__lte=at - timedelta(seconds=SPAN_S)).delete()
            own = Asked.objects.filter(address=mark).order_by("-at")
            times = list(own.values_list("at", flat=True)[:most])
            if len(times) >= most:
                return max(1, math.ceil((times[-1] - at).total_seconds() + SPAN_S))
            Asked(address=mark, at=at).save(force_insert=True)
            return 0


def admit(address: str) -> None:
    """Let a question to the register through and count it. It is asked before anything is looked up, so a
    refusal is the same for every number.

    Raises:
        Problem: `rate-limited`, with the seconds to wait.
    """
    wait_s = tally().wait_s(address, figure("verify_a_minute", today()))
    if wait_s:
        raise Problem("rate-limited", "too many questions from this address", retry_after_s=wait_s)


@cache
def tally() -> Tally:
    """The one this server uses."""
    return InMemory() if settings.HENGXIN_PROCESSES == 1 else InTable()
