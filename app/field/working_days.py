"""Legal time: working days by the published calendar, and months that clamp to the month's end.

A day in a year whose calendar is not loaded is unknown: `CalendarMissing`, never a guess by weekday.
"""

from __future__ import annotations

import calendar as gregorian
import tomllib
from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache

import msgspec


class CalendarMissing(LookupError):  # noqa: N818 - a state of the tables, said in the field's words
    """The calendar of `year` has not been published or loaded."""

    def __init__(self, year: int) -> None:
        super().__init__(f"no working-day calendar for {year}")
        self.year = year


class Year(msgspec.Struct, frozen=True):
    """One published year: days off beside ordinary weekends, and weekend days that are worked."""

    basis: str
    off: frozenset[date]
    worked: frozenset[date]


class Calendar(msgspec.Struct, frozen=True):
    """The loaded years."""

    years: dict[int, Year]

    def works(self, day: date) -> bool:
        """Whether `day` is a working day.

        Raises:
            CalendarMissing: when the day's year is not loaded.
        """
        year = self.years.get(day.year)
        if year is None:
            raise CalendarMissing(day.year)
        if day in year.worked:
            return True
        return day.weekday() < 5 and day not in year.off


def read_calendar(text: str) -> Calendar:
    """The calendar from its TOML table: per year `basis`, `off` (days or first/last) and `worked`.

    Raises:
        ValueError: when the text is not such a table.
    """
    years: dict[int, Year] = {}
    for name, row in tomllib.loads(text).items():
        number = int(name)
        off = frozenset(day for span in row["off"] for day in _days(span))
        worked = frozenset(date.fromisoformat(day) for day in row["worked"])
        if any(day.year != number for day in off | worked):
            raise ValueError(f"calendar {name} holds a day of another year")
        years[number] = Year(row["basis"], off, worked)
    return Calendar(years)


def add_working_days(start: date, days: int, calendar: Calendar) -> date:
    """The last day of a term of `days` working days; counting begins on the day after `start`.

    Raises:
        CalendarMissing: when the term runs into a year that is not loaded.
        ValueError: for a negative number of days.
    """
    if days < 0:
        raise ValueError("a term has no negative length")
    day = start
    while days:
        day += timedelta(days=1)
        days -= calendar.works(day)
    return day


def working_days_between(start: date, end: date, calendar: Calendar) -> int:
    """Working days after `start` up to and including `end`; 0 when `end` is not after `start`.

    Raises:
        CalendarMissing: when one of the days is in a year that is not loaded.
    """
    span = (end - start).days
    return sum(calendar.works(start + timedelta(days=step)) for step in range(1, span + 1))


@lru_cache(maxsize=16_384)
def add_months(start: date, months: int) -> date:
    """`months` later (or earlier), clamped to the end of the month: 2025-11-30 + 3 = 2026-02-28."""
    index = start.year * 12 + start.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(start.day, gregorian.monthrange(year, month + 1)[1]))


def add_years(start: date, years: int) -> date:
    """`years` later, 29 February clamped to the 28th."""
    return add_months(start, 12 * years)


def _days(span: str) -> Iterator[date]:
    first, _, last = span.partition("/")
    day, end = date.fromisoformat(first), date.fromisoformat(last or first)
    while day <= end:
        yield day
        day += timedelta(days=1)
