"""The feed's statements on the path of every query."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from server_stub import statements

_HEAD = "SELECT seq, epoch FROM feed_feedhead WHERE feed = %s"
_HOLDING = ("device_id", "query_no", "lease_id", "subject_key", "rec_id", "rev", "until", "ended_at")
_NUMBER = (
    "UPDATE feed_change SET seq = %s + waiting.place FROM"
    " (SELECT id, row_number() OVER (ORDER BY id) AS place FROM feed_change"
    " WHERE feed = %s AND seq IS NULL ORDER BY id LIMIT %s) AS waiting WHERE feed_change.id = waiting.id"
)
_PAGE = (
    "SELECT feed, seq, subject_key, rec_id, rev, op, reason, digest, at, body, audience FROM feed_change"
    " WHERE feed = %s AND seq > %s AND seq <= %s ORDER BY seq LIMIT %s"
)
_HELD = (
    "SELECT id, subject_key, rec_id, rev, until, ended_at FROM feed_holding"
    " WHERE device_id = %s AND {column} IN ({marks})"
)


class Change(msgspec.Struct, frozen=True):
    """A numbered change as its row has it."""

    feed: str
    seq: int
    subject_key: str
    rec_id: str
    rev: int
    op: str
    reason: str
    digest: str
    at: str
    body: dict[str, Any] | None
    audience: str


class Holding(msgspec.Struct, frozen=True):
    """What a device may keep of a record, or of a subject of whom it was told nothing."""

    subject_key: str
    rec_id: str
    rev: int
    until: str
    ended_at: str


def head(feed: str) -> tuple[int, str]:
    """The newest number given, and the epoch.

    Raises:
        LookupError: when there is no such feed.
    """
    row = statements.one(_HEAD, feed)
    if row is None:
        raise LookupError(f"no feed {feed}")
    return int(row[0]), str(row[1])


def number(feed: str, last: int, most: int) -> int:
    """Number the first committed rows that have no number, after `last`; returns how many. Call under the
    head's lock: the statement is short, for everybody who writes waits for it.
    """
    return statements.run(_NUMBER, last, feed, most)


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


def pages(feed: str, after: int, until: int, limit: int) -> list[Change]:
    """Changes with a number after `after`, up to `until`, in order."""
    return [_change(row) for row in statements.every(_PAGE, feed, after, until, limit)]


def holdings(device_id: str, rec_ids: Sequence[str], subject_keys: Sequence[str]) -> list[Holding]:
    """What a device holds or held of these records or subjects."""
    found: dict[int, Holding] = {}
    for column, wanted in (("rec_id", rec_ids), ("subject_key", subject_keys)):
        if wanted:
            marks = ", ".join("%s" for _ in wanted)
            rows = statements.every(_HELD.format(column=column, marks=marks), device_id, *wanted)
            found |= {row[0]: Holding(*row[1:]) for row in rows}
    return [found[key] for key in sorted(found)]


def _change(row: Sequence[Any]) -> Change:
    feed, seq, subject_key, rec_id, rev, op, reason, digest, at, body, audience = row
    told = json.loads(body) if isinstance(body, str) else body
    return Change(feed, seq, subject_key, rec_id, rev, op, reason, digest, at, told, audience)
