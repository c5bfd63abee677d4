"""The feed's statements on the path of every query."""

from __future__ import annotations

from collections.abc import Iterable

from server_stub import statements

_HEAD = "SELECT seq, epoch FROM feed_feedhead WHERE feed = %s"
_HOLDING = ("device_id", "query_no", "lease_id", "subject_key", "rec_id", "rev", "until", "ended_at")


def head(feed: str) -> tuple[int, str]:
    """The newest number given, and the epoch.

    Raises:
        LookupError: when there is no such feed.
    """
    row = statements.one(_HEAD, feed)
    if row is None:
        raise LookupError(f"no feed {feed}")
    return int(row[0]), str(row[1])


def hold(
    device_id: str,
    query_no: str,
    lease_id: str,
    subject_key: str,
    records: Iterable[tuple[str, int]],
    until: str,
) -> None:
    """One row a record that a device may keep."""
    rows = [(device_id, query_no, lease_id, subject_key, rec_id, rev, until, "") for rec_id, rev in records]
    statements.insert_many("feed_holding", _HOLDING, rows)
