"""Acts that end together: those that wait for the write lock at the same moment share one transaction and one
flush.

Each act keeps its own savepoint: what one refuses or breaks takes nothing from the others. Nobody gets his
result before the commit; when that fails, nobody got any. A process has one act at work at a time, so its
threads wait for each other here and not in the engine, which lets them sleep and try again.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from typing import Any, Generic, TypeVar, cast

from django.db import connection, transaction

from server_stub.config.collecting import not_now

_R = TypeVar("_R")
MOST = 16


def together(act: Callable[[], _R]) -> _R:
    """What `act` returns or raises, once its effects are on disk, or gone when it raised.

    Inside a transaction it is a part of that one. The act may run in another thread, on its connection.
    """
    if connection.in_atomic_block:
        with transaction.atomic():
            return act()
    return _QUEUE.done(act)


class _Waiting(Generic[_R]):
    """One act with the thread that waits for it: woken when it is done, or when it is its turn to lead."""

    def __init__(self, act: Callable[[], _R]) -> None:
        self.act = act
        self.woken = threading.Event()
        self.over = False
        self.result: _R | None = None
        self.flaw: BaseException | None = None


class _Queue:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: deque[_Waiting[Any]] = deque()
        self._led = False

    def done(self, act: Callable[[], _R]) -> _R:
        mine = _Waiting(act)
        with self._lock:
            self._waiting.append(mine)
            leads, self._led = not self._led, True
        if not leads:
            mine.woken.wait()
        if not mine.over:
            self._lead(mine)
        if mine.flaw is not None:
            raise mine.flaw
        return cast(_R, mine.result)

    def _lead(self, mine: _Waiting[Any]) -> None:
        """Do everything that waits now, the own act among it, and hand on to one who came later."""
        with self._lock:
            group = [self._waiting.popleft() for _ in range(min(MOST, len(self._waiting)))]
        try:
            _commit(group)
        except BaseException as flaw:  # the group has no effect: each of its threads must know
            for one in group:
                one.flaw = flaw
            if not isinstance(flaw, Exception):
                raise
        finally:
            with self._lock:
                follows = self._waiting[0] if self._waiting else None
                self._led = follows is not None
            for one in group:
                one.over = True
                if one is not mine:
                    one.woken.set()
            if follows is not None:
                follows.woken.set()


def _commit(group: list[_Waiting[Any]]) -> None:
    """Run acts in one transaction; one alone needs no savepoint."""
    if len(group) == 1:
        with not_now(), transaction.atomic():
            group[0].result = group[0].act()
        return
    with not_now(), transaction.atomic():
        for one in group:
            try:
                with transaction.atomic():
                    one.result = one.act()
            except Exception as flaw:  # noqa: BLE001 - it is the waiting thread's to raise
                one.flaw = flaw
        if connection.needs_rollback:
            raise transaction.TransactionManagementError("an act took the transaction of the others with it")


_QUEUE = _Queue()
