"""The centre hands an application over, follows it, and puts into force what the keeper has determined."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction

from server_stub.accounts import staff
from server_stub.cases import errors
from server_stub.cases.deciding import reasons
from server_stub.cases.models import REPAIR_OPEN, Repair
from server_stub.cases.moves import require_other
from server_stub.cases.repairs.moves import (
    PLACE,
    PROCEDURE,
    advance,
    dated,
    opened,
    start_clock,
    stop_clock,
)
from server_stub.cases.repairs.selectors import view
from server_stub.cases.repairs.words import say
from server_stub.config import clock
from server_stub.queries.errors import require_text
from server_stub.records import services as records
from server_stub.records.models import Record
from server_stub.rules.repairing import kind_named, route_named
from server_stub.rules.selectors import due


def give_back(number: str, *, what: str, by: str) -> dict[str, Any]:
    """Papers are missing, for the platform or for the keeper: all of it is asked for; the clock stands.

    Raises:
        Problem: `not-found`, `role-denied`, `rev-conflict`, `body-invalid`, `text-too-long`, `text-unfit`.
    """
    said = reasons("what", what)
    with transaction.atomic():
        repair = opened(number, by, "return")
        repair.returned_from, repair.state = repair.state, "returned"
        stop_clock(repair)
        advance(repair, by, f"{say('returned')}：{said}", said)
    return view(repair)


def hand(number: str, *, to: str, by: str, on: date | None = None, tracking_no: str = "") -> dict[str, Any]:
    """The application reached `to`, who determines it, on `on`: the clocks of acceptance and answer begin.

    Raises:
        Problem: `not-found`, `role-denied`, `rev-conflict`, `body-invalid`, `text-too-long`, `text-unfit`.
    """
    require_text("holder", "to", to)
    require_text("case_no", "tracking", tracking_no)
    if not to.strip():
        raise errors.not_filled("to", "empty")
    with transaction.atomic():
        repair = opened(number, by, "hand")
        day = _day(on, clock.city_day(repair.filed_at))
        repair.state, repair.handed_to, repair.handed_on, repair.handed_by = "handed", to, day, by
        repair.tracking_no = tracking_no
        start_clock(repair, "accept", day)
        repair.site_due = due(PLACE, PROCEDURE, "site", day)
        advance(repair, by, dated(repair, f"{say('handed')}：{to}"))
    return view(repair)


def accept(number: str, *, by: str, on: date | None = None) -> dict[str, Any]:
    """The keeper accepted on `on`; the clock of the result begins.

    Raises:
        Problem: `not-found`, `role-denied`, `rev-conflict`, `body-invalid`.
    """
    with transaction.atomic():
        repair = opened(number, by, "accept")
        day = _day(on, repair.handed_on)
        repair.state = "accepted"
        start_clock(repair, "result", day)
        advance(repair, by, dated(repair, say("accepted")))
    return view(repair)


def check(number: str, *, by: str) -> dict[str, Any]:
    """The keeper checks; the clock goes on.

    Raises:
        Problem: `not-found`, `role-denied`, `rev-conflict`.
    """
    with transaction.atomic():
        repair = opened(number, by, "check")
        repair.state = "checking"
        advance(repair, by, say("checking"))
    return view(repair)


def extend(number: str, *, why: str, by: str) -> dict[str, Any]:
    """The keeper lengthened its check, once, by the row of the table.

    Raises:
        Problem: `not-found`, `role-denied`, `rev-conflict` (also a second time), `body-invalid`.
    """
    said = reasons("why", why)
    with transaction.atomic():
        repair = opened(number, by, "extend")
        if repair.extended_on is not None:
            raise errors.only_once("extend", repair.state, repair.rev)
        if repair.due_on is None:
            raise errors.not_filled("on", "there is no running term to lengthen")
        start_clock(repair, "extend", repair.due_on)
        repair.extended_on = clock.today()
        advance(repair, by, dated(repair, say("extended")), said)
    return view(repair)


def grant(number: str, *, paper_no: str, by: str, on: date | None = None, answer: str = "") -> dict[str, Any]:
    """The keeper granted it by the paper `paper_no` on `on`; what follows happens now and everywhere.

    By the kind and its route the record is repaired, removed, shielded for the time of a plan, or only noted.
    Copies, reports and searches lose a record with the change of its status.

    Raises:
        Problem: `not-found`, `role-denied`, `rev-conflict`, `body-invalid` without the paper.
    """
    said = _result(paper_no, answer)
    with transaction.atomic():
        repair = opened(number, by, "grant")
        require_other("repair_result_by", by, {repair.handed_by})
        day = _day(on, repair.handed_on)
        effect = kind_named(repair.kind).effect
        repair.state = {"end": "granted", "note": "noted", "shield": "shielded"}[effect]
        text = say(repair.state)
        if effect == "end":
            text = text if _end(repair, day, paper_no, by) else f"{text}；{say('already')}"
        elif effect == "shield":
            if _status(repair) == "current":
                records.shield(repair.rec_id, on=day, by=by, reason=f"{number} {paper_no}")
            else:
                text = f"{text}；{say('already')}"
        _settled(repair, day, paper_no, said)
        advance(repair, by, text, said)
    return view(repair)


def refuse(
    number: str, *, paper_no: str, answer: str, by: str, on: date | None = None, next_on: date | None = None
) -> dict[str, Any]:
    """The keeper refused with reasons; `next_on`: from when it may be applied for again, where it was told.

    Raises:
        Problem: `not-found`, `role-denied`, `rev-conflict`, `body-invalid`, `text-too-long`, `text-unfit`.
    """
    said = reasons("answer", answer)
    _result(paper_no, answer)
    with transaction.atomic():
        repair = opened(number, by, "refuse")
        day = _day(on, repair.handed_on)
        if next_on is not None and next_on <= day:
            raise errors.not_filled("next", "after the refusal")
        repair.state, repair.next_on = "refused", next_on
        _settled(repair, day, paper_no, said)
        advance(repair, by, f"{say('refused')}：{said}", said)
    return view(repair)


def plan_done(number: str, *, paper_no: str, by: str, on: date | None = None) -> dict[str, Any]:
    """The court confirmed by `paper_no` that the plan was carried out: the shielded record is repaired.

    Raises:
        Problem: `not-found`, `role-denied`, `rev-conflict`, `body-invalid`.
    """
    said = _result(paper_no, "")
    with transaction.atomic():
        repair = opened(number, by, "done")
        day = _day(on, repair.result_on)
        ended = _end(repair, day, paper_no, by)
        repair.state = "granted"
        _settled(repair, day, paper_no, said)
        advance(repair, by, say("granted") if ended else f"{say('granted')}；{say('already')}", said)
    return view(repair)


def plan_failed(number: str, *, paper_no: str, by: str, on: date | None = None) -> dict[str, Any]:
    """The plan ended by `paper_no`: the record is shown again as a new revision.

    Raises:
        Problem: `not-found`, `role-denied`, `rev-conflict`, `body-invalid`.
    """
    said = _result(paper_no, "")
    with transaction.atomic():
        repair = opened(number, by, "failed")
        day = _day(on, repair.result_on)
        if _status(repair) == "shielded":
            records.unshield(repair.rec_id, on=day, by=by, reason=f"{number} {paper_no}")
        repair.state = "resumed"
        _settled(repair, day, paper_no, said)
        advance(repair, by, say("resumed"), said)
    return view(repair)


def sync(number: str, *, by: str) -> dict[str, Any]:
    """The result stands at the national site and here alike.

    Raises:
        Problem: `not-found`, `role-denied`, `rev-conflict`.
    """
    with transaction.atomic():
        repair = opened(number, by, "sync")
        repair.state = "synced"
        advance(repair, by, say("synced"))
    return view(repair)


def retime(*, by: str) -> list[dict[str, Any]]:
    """Give their day to open clocks that had none because the calendar of the year was not loaded.

    Raises:
        Problem: `role-denied`.
    """
    staff.require_staff(by)
    done = []
    with transaction.atomic():
        for repair in Repair.objects.select_for_update().filter(state__in=REPAIR_OPEN).order_by("number"):
            before = (repair.due_on, repair.site_due)
            if repair.clock_from is not None and repair.due_on is None:
                start_clock(repair, repair.clock, repair.clock_from)
            if repair.handed_on is not None and repair.site_due is None and repair.result_on is None:
                repair.site_due = due(PLACE, PROCEDURE, "site", repair.handed_on)
            if (repair.due_on, repair.site_due) != before:
                advance(repair, by, say("dated"))
                done.append(view(repair))
    return done


def _end(repair: Repair, day: date, paper_no: str, by: str) -> bool:
    """End the record's publicity by its route; False when it had ended otherwise."""
    if _status(repair) not in ("current", "shielded"):
        return False
    reason = f"{repair.number} {paper_no}"
    if route_named(repair.route).effect == "removed":
        records.remove(repair.rec_id, on=day, reason=reason, by=by)
    else:
        records.repair(repair.rec_id, on=day, by=by, reason=reason)
    return True


def _status(repair: Repair) -> str:
    return Record.objects.select_for_update().get(pk=repair.rec_id).status


def _settled(repair: Repair, day: date, paper_no: str, said: str) -> None:
    stop_clock(repair)
    repair.site_due = None
    repair.result_on, repair.result_no, repair.answer = day, paper_no.strip(), said


def _result(paper_no: str, answer: str) -> str:
    """What the keeper said; a result without its paper is none."""
    if not paper_no.strip():
        raise errors.not_filled("paper", "the number of the keeper's paper")
    require_text("case_no", "paper", paper_no)
    require_text("statement", "answer", answer)
    return answer.strip()


def _day(on: date | None, earliest: date | None) -> date:
    day = on or clock.today()
    if day > clock.today() or (earliest is not None and day < earliest):
        raise errors.not_filled("on", "not before the step before it, and not to come")
    return day
