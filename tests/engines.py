"""Which database the tests run on: SQLite, or with DATABASE_URL the cluster of `tests.own_postgres`."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

import psycopg

from tests.own_postgres import database_of

URL = "DATABASE_URL"


class Rows(Protocol):
    """A result of either engine."""

    rowcount: int

    def fetchone(self) -> tuple[Any, ...] | None: ...


class Opened(Protocol):
    """A connection of either engine, for statements that both understand."""

    def execute(self, statement: Any) -> Rows: ...

    def commit(self) -> None: ...


def on_postgres() -> bool:
    """Whether this run is the one on PostgreSQL."""
    return bool(os.environ.get(URL))


def environment(home: Path) -> dict[str, str]:
    """What a server process of this home gets: on PostgreSQL each home has a database of its own."""
    found = dict(os.environ)
    if on_postgres():
        found[URL] = database_of(os.environ[URL], home)
    return found


@contextlib.contextmanager
def opened(home: Path) -> Iterator[Opened]:
    """The database of a home beside its server; closed without a commit of its own."""
    if on_postgres():
        with contextlib.closing(psycopg.connect(environment(home)[URL])) as there:
            yield there
    else:
        with contextlib.closing(sqlite3.connect(home / "server.sqlite3", timeout=20)) as here:
            yield here  # type: ignore[misc]
