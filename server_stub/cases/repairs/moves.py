"""How a repair moves: which verb from which state, on which clock, and who is told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from server_stub.accounts import staff
from server_stub.accounts.models import Officer
from server_stub.cases import errors
from server_stub.cases.models import Repair, RepairStep
from server_stub.cases.moves import Move
from server_stub.cases.repairs.words import say
from server_stub.config import clock
from server_stub.errors import Problem
from server_stub.evidence import services as evidence
from server_stub.feed import services as feed
from server_stub.records.selectors import told_of
from server_stub.rules.selectors import due

PLACE, PROCEDURE = "city", "repair"
WITH_KEEPER = ("handed", "accepted", "checking")
MOVES: Mapping[str, Move] = {
    "return": Move(("submitted", "accepted", "checking"), "returned"),
    "supplement": Move(("returned",)),
    "withdraw": Move(("submitted", "returned", "handed"), "withdrawn"),
    "hand": Move(("submitted",), "handed"),
    "accept": Move(("handed",), "accepted"),
    "check": Move(("accepted",), "checking"),
    "extend": Move(("accepted", "checking")),
    "grant": Move(WITH_KEEPER),
    "refuse": Move(WITH_KEEPER, "refused"),
    "done": Move(("shielded",), "granted"),
    "failed": Move(("shielded",), "resumed"),
    "sync": Move(("granted", "noted", "refused", "resumed"), "synced"),
}


def opened(number: str, by: str, verb: str) -> Repair:
    """The application under its lock, for a member of the centre who did not file it.

    Raises:
        Problem: `role-denied`, `not-found`, `rev-conflict` when the verb does not follow from its state.
    """
    repair = Repair.objects.select_for_update().filter(pk=number).first()
    staff.require_staff(by)
    if repair is not None and repair.user == by:
        raise Problem("role-denied", "another member of the centre has to carry on what this one filed")
    return follows(repair, verb)


def own(number: str, officer: Officer, verb: str, rev: int | None = None) -> Repair:
    """The application under its lock, for who filed it or a member of the centre's window.

    Raises:
        Problem: `not-found` (also for those of others), `rev-conflict`.
    """
    repair = Repair.objects.select_for_update().filter(pk=number).first()
    if repair is not None and officer.role != staff.ROLE:
        mine = (repair.user, repair.organisation) == (officer.user, officer.organisation_id)
        repair = repair if mine else None
    if repair is not None and rev is not None and repair.rev != rev:
        raise errors.wrong_state(repair.state, repair.rev)
    return follows(repair, verb)


def follows(repair: Repair | None, verb: str) -> Repair:
    """The application, when `verb` may be taken in the state it is in.

    Raises:
        Problem: `not-found`, `rev-conflict`.
    """
    if repair is None:
        raise Problem("not-found", "no such application")
    if repair.state not in MOVES[verb].states:
        raise errors.wrong_state(repair.state, repair.rev)
    return repair


def start_clock(repair: Repair, step: str, start: date) -> None:
    """The clock `step` of who determines it begins; its end stays open where the calendar is not loaded."""
    repair.clock, repair.clock_from = step, start
    repair.due_on = due(PLACE, PROCEDURE, step, start)


def stop_clock(repair: Repair) -> None:
    """Nothing is awaited any more."""
    repair.clock, repair.clock_from, repair.due_on = "", None, None


def dated(repair: Repair, text: str) -> str:
    """The sentence, and that the day is not known where a clock runs without one."""
    return f"{text}；{say('calendar')}" if repair.clock and repair.due_on is None else text


def advance(repair: Repair, by: str, text: str, said: str = "") -> None:
    """Write the change down and tell it. Call inside the transaction of its effect."""
    repair.rev += 1
    repair.save()
    told(repair, by, text, said)


def told(repair: Repair, by: str, text: str, said: str = "") -> None:
    """The step, the notice to who filed it, and the leaf. `text` is told, `said` stays with the centre."""
    text = told_of(repair.rec_id)(text)
    facts = {"state": repair.state, "rev": repair.rev, "text": text}
    RepairStep.objects.create(repair=repair, at=clock.stamp(), by=by, said=said, **facts)
    body = {"kind": "repair", "number": repair.number, **facts}
    body["due_on"] = repair.due_on.isoformat() if repair.due_on else ""
    feed.announce("", op="notice", body=body, audience=repair.user)
    evidence.append(
        kind="repair",
        source="server",
        user=by,
        organisation=repair.organisation if by == repair.user else "",
        subject_key=repair.subject_key,
        query_no=repair.query_no,
        op_id=repair.op_id,
        outcome=f"done:{repair.number}:{repair.state}",
    )
