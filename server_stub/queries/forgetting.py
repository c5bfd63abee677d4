"""What the queries room keeps for a term only: answers kept for a repetition, and the register of queries."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.conf import settings
from django.db import transaction

from server_stub.errors import Problem
from server_stub.queries import ops
from server_stub.queries.letters import OFFICIAL
from server_stub.queries.models import Letter, OfficialLetter, Op, Query
from server_stub.queries.official import asked_on

AT_ONCE = 500
# their answers say nothing of a subject
_BARE = ("letter", "copy.release")


def forget_answers(before: str, stopped: Callable[[], bool]) -> int:
    """Take the answers of operations made before a moment (UTC text); how many. That an operation was done
    stays for good: to a repetition it is said that its answer is given no more.
    """
    over = Op.objects.filter(made_at__lt=before, status__lt=400).exclude(kind__in=_BARE)
    refusal = Problem("answer-withdrawn", "the answer is not kept any longer")
    done = 0
    while not stopped():
        some = list(over.values_list("pk", flat=True)[:AT_ONCE])
        if not some:
            break
        Op.objects.filter(pk__in=some).update(status=refusal.status, response=ops.refusal(refusal))
        done += len(some)
    return done


def forget_queries(before: date, stopped: Callable[[], bool]) -> int:
    """Delete the queries of days before a day, with their answers; how many. Their leaves stay in the log."""
    over = Query.objects.filter(query_no__lt=f"CX-{before:%Y%m%d}").order_by("query_no")
    done = 0
    while not stopped():
        some = list(over.values_list("query_no", flat=True)[:AT_ONCE])
        if not some:
            break
        Query.objects.filter(query_no__in=some).delete()
        done += len(some)
    return done


def forget_letters(before: date, stopped: Callable[[], bool]) -> int:
    """Delete the letters that carried nothing since a day, with their scans; how many."""
    done = 0
    for letter in Letter.objects.filter(valid_to__lt=before).order_by("letter_no"):
        if stopped():
            break
        # a scan may be known to another organisation, too; it goes first: a row without one is found again
        if not Letter.objects.filter(sha256=letter.sha256).exclude(pk=letter.pk).exists():
            (settings.HENGXIN_HOME / "letters" / letter.sha256).unlink(missing_ok=True)
        with transaction.atomic():
            letter.delete()
        done += 1
    return done


def forget_official(before: date, stopped: Callable[[], bool]) -> int:
    """Delete the official letters whose use and silence were over before a day, with their scans; how many.
    One on which a query stands still says whether that query is told, and stays as long.
    """
    done = 0
    for row in OfficialLetter.objects.filter(valid_to__lt=before, silent_until__lt=before).order_by("pk"):
        if stopped():
            break
        if asked_on(row).exists():
            continue
        # as of a letter: no crash in between leaves a scan that no row names
        if not OfficialLetter.objects.filter(sha256=row.sha256).exclude(pk=row.pk).exists():
            (settings.HENGXIN_HOME / OFFICIAL / row.sha256).unlink(missing_ok=True)
        with transaction.atomic():
            row.delete()
        done += 1
    return done
