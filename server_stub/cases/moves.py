"""How an objection moves: which verb from which state, by whose hand, on which clock, and who is told.

Every change is one transaction of its effect, its step, a notice to who filed, and a leaf of the log.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import msgspec

from server_stub.accounts import staff
from server_stub.accounts.models import Officer
from server_stub.cases import errors
from server_stub.cases.models import CONCLUDED, MARKED, Objection, Proposal, Step
from server_stub.config import clock
from server_stub.errors import Problem
from server_stub.evidence import services as evidence
from server_stub.feed import services as feed
from server_stub.records.selectors import told_of
from server_stub.rules.periods import policy
from server_stub.rules.selectors import due
from server_stub.rules.tables_file import shipped

PLACE, PROCEDURE = "city", "objection"


class Move(msgspec.Struct, frozen=True):
    """One verb: in which states it may be taken, and to which it leads (empty: the verb says)."""

    states: tuple[str, ...]
    to: str = ""


MOVES: Mapping[str, Move] = {
    "return": Move(("filed",), "returned"),
    "supplement": Move(("returned",), "filed"),
    "add": Move(("filed", *MARKED)),
    "decline": Move(("filed", "returned"), "declined"),
    "accept": Move(("filed",), "accepted"),
    "forward": Move(("accepted", "forwarded", "answered", "rechecking"), "forwarded"),
    "answer": Move(("forwarded",), "answered"),
    "extend": Move(MARKED),
    "conclude": Move(MARKED),
    "recheck": Move(tuple(state for state in CONCLUDED if state != "removed"), "rechecking"),
    "close": Move(("declined", *CONCLUDED), "closed"),
}


def opened(number: str, by: str, verb: str) -> Objection:
    """The objection under its lock, for a member of the centre who did not file it.

    Raises:
        Problem: `role-denied`, `not-found`, `rev-conflict` when the verb does not follow from its state.
    """
    objection = Objection.objects.select_for_update().filter(pk=number).first()
    staff.require_staff(by)
    if objection is not None and objection.user == by:
        raise Problem(
            "role-denied", "an objection is decided by another member of the centre than who filed it"
        )
    return follows(objection, verb)


def own(number: str, officer: Officer, verb: str, rev: int | None = None) -> Objection:
    """The objection under its lock, for the officer who filed it or a member of the centre's window.

    Raises:
        Problem: `not-found` (also for those of others); `rev-conflict` when the verb does not follow from its
            state, or the officer saw another revision than the present one.
    """
    objection = Objection.objects.select_for_update().filter(pk=number).first()
    if objection is not None and officer.role != staff.ROLE:
        mine = (objection.user, objection.organisation) == (officer.user, officer.organisation_id)
        objection = objection if mine else None
    if objection is not None and rev is not None and objection.rev != rev:
        raise errors.wrong_state(objection.state, objection.rev)
    return follows(objection, verb)


def follows(objection: Objection | None, verb: str) -> Objection:
    """The objection, when `verb` may be taken in the state it is in.

    Raises:
        Problem: `not-found`, `rev-conflict`.
    """
    if objection is None:
        raise Problem("not-found", "no such objection")
    if objection.state not in MOVES[verb].states:
        raise errors.wrong_state(objection.state, objection.rev)
    return objection


def require_other(choice: str, by: str, before: set[str]) -> None:
    """By the dated policy `choice` (other | any): whoever acted `before` may not end what he began.

    Raises:
        Problem: `role-denied`.
    """
    row = policy(shipped(), choice, clock.today())
    if (row is None or row.word != "any") and by in before:
        raise Problem("role-denied", "another member of the centre has to end this")


def start_clock(objection: Objection, step: str, start: date) -> None:
    """The clock `step` begins on `start`; its end stays open where the calendar is not loaded."""
    objection.clock, objection.clock_from = step, start
    objection.due_on = due(PLACE, PROCEDURE, step, start)


def stop_clock(objection: Objection) -> None:
    """Nothing is awaited any more."""
    objection.clock, objection.clock_from, objection.due_on, objection.provider_due = "", None, None, None


def advance(objection: Objection, by: str, text: str, said: str = "") -> None:
    """Write the change down and tell it; an end proposed before it was for an earlier state, and goes. Call
    inside the transaction of its effect.
    """
    objection.rev += 1
    objection.save()
    Proposal.objects.filter(number=objection.number).delete()
    told(objection, by, text, said)


def told(objection: Objection, by: str, text: str, said: str = "") -> None:
    """The step, the notice to who filed it, and the leaf. `text` is told, `said` stays with the centre."""
    text = told_of(objection.rec_id)(text)
    Step.objects.create(
        objection=objection,
        rev=objection.rev,
        state=objection.state,
        at=clock.stamp(),
        by=by,
        text=text,
        said=said,
    )
    body = {
        "kind": "objection",
        "number": objection.number,
        "state": objection.state,
        "due_on": objection.due_on.isoformat() if objection.due_on else "",
        "rev": objection.rev,
        "text": text,
    }
    feed.announce("", op="notice", body=body, audience=objection.user)
    evidence.append(
        kind="objection",
        source="server",
        user=by,
        organisation=objection.organisation if by == objection.user else "",
        subject_key=objection.subject_key,
        query_no=objection.query_no,
        op_id=objection.op_id,
        outcome=f"done:{objection.number}:{objection.state}",
    )
