"""One-time codes after RFC 6238: SHA-1, 6 digits, 30 seconds, one step of slack on both sides."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime

STEP_S = 30
SLACK = 1


def code_at(secret: bytes, step: int) -> str:
    """The six digits of one step."""
    mark = hmac.new(secret, step.to_bytes(8, "big"), hashlib.sha1).digest()
    start = mark[-1] & 0x0F
    number = int.from_bytes(mark[start : start + 4], "big") & 0x7FFFFFFF
    return f"{number % 1_000_000:06d}"


def step_of(at: datetime) -> int:
    """The step a moment lies in."""
    return int(at.timestamp()) // STEP_S


def matching_step(secret: bytes, code: str, at: datetime, last_step: int) -> int | None:
    """The newest step near `at`, later than `last_step`, whose code this is."""
    middle = step_of(at)
    found = None
    for step in range(middle - SLACK, middle + SLACK + 1):
        same = hmac.compare_digest(code_at(secret, step).encode(), code.encode())
        if same and step > last_step:
            found = step
    return found
