"""That cases went to a computer of the centre's staff, which is sent every case whole: each is a look at its
subject, once for each revision and user; and the first time of a day is a leaf of nobody's history.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

from django.db import transaction

from server_stub.accounts.models import Officer
from server_stub.accounts.staff import ROLE
from server_stub.accounts.staff_looks import Seen, note_cases, note_sent
from server_stub.cases.models import Objection, Repair
from server_stub.evidence.selectors import latest, outcomes_of

Kind = Literal["objection.sent", "repair.sent"]
OVERLAP = timedelta(minutes=1)  # a step bears the moment at which its transaction began


def note_fetched(kind: Kind, officer: Officer) -> None:
    """Note what this fetch tells `officer` for the first time; call before the cases are read. To an officer
    of another body go his own alone, and those need none.
    """
    if officer.role != ROLE:
        return
    with transaction.atomic():
        before = latest(kind, officer.user)
        note_sent(kind, officer)
        note_cases(kind, officer.user, _unseen(kind, officer.user, before.at if before else ""))


def _unseen(kind: Kind, user: str, last: str) -> list[Seen]:
    """The cases whose revision was not sent to the user yet, by what was changed since the last fetch."""
    rows = Objection.objects.all() if kind == "objection.sent" else Repair.objects.all()
    since = (datetime.fromisoformat(last) - OVERLAP).isoformat(timespec="milliseconds")[:23] if last else ""
    found = rows.filter(steps__at__gte=since).exclude(subject_key="").distinct().order_by("number")
    cases = [
        Seen(key, query_no, f"done:{number}:{rev}")
        for number, rev, key, query_no in found.values_list("number", "rev", "subject_key", "query_no")
    ]
    noted = outcomes_of(kind, user, {case.subject_key for case in cases}) if last else set()
    return [case for case in cases if case.outcome not in noted]
