"""The letter that answers an objection, made of what the cases room tells of it."""

from __future__ import annotations

from datetime import date
from functools import partial

import msgspec

from app.field.paper_facts import AnswerFacts
from app.field.receivers import Receiver
from app.field.records import Basis, PurposeRef, SubjectKind
from app.field.reportdoc import FactsDocument
from server_stub.accounts.models import Officer, Organisation
from server_stub.answered import answered
from server_stub.config.clock import stamp
from server_stub.errors import Problem
from server_stub.queries.bundles import requester
from server_stub.queries.models import Query
from server_stub.records.labels import word
from server_stub.reports.drafted import Ground, IssueBody, masked
from server_stub.reports.models import Report
from server_stub.reports.sourced import Sourced, paper_row
from server_stub.subjects.selectors import card, find_by_key

ANSWERS = "C01"  # the centre's own purpose: nobody queried anything for this paper


def source(officer: Officer, wanted: IssueBody, on: date) -> Sourced:
    """The answer of a case that this officer filed, or any for the centre's staff; `query_no` is the case's.
    Handed to a person himself it names him in full, with his masked number: a letter says to whom. A second
    one on the same answer says so; which was the first it says to who was handed that. One for the subject
    says all that the centre's own does, or is refused: of a record that its maker may not read any more it
    would say nothing.

    Raises:
        Problem: `not-found`, `objection-open`, `answer-at-window`, `scope-invalid`, `rows-invalid`.
    """
    if wanted.start or wanted.end or wanted.field:
        raise Problem("scope-invalid", "a letter is about one answer")
    if wanted.rows:
        raise Problem("rows-invalid", "this paper is not about a screening")
    told = answered()(wanted.query_no, officer, wanted.language)
    himself = wanted.receiver is not None and wanted.receiver.kind == "subject"
    if himself and not told.facts.record_no:
        raise Problem(
            "answer-at-window",
            "who filed is not shown the record any more",
            context={"number": told.facts.case_no},
        )
    subject = find_by_key(told.subject_key)
    if subject is None:
        raise Problem("not-found", "the subject of the case is not known")
    kind: SubjectKind = "person" if subject.kind == "person" else "legal"
    his = kind == "legal" or himself
    whom = card(subject)
    before = _before(told.facts)
    facts = msgspec.structs.replace(
        told.facts,
        subject_kind=kind,
        code=whom.code if his else "",
        copy_no=len(before) + 1,
        first_copy=before[0] if before and _had(before[0], wanted.receiver) else "",
    )
    query = Query.objects.filter(pk=told.query_no).first()
    purpose = query.purpose if query is not None else ANSWERS
    body = Organisation.objects.filter(code=told.organisation).first()
    applicant = requester(officer)
    if body is not None:
        applicant = msgspec.structs.replace(
            applicant, organisation=body.code, organisation_name=body.name, organisation_kind=body.kind
        )
    return Sourced(
        layout=paper_row(wanted.template, kind, on),
        facts=facts,
        subject=whom.name if his else masked(whom.name, kind),
        ground=Ground(
            told.facts.case_no, told.subject_key, kind, masked(subject.name, kind), purpose,
            query.basis_type if query is not None else "duty",
        ),
        basis=Basis("duty"),
        purpose=PurposeRef(ANSWERS, word("paper.answering"), word("paper.answering", "en")),
        case_no="",
        queried=stamp(),
        held={},
        tables=("deadline", "objection_kind"),
        still=partial(_require_same, told.facts, before, officer, wanted),
        applicant=applicant,
    )  # fmt: skip


def gone_from_answer(report: Report) -> int:
    """1 when the case was taken up again after the letter, or ended otherwise: another letter tells that."""
    facts = msgspec.json.decode(bytes(report.document), type=FactsDocument).facts
    if not isinstance(facts, AnswerFacts):
        return 0
    try:
        now_told = answered()(facts.case_no, None, "zh_CN").facts
    except Problem:
        return 1
    return int((now_told.concluded_on, now_told.rechecked_on) != (facts.concluded_on, facts.rechecked_on))


def _before(facts: AnswerFacts) -> list[str]:
    """The letters in force on the same answer, the first one first."""
    rows = Report.objects.filter(query_no=facts.case_no, void_at="").order_by("issued_at", "number")
    return [row.number for row in rows if not gone_from_answer(row)]


def _had(number: str, receiver: Receiver | None) -> bool:
    """Whether that letter was handed to the same receiver: its number is nobody else's to look up."""
    row = Report.objects.get(number=number)
    asked = receiver.bare() if receiver is not None else None
    return asked is not None and (row.receiver_kind, row.receiver) == (asked.kind, asked.name)


def _require_same(facts: AnswerFacts, before: list[str], officer: Officer, wanted: IssueBody) -> None:
    moved = answered()(wanted.query_no, officer, wanted.language).facts != facts
    if moved or _before(facts) != before:
        raise Problem("query-stale", "the case has moved since the pages were set")
