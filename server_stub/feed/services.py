"""Writing the feed: announce a change, number what is committed, note who holds what."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta
from itertools import takewhile
from typing import Any

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from app.field.canonical import canonical_sha256
from server_stub.config.clock import now, stamp
from server_stub.feed import sql
from server_stub.feed.models import Change, FeedHead, Follower, Holding
from server_stub.pouring import pour_models, row_of

AT_ONCE = 1000
NUMBERED = 500  # changes of one transaction, for which everybody who writes waits


def announce(
    subject_key: str,
    rec_id: str = "",
    rev: int = 0,
    op: str = "put",
    reason: str = "",
    body: dict[str, Any] | None = None,
    audience: str = "",
) -> None:
    """Write one change in the transaction of its cause. With `audience` it is for that user alone.

    Raises:
        TransactionManagementError: outside a transaction.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("a change belongs into the transaction of its cause")
    facts = {
        "subject_key": subject_key,
        "rec_id": rec_id,
        "rev": rev,
        "op": op,
        "reason": reason,
        "body": body,
    }
    Change(**facts, digest=canonical_sha256(facts), at=stamp(), audience=audience).save()


def drafted(changes: Iterable[tuple[str, str, int]]) -> list[tuple[Any, ...]]:
    """Rows of a `put` for each (subject, record, revision), made before a lock is taken."""
    now, rows = stamp(), []
    for subject_key, rec_id, rev in changes:
        facts = {
            "subject_key": subject_key, "rec_id": rec_id, "rev": rev, "op": "put", "reason": "", "body": None,
        }  # fmt: skip
        rows.append(row_of(Change(**facts, digest=canonical_sha256(facts), at=now)))
    return rows


def announce_many(rows: Iterable[tuple[Any, ...]]) -> None:
    """Write changes that were drafted in the transaction of their cause.

    Raises:
        TransactionManagementError: outside a transaction.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("a change belongs into the transaction of its cause")
    pour_models(Change, rows)


def number(feed: str = "main") -> int:
    """Number committed rows that have no number yet; returns how many. Skips when another one is at it."""
    done = 0
    while True:
        with transaction.atomic():
            skip = connection.features.has_select_for_update_skip_locked
            head = FeedHead.objects.select_for_update(skip_locked=skip).filter(feed=feed).first()
            if head is None:
                return done
            numbered = sql.number(feed, head.seq, NUMBERED)
            head.seq += numbered
            head.save(update_fields=["seq"])
        done += numbered
        if numbered < NUMBERED:
            return done


def waiting(feed: str = "main") -> bool:
    """Whether committed rows have no number yet."""
    return Change.objects.filter(feed=feed, seq__isnull=True).exists()


def hold(
    device_id: str,
    query_no: str,
    lease_id: str,
    subject_key: str,
    records: Iterable[tuple[str, int]],
    until: str,
) -> None:
    """Note that a device may keep this answer until `until`: changes to it reach the device."""
    sql.hold(device_id, query_no, lease_id, subject_key, [*records] or [("", 0)], until)


def release(device_id: str, query_no: str) -> int:
    """The device gave up its copy; returns how many rows that closed."""
    return Holding.objects.filter(device_id=device_id, query_no=query_no, ended_at="").update(
        ended_at=stamp()
    )


def end_leases(device_ids: Iterable[str], user: str) -> int:
    """Every lease of these devices ends now, and the next pull of their user says so; returns how many.

    Call inside the transaction of the cause.
    """
    return _end(Holding.objects.filter(device_id__in=list(device_ids)), user)


def end_copies(query_nos: Iterable[str], user: str, reason: str) -> int:
    """Every copy of these answers ends now, and the next pull of the user who asked says so, and why; returns
    how many.

    Call inside the transaction of the cause.
    """
    return _end(Holding.objects.filter(query_no__in=list(query_nos)), user, reason)


def _end(held: QuerySet[Holding], user: str, reason: str = "") -> int:
    alive = held.filter(ended_at="", until__gt=stamp())
    leases = sorted(set(alive.values_list("lease_id", flat=True)))
    for lease_id in leases:
        announce("", op="lease_end", reason=reason, body={"lease_id": lease_id}, audience=user)
    alive.update(ended_at=stamp())
    return len(leases)


def begin_epoch(epoch: str, feed: str = "main") -> None:
    """The database begins another life: cursors of the one before are of another history."""
    FeedHead.objects.filter(feed=feed).update(epoch=epoch)


def acknowledge(device_id: str, seq: int) -> None:
    """The device applied the feed up to `seq`; an older word never takes back a newer one. To say the same
    again counts as a word of today: nothing has changed, and the device knows it."""
    follower, _ = Follower.objects.get_or_create(device_id=device_id, defaults={"acked_at": stamp()})
    if seq >= follower.acked_seq:
        follower.acked_seq, follower.acked_at = seq, stamp()
        follower.save()


def forget_holdings(before: str, stopped: Callable[[], bool]) -> int:
    """Delete the notes of copies that were over, or given back, before a moment (UTC text); how many. The
    moment is where the kept rows of the feed begin: no change of them can touch such a copy.
    """
    over = Q(until__lt=before) | (~Q(ended_at="") & Q(ended_at__lt=before))
    done = 0
    while not stopped():
        some = list(Holding.objects.filter(over).order_by("pk").values_list("pk", flat=True)[:AT_ONCE])
        if not some:
            break
        done += Holding.objects.filter(pk__in=some).delete()[0]
    return done


def compact(keep_days: int, feed: str = "main", *, stopped: Callable[[], bool] = lambda: False) -> int:
    """Drop the rows at the beginning that are older than `keep_days`, in short transactions; returns how
    many. Cursors before them become `cursor-expired`.
    """
    before = stamp(now() - timedelta(days=keep_days))
    gone = 0
    while not stopped():
        with transaction.atomic():
            head = FeedHead.objects.select_for_update().get(feed=feed)
            rows = Change.objects.filter(feed=feed, seq__gte=head.kept_from).order_by("seq")
            kept = rows.values_list("seq", "at")[:AT_ONCE]
            old = [seq or 0 for seq, at in takewhile(lambda row: row[1] < before, kept)]
            if not old:
                break
            gone += Change.objects.filter(feed=feed, seq__lte=old[-1]).delete()[0]
            head.kept_from = old[-1] + 1
            head.save(update_fields=["kept_from"])
    return gone
