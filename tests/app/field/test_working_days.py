"""Terms: the worked cases of the handbook, and a refusal where no calendar is published."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.field.working_days import (
    Calendar,
    CalendarMissing,
    add_months,
    add_working_days,
    add_years,
    read_calendar,
    working_days_between,
)

VECTORS = Path(__file__).parents[2] / "vectors" / "working_days.csv"
TABLE = Path(__file__).parents[3] / "resources" / "tables" / "calendar.toml"


@pytest.fixture(scope="module")
def shipped() -> Calendar:
    return read_calendar(TABLE.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("case", "start", "days", "end"),
    [
        (16, "2026-09-28", 7, "2026-10-13"),
        (28, "2026-04-30", 3, "2026-05-08"),
        (28, "2026-04-30", 10, "2026-05-18"),
        (29, "2026-02-13", 3, "2026-02-25"),
        (30, "2026-09-18", 3, "2026-09-22"),
        (31, "2026-09-24", 7, "2026-10-12"),
        (32, "2026-12-21", 7, "2026-12-30"),
    ],
)
def test_worked_cases(shipped: Calendar, case: int, start: str, days: int, end: str) -> None:
    assert add_working_days(date.fromisoformat(start), days, shipped) == date.fromisoformat(end), case


def test_a_year_without_calendar_gives_no_date(shipped: Calendar) -> None:
    with pytest.raises(CalendarMissing) as missing:
        add_working_days(date(2026, 12, 28), 7, shipped)
    assert missing.value.year == 2027


def test_2026_has_248_working_days_and_only_published_ones(shipped: Calendar) -> None:
    assert working_days_between(date(2025, 12, 31), date(2026, 12, 31), shipped) == 248
    assert shipped.years[2026].basis
    assert all(day.weekday() >= 5 for year in shipped.years.values() for day in year.worked)


def others() -> dict[date, bool]:
    """Days that another source has as different from their weekday, and whether they are worked."""
    with VECTORS.open(encoding="utf-8", newline="") as lines:
        return {date.fromisoformat(row["day"]): row["works"] == "1" for row in csv.DictReader(lines)}


def differing(calendar: Calendar, odd: dict[date, bool]) -> list[date]:
    """Days on which the calendar and the other source do not agree, of all years the calendar has."""
    days = [date(year, 1, 1) + timedelta(days=n) for year in calendar.years for n in range(365)]
    return [day for day in days if calendar.works(day) != odd.get(day, day.weekday() < 5)]


def test_another_source_has_the_same_days(shipped: Calendar) -> None:
    assert set(shipped.years) == {day.year for day in others()}
    assert differing(shipped, others()) == []


def test_control_one_wrong_day_is_seen(shipped: Calendar) -> None:
    day = date(2026, 10, 10)
    assert differing(shipped, {**others(), day: False}) == [day]


def test_a_day_in_the_wrong_year_is_refused() -> None:
    with pytest.raises(ValueError, match="another year"):
        read_calendar('[2026]\nbasis = "x"\noff = ["2025-12-31"]\nworked = []\n')


def test_months_clamp() -> None:
    assert add_months(date(2025, 11, 30), 3) == date(2026, 2, 28)
    assert add_months(date(2026, 3, 31), -1) == date(2026, 2, 28)
    assert add_months(date(2025, 12, 15), 1) == date(2026, 1, 15)
    assert add_years(date(2024, 2, 29), 1) == date(2025, 2, 28)


@given(st.dates(date(2025, 1, 1), date(2026, 6, 30)), st.integers(1, 60))
def test_the_end_is_a_working_day_and_counts_back(start: date, days: int) -> None:
    shipped = read_calendar(TABLE.read_text(encoding="utf-8"))
    end = add_working_days(start, days, shipped)
    assert shipped.works(end)
    assert working_days_between(start, end, shipped) == days
    assert working_days_between(start, end - timedelta(days=1), shipped) == days - 1
