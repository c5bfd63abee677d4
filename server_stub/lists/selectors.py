"""Reads of the lists room."""

from __future__ import annotations

from datetime import date

import msgspec
from django.db.models import Sum

from server_stub.lists.models import ScreenedSubject, Screening


class Look(msgspec.Struct, frozen=True):
    """That somebody screened a subject: when, who, what for, what was told, and the leaf that proves it."""

    at: str
    user: str
    organisation: str
    purpose: str
    case_no: str
    state: str
    screening_no: str
    leaf_index: int


def looks_at(subject_key: str) -> tuple[Look, ...]:
    """Every screening that was about a subject, oldest first."""
    rows = ScreenedSubject.objects.filter(subject_key=subject_key).select_related("screening")
    return tuple(
        Look(
            at=row.screening.made_at,
            user=row.screening.user,
            organisation=row.screening.organisation,
            purpose=row.screening.purpose,
            case_no=row.screening.case_no,
            state=row.state,
            screening_no=row.screening_id,
            leaf_index=row.screening.leaf_index,
        )
        for row in rows.order_by("screening__made_at", "screening_id", "place")
    )


def screened_on(user: str, on: date) -> int:
    """How many rows a user has had screened on a day."""
    return Screening.objects.filter(user=user, day=on).aggregate(sum=Sum("rows"))["sum"] or 0
