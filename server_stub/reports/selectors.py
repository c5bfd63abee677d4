"""Questions about reports: is this number genuine and still the latest, who may fetch a file again."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
from django.conf import settings

from app.field.records import held_by
from app.field.report_numbers import number_in
from app.field.templates import FactsName
from app.report import check_code_of
from server_stub.accounts.models import Officer
from server_stub.config.clock import today
from server_stub.config.keys import keys
from server_stub.errors import Problem
from server_stub.evidence.selectors import public_at
from server_stub.records import selectors as records
from server_stub.reports.answering import gone_from_answer
from server_stub.reports.certifying import gone_from
from server_stub.reports.models import HeldRecord, Report
from server_stub.reports.naming import names_another
from server_stub.subjects.selectors import find_by_key

_DIGEST = re.compile(r"[0-9a-f]{64}")
_UNKNOWN = {
    "state": "unknown",
    "match": None,
    "number": "",
    "issued_at": "",
    "valid_until": "",
    "subject_masked": "",
    "purpose_class": "",
    "withdrawn": 0,
    "document_sha256": "",
    "check_code": "",
}


def answers_public(issued_at: str) -> str:
    """The public half (base64) of the key that signed the codes of reports of that moment; empty when that
    key was replaced and was never known: a code cannot be judged then, and is not called altered.
    """
    earlier = public_at("answers", issued_at) if issued_at else None
    return base64.b64encode(keys().answers.public).decode("ascii") if earlier is None else earlier


def verify(number: str, pdf_sha256: str = "") -> dict[str, Any]:
    """State of a report for anyone who holds its paper or its file; nothing but a masked name is told.

    Args:
        number: as somebody typed or scanned it (app.field.report_numbers.number_in); empty when only the
            file is at hand: then the report is found by its digest, which nobody can guess.
        pdf_sha256: 64 hexadecimal digits of the file, or empty.

    State: void, superseded (a record in it has changed or is no longer shown, or it names a person as he
    was never called; which is not said), expired, current, or unknown. `match` is None when no digest was
    given or the report is unknown. What is no number at all, another city's and one that was never issued
    are looked up alike and told alike.
    """
    digest = pdf_sha256.strip().lower()
    report = _by_number(number) if number.strip() else _by_digest(digest)
    if report is None:
        return dict(_UNKNOWN)
    gone = withdrawn_of(report)
    return {
        "state": state_of(report, gone),
        "match": digest == report.pdf_sha256 if digest else None,
        "number": report.number,
        "issued_at": report.issued_at,
        "valid_until": report.valid_until.isoformat(),
        "subject_masked": report.subject_masked,
        "purpose_class": report.purpose[:1],
        "withdrawn": gone,
        "document_sha256": report.document_sha256,
        "check_code": check_code_of(report.number, report.document_sha256),
    }


def _by_number(text: str) -> Report | None:
    try:
        number = number_in(text)
    except ValueError:
        number = ""  # looked up all the same: the time must not tell one kind of unknown from another
    return Report.objects.filter(number=number).first()


def _by_digest(digest: str) -> Report | None:
    return Report.objects.filter(pdf_sha256=digest if _DIGEST.fullmatch(digest) else "").first()


def state_of(report: Report, gone: int) -> str:
    """The one word for a report, the gravest first."""
    if report.void_at:
        return "void"
    if gone:
        return "superseded"
    return "expired" if today() > report.valid_until else "current"


def withdrawn_of(report: Report) -> int:
    """How many of the record revisions a report shows are no longer shown as they were; 1 where none is and
    the report names somebody else (`names_another`).
    """
    return _gone(report) or int(names_another(report))


def _gone(report: Report) -> int:
    held = dict(HeldRecord.objects.filter(report=report).values_list("rec_id", "rev"))
    facts = facts_in(report)
    if facts is not None:
        return gone_from_answer(report) if facts == "answer" else gone_from(report, held)
    asked = report.role, report.organisation_kind, report.basis_type
    return withdrawn(report.subject_key, held, *asked, report_type_of(report))


def report_type_of(report: Report) -> str:
    """By which column of the display table the records of a report were chosen."""
    layout = msgspec.json.decode(bytes(report.document), type=_Laid).layout
    return layout.report_type if layout else "standard"


def facts_in(report: Report) -> FactsName | None:
    """Which facts of its own a paper is about; None for a report on the answer to a query."""
    layout = msgspec.json.decode(bytes(report.document), type=_Laid).layout
    return (layout.facts or None) if layout else None


class _Paper(msgspec.Struct, frozen=True):
    report_type: str = "standard"
    facts: FactsName = ""


class _Laid(msgspec.Struct, frozen=True):
    """Of a stored document only that; one of before papers were rows is a standard report."""

    layout: _Paper | None = None


def withdrawn(
    subject_key: str,
    held: Mapping[str, int],
    role: str,
    organisation_kind: str,
    basis: str,
    report_type: str = "standard",
) -> int:
    """How many of `held` (rec_id -> rev) the rules do not show today to such an officer as they stood then.

    While a record is under objection a paper without its mark does not say what would be shown; when the mark
    is gone and nothing else happened, it does so again.
    """
    shown = records.shown(
        find_by_key(subject_key),
        role=role,
        organisation_kind=organisation_kind,
        report_type=report_type,
        on=today(),
        basis=basis,
    )
    current = held_by(shown)
    moved = {rec_id: rev for rec_id, rev in held.items() if current.get(rec_id) != rev}
    still = records.unmarked_again({rec_id: rev for rec_id, rev in moved.items() if rec_id in current})
    return len(moved) - len(still)


def own_report(officer: Officer, number: str) -> Report:
    """A report of the officer's own.

    Raises:
        Problem: `not-found` for reports of others and for none.
    """
    report = Report.objects.filter(number=number, user=officer.user).first()
    if report is None:
        raise Problem("not-found", "no such report of this officer")
    return report


def file_of(report: Report) -> bytes:
    """The sealed file, byte for byte as it was issued."""
    return (folder() / report.pdf_name).read_bytes()


def folder() -> Path:
    return Path(settings.HENGXIN_HOME) / "reports"


def reports_with(rec_id: str, rev: int) -> list[Report]:
    """Reports that stood until this revision of a record ended and have not expired: their holders are told.

    Besides those that show it, those that show an earlier one of which it said the same again (`withdrawn`).
    """
    held = HeldRecord.objects.filter(
        rec_id=rec_id,
        rev__in=records.said_again(rec_id, rev),
        report__valid_until__gte=today(),
        report__void_at="",
    )
    return [row.report for row in held.select_related("report")]
