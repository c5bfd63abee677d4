"""Clocks: the wall, the time since boot, and the text form of times on the wire."""

from __future__ import annotations

import time
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
_FALLBACK_BOOT_ID = str(uuid.uuid4())


class Clock(Protocol):
    """What services may ask about time; tests inject their own."""

    def now(self) -> datetime:
        """The wall clock, aware, in UTC. It may be wrong or jump."""

    def monotonic_ms(self) -> int:
        """Milliseconds since boot, sleep included where the system counts it; never goes back in one boot."""

    def boot_id(self) -> str:
        """Names the boot that `monotonic_ms` counts from."""


class SystemClock:
    """The machine's clocks. Without a boot id of the system each process counts as a boot of its own."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic_ms(self) -> int:
        boottime = getattr(time, "CLOCK_BOOTTIME", None)
        if boottime is None:
            return time.monotonic_ns() // 1_000_000
        return time.clock_gettime_ns(boottime) // 1_000_000

    def boot_id(self) -> str:
        try:
            return _BOOT_ID.read_text("ascii").strip()
        except OSError:
            return _FALLBACK_BOOT_ID


def utc_text(moment: datetime) -> str:
    """YYYY-MM-DDTHH:MM:SS.mmmZ, the form of every time on the wire.

    Raises:
        ValueError: when the moment has no time zone.
    """
    if moment.tzinfo is None:
        raise ValueError("a time without zone has no place on the wire")
    moment = moment.astimezone(UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}Z"


def read_utc(text: str) -> datetime:
    """The aware UTC moment of a wire time.

    Raises:
        ValueError: when the text is not of the form above (fractions of a second may be missing).
    """
    if not text.endswith("Z"):
        raise ValueError("not a UTC time")
    return datetime.fromisoformat(text[:-1]).replace(tzinfo=UTC)


def epoch_ms(moment: datetime) -> int:
    """Milliseconds since 1970 of an aware moment."""
    return round(moment.timestamp() * 1000)


def from_epoch_ms(milliseconds: int) -> datetime:
    """The aware UTC moment of `epoch_ms`."""
    return datetime.fromtimestamp(milliseconds / 1000, UTC)
