"""What signing in leaves behind is kept for a term after its end; who signed in when stands in the log."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from server_stub.accounts.models import Challenge, EnrolmentCode, LeaseShare, Throttle, Ticket, Token
from server_stub.config.clock import now, stamp
from server_stub.feed import selectors as feed

AT_ONCE = 500


def forget_guesses(before: datetime, stopped: Callable[[], bool]) -> int:
    """Delete the counts of wrong guesses of which the last was before a moment; how many. A count without a
    moment is of before it was noted: it gets today's, and goes a term later.
    """
    Throttle.objects.filter(guessed_at=None).update(guessed_at=now())
    return _deleted(Throttle.objects.filter(guessed_at__lt=before), stopped)


def forget_shares(before: datetime, stopped: Callable[[], bool]) -> int:
    """Delete the shares made before a moment whose device has no sign-in left and took in no corrections
    since; how many. A device that comes again gets a new share, and begins its copies anew: they were over.
    """
    old = LeaseShare.objects.filter(made_at__lt=before, device__token=None)
    return _deleted(old.exclude(device_id__in=feed.acknowledging_since(stamp(before))), stopped)


def forget_sign_ins(before: datetime, stopped: Callable[[], bool]) -> int:
    """Delete tokens whose sign-in was over before a moment, and challenges, tickets and enrolment codes that
    were; how many. A refresh token stays as long as any of its family: used twice, it freezes the device.
    """
    over: tuple[QuerySet[Any], ...] = (
        Token.objects.filter(family_until__lt=before),
        *(rows.objects.filter(expires_at__lt=before) for rows in (Challenge, Ticket, EnrolmentCode)),
    )
    return sum(_deleted(rows, stopped) for rows in over)


def _deleted(rows: QuerySet[Any], stopped: Callable[[], bool]) -> int:
    """Delete rows in short transactions; how many."""
    done = 0
    while not stopped():
        some = list(rows.values_list("pk", flat=True)[:AT_ONCE])
        if not some:
            break
        done += rows.filter(pk__in=some).delete()[0]
    return done
