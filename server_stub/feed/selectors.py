"""Reading the feed: what one device has to know."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, Protocol

from django.db.models import QuerySet

from server_stub.feed import cursors, sql
from server_stub.feed.models import FeedHead, Follower
from server_stub.feed.sql import Change, Holding

SCANS = 5  # pages of rows that are looked through for one page of answers


class Reader(Protocol):
    """The officer who reads."""

    user: str


class Place(Protocol):
    """The device that reads."""

    device_id: str


def epoch(feed: str = "main") -> str:
    """Names this life of the database; it changes when a backup is put back."""
    return sql.head(feed)[1]


def head(feed: str = "main") -> tuple[int, str]:
    """The newest number given, and the epoch, by one statement."""
    return sql.head(feed)


def last_seq(feed: str = "main") -> int:
    """The newest number given."""
    return sql.head(feed)[0]


def acknowledged_at(device_id: str) -> str:
    """When the device last said how far it applied the feed; empty when it never did."""
    follower = Follower.objects.filter(device_id=device_id).first()
    return follower.acked_at if follower is not None else ""


def acknowledging_since(moment: str) -> QuerySet[Follower, str]:
    """The devices that said since a moment (UTC text) how far they applied the feed."""
    return Follower.objects.filter(acked_at__gte=moment).values_list("device_id", flat=True)


def newest_cursor(feed: str = "main") -> str:
    """A cursor at the newest number: where a device without copies starts."""
    head = FeedHead.objects.get(feed=feed)
    return cursors.write(head.epoch, head.seq, feed)


def changes(cursor: str, officer: Reader, device: Place, limit: int) -> dict[str, Any]:
    """Up to `limit` changes after `cursor` that touch this device's copies or are notices to this officer.

    A change reaches a device when its copy was alive at the change. The next cursor follows the scan, so
    rows of others are not read twice.

    Raises:
        Problem: see `cursors.read`.
    """
    after = cursors.read(cursor)
    seq, life = sql.head("main")
    found: list[dict[str, Any]] = []
    place = after
    for _ in range(SCANS):
        scanned = sql.pages("main", place, seq, limit)
        holdings = _holdings(device.device_id, scanned)
        for change in scanned:
            if len(found) == limit:
                break
            place = change.seq
            held = holdings.get(change.rec_id or change.subject_key, ())
            if change.audience == officer.user or (not change.audience and _touches(change, held)):
                found.append(_shown(change))
        if len(found) == limit or len(scanned) < limit:
            break
    return {
        "changes": found,
        "next_cursor": cursors.write(life, place),
        "more": place < seq,
        "epoch": life,
    }


def _holdings(device_id: str, scanned: Iterable[Change]) -> dict[str, list[Holding]]:
    """What the device holds of the changed records and subjects, under the key of either."""
    rec_ids = {change.rec_id for change in scanned if change.rec_id}
    subjects = {change.subject_key for change in scanned if not change.rec_id}
    found: dict[str, list[Holding]] = defaultdict(list)
    for row in sql.holdings(device_id, sorted(rec_ids), sorted(subjects)):
        found[row.rec_id].append(row)
        found[row.subject_key].append(row)
    return found


def _touches(change: Change, holdings: Iterable[Holding]) -> bool:
    for held in holdings:
        alive = change.at < held.until and (not held.ended_at or change.at < held.ended_at)
        same = held.rec_id == change.rec_id if change.rec_id else held.subject_key == change.subject_key
        if alive and same and not _contained(change, held):
            return True
    return False


def _contained(change: Change, held: Holding) -> bool:
    """The copy was made after this change. The end of publicity changes no revision and is told anyway."""
    if not change.rec_id:
        return False
    return change.rev < held.rev or (change.rev == held.rev and change.op == "put")


def _shown(change: Change) -> dict[str, Any]:
    row: dict[str, Any] = {
        "feed": change.feed,
        "seq": change.seq,
        "subject_key": change.subject_key,
        "rec_id": change.rec_id,
        "rev": change.rev,
        "op": change.op,
        "reason": change.reason,
        "digest": change.digest,
        "at": change.at,
    }
    if change.body is not None:
        row["body"] = change.body
    return row
