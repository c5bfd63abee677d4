"""Issuing a report: the chain link, the evidence, the number, the file and the answer stand or fall
together.
"""

from __future__ import annotations

import base64
import hashlib
import uuid
from collections.abc import Callable, Sequence
from typing import Any

import msgspec
from django.db import transaction

from app.field.reportdoc import write_document
from server_stub.accounts.models import Device, Officer
from server_stub.accounts.staff import require_staff
from server_stub.config.keys import write_secret
from server_stub.errors import Problem
from server_stub.evidence import services as evidence
from server_stub.queries import ops
from server_stub.queries.once import Asked, Settled, once, require_link
from server_stub.reports.drafted import Drafted, IssueBody, read_body
from server_stub.reports.drafting import draft
from server_stub.reports.models import HeldRecord, Report
from server_stub.reports.selectors import file_of, folder, own_report, withdrawn_of


def issue(
    officer: Officer, device: Device, entries: Sequence[str], op_id: str, body: dict[str, Any], tree_size: int
) -> dict[str, Any]:
    """The 201 body for a report. `entries` are the device's links not yet receipted, this issue's own last.

    Pages are set and sealed before the transaction begins, so that the log is never held up by them;
    within it the records are looked at once more.

    Raises:
        Problem: of the chain (nothing is kept), or a refusal (its link and its leaf are kept; the receipts
            are in its context); `answer-withdrawn` when the stored report is void or superseded.
    """
    asked = Asked("issue", officer, device, entries, op_id, body, tree_size)
    made = None
    if ops.find(device.device_id, op_id, ops.digest_of(body)) is None:
        require_link(asked)  # no seal is spent on what the chain does not carry
        made = _try(officer, body)
    said = once(
        asked,
        decide=lambda: _decide(officer, made),
        settle=lambda own, drafted: _settle(officer, device, own, op_id, drafted),
        again=lambda kept: _once_more(officer, kept["number"]),
    )
    number = said.pop("number")
    return {**dict(msgspec.to_builtins(said)), **_answer(own_report(officer, number))}


def issue_by_staff(user: str, wanted: IssueBody, hand: Callable[[bytes], None]) -> Report:
    """A paper that the centre's staff hand out themselves: no device's chain carries it, the leaf is the
    server's own. `hand` puts the sealed file where it can be handed out; when it fails nothing is issued.

    Raises:
        Problem: `role-denied`, and of `draft`. And what `hand` raises.
    """
    officer = Officer.objects.select_related("organisation").get(user=require_staff(user))
    made = draft(officer, wanted)
    op_id = str(uuid.uuid4())
    with transaction.atomic():
        made.still()
        leaf = evidence.append(
            kind="issue",
            user=officer.user,
            organisation=officer.organisation_id,
            op_id=op_id,
            subject_key=made.ground.subject_key,
            purpose=made.ground.purpose,
            query_no=made.ground.query_no,
            report_no=made.document.number,
            records_sha256=hashlib.sha256(made.shown).hexdigest(),
            report_sha256=made.pdf_sha256,
            outcome="done",
        )
        _keep(officer, "", made, op_id, leaf.leaf_index)
        try:
            hand(made.pdf)
        except BaseException:
            (folder() / f"{made.document.number}.pdf").unlink()
            raise
    return Report.objects.get(number=made.document.number)


def _once_more(officer: Officer, number: str) -> dict[str, Any]:
    """The same file, as long as it says what may still be shown.

    Raises:
        Problem: `answer-withdrawn`.
    """
    report = own_report(officer, number)
    if report.void_at or withdrawn_of(report):
        raise Problem("answer-withdrawn", "the report is not in force as it was issued")
    return {"number": number}


def _try(officer: Officer, body: dict[str, Any]) -> Drafted | Problem:
    try:
        return draft(officer, read_body(body))
    except Problem as problem:
        return problem


def _decide(officer: Officer, made: Drafted | Problem | None) -> Drafted | None:
    """What was drafted, when it is still so; None when nothing was."""
    if isinstance(made, Problem):
        raise made
    if made is not None:
        made.still()
    return made


def _settle(
    officer: Officer, device: Device, own: evidence.Accepted, op_id: str, made: Drafted | None
) -> Settled:
    if made is None:
        raise Problem("op-in-progress", retry_after_s=1)
    number = made.document.number
    leaf = evidence.leaf_of_act(
        own,
        organisation=officer.organisation_id,
        subject_key=made.ground.subject_key,
        purpose=made.ground.purpose,
        query_no=made.ground.query_no,
        report_no=number,
        records_sha256=hashlib.sha256(made.shown).hexdigest(),
        report_sha256=made.pdf_sha256,
    )
    _keep(officer, device.device_id, made, op_id, leaf.leaf_index)
    return Settled(leaf, {"number": number}, {"number": number})


def _keep(officer: Officer, device_id: str, made: Drafted, op_id: str, leaf_index: int) -> None:
    number, ground = made.document.number, made.ground
    folder().mkdir(mode=0o700, exist_ok=True)
    write_secret(folder() / f"{number}.pdf", made.pdf)
    report = Report(
        number=number,
        op_id=op_id,
        query_no=ground.query_no,
        subject_key=ground.subject_key,
        subject_kind=ground.kind,
        subject_masked=ground.masked,
        user=officer.user,
        organisation=officer.organisation_id,
        organisation_kind=officer.organisation.kind,
        role=officer.role,
        device_id=device_id,
        purpose=ground.purpose,
        basis_type=ground.basis_type,
        issued_at=made.document.times.issued,
        valid_until=made.valid_until,
        document=write_document(made.document),
        document_sha256=made.document_sha256,
        pdf_sha256=made.pdf_sha256,
        pdf_name=f"{number}.pdf",
        leaf_index=leaf_index,
        receiver_kind=made.receiver.kind,
        receiver=made.receiver.name,
    )
    report.save(force_insert=True)
    HeldRecord.objects.bulk_create(
        HeldRecord(report=report, rec_id=rec_id, rev=rev) for rec_id, rev in made.held.items()
    )


def _answer(report: Report) -> dict[str, Any]:
    return {
        "number": report.number,
        "issued_at": report.issued_at,
        "valid_until": report.valid_until.isoformat(),
        "pdf_b64": base64.b64encode(file_of(report)).decode("ascii"),
        "pdf_sha256": report.pdf_sha256,
        "document_sha256": report.document_sha256,
    }
