"""What runs out: rows whose last day is near, and calendars of years that nobody has published yet."""

from __future__ import annotations

from datetime import date, timedelta

import msgspec

from server_stub.rules.periods import policy
from server_stub.rules.tables_file import Row, Tables, shipped

NOTICE = "rule_notice_days"


class Ending(msgspec.Struct, frozen=True):
    """A row, or the calendar of a year, that ends; `last` is its last day. `followed`: a row of the same
    table begins on the day after, so that somebody has thought of it.
    """

    table: str
    row: str
    last: date
    basis: str
    followed: bool = False


def rows_by_table(tables: Tables) -> dict[str, tuple[Row, ...]]:
    """Every table that consists of dated rows."""
    names = [name for name in Tables.__struct_fields__ if name not in ("calendar", "digests")]
    return {name: getattr(tables, name) for name in names}


def ending(on: date, tables: Tables | None = None) -> tuple[Ending, ...]:
    """What ends within the notice that the table `policy` gives in days, soonest first."""
    rules = tables or shipped()
    notice = policy(rules, NOTICE, on)
    if notice is None:
        return ()
    until = on + timedelta(days=notice.number)
    found = [
        Ending(table, row.id, row.effective_to, row.basis, _followed(row.effective_to, rows))
        for table, rows in rows_by_table(rules).items()
        for row in rows
        if row.effective_to is not None and row.in_force(on) and row.effective_to <= until
    ]
    years = rules.calendar.years
    if on.year in years and until.year not in years:
        found.append(Ending("calendar", str(on.year), date(on.year, 12, 31), years[on.year].basis))
    return tuple(sorted(found, key=lambda one: (one.last, one.table, one.row)))


def _followed(last: date, rows: tuple[Row, ...]) -> bool:
    return any(row.effective_from == last + timedelta(days=1) for row in rows)
