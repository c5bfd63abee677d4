"""Applications for repair as officers and the centre's staff see them."""

from __future__ import annotations

from datetime import date
from typing import Any

from server_stub.accounts.models import Officer
from server_stub.cases.models import REPAIR_OPEN, Repair
from server_stub.cases.repairs.words import both
from server_stub.cases.selectors import days_left, told_bare
from server_stub.cases.still_shown import still_shown
from server_stub.errors import Problem
from server_stub.records.selectors import told_of
from server_stub.rules.repairing import kind_named

_PLAIN = ("number", "kind", "query_no", "rec_id", "state", "filed_at", "keeper", "rev")
_TEXTS = ("document_no", "handed_to", "tracking_no", "result_no", "answer")
_OF_THE_RECORD = ("rec_id", "document_no", "handed_to", "tracking_no", "result_no", "answer")
_DAYS = ("handed_on", "due_on", "site_due", "result_on", "next_on")


def view(repair: Repair, officer: Officer | None = None) -> dict[str, Any]:
    """The wire's RepairView as `officer` may read it (None: the centre), texts without third persons; days
    are empty where there is none or it is not known.

    Key, number and whatever the staff wrote go with the record, as those of an objection: a result's number
    is free text, too, and mostly quotes the penalty's.
    """
    kind, plain, shown = kind_named(repair.kind), told_of(repair.rec_id), still_shown(repair, officer)
    return {
        **{name: getattr(repair, name) for name in _PLAIN},
        **{name: plain(getattr(repair, name)) for name in _TEXTS},
        **({} if shown else dict.fromkeys(_OF_THE_RECORD, "")),
        **_days(repair),
        "kind_words": {"zh": kind.zh, "en": kind.en},
        "state_words": both(repair.state),
        "keeper_words": both(f"keeper.{repair.keeper}"),
        "papers": [
            {"check": one.check_name, "name": one.name, "sha256": one.sha256, "size": one.size}
            for one in repair.papers.order_by("id")
        ],
        "history": [
            {"state": step.state, "at": step.at, "text": plain(step.text) if shown else told_bare(step.text)}
            for step in repair.steps.order_by("rev")
        ],
    }


def _days(repair: Repair) -> dict[str, str]:
    found: dict[str, str] = {}
    for name in _DAYS:
        day: date | None = getattr(repair, name)
        found[name] = day.isoformat() if day else ""
    return found


def views(officer: Officer) -> list[dict[str, Any]]:
    """The officer's own applications, newest first; the centre's staff see all of them."""
    rows = Repair.objects.order_by("-filed_at", "-number")
    if officer.role != "centre_staff":
        rows = rows.filter(user=officer.user, organisation=officer.organisation_id)
    return [view(row, officer) for row in rows]


def for_staff(number: str, on: date) -> dict[str, Any]:
    """One application with everything said.

    Raises:
        Problem: `not-found`.
    """
    one = Repair.objects.filter(pk=number).first()
    if one is None:
        raise Problem("not-found", "no such application")
    steps = one.steps.order_by("rev").values("rev", "state", "at", "by", "text", "said")
    facts = {name: getattr(one, name) for name in ("user", "organisation", "letter_no", "statement", "route")}
    return view(one) | facts | running(one, on) | {"steps": list(steps)}


def running(repair: Repair, on: date) -> dict[str, Any]:
    """The clock on a day, as of objections; the earlier of the keeper's term and the site's answer counts."""
    if not repair.clock and repair.site_due is None:
        return {"clock": "", "standing": "none", "days_left": None}
    terms = [day for day in (repair.due_on, repair.site_due) if day is not None]
    left = days_left(min(terms), on) if terms and (repair.due_on or not repair.clock) else None
    standing = "calendar" if left is None else ("overdue" if left < 0 else "running")
    return {"clock": repair.clock, "standing": standing, "days_left": left}


def board(on: date, *, overdue: bool = False) -> list[dict[str, Any]]:
    """Open applications, the most urgent first; `overdue`: those that are late or undated alone."""
    rows = []
    for one in Repair.objects.filter(state__in=REPAIR_OPEN).order_by("due_on", "number"):
        clock = running(one, on)
        if overdue and clock["standing"] not in ("overdue", "calendar"):
            continue
        plain = {name: getattr(one, name) for name in ("number", "kind", "state", "keeper", "rec_id", "rev")}
        rows.append({**plain, **_days(one), **clock})
    return sorted(rows, key=lambda row: (row["days_left"] is None, row["days_left"] or 0, row["number"]))
