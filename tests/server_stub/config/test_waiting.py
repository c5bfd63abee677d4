"""Waiting for SQLite's write lock: soon after it is free, and no longer than the patience.

The lock and the waiter are real; only the clock is played. It moves when the waiter sleeps, so that what is
judged is when he looks, whatever else the machine does meanwhile.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.db.utils import OperationalError

from server_stub.config.sqlite import base
from server_stub.config.sqlite.base import LONGEST_S, DatabaseWrapper

HOLD, GAP = 0.050, 0.012  # seconds of the played clock


class Watch:
    """A clock that moves with each sleep. `holder` has the lock but for a gap after each HOLD; without a
    `gap` he never lets go."""

    def __init__(self, holder: sqlite3.Connection, gap: float = GAP) -> None:
        self.holder, self.gap, self.now = holder, gap, 0.0
        self.slept: list[float] = []
        self._move()

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds
        self._move()

    def _move(self) -> None:
        held = not self.gap or self.now % (HOLD + self.gap) < HOLD
        if held != self.holder.in_transaction:
            self.holder.execute("BEGIN IMMEDIATE" if held else "ROLLBACK")


def settings(path: Path, timeout: float) -> dict[str, object]:
    options = {"transaction_mode": "IMMEDIATE", "timeout": timeout}
    given = {"NAME": str(path), "OPTIONS": options, "TIME_ZONE": None, "CONN_HEALTH_CHECKS": False}
    return {**given, "AUTOCOMMIT": True, "CONN_MAX_AGE": None, "ATOMIC_REQUESTS": False, "TEST": {}}


@pytest.fixture(autouse=True)
def databases_of_its_own(django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock():
        yield


@pytest.fixture
def path(tmp_path: Path) -> Path:
    with closing(sqlite3.connect(tmp_path / "x.sqlite3")) as there:
        there.execute("PRAGMA journal_mode = WAL")
        there.execute("CREATE TABLE t (x)")
    return tmp_path / "x.sqlite3"


@pytest.fixture
def holder(path: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(path, isolation_level=None)) as there:
        yield there


def waited(path: Path, watch: Watch, monkeypatch: pytest.MonkeyPatch, patience: float = 20.0) -> float:
    """Seconds of the watch until a transaction has begun.

    Raises:
        OperationalError: when the patience was at its end; the connection goes on then.
    """
    monkeypatch.setattr(base, "time", watch)
    wrapper = DatabaseWrapper(settings(path, patience), "ours")
    wrapper.connect()
    try:
        wrapper._start_transaction_under_autocommit()
        wrapper.connection.execute("ROLLBACK")
    finally:
        given = wrapper.connection.execute("PRAGMA busy_timeout").fetchone()
        wrapper.connection.close()
    assert given == (int(patience * 1000),)
    return watch.now


def test_one_gap_is_enough(path: Path, holder: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    watch = Watch(holder)
    assert HOLD <= waited(path, watch, monkeypatch) < HOLD + GAP
    assert max(watch.slept) <= LONGEST_S < GAP
    assert len(watch.slept) < 20  # looks, and is not busy with looking


def test_control_who_sleeps_longer_each_time_misses_gaps(
    path: Path, holder: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(base, "LONGEST_S", 0.1)  # as SQLite's own waiter
    assert waited(path, Watch(holder), monkeypatch) > 2 * (HOLD + GAP)


def test_patience_has_an_end_and_the_connection_goes_on(
    path: Path, holder: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch = Watch(holder, gap=0.0)
    with pytest.raises(OperationalError, match="locked"):
        waited(path, watch, monkeypatch, patience=0.2)
    assert 0.2 < watch.now <= 0.2 + 2 * LONGEST_S
    holder.execute("ROLLBACK")
    watch.gap, watch.now = HOLD, HOLD + 0.001  # nobody holds it now
    assert waited(path, watch, monkeypatch, patience=0.2) == HOLD + 0.001


def test_another_fault_is_not_waited_for(
    path: Path, holder: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch = Watch(holder)
    holder.execute("ROLLBACK")
    monkeypatch.setattr(base, "time", watch)
    wrapper = DatabaseWrapper(settings(path, 20.0), "ours")
    wrapper.connect()
    wrapper._start_transaction_under_autocommit()
    with pytest.raises(OperationalError, match="within a transaction"):
        wrapper._start_transaction_under_autocommit()
    assert watch.slept == []
    wrapper.connection.execute("ROLLBACK")
    wrapper.connection.close()
