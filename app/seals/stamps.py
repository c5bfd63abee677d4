"""The time stamp on a seal: demanded from a pinned moment on, and always a good one."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, NamedTuple

from app.seals.verdicts import Claims, SealTrust, Test


class Stamp(NamedTuple):
    """A time stamp's own word: when it was given, and the certificates that came with it."""

    given_at: datetime
    certificates: list[Any]


def judge_stamp(status: Any, claims: Claims, trust: SealTrust) -> Test:
    """What a report of its day has to have. A seal of before bears no stamp and says when it was issued; that
    word is sealed, and who lies about it makes a report whose validity is over.
    """
    stamp = status.timestamp_validity
    if stamp is None:
        early = not trust.stamped_from or "" < claims.issued_at < trust.stamped_from
        return ("time_stamp", early, "absent" if early else "missing", "time_stamp_missing")
    if not trust.stamp_issuer_pem:
        return ("time_stamp", bool(stamp.valid and stamp.intact), "unjudged", "time_stamp_invalid")
    good = bool(stamp.valid and stamp.intact and stamp.trusted)
    return ("time_stamp", good, wire_time(stamp.timestamp), "time_stamp_invalid")


def wire_time(moment: datetime | None) -> str:
    """UTC text with whole seconds; empty for none."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z") if moment else ""
