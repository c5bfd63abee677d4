"""The server's only source of the present moment; tests put their own clock here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

CITY_ZONE = ZoneInfo("Asia/Shanghai")


def _system() -> datetime:
    return datetime.now(UTC)


_source: list[Callable[[], datetime]] = [_system]


def now() -> datetime:
    """The present moment, aware, UTC."""
    return _source[0]()


def today() -> date:
    """The calendar day in the city."""
    return now().astimezone(CITY_ZONE).date()


def city_day(moment: str) -> date:
    """The calendar day in the city on which a moment of the wire fell: days of the law are counted there."""
    return datetime.fromisoformat(moment).astimezone(CITY_ZONE).date()


def stamp(at: datetime | None = None) -> str:
    """UTC text of the wire: YYYY-MM-DDTHH:MM:SS.mmmZ."""
    moment = (at or now()).astimezone(UTC)
    return f"{moment.isoformat(timespec='milliseconds')[:23]}Z"


@contextmanager
def clock(source: Callable[[], datetime]) -> Iterator[None]:
    """Let `source` tell the time inside the block."""
    before = _source[0]
    _source[0] = source
    try:
        yield
    finally:
        _source[0] = before
