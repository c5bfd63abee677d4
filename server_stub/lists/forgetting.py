"""The register of screenings is kept for a term only."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.db import transaction

from server_stub.lists.models import ScreenedSubject, Screening

AT_ONCE = 100


def forget_screenings(before: date, stopped: Callable[[], bool]) -> int:
    """Delete the screenings of days before a day; how many. Their leaves stay in the log."""
    over = Screening.objects.filter(screening_no__lt=f"MD-{before:%Y%m%d}").order_by("screening_no")
    done = 0
    while not stopped():
        some = list(over.values_list("screening_no", flat=True)[:AT_ONCE])
        if not some:
            break
        with transaction.atomic():
            ScreenedSubject.objects.filter(screening_id__in=some).delete()
            Screening.objects.filter(screening_no__in=some).delete()
        done += len(some)
    return done
