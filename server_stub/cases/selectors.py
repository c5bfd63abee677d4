"""Objections as officers see them."""

from __future__ import annotations

from datetime import date
from typing import Any

from app.field.objections import CHOICES
from app.field.working_days import CalendarMissing, working_days_between
from server_stub.accounts.models import Officer
from server_stub.cases.earlier import result
from server_stub.cases.models import OPEN, Objection, Proposal
from server_stub.cases.moves import MOVES
from server_stub.cases.proposing import stands
from server_stub.cases.still_shown import still_shown
from server_stub.cases.words import say
from server_stub.config.clock import city_day, today
from server_stub.errors import Problem
from server_stub.records.selectors import told_of
from server_stub.rules.selectors import due
from server_stub.rules.tables_file import shipped


def view(objection: Objection, officer: Officer | None = None) -> dict[str, Any]:
    """The wire's ObjectionView as `officer` may read it (None: the centre); texts without third persons.

    Once the record is not shown to the officer any more, nothing of it is: neither its key nor its number nor
    what was said about it nor to whom it went, which is free text of the staff; the case's own number stands
    for it. What was asked for, how it ended and what is open to who is not content stay.
    """
    plain, shown = told_of(objection.rec_id), still_shown(objection, officer)
    return {
        "number": objection.number,
        "kind": objection.kind,
        "query_no": objection.query_no,
        "rec_id": objection.rec_id if shown else "",
        "document_no": plain(objection.document_no) if shown else "",
        "state": objection.state,
        "filed_at": objection.filed_at,
        "accepted_on": objection.accepted_on.isoformat() if objection.accepted_on else "",
        "due_on": objection.due_on.isoformat() if objection.due_on else "",
        "holder": plain(objection.holder) if shown or objection.holder == say("centre") else "",
        "answer": plain(objection.answer) if shown else "",
        "outcome": objection.outcome,
        "remedies": remedies(objection),
        "notice": plain(notice(objection, shown=shown)),
        "history": [
            {"state": step.state, "at": step.at, "text": plain(step.text) if shown else told_bare(step.text)}
            for step in objection.steps.order_by("rev")
        ],
        "rev": objection.rev,
    }


def remedies(objection: Objection, language: str = "zh_CN") -> dict[str, str]:
    """What is open to who is not content, each with its last day (empty: not known) and its sentence.

    A recheck is named only while it would be taken: neither after its term nor when the case is closed.
    """
    on = objection.concluded_on
    if objection.kind != "objection" or on is None or objection.state in OPEN:
        return {}
    act = due("law", "reconsideration", "apply", on)
    day = act.isoformat() if act else ""
    found = {"reconsider_until": day, "reconsider": say("remedy_act", language=language, day=day)}
    last = objection.recheck_until
    may = objection.state in MOVES["recheck"].states and objection.rechecked_on is None
    if may and (last is None or today() <= last):
        until = last.isoformat() if last else ""
        name = "remedy_recheck" if until else "remedy_recheck_undated"
        found |= {"recheck_until": until, "recheck": say(name, language=language, day=until)}
    return found


def told_bare(text: str) -> str:
    """The sentence of a step without what somebody wrote behind it."""
    return text.partition("：")[0]


def notice(objection: Objection, *, shown: bool = True) -> str:
    """The printable notice of the result; empty before there is one. Without `shown` it says nothing of the
    record."""
    if objection.concluded_on is None or objection.state in OPEN:
        return ""
    steps = remedies(objection)
    return say(
        "notice",
        number=objection.number,
        document_no=objection.document_no if shown else say("not_shown"),
        filed_on=city_day(objection.filed_at).isoformat(),
        ground=_chosen("ground", objection.ground),
        wish=_chosen("wish", objection.wish),
        result=result(objection),
        answer=objection.answer if shown else say("not_shown"),
        concluded_on=objection.concluded_on.isoformat(),
        remedies="\n".join(steps[name] for name in ("recheck", "reconsider") if name in steps),
    ).strip()


def _chosen(part: str, text: str) -> str:
    """What was chosen in words; a paper from the window has its own."""
    return say(f"{part}_{text}") if text in CHOICES[part] else text


def running(objection: Objection, on: date) -> dict[str, Any]:
    """The clock of an open case on a day: `standing` none | running | overdue | calendar, working days left.

    `calendar`: the day cannot be told, because the calendar of a year is not loaded.
    """
    if not objection.clock:
        return {"clock": "", "standing": "none", "days_left": None}
    left = days_left(objection.due_on, on)
    standing = "calendar" if left is None else ("overdue" if left < 0 else "running")
    return {"clock": objection.clock, "standing": standing, "days_left": left}


def days_left(due_on: date | None, on: date) -> int | None:
    """Working days until the end of a term, negative after it; None without an end or without a calendar."""
    if due_on is None:
        return None
    calendar = shipped().calendar
    try:
        if on <= due_on:
            return working_days_between(on, due_on, calendar)
        return -max(1, working_days_between(due_on, on, calendar))
    except CalendarMissing:
        return None


def board(on: date, *, overdue: bool = False) -> list[dict[str, Any]]:
    """What the centre's staff have before them: open cases, the most urgent first, without content.

    `overdue`: those alone that are over their term or their provider's, or whose term cannot be told.
    `proposed_by`: who proposed an end that another has to confirm.
    """
    rows = []
    waits = {row.number: row.by for row in Proposal.objects.exclude(number="") if stands(row)}
    for one in Objection.objects.filter(state__in=OPEN).order_by("due_on", "number"):
        clock_ = running(one, on)
        provider = days_left(one.provider_due, on)
        late = clock_["standing"] in ("overdue", "calendar") or (provider is not None and provider < 0)
        if overdue and not late:
            continue
        facts = {name: getattr(one, name) for name in ("number", "kind", "state", "holder", "rec_id", "rev")}
        dates = {"due_on": one.due_on, "provider_due": one.provider_due}
        plain = {k: v.isoformat() if v else "" for k, v in dates.items()}
        rows.append(facts | plain | clock_ | {"proposed_by": waits.get(one.number, "")})
    return sorted(rows, key=lambda row: (row["days_left"] is None, row["days_left"] or 0, row["number"]))


def for_staff(number: str, on: date) -> dict[str, Any]:
    """One case as the centre sees it: the officer's view, everything said, evidence, and its neighbours.

    `linked`: other cases about the same record. `proposed`: the end that waits for a second of the staff.

    Raises:
        Problem: `not-found`.
    """
    one = Objection.objects.filter(pk=number).first()
    if one is None:
        raise Problem("not-found", "no such objection")
    linked = Objection.objects.filter(rec_id=one.rec_id).exclude(pk=number).order_by("number")
    names = ("ground", "wish", "statement", "should_be", "user", "organisation", "provider_answer")
    return (
        view(one)
        | {name: getattr(one, name) for name in names}
        | running(one, on)
        | {
            "provider_due": one.provider_due.isoformat() if one.provider_due else "",
            "steps": list(one.steps.order_by("rev").values("rev", "state", "at", "by", "text", "said")),
            "evidence": list(one.attachments.order_by("id").values("name", "sha256", "size", "media")),
            "linked": list(linked.values_list("number", flat=True)),
            "proposed": _proposed(number),
        }
    )


def _proposed(number: str) -> dict[str, Any] | None:
    row = Proposal.objects.filter(number=number).first()
    return {name: getattr(row, name) for name in _PROPOSED} if row and stands(row) else None


_PROPOSED = ("by", "at", "outcome", "answer", "settings", "text_stays")


def views(officer: Officer) -> list[dict[str, Any]]:
    """The officer's own filings, newest first; the centre's staff see all of them."""
    rows = Objection.objects.prefetch_related("steps").order_by("-filed_at", "-number")
    if officer.role != "centre_staff":
        rows = rows.filter(user=officer.user, organisation=officer.organisation_id)
    return [view(row, officer) for row in rows]
