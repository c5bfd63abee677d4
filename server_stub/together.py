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
from functools import partial
from typing import Any, Generic, TypeVar, cast

from django.db import connection, transaction

from server_stub.config.collecting import not_now

_R = TypeVar("_R")
_G = TypeVar("_G")
MOST = 16


def together(act: Callable[[], _R]) -> _R:
    """What `act` returns or raises, once its effects are on disk, or gone when it raised.

    Inside a transaction it is a part of that one. The act may run in another thread, on its connection.
    """
    if connection.in_atomic_block:
        with transaction.atomic():
            return act()
    return _QUEUE.done(act)


def together_as_one(do: Callable[[list[_G]], None], given: _G) -> None:
    """As `together`, for acts that are the same but for what they are given and that nothing can refuse: `do`
    is called once for all of them that wait at the same moment, and where it fails it fails for each.
    """
    if connection.in_atomic_block:
        with transaction.atomic():
            do([given])
    else:
        _QUEUE.done(_Same(do, given))


class _Same(Generic[_G]):
    """One act of a kind: what to do, and with what."""

    def __init__(self, do: Callable[[list[_G]], None], given: _G) -> None:
        self.do, self.given = do, given

    def __call__(self) -> None:
        self.do([self.given])


class _Waiting(Generic[_R]):
    """One act with the thread that waits for it: woken when it is done, or when it is its turn to lead."""

    def __init__(self, act: Callable[[], _R]) -> None:
        self.act = act
        self.woken = threading.Event()
        self.over = False
        self.result: _R | None = None
        self.flaw: BaseException | None = None


_Act = tuple[Callable[[], Any], list[_Waiting[Any]]]


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
    acts = _joined(group)
    if len(acts) == 1:
        with not_now(), transaction.atomic():
            _run(*acts[0])
        return
    with not_now(), transaction.atomic():
        for act, waiting in acts:
            try:
                with transaction.atomic():
                    _run(act, waiting)
            except Exception as flaw:  # noqa: BLE001 - it is the waiting threads' to raise
                for one in waiting:
                    one.flaw = flaw
        if connection.needs_rollback:
            raise transaction.TransactionManagementError("an act took the transaction of the others with it")


def _run(act: Callable[[], Any], waiting: list[_Waiting[Any]]) -> None:
    found = act()
    for one in waiting:
        one.result = found


def _joined(group: list[_Waiting[Any]]) -> list[_Act]:
    """The acts of a group in order, those of one kind as one where the first of them stands."""
    acts: list[_Act] = []
    kinds: dict[Callable[[list[Any]], None], tuple[list[Any], list[_Waiting[Any]]]] = {}
    for one in group:
        if not isinstance(one.act, _Same):
            acts.append((one.act, [one]))
        elif one.act.do in kinds:
            given, waiting = kinds[one.act.do]
            given.append(one.act.given)
            waiting.append(one)
        else:
            given, waiting = kinds[one.act.do] = [one.act.given], [one]
            acts.append((partial(one.act.do, given), waiting))
    return acts


_QUEUE = _Queue()
