"""Verbs of objections: file, take_in, accept, forward, conclude. Each state: one transaction, one notice."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from server_stub.accounts.models import Officer
from server_stub.cases import attachments, errors, uploads
from server_stub.cases.filing import LetterOk, letter_speaks, read_filing, require_right
from server_stub.cases.models import CONCLUDED, OPEN, Attachment, Objection, Step
from server_stub.cases.selectors import view
from server_stub.cases.words import say
from server_stub.config import clock
from server_stub.errors import Problem
from server_stub.evidence import services as evidence
from server_stub.feed import services as feed
from server_stub.queries import ops
from server_stub.queries.errors import require_text
from server_stub.queries.selectors import own_query, records_of
from server_stub.records import services as records
from server_stub.records.models import Record
from server_stub.records.selectors import reasons_since
from server_stub.rules.selectors import due, objection_rule

PLACE = "city"


def file(
    officer: Officer,
    op_id: str,
    body: dict[str, Any],
    *,
    device_id: str = "",
    letter_ok: LetterOk = letter_speaks,
) -> dict[str, Any]:
    """Take an objection (or a report of a data error) on a record of the officer's own query.

    Evidence is what `device_id` itself has uploaded; a filing that names more than has arrived waits.

    Raises:
        Problem: `body-invalid`, `text-too-long`, `text-unfit`, `not-found`, `role-denied`,
            `objection-letter`, `objection-duplicate`, `attachment-refused`; `evidence-awaited` (to be
            repeated) when a named file is not here.
    """
    filing = read_filing(body)
    today = clock.today()
    examined = [
        attachments.examine(handed) if handed.b64 else uploads.arrived(device_id, handed)
        for handed in filing.attachments
    ]
    with transaction.atomic():
        query = own_query(officer, filing.query_no)
        seen = records_of(filing.query_no)
        record = Record.objects.select_for_update().filter(pk=filing.rec_id).first()
        if record is None or filing.rec_id not in seen:
            raise Problem("not-found", "that answer shows no such record")
        rule = require_right(officer, filing, query, today, letter_ok)
        _require_first(filing.kind, filing.rec_id, officer)
        objection = Objection(
            number=_number(today.strftime("%Y%m%d")),
            kind=filing.kind,
            op_id=op_id,
            query_no=filing.query_no,
            rec_id=filing.rec_id,
            rev_seen=seen[filing.rec_id],
            subject_key=query.subject_key,
            document_no=record.document_no,
            user=officer.user,
            organisation=officer.organisation_id,
            letter_no=filing.letter_no,
            ground=filing.ground,
            wish=filing.wish,
            statement=filing.statement,
            should_be=filing.should_be,
            filed_at=clock.stamp(),
            due_on=due(PLACE, "objection", "accept", today) if rule.clock else None,
            holder=say("centre"),
        )
        objection.save(force_insert=True)
        for kept, content in examined:
            attachments.keep(content, kept.sha256)
            Attachment.objects.create(
                objection=objection, name=kept.name, sha256=kept.sha256, size=kept.size, media=kept.media
            )
        uploads.spend(device_id, {kept.sha256 for kept, _ in examined})
        _told(objection, officer.user, say("filed", filing.kind))
    return view(objection)


def take_in(officer: Officer, rec_id: str, *, filed_on: date, **said: str) -> dict[str, Any]:
    """Enter an objection that somebody brought to the centre's window on paper on the day `filed_on`.

    There is no query behind it: the window looked at the papers of who came. `said` is ground, wish,
    statement and, where there is one, should_be.

    Raises:
        Problem: `body-invalid`, `not-found`, `role-denied`, `objection-duplicate`.
    """
    filing = read_filing({"kind": "objection", "query_no": "", "rec_id": rec_id, **said})
    if filed_on > clock.today():
        raise errors.not_filled("filed_on", "a day to come")
    with transaction.atomic():
        rule = objection_rule("objection", officer.role, filed_on)
        if rule is None or rule.letter:
            raise Problem("role-denied", "only the centre's window takes papers in")
        record = Record.objects.select_for_update().filter(pk=rec_id).first()
        if record is None:
            raise Problem("not-found", "no such record")
        _require_first("objection", rec_id, officer)
        objection = Objection(
            number=_number(filed_on.strftime("%Y%m%d")),
            kind="objection",
            rec_id=rec_id,
            rev_seen=record.rev,
            subject_key=record.subject_key,
            document_no=record.document_no,
            user=officer.user,
            organisation=officer.organisation_id,
            ground=filing.ground,
            wish=filing.wish,
            statement=filing.statement,
            should_be=filing.should_be,
            filed_at=f"{filed_on}T00:00:00.000Z",
            due_on=due(PLACE, "objection", "accept", filed_on),
            holder=say("centre"),
        )
        objection.save(force_insert=True)
        _told(objection, officer.user, say("filed"))
    return view(objection)


def _number(day: str) -> str:
    """YY-yyyymmdd-NNNN."""
    prefix, day, running = ops.running_number("YY", day).split("-")
    return f"{prefix}-{day}-{int(running):04d}"


def _require_first(kind: str, rec_id: str, officer: Officer) -> None:
    rows = Objection.objects.filter(rec_id=rec_id, kind=kind, state__in=OPEN)
    if kind == "data_error":
        rows = rows.filter(organisation=officer.organisation_id)
    held = rows.first()
    if held is not None:
        raise errors.duplicate(held.number)


def accept(number: str, *, by: str, on: date | None = None) -> dict[str, Any]:
    """The centre takes the objection up: the record is marked and the clock of the answer begins.

    A report of a data error is taken up without a mark and without a clock. `on`: the day it was taken up,
    when that is entered afterwards.

    Raises:
        Problem: `not-found`, `role-denied`, `rev-conflict` when it is not waiting; `body-invalid` for a day
            before the filing or to come.
    """
    with transaction.atomic():
        objection = _open(number, by, ("filed",))
        today = on or clock.today()
        filed_on = datetime.fromisoformat(objection.filed_at).astimezone(clock.CITY_ZONE).date()
        if not filed_on <= today <= clock.today():
            raise errors.not_filled("on", "between the filing and today")
        objection.state, objection.accepted_on, objection.due_on = "accepted", today, None
        text = say("accepted", objection.kind)
        if objection.kind == "objection":
            objection.due_on = due(PLACE, "objection", "total", today)
            text = text if objection.due_on else f"{text}；{say('calendar')}"
            records.mark(objection.rec_id, number=number, accepted_on=today, due_on=objection.due_on, by=by)
        _advance(objection, by, text)
    return view(objection)


def forward(number: str, *, to: str, by: str) -> dict[str, Any]:
    """Pass the objection on to the provider `to`; the clock goes on.

    Raises:
        Problem: `not-found`, `role-denied`, `rev-conflict`, `text-too-long`, `text-unfit`.
    """
    require_text("holder", "to", to)
    with transaction.atomic():
        objection = _open(number, by, ("accepted", "forwarded"))
        objection.state, objection.holder = "forwarded", to
        _advance(objection, by, f"{say('forwarded', objection.kind)}：{to}")
    return view(objection)


def conclude(
    number: str, *, outcome: str, by: str, answer: str = "", changes: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """End an objection: corrected (with `changes` of records.services.correct), removed, kept or noted.

    The mark goes in every case; content changes only with corrected and removed. kept and noted need reasons.
    corrected without `changes` closes an objection whose record was corrected while it was open.

    Raises:
        Problem: `not-found`, `role-denied`, `rev-conflict`, `body-invalid`.
    """
    if outcome not in CONCLUDED:
        raise errors.not_filled("outcome", "corrected, removed, kept or noted")
    if outcome in ("kept", "noted") and not answer.strip():
        raise errors.not_filled("answer", "reasons are needed")
    if changes and outcome != "corrected":
        raise errors.not_filled("changes", "changes belong to corrected alone")
    with transaction.atomic():
        objection = _open(number, by, ("accepted", "forwarded"))
        since = reasons_since(objection.rec_id, objection.rev_seen)
        if outcome == "corrected" and not changes and "corrected" not in since:
            raise errors.not_filled("changes", "the record was not corrected")
        if objection.kind == "objection":
            records.unmark(objection.rec_id, by=by)
        reason = f"{number} {answer}".strip()[:500]
        if changes:
            records.correct(objection.rec_id, changes, reason=reason, by=by)
        elif outcome == "removed":
            records.annul(objection.rec_id, reason=reason, by=by)
        said = say(outcome, objection.kind)
        objection.state, objection.answer, objection.holder = outcome, answer or said, ""
        _advance(objection, by, said)
    return view(objection)


def _open(number: str, by: str, states: tuple[str, ...]) -> Objection:
    """The objection under its lock, for a member of the centre who did not file it."""
    staff = Officer.objects.filter(user=by, role="centre_staff", active=True).first()
    objection = Objection.objects.select_for_update().filter(pk=number).first()
    if staff is None or (objection is not None and objection.user == by):
        raise Problem("role-denied", "an objection is decided by the centre, and not by who filed it")
    if objection is None:
        raise Problem("not-found", "no such objection")
    if objection.state not in states:
        raise errors.wrong_state(objection.state, objection.rev)
    return objection


def _advance(objection: Objection, by: str, text: str) -> None:
    objection.rev += 1
    objection.save()
    _told(objection, by, text)


def _told(objection: Objection, by: str, text: str) -> None:
    """The step, the notice to who filed it, and the leaf."""
    Step.objects.create(
        objection=objection, rev=objection.rev, state=objection.state, at=clock.stamp(), by=by, text=text
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
