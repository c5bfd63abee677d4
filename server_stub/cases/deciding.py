"""From the formal check to the provider's answer. Each state: one transaction, one notice."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction

from server_stub.accounts import staff
from server_stub.accounts.models import Officer
from server_stub.cases import errors
from server_stub.cases.attachments import Handed
from server_stub.cases.models import CONCLUDED, MARKED, OPEN, Objection
from server_stub.cases.moves import (
    PLACE,
    PROCEDURE,
    advance,
    opened,
    own,
    start_clock,
    stop_clock,
)
from server_stub.cases.selectors import view
from server_stub.cases.taking import examine_all, keep_evidence
from server_stub.cases.words import say
from server_stub.config import clock
from server_stub.queries.errors import require_text
from server_stub.queries.policy import figure
from server_stub.records import services as records
from server_stub.rules.selectors import due


def accept(number: str, *, by: str, on: date | None = None) -> dict[str, Any]:
    """The centre takes the objection up: the record is marked and the clock of the answer begins.

    A report of a data error is taken up without a mark and without a clock. `on`: the day it was taken up,
    when that is entered afterwards.

    Raises:
        Problem: `not-found`, `role-denied`, `rev-conflict` when it is not waiting; `body-invalid` for a day
            before the filing or to come.
    """
    with transaction.atomic():
        objection = opened(number, by, "accept")
        today = on or clock.today()
        filed_on = clock.city_day(objection.filed_at)
        if not filed_on <= today <= clock.today():
            raise errors.not_filled("on", "between the filing and today")
        stop_clock(objection)
        objection.state, objection.accepted_on = "accepted", today
        text = say("accepted", objection.kind)
        if objection.kind == "objection":
            start_clock(objection, "total", today)
            text = _dated(objection, text)
            _mark(objection, by)
        advance(objection, by, text)
    return view(objection)


def give_back(number: str, *, what: str, by: str) -> dict[str, Any]:
    """The formal check found defects: all of them are asked for, once; the clock of the supplement runs.

    Raises:
        Problem: `not-found`, `role-denied`, `body-invalid` without the list, `text-too-long`, `text-unfit`;
            `rev-conflict` when it is not waiting for the formal check, or was given back before.
    """
    said = reasons("what", what)
    with transaction.atomic():
        objection = opened(number, by, "return")
        if objection.returned_on is not None:
            raise errors.only_once("return", objection.state, objection.rev)
        objection.state, objection.returned_on = "returned", clock.today()
        stop_clock(objection)
        if objection.kind == "objection":
            start_clock(objection, "supplement", clock.today())
        advance(objection, by, _dated(objection, f"{say('returned', objection.kind)}：{said}"), said)
    return view(objection)


def supplement(
    officer: Officer,
    number: str,
    *,
    statement: str,
    attached: Sequence[Handed] = (),
    device_id: str = "",
    rev: int | None = None,
) -> dict[str, Any]:
    """What was asked for has come, from who filed or on paper at the window: the formal check begins anew.

    Raises:
        Problem: `not-found`, `rev-conflict`, `body-invalid`, `text-too-long`, `text-unfit`,
            `attachment-refused`; `evidence-awaited` (to be repeated) when a named file is not here.
    """
    said = reasons("statement", statement)
    examined = examine_all(attached, device_id)
    with transaction.atomic():
        objection = own(number, officer, "supplement", rev)
        require_room(objection, len(examined))
        objection.state = "filed"
        stop_clock(objection)
        if objection.kind == "objection":
            start_clock(objection, "accept", clock.today())
        keep_evidence(objection, examined, device_id)
        advance(objection, officer.user, _dated(objection, say("supplemented_by", objection.kind)), said)
    return view(objection, officer)


def add(
    officer: Officer,
    number: str,
    *,
    statement: str,
    attached: Sequence[Handed] = (),
    device_id: str = "",
    rev: int | None = None,
) -> dict[str, Any]:
    """Further evidence for an objection that is under way, though nobody asked: state and clocks stay. Papers
    brought to the window are entered by what they are; who filed by the client sends files.

    Raises:
        Problem: `not-found`, `rev-conflict`, `text-too-long`, `text-unfit`, `attachment-refused`;
            `body-invalid` without words or without a file; `evidence-awaited` (to be repeated).
    """
    said = reasons("statement", statement)
    if not attached and officer.role != staff.ROLE:
        raise errors.not_filled("attachments", "further evidence is a file")
    examined = examine_all(attached, device_id)
    with transaction.atomic():
        objection = own(number, officer, "add", rev)
        require_room(objection, len(examined))
        keep_evidence(objection, examined, device_id)
        advance(objection, officer.user, say("added", objection.kind), said)
    return view(objection, officer)


def decline(number: str, *, answer: str, by: str) -> dict[str, Any]:
    """The formal check ends without acceptance, with reasons. What was given back keeps its whole term.

    Raises:
        Problem: `not-found`, `role-denied`, `rev-conflict`, `body-invalid` without reasons or before
            the term's end.
    """
    said = reasons("answer", answer)
    with transaction.atomic():
        objection = opened(number, by, "decline")
        runs = objection.clock and (objection.due_on is None or clock.today() <= objection.due_on)
        if objection.state == "returned" and runs:
            raise errors.not_filled("on", "the term of the supplement is not over")
        stop_clock(objection)
        objection.state, objection.answer, objection.holder = "declined", said, ""
        objection.concluded_on, objection.concluded_by = clock.today(), by
        advance(objection, by, say("declined", objection.kind), said)
    return view(objection)


def forward(number: str, *, to: str, by: str) -> dict[str, Any]:
    """Hand the objection to the provider `to`, whose own clock begins; the clock of the whole goes on.

    Raises:
        Problem: `not-found`, `role-denied`, `rev-conflict`, `text-too-long`, `text-unfit`, `body-invalid`.
    """
    require_text("holder", "to", to)
    if not to.strip():
        raise errors.not_filled("to", "empty")
    with transaction.atomic():
        objection = opened(number, by, "forward")
        objection.state, objection.holder = "forwarded", to
        if objection.kind == "objection":
            objection.provider_due = due(PLACE, PROCEDURE, "provider", clock.today())
        advance(objection, by, f"{say('forwarded', objection.kind)}：{to}")
    return view(objection)


def answer(number: str, *, answer: str, by: str) -> dict[str, Any]:
    """Enter what the provider answered; the objection is back with the centre.

    Raises:
        Problem: `not-found`, `role-denied`, `rev-conflict`, `body-invalid`, `text-too-long`, `text-unfit`.
    """
    said = reasons("answer", answer)
    with transaction.atomic():
        objection = opened(number, by, "answer")
        text = f"{say('answered', objection.kind)}：{objection.holder}"
        objection.state, objection.provider_answer, objection.holder = "answered", said, say("centre")
        objection.provider_due = None
        advance(objection, by, text, said)
    return view(objection)


def extend(number: str, *, why: str, by: str) -> dict[str, Any]:
    """Lengthen the clock of the answer, once, by the row of the table; the mark names the new day.

    Raises:
        Problem: `not-found`, `role-denied`, `rev-conflict` (also a second time); `body-invalid` without
            reasons, without a clock, or while its end is not known or over.
    """
    said = reasons("why", why)
    with transaction.atomic():
        objection = opened(number, by, "extend")
        if objection.extended_on is not None:
            raise errors.only_once("extend", objection.state, objection.rev)
        if objection.due_on is None or objection.due_on < clock.today():
            raise errors.not_filled("on", "there is no running term to lengthen")
        start_clock(objection, "extend", objection.due_on)
        objection.extended_on = clock.today()
        _mark(objection, by)
        advance(objection, by, _dated(objection, f"{say('extended')}：{said}"), said)
    return view(objection)


def retime(*, by: str) -> list[dict[str, Any]]:
    """Give their day to clocks, of open cases and of rechecks, that had none for want of the calendar.

    Raises:
        Problem: `role-denied`.
    """
    staff.require_staff(by)
    done = []
    with transaction.atomic():
        waiting = Objection.objects.select_for_update().filter(state__in=OPEN, due_on=None).exclude(clock="")
        for objection in waiting.order_by("number"):
            if objection.clock_from is None:
                continue
            start_clock(objection, objection.clock, objection.clock_from)
            if objection.due_on is None:
                continue
            if objection.state in MARKED:
                _mark(objection, by)
            advance(objection, by, say("dated"))
            done.append(view(objection))
        ended = Objection.objects.select_for_update().filter(
            kind="objection", state__in=CONCLUDED, recheck_until=None, rechecked_on=None
        )
        for objection in ended.exclude(state="removed").exclude(concluded_on=None).order_by("number"):
            if objection.concluded_on is not None:
                objection.recheck_until = due(PLACE, PROCEDURE, "ask_recheck", objection.concluded_on)
            if objection.recheck_until is not None:
                advance(objection, by, say("dated"))
                done.append(view(objection))
    return done


def reasons(path: str, text: str) -> str:
    """A text that has to say something, as long as a statement at most.

    Raises:
        Problem: `body-invalid`, `text-too-long`, `text-unfit`.
    """
    if not text.strip():
        raise errors.not_filled(path, "reasons are needed")
    require_text("statement", path, text)
    return text.strip()


def require_room(objection: Objection, more: int) -> None:
    """No more files at a time, nor for one case, than the dated policy allows.

    Raises:
        Problem: `body-invalid`.
    """
    at_once, whole = (
        figure(name, clock.today()) for name in ("evidence_files_max", "evidence_case_files_max")
    )
    if more > at_once or objection.attachments.count() + more > whole:
        raise errors.not_filled("attachments", "too many")


def _dated(objection: Objection, text: str) -> str:
    """The sentence, and that the day is not known where a clock runs without one."""
    return f"{text}；{say('calendar')}" if objection.clock and objection.due_on is None else text


def _mark(objection: Objection, by: str) -> None:
    if objection.kind == "objection" and objection.accepted_on is not None:
        records.mark(
            objection.rec_id,
            number=objection.number,
            accepted_on=objection.accepted_on,
            due_on=objection.due_on,
            by=by,
        )
