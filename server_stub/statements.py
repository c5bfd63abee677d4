"""Plain SQL for the paths that every query takes: there the object layer costs more than the database.

Statements are written once for both engines, with %s for values, and stand in `sql.py` of their room.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from django.db import connection

Row = tuple[Any, ...]


def one(sql: str, *values: Any) -> Row | None:
    """The first row, or None."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        row: Row | None = cursor.fetchone()
        return row


def every(sql: str, *values: Any) -> list[Row]:
    """All rows."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        rows: list[Row] = cursor.fetchall()
        return rows


def run(sql: str, *values: Any) -> int:
    """Do it; returns how many rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return int(cursor.rowcount)


def insert(table: str, **values: Any) -> None:
    """One row; every column that the database itself does not fill is named."""
    run(_insert(table, tuple(values)), *values.values())


def insert_many(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Rows whose values stand in the order of the columns."""
    with connection.cursor() as cursor:
        cursor.executemany(_insert(table, tuple(columns)), list(rows))


@cache
def _insert(table: str, columns: tuple[str, ...]) -> str:
    names = ", ".join(f'"{name}"' for name in columns)
    marks = ", ".join("%s" for _ in columns)
    return f'INSERT INTO "{table}" ({names}) VALUES ({marks})'  # noqa: S608 - names of our own columns


def locking() -> str:
    """What a SELECT ends with to lock its rows; on SQLite the transaction has the only write lock already."""
    return " FOR UPDATE" if connection.features.has_select_for_update else ""
