"""Plain SQL for the paths that every query takes: there the object layer costs more than the database.

Statements are written once for both engines, with %s for values, and stand in `sql.py` of their room. On
SQLite they go to the driver itself, which keeps them prepared; what Django does around a statement (its
errors, its check for a broken transaction) is done all the same, and whoever listens gets them by the long
way.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any, TypeVar

import msgspec
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model
from django.db.models.base import ModelState

Row = tuple[Any, ...]
_M = TypeVar("_M", bound=Model)


def one(sql: str, *values: Any) -> Row | None:
    """The first row, or None."""
    base = _own()
    driver = _driver(base)
    if driver is not None:
        try:
            found: Row | None = driver.execute(_marked(sql), values).fetchone()
        except sqlite3.Error:
            with base.wrap_database_errors:
                raise
        return found
    with base.cursor() as cursor:
        cursor.execute(sql, values)
        row: Row | None = cursor.fetchone()
        return row


def every(sql: str, *values: Any) -> list[Row]:
    """All rows."""
    base = _own()
    driver = _driver(base)
    if driver is not None:
        try:
            found: list[Row] = driver.execute(_marked(sql), values).fetchall()
        except sqlite3.Error:
            with base.wrap_database_errors:
                raise
        return found
    with base.cursor() as cursor:
        cursor.execute(sql, values)
        rows: list[Row] = cursor.fetchall()
        return rows


def run(sql: str, *values: Any) -> int:
    """Do it; returns how many rows it touched."""
    base = _own()
    driver = _driver(base)
    if driver is not None:
        try:
            return int(driver.execute(_marked(sql), values).rowcount)
        except sqlite3.Error:
            with base.wrap_database_errors:
                raise
    with base.cursor() as cursor:
        cursor.execute(sql, values)
        return int(cursor.rowcount)


def insert(table: str, **values: Any) -> None:
    """One row; every column that the database itself does not fill is named."""
    run(_insert(table, tuple(values)), *values.values())


def insert_many(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Rows whose values stand in the order of the columns."""
    base = _own()
    sql = _insert(table, tuple(columns))
    driver = _driver(base)
    if driver is not None:
        with base.wrap_database_errors:
            driver.executemany(_marked(sql), rows)
        return
    with base.cursor() as cursor:
        cursor.executemany(sql, list(rows))


def made(kind: type[_M], values: dict[str, Any]) -> _M:
    """The object of a stored row from its values by column, which it keeps as its own; other columns are read
    when somebody asks for them.
    """
    state = ModelState()
    state.adding, state.db = False, DEFAULT_DB_ALIAS
    values["_state"] = state
    one = kind.__new__(kind)
    one.__dict__ = values
    return one


def moment(at: datetime) -> Any:
    """A moment as the engine compares it with a column of moments."""
    base = _own()
    if base.vendor == "sqlite" and at.tzinfo is UTC:
        return str(at.replace(tzinfo=None))  # as Django's own, which looks into the settings for the zone
    return base.ops.adapt_datetimefield_value(at)


def locking() -> str:
    """What a SELECT ends with to lock its rows; on SQLite the transaction has the only write lock already."""
    return " FOR UPDATE" if _own().features.has_select_for_update else ""


def among() -> str:
    """What stands behind a column to find it in a list of any length, given as one value by `listed`."""
    return "= ANY(%s)" if _postgresql() else "IN (SELECT value FROM json_each(%s))"


def listed(values: Iterable[str]) -> Any:
    """The list of `among` as the engine takes it."""
    return list(values) if _postgresql() else msgspec.json.encode(list(values)).decode()


def tend() -> None:
    """Look after this thread's connection when a request is over, as Django does after its own: one that
    broke, is too old or was left within a transaction is closed, and the next request opens another.
    """
    _own().close_if_unusable_or_obsolete()


def vendor() -> str:
    """The engine of this thread's connection: sqlite or postgresql."""
    return _own().vendor


def _postgresql() -> bool:
    return vendor() == "postgresql"


_OF_THREAD = threading.local()


def _own() -> BaseDatabaseWrapper:
    """This thread's connection. Django looks through a context for it each time, forty times a query; a
    thread keeps the same one for its life, open or closed."""
    try:
        held: BaseDatabaseWrapper = _OF_THREAD.base
    except AttributeError:
        held = _OF_THREAD.base = connections[DEFAULT_DB_ALIAS]
    return held


def _driver(base: BaseDatabaseWrapper) -> Any:
    """SQLite's own connection, or None where a statement has to go through Django: on another engine, while
    somebody counts or wraps statements.

    Raises:
        TransactionManagementError: when the transaction broke before.
    """
    if base.vendor != "sqlite" or base.execute_wrappers or base.force_debug_cursor:
        return None
    if base.connection is None:
        base.ensure_connection()
    if base.needs_rollback:
        base.validate_no_broken_transaction()
    return base.connection


@cache
def _marked(sql: str) -> str:
    """The statement with SQLite's marks; a literal percent sign is doubled, as Django has it."""
    return sql.replace("%%", "\0").replace("%s", "?").replace("\0", "%")


@cache
def _insert(table: str, columns: tuple[str, ...]) -> str:
    names = ", ".join(f'"{name}"' for name in columns)
    marks = ", ".join("%s" for _ in columns)
    return f'INSERT INTO "{table}" ({names}) VALUES ({marks})'  # noqa: S608 - names of our own columns
