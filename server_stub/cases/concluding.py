"""The end of an objection, the recheck of that end, and the closing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from server_stub.accounts import staff
from server_stub.accounts.models import Officer
from server_stub.cases import errors
from server_stub.cases.attachments import Handed
from server_stub.cases.deciding import reasons, require_room
from server_stub.cases.earlier import result
from server_stub.cases.models import CONCLUDED, OPEN, Objection
from server_stub.cases.moves import (
    PLACE,
    PROCEDURE,
    advance,
    opened,
    own,
    require_other,
    start_clock,
    stop_clock,
)
from server_stub.cases.proposing import correct, moves
from server_stub.cases.selectors import view
from server_stub.cases.taking import examine_all, keep_evidence
from server_stub.cases.words import say
from server_stub.config import clock
from server_stub.errors import Problem
from server_stub.queries.errors import require_text
from server_stub.records import services as records
from server_stub.records.selectors import current_revisions, reasons_since
from server_stub.rules.selectors import due

WITH_CHANGES = ("corrected", "supplemented")
WITH_REASONS = ("kept", "noted")


def require_end(number: str, *, outcome: str, by: str, answer: str, changes: bool) -> Objection:
    """The case under its lock, when `by` may end it so. Call inside a transaction.

    Raises:
        Problem: as `conclude`.
    """
    if outcome not in CONCLUDED:
        raise errors.not_filled("outcome", "corrected, supplemented, removed, kept or noted")
    if outcome in WITH_REASONS and not answer.strip():
        raise errors.not_filled("answer", "reasons are needed")
    if changes and outcome not in WITH_CHANGES:
        raise errors.not_filled("changes", "changes belong to corrected and supplemented alone")
    require_text("statement", "answer", answer)
    objection = opened(number, by, "conclude")
    _require_hands(objection, by)
    since = reasons_since(objection.rec_id, objection.rev_seen)
    if outcome in WITH_CHANGES and not changes and "corrected" not in since:
        raise errors.not_filled("changes", "the record was not corrected")
    return objection


def conclude(
    number: str,
    *,
    outcome: str,
    by: str,
    answer: str = "",
    changes: Mapping[str, Any] | None = None,
    text_stays: str = "",
    second: str = "",
) -> dict[str, Any]:
    """End an objection: corrected or supplemented (with `changes` of records.services.correct), removed,
    kept or noted.

    The mark goes in every case; content changes only with the first three. kept and noted need reasons.
    corrected and supplemented without `changes` end an objection whose record was corrected while it was
    open. After a recheck somebody else than who concluded or confirmed before has to end it. `changes` that
    move the record's term, or set an amount that its text does not state, take a `second` of the staff who
    did not file it (`proposing`); `text_stays` says why the text stays, in the log and in the answer.

    Raises:
        Problem: `not-found`, `role-denied`, `rev-conflict`, `body-invalid`, `text-too-long`, `text-unfit`.
        ValueError: `text_stays` is no reason for the log.
    """
    with transaction.atomic():
        if second:
            staff.require_second(second, by)
        objection = require_end(number, outcome=outcome, by=by, answer=answer, changes=bool(changes))
        if second:
            staff.require_second(second, objection.user)
        if changes and not second and (text_stays or moves(objection.rec_id, changes)):
            why = "this moves the record's term, or sets an amount against its text"
            raise Problem("role-denied", f"{why}: another of the staff confirms it")
        if objection.kind == "objection":
            records.unmark(objection.rec_id, by=by)
        # every officer reads why a record was corrected; the reply is for who filed
        if changes:
            rev = current_revisions([objection.rec_id])[objection.rec_id]
            correct(objection.rec_id, changes, reason=number, text_stays=text_stays, by=by, rev=rev)
        elif outcome == "removed":
            records.annul(objection.rec_id, reason=number, by=by)
        stop_clock(objection)
        objection.state, objection.outcome, objection.holder = outcome, outcome, ""
        said = result(objection)
        objection.answer = answer.strip() or said
        if text_stays:
            objection.answer += say("text_stays", why=text_stays)
        objection.concluded_on = clock.today()
        objection.concluded_by, objection.concluded_second = by, second
        if objection.kind == "objection" and outcome != "removed" and objection.rechecked_on is None:
            objection.recheck_until = due(PLACE, PROCEDURE, "ask_recheck", clock.today())
        advance(objection, by, said, objection.answer)
    return view(objection)


def recheck(
    officer: Officer,
    number: str,
    *,
    why: str,
    attached: Sequence[Handed] = (),
    device_id: str = "",
    rev: int | None = None,
) -> dict[str, Any]:
    """Who filed is not content with the end: the record is marked again and checked by other hands, once.

    Raises:
        Problem: `not-found`, `rev-conflict` (also a second time); `body-invalid` without reasons, after the
            term, or for a report of a data error; `objection-duplicate` when another objection is open;
            `attachment-refused`; `evidence-awaited` (to be repeated) when a named file is not here.
    """
    said = reasons("why", why)
    examined = examine_all(attached, device_id)
    with transaction.atomic():
        objection = own(number, officer, "recheck", rev)
        if objection.rechecked_on is not None:
            raise errors.only_once("recheck", objection.state, objection.rev)
        if objection.kind != "objection" or objection.accepted_on is None:
            raise errors.not_filled("kind", "a report of a data error has no recheck")
        if objection.recheck_until is not None and clock.today() > objection.recheck_until:
            raise errors.not_filled("on", "the term of the recheck is over")
        other = Objection.objects.filter(rec_id=objection.rec_id, kind="objection", state__in=OPEN).first()
        if other is not None:
            raise errors.duplicate(other, officer)
        require_room(objection, len(examined))
        keep_evidence(objection, examined, device_id)
        objection.state, objection.rechecked_on, objection.extended_on = "rechecking", clock.today(), None
        objection.holder = say("centre")
        start_clock(objection, "recheck", clock.today())
        # what was corrected before is no answer to the recheck
        objection.rev_seen = records.mark(
            objection.rec_id,
            number=number,
            accepted_on=objection.accepted_on,
            due_on=objection.due_on,
            by=officer.user,
        )
        text = say("rechecking")
        text = text if objection.due_on else f"{text}；{say('calendar')}"
        advance(objection, officer.user, text, said)
    return view(objection, officer)


def close(number: str, *, by: str, agreed: bool = False) -> dict[str, Any]:
    """Nothing more is to come: the term of the recheck is over, it was rechecked, or who filed `agreed`.

    Raises:
        Problem: `not-found`, `role-denied`, `rev-conflict`; `body-invalid` while a recheck may be asked for.
    """
    with transaction.atomic():
        objection = opened(number, by, "close")
        may_come = objection.kind == "objection" and objection.outcome not in ("", "removed")
        over = objection.recheck_until is not None and clock.today() > objection.recheck_until
        if may_come and objection.rechecked_on is None and not over and not agreed:
            raise errors.not_filled("on", "the term of the recheck is not over")
        objection.state = "closed"
        advance(objection, by, say("closed", objection.kind))
    return view(objection)


def _require_hands(objection: Objection, by: str) -> None:
    """Four eyes, where the dated policy asks for them: who checked, who concluded before a recheck."""
    if objection.kind != "objection":
        return
    if objection.rechecked_on is not None:
        require_other("objection_recheck_by", by, {objection.concluded_by, objection.concluded_second})
    steps = objection.steps.filter(state__in=("accepted", "answered"))
    require_other("objection_conclude_by", by, set(steps.values_list("by", flat=True)))
