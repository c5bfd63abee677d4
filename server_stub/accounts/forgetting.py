"""What signing in leaves behind is kept for a term after its end; who signed in when stands in the log."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from server_stub.accounts.models import Challenge, EnrolmentCode, Ticket, Token

AT_ONCE = 500


def forget_sign_ins(before: datetime, stopped: Callable[[], bool]) -> int:
    """Delete tokens whose sign-in was over before a moment, and challenges, tickets and enrolment codes that
    were; how many. A refresh token stays as long as any of its family: used twice, it freezes the device.
    """
    over: tuple[QuerySet[Any], ...] = (
        Token.objects.filter(family_until__lt=before),
        *(rows.objects.filter(expires_at__lt=before) for rows in (Challenge, Ticket, EnrolmentCode)),
    )
    done = 0
    for rows in over:
        while not stopped():
            some = list(rows.values_list("pk", flat=True)[:AT_ONCE])
            if not some:
                break
            done += rows.filter(pk__in=some).delete()[0]
    return done
