"""How late providers deliver: working days from a decision to its first arrival, against the dated terms.

The terms are rows of the table `deadline` (procedure `publish`), one for each channel. Penalties of the
simple procedure have none, and neither have annulled acts; both are left out.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, date, datetime
from functools import cache

import msgspec

from app.field.working_days import CalendarMissing, working_days_between
from server_stub.config.clock import CITY_ZONE
from server_stub.rules.selectors import deadline
from server_stub.rules.tables_file import shipped
from server_stub.statements import every

STEPS = {"platform": "decision", "samr_site": "samr_site"}  # channel -> step of the procedure `publish`
_ARRIVED = (
    "SELECT provider, channel, section, decided_on, substr(received_at, 1, 13), count(*) FROM records_record"
    " WHERE section IN ('licence', 'penalty') AND status <> 'annulled' AND \"procedure\" <> 'simple'"
    " GROUP BY 1, 2, 3, 4, 5"
)


class Lateness(msgspec.Struct, frozen=True):
    """What one provider delivered on one channel. `median` and `worst` are working days of all that could be
    counted; None where none could. `uncounted`: no day of decision, no term, or no calendar for a year.
    """

    provider: str
    channel: str
    section: str
    delivered: int
    late: int
    uncounted: int
    median: int | None
    worst: int | None


def lateness(since: date | None = None, until: date | None = None) -> list[Lateness]:
    """By provider, channel and section, of what first arrived in these days; most late acts first."""
    taken: dict[tuple[str, str, str], list[tuple[int | None, bool, int]]] = defaultdict(list)
    first, last = (since or date.min), (until or date.max)
    for provider, channel, section, decided, hour, count in every(_ARRIVED):
        received = _city_day(hour)
        if not first <= received <= last:
            continue
        day = date.fromisoformat(str(decided)) if decided else None
        days, late = _days(channel, day, received)
        taken[provider, channel, section].append((days, late, count))
    rows = [_row(*key, counted) for key, counted in taken.items()]
    return sorted(rows, key=lambda row: (-row.late, row.provider, row.channel, row.section))


def term(channel: str, on: date) -> int | None:
    """Working days that a decision of the day may take to arrive; None: the channel has no term then."""
    row = deadline("city", "publish", STEPS.get(channel, ""), on)
    return row.days if row is not None else None


def _row(provider: str, channel: str, section: str, counted: list[tuple[int | None, bool, int]]) -> Lateness:
    known = sorted((days, count) for days, _, count in counted if days is not None)
    return Lateness(
        provider,
        channel,
        section,
        sum(count for _, _, count in counted),
        sum(count for _, late, count in counted if late),
        sum(count for days, _, count in counted if days is None),
        _median(known),
        known[-1][0] if known else None,
    )


def _median(known: list[tuple[int, int]]) -> int | None:
    """The lower one of two in the middle."""
    half = (sum(count for _, count in known) + 1) // 2
    for days, count in known:
        half -= count
        if half <= 0:
            return days
    return None


def _days(channel: str, decided: date | None, received: date) -> tuple[int | None, bool]:
    """Working days, where they can be counted, and whether that is late."""
    allowed = term(channel, decided) if decided else None
    if decided is None or allowed is None:
        return None, False
    days = _between(decided, received)
    return days, days is not None and days > allowed


@cache
def _between(decided: date, received: date) -> int | None:
    try:
        return working_days_between(decided, received, shipped().calendar)
    except CalendarMissing:
        return None


def _city_day(hour: str) -> date:
    return datetime.strptime(hour, "%Y-%m-%dT%H").replace(tzinfo=UTC).astimezone(CITY_ZONE).date()
