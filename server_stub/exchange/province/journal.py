"""The journal: every own record and every change of one under a gapless number. Content is looked up when it
is sent, so that nothing is sent that was revoked meanwhile."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from server_stub.exchange.province.models import Entry, Foreign, Journal, Partner
from server_stub.feed import services as feed
from server_stub.feed.models import Change, FeedHead
from server_stub.records.models import Record

AT_ONCE = 1000


def head() -> Journal:
    """Where the journal stands; epoch and newest number."""
    return Journal.objects.get(pk=1)


def gather() -> int:
    """Read in what happened since: first a round over all records, then the feed; returns the entries made.

    A feed of another epoch (a backup was put back), or one that does not reach back far enough, begins a new
    round: everything is offered again, and what partners have already changes nothing there.
    """
    feed.number()
    made = 0
    while True:
        with transaction.atomic():
            journal = Journal.objects.select_for_update().get(pk=1)
            source = FeedHead.objects.get(feed="main")
            if journal.epoch != source.epoch or journal.feed_seq + 1 < source.kept_from:
                _begin_round(journal, source)
            more = _round(journal) if journal.round_at is not None else _follow(journal, source.seq)
            journal.save()
        made += more
        if more == 0 and journal.round_at is None and journal.feed_seq >= source.seq:
            return made


def offer_again(rec_id: str) -> int:
    """Put one record at the end of the journal once more; returns its number.

    Raises:
        Record.DoesNotExist: when there is no such record.
    """
    with transaction.atomic():
        journal = Journal.objects.select_for_update().get(pk=1)
        record = Record.objects.get(pk=rec_id)
        _append(journal, [(record.rec_id, record.rev, "again")])
        journal.save()
        return journal.number


def begin_again() -> None:
    """Offer every own record once more: after records were loaded without the feed."""
    with transaction.atomic():
        journal = Journal.objects.select_for_update().get(pk=1)
        if journal.round_at is None and journal.epoch:
            journal.round_at, journal.round_from = "", journal.number
            journal.save()


def _begin_round(journal: Journal, source: FeedHead) -> None:
    if journal.epoch and journal.epoch != source.epoch:
        Partner.objects.update(given_upto=journal.number)
    journal.epoch, journal.feed_seq = source.epoch, source.seq
    journal.round_at, journal.round_from = "", journal.number


def _round(journal: Journal) -> int:
    found = list(
        Record.objects.filter(rec_id__gt=journal.round_at or "")
        .order_by("rec_id")
        .values_list("rec_id", "rev")[:AT_ONCE]
    )
    op = "again" if journal.round_from else "first"
    made = _append(journal, [(rec_id, rev, op) for rec_id, rev in found])
    journal.round_at = found[-1][0] if len(found) == AT_ONCE else None
    return made


def _follow(journal: Journal, newest: int) -> int:
    found = list(
        Change.objects.filter(feed="main", seq__gt=journal.feed_seq, seq__lte=newest)
        .order_by("seq")
        .values_list("seq", "rec_id", "rev", "op", "audience")[:AT_ONCE]
    )
    told = [
        (rec_id, rev, op)
        for _, rec_id, rev, op, audience in found
        if rec_id and not audience and op in ("put", "revoke")
    ]
    journal.feed_seq = (found[-1][0] or newest) if found else newest
    return _append(journal, told)


def _append(journal: Journal, rows: Sequence[tuple[str, int, str]]) -> int:
    ids = [rec_id for rec_id, _, _ in rows]
    foreign = set(Foreign.objects.filter(rec_id__in=ids).values_list("rec_id", flat=True))
    own = [row for row in rows if row[0] not in foreign]
    Entry.objects.bulk_create(
        (
            Entry(number=number, rec_id=rec_id, rev=rev, op=op)
            for number, (rec_id, rev, op) in enumerate(own, start=journal.number + 1)
        ),
        batch_size=200,
    )
    journal.number += len(own)
    return len(own)
