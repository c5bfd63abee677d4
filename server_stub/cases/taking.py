"""How an objection comes in: filed by an officer, or on paper at the centre's window."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction

from server_stub.accounts.models import Officer
from server_stub.accounts.staff import ROLE
from server_stub.cases import attachments, errors, uploads
from server_stub.cases.attachments import Handed, Kept
from server_stub.cases.filing import LetterOk, letter_speaks, read_filing, require_chosen, require_right
from server_stub.cases.models import OPEN, Attachment, Objection
from server_stub.cases.moves import start_clock, told
from server_stub.cases.selectors import view
from server_stub.cases.words import say
from server_stub.config import clock
from server_stub.errors import Problem
from server_stub.queries import ops
from server_stub.queries.selectors import own_query, records_of
from server_stub.records.models import Record
from server_stub.records.selectors import shows
from server_stub.rules.selectors import objection_rule

Examined = tuple[Kept, bytes]


def file(
    officer: Officer,
    op_id: str,
    body: dict[str, Any],
    *,
    device_id: str = "",
    letter_ok: LetterOk = letter_speaks,
) -> dict[str, Any]:
    """Take an objection (or a report of a data error) on a record of the officer's own query.

    An old answer opens nothing that is hidden from the officer since: who is concerned comes to the window.
    Evidence is what `device_id` itself has uploaded; a filing that names more than has arrived waits.

    Raises:
        Problem: `body-invalid`, `text-too-long`, `text-unfit`, `not-found`, `role-denied`,
            `objection-letter`, `objection-duplicate`, `attachment-refused`; `evidence-awaited` (to be
            repeated) when a named file is not here.
    """
    filing = read_filing(body)
    require_chosen(filing)
    today = clock.today()
    examined = examine_all(filing.attachments, device_id)
    with transaction.atomic():
        query = own_query(officer, filing.query_no)
        seen = records_of(filing.query_no)
        record = Record.objects.select_for_update().filter(pk=filing.rec_id).first()
        told_today = officer.role == ROLE or shows(
            filing.rec_id, role=officer.role, on=today, basis=query.basis_type
        )
        if record is None or filing.rec_id not in seen or not told_today:
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
            holder=say("centre"),
        )
        if rule.clock:
            start_clock(objection, "accept", today)
        objection.save(force_insert=True)
        keep_evidence(objection, examined, device_id)
        told(objection, officer.user, say("filed", filing.kind))
    return view(objection, officer)


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
            holder=say("centre"),
        )
        start_clock(objection, "accept", filed_on)
        objection.save(force_insert=True)
        told(objection, officer.user, say("taken_in", day=filed_on.isoformat()))
    return view(objection)


def examine_all(handed: Sequence[Handed], device_id: str) -> list[Examined]:
    """Everything handed in, judged.

    Raises:
        Problem: `attachment-refused`; `evidence-awaited` (to be repeated) when a named file is not here.
    """
    return [attachments.examine(one) if one.b64 else uploads.arrived(device_id, one) for one in handed]


def keep_evidence(objection: Objection, examined: Sequence[Examined], device_id: str) -> None:
    """Keep the files by their digests, and spend the uploads they came by."""
    for kept, content in examined:
        attachments.keep(content, kept.sha256)
        Attachment.objects.create(
            objection=objection, name=kept.name, sha256=kept.sha256, size=kept.size, media=kept.media
        )
    uploads.spend(device_id, {kept.sha256 for kept, _ in examined})


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
        raise errors.duplicate(held, officer)
