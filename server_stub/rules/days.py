"""The rows of a dated table that stand on a day, and the first of them that fits.

Tables do not change in their life (a changed table is a new object), and which of their rows stand changes
only on the days that rows name themselves. So what was found once is kept, for a table and a day.
"""

from __future__ import annotations

from bisect import bisect_right
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from server_stub.rules.tables_file import Tables

_KEPT = 16_384


def rows_on(rules: Tables, table: str, on: date) -> tuple[Any, ...]:
    """The rows of a table in force on `on`, in the table's order."""
    turns, rows = _stretches(rules, table)
    return rows[bisect_right(turns, on)]


def rows_of(rules: Tables, table: str, at: int) -> tuple[Any, ...]:
    """The rows of the stretch of that number."""
    return _stretches(rules, table)[1][at]


@lru_cache(maxsize=_KEPT)
def first(rules: Tables, table: str, on: date, **wanted: str) -> Any:
    """First row in force on `on` whose named tuple fields are empty or hold the wanted value, or None."""
    for row in rows_on(rules, table, on):
        if all(not getattr(row, name) or value in getattr(row, name) for name, value in wanted.items()):
            return row
    return None


@lru_cache(maxsize=_KEPT)
def named(rules: Tables, table: str, on: date, name: str) -> Any:
    """The row of that id in force on `on`, or None."""
    return next((row for row in rows_on(rules, table, on) if row.id == name), None)


def stretch(rules: Tables, table: str, on: date) -> int:
    """The number of the stretch of days around `on` in which the same rows of a table stand."""
    return bisect_right(_stretches(rules, table)[0], on)


@lru_cache(maxsize=256)
def _stretches(rules: Tables, table: str) -> tuple[list[date], list[tuple[Any, ...]]]:
    """The days on which other rows stand than the day before; the rows of each stretch, one stretch more."""
    every = getattr(rules, table)
    turns = {row.effective_from for row in every}
    turns |= {row.effective_to + timedelta(days=1) for row in every if _ends(row.effective_to)}
    ordered = sorted(turns)
    days = [date.min, *ordered]
    return ordered, [tuple(row for row in every if row.in_force(day)) for day in days]


def _ends(last: date | None) -> bool:
    return last is not None and last < date.max
