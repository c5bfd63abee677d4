"""Waiting for SQLite's write lock: soon after it is free, and no longer than the patience."""

from __future__ import annotations

import sqlite3
import statistics
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.db.backends.sqlite3 import base as plain
from django.db.utils import OperationalError

from server_stub.config.sqlite.base import DatabaseWrapper

HOLD, GAP = 0.06, 0.012  # seconds


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
def busy(path: Path) -> Iterator[None]:
    """Somebody who holds the lock most of the time, with short gaps."""
    over = threading.Event()

    def hold() -> None:
        with closing(sqlite3.connect(path, timeout=20, isolation_level=None)) as there:
            while not over.is_set():
                there.execute("BEGIN IMMEDIATE")
                time.sleep(HOLD)
                there.execute("ROLLBACK")
                time.sleep(GAP)

    thread = threading.Thread(target=hold)
    thread.start()
    yield
    over.set()
    thread.join()


def waits(wrapper: plain.DatabaseWrapper, count: int = 12) -> list[float]:
    wrapper.connect()
    taken = []
    for _ in range(count):
        began = time.perf_counter()
        wrapper._start_transaction_under_autocommit()
        taken.append(time.perf_counter() - began)
        wrapper.connection.execute("ROLLBACK")
        time.sleep(0.005)
    wrapper.connection.close()
    return taken


def test_one_gap_is_enough(path: Path, busy: None) -> None:
    ours = waits(DatabaseWrapper(settings(path, 20.0), "ours"))
    theirs = waits(plain.DatabaseWrapper(settings(path, 20.0), "plain"))
    assert statistics.mean(ours) < 2 * (HOLD + GAP)
    assert statistics.mean(ours) < statistics.mean(theirs)  # control: the plain waiter misses gaps


def test_patience_has_an_end_and_the_connection_goes_on(path: Path) -> None:
    wrapper = DatabaseWrapper(settings(path, 0.2), "ours")
    wrapper.connect()
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        began = time.monotonic()
        with pytest.raises(OperationalError, match="locked"):
            wrapper._start_transaction_under_autocommit()
        assert 0.2 <= time.monotonic() - began < 2
        other.execute("ROLLBACK")
    wrapper._start_transaction_under_autocommit()
    assert wrapper.connection.execute("PRAGMA busy_timeout").fetchone() == (200,)
    wrapper.connection.execute("ROLLBACK")
    wrapper.connection.close()


def test_another_fault_is_not_waited_for(path: Path) -> None:
    wrapper = DatabaseWrapper(settings(path, 20.0), "ours")
    wrapper.connect()
    wrapper._start_transaction_under_autocommit()
    began = time.monotonic()
    with pytest.raises(OperationalError, match="within a transaction"):
        wrapper._start_transaction_under_autocommit()
    assert time.monotonic() - began < 2
    wrapper.connection.execute("ROLLBACK")
    wrapper.connection.close()
