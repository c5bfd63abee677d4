"""The city's clock: all over the country one time, eight hours before UTC, without summer time."""

from __future__ import annotations

from datetime import timedelta, timezone

AHEAD = timedelta(hours=8)
BEIJING = timezone(AHEAD)
