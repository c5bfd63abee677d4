"""An application comes in, is supplemented, or is withdrawn."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import msgspec
from django.db import transaction

from server_stub.accounts import staff
from server_stub.accounts.models import Officer
from server_stub.cases import attachments, errors, uploads
from server_stub.cases.attachments import Handed
from server_stub.cases.filing import LetterOk, letter_speaks, no_letter
from server_stub.cases.models import REPAIR_OPEN, Paper, Repair
from server_stub.cases.repairs.moves import advance, dated, own, start_clock, stop_clock, told
from server_stub.cases.repairs.selectors import view
from server_stub.cases.repairs.standing import may, own_record, stands
from server_stub.cases.repairs.words import say
from server_stub.cases.taking import Examined, examine_all
from server_stub.config import clock
from server_stub.errors import Problem
from server_stub.queries import ops
from server_stub.queries.errors import require_text
from server_stub.queries.policy import figure
from server_stub.queries.selectors import own_query
from server_stub.records.models import Record
from server_stub.records.selectors import reasons_since
from server_stub.rules.repairing import Eligibility, repair_kind
from server_stub.rules.tables_file import RepairKind

_MARKS = {"marked", "unmarked"}


class PaperIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One paper as it comes: what it is to prove (`check`), and the file."""

    check: str
    name: str
    sha256: str
    size: int = 0
    b64: str = ""

    def handed(self) -> Handed:
        return Handed(self.name, self.sha256, self.b64, self.size)


class Application(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The body of the outbox kind `repair.apply`."""

    kind: str
    query_no: str
    rec_id: str
    base_rev: int
    statement: str = ""
    letter_no: str = ""
    papers: tuple[PaperIn, ...] = ()


def apply(
    officer: Officer,
    op_id: str,
    body: dict[str, Any],
    *,
    device_id: str = "",
    letter_ok: LetterOk = letter_speaks,
) -> dict[str, Any]:
    """Take an application for the repair of a record of the officer's own answer.

    Raises:
        Problem: `body-invalid` (fields[].code paper: one is missing), `text-too-long`, `text-unfit`,
            `not-found`, `role-denied`, `repair-letter`, `repair-too-early` (context earliest),
            `repair-not-possible` (context standing, basis), `repair-duplicate`, `rev-conflict` when the
            record changed since the officer saw it, `attachment-refused`; `evidence-awaited` (repeat).
    """
    given = _read(body)
    today = clock.today()
    kind = repair_kind(given.kind, today)
    if kind is None or officer.role not in kind.roles:
        raise Problem("role-denied", "this role may not apply for that")
    _require_papers(kind, given.papers)
    examined = _examined(given.papers, device_id)
    with transaction.atomic():
        query = own_query(officer, given.query_no)
        Record.objects.select_for_update().filter(pk=given.rec_id).first()
        record = own_record(officer, given.query_no, given.rec_id)
        own_unit = bool(officer.organisation.subject_key) and (
            officer.organisation.subject_key == record.subject_key
        )
        spoken = bool(given.letter_no) and letter_ok(officer, query, given.letter_no, today)
        if not (own_unit or spoken or officer.role == staff.ROLE):
            raise no_letter(officer, given.letter_no, "repair-letter")
        if given.base_rev > record.rev or set(reasons_since(given.rec_id, given.base_rev)) - _MARKS:
            raise Problem("rev-conflict", "the record changed", context={"rev": record.rev})
        repair = _new(officer, kind, record, today)
        repair.op_id, repair.query_no, repair.letter_no = op_id, given.query_no, given.letter_no
        repair.statement = given.statement.strip()
        repair.save(force_insert=True)
        _keep(repair, examined, device_id)
        told(repair, officer.user, say("submitted"), repair.statement)
    return view(repair, officer)


def take_in(officer: Officer, rec_id: str, *, kind_code: str, statement: str) -> dict[str, Any]:
    """Enter an application that came on paper to the centre's window; the papers lie with the centre.

    Raises:
        Problem: `role-denied`, `not-found`, `body-invalid`, `text-too-long`, `text-unfit`,
            `repair-too-early`, `repair-not-possible`, `repair-duplicate`.
    """
    staff.require_staff(officer.user)
    if not statement.strip():
        raise errors.not_filled("statement", "which papers came")
    require_text("statement", "statement", statement)
    kind = repair_kind(kind_code, clock.today())
    if kind is None or officer.role not in kind.roles:
        raise Problem("role-denied", "nothing of that kind is taken in")
    with transaction.atomic():
        record = Record.objects.select_for_update().filter(pk=rec_id).first()
        if record is None:
            raise Problem("not-found", "no such record")
        repair = _new(officer, kind, record, clock.today())
        repair.statement = statement.strip()
        repair.save(force_insert=True)
        told(repair, officer.user, say("submitted"), repair.statement)
    return view(repair)


def supplement(
    officer: Officer,
    number: str,
    *,
    statement: str,
    papers: Sequence[PaperIn] = (),
    device_id: str = "",
    rev: int | None = None,
) -> dict[str, Any]:
    """What was asked for has come; the application goes on where it was given back.

    Raises:
        Problem: `not-found`, `rev-conflict`, `body-invalid`, `text-too-long`, `text-unfit`,
            `attachment-refused`, `evidence-awaited`.
    """
    if not statement.strip():
        raise errors.not_filled("statement", "empty")
    require_text("statement", "statement", statement)
    examined = _examined(papers, device_id)
    with transaction.atomic():
        repair = own(number, officer, "supplement", rev)
        if repair.papers.count() + len(examined) > 2 * figure("evidence_files_max", clock.today()):
            raise errors.not_filled("papers", "too many")
        repair.state, repair.returned_from = repair.returned_from, ""
        if repair.state != "submitted":
            start_clock(repair, "result", clock.today())
        _keep(repair, examined, device_id)
        advance(repair, officer.user, dated(repair, say("supplemented")), statement.strip())
    return view(repair, officer)


def withdraw(officer: Officer, number: str, *, why: str, rev: int | None = None) -> dict[str, Any]:
    """Who applied gives it up before it was accepted, or the window enters that they did.

    Raises:
        Problem: `not-found`, `rev-conflict`, `body-invalid`, `text-too-long`, `text-unfit`.
    """
    if not why.strip():
        raise errors.not_filled("why", "empty")
    require_text("statement", "why", why)
    with transaction.atomic():
        repair = own(number, officer, "withdraw", rev)
        stop_clock(repair)
        repair.state, repair.site_due = "withdrawn", None
        advance(repair, officer.user, say("withdrawn"), why.strip())
    return view(repair, officer)


def _read(body: dict[str, Any]) -> Application:
    try:
        given = msgspec.convert(body, Application)
    except msgspec.ValidationError as flaw:
        raise errors.not_filled("body", str(flaw)) from flaw
    require_text("statement", "statement", given.statement)
    require_text("letter_no", "letter_no", given.letter_no)
    if len(given.papers) > figure("evidence_files_max", clock.today()):
        raise errors.not_filled("papers", "too many")
    return given


def _require_papers(kind: RepairKind, papers: Sequence[PaperIn]) -> None:
    brought = {one.check for one in papers}
    missing = [name for name in kind.papers if name not in brought]
    if missing or brought - set(kind.papers):
        raise errors.papers_missing(missing or sorted(brought - set(kind.papers)))


def _examined(papers: Sequence[PaperIn], device_id: str) -> list[tuple[str, Examined]]:
    examined = examine_all([one.handed() for one in papers], device_id)
    return [(paper.check, one) for paper, one in zip(papers, examined, strict=True)]


def _new(officer: Officer, kind: RepairKind, record: Record, on: date) -> Repair:
    """The unsaved application, when the record may be applied for today and nobody has."""
    held = Repair.objects.filter(rec_id=record.rec_id, state__in=REPAIR_OPEN).first()
    if held is not None:
        raise errors.repair_duplicate(held.number if held.organisation == officer.organisation_id else "")
    found = stands(record, on)
    if not may(kind, found) or found.route is None:
        raise _refusal(found)
    prefix, day, running = ops.running_number("XF", on.strftime("%Y%m%d")).split("-")
    return Repair(
        number=f"{prefix}-{day}-{int(running):04d}",
        kind=kind.id,
        rec_id=record.rec_id,
        rev_seen=record.rev,
        subject_key=record.subject_key,
        document_no=record.document_no,
        user=officer.user,
        organisation=officer.organisation_id,
        route=found.route.id,
        keeper=found.route.keeper,
        filed_at=clock.stamp(),
    )


def _refusal(found: Eligibility) -> Problem:
    if found.standing == "not_yet" and found.earliest is not None:
        return errors.repair_too_early(found.earliest)
    basis = found.rule.basis if found.rule else ""
    return errors.repair_not_possible(found.standing, basis)


def _keep(repair: Repair, examined: Sequence[tuple[str, Examined]], device_id: str) -> None:
    for check, (kept, content) in examined:
        attachments.keep(content, kept.sha256)
        Paper.objects.create(
            repair=repair,
            check_name=check,
            name=kept.name,
            sha256=kept.sha256,
            size=kept.size,
            media=kept.media,
        )
    uploads.spend(device_id, {kept.sha256 for _, (kept, _) in examined})
