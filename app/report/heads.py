"""How a paper is headed: about whom, for whom, for what, on what ground and when, each in its own rows."""

from __future__ import annotations

from app.field.paper_facts import AnswerFacts, Facts, LooksFacts, ScreeningFacts
from app.field.records import Basis, SubjectKind
from app.field.reportdoc import FactsDocument, Paper, ReportDocument
from app.field.shown import read_shown
from app.report.furniture import purpose_of
from app.report.printed import edition_of
from app.report.words import Words, second

Rows = list[tuple[str, str]]


def subtitle_of(document: Paper, words: Words) -> str:
    """About what kind of subject, for what kind of use; of a paper of its own facts what it tells."""
    if not isinstance(document, ReportDocument):
        return words.say(f"paper_subtitle.{document.template}")
    kind = "legal" if document.bundle.subject and document.bundle.subject.kind == "legal" else "person"
    return words.say(
        "paper.subtitle",
        subject=words.say(f"paper.for_{kind}"),
        use=words.say(f"paper.for_{edition_of(document)}"),
    )


def cover_rows(document: Paper, words: Words) -> Rows:
    """The rows of the head; the first one names whom the paper is about."""
    if isinstance(document, FactsDocument) and isinstance(document.facts, AnswerFacts):
        return [*_answer_rows(document, document.facts, words), *_times(document, words)[1:]]
    if isinstance(document, FactsDocument):
        rows = [*_own_rows(document.facts, document.subject, words), *_asked_rows(document, words)]
        rows.append((words.say("paper_cover.basis"), document.ground))
        return [*rows, *_times(document, words)]
    if isinstance(document, ReportDocument):
        return _report_rows(document, words)
    raise TypeError(f"no head for {type(document).__name__}")


def _own_rows(facts: Facts, subject: str, words: Words) -> Rows:
    if isinstance(facts, LooksFacts):
        return [
            *_whom(facts.kind, subject, facts.code, words),
            (words.say("paper_cover.looks_period"), words.span(facts.start, facts.end)),
        ]
    if isinstance(facts, ScreeningFacts):
        return [
            (words.say("paper_cover.units"), subject),
            (words.say("paper_cover.screening"), facts.screening_no),
        ]
    raise TypeError(f"no head for {type(facts).__name__}")


def _whom(kind: SubjectKind, name: str, code: str, words: Words) -> Rows:
    """Name and number of whom a paper is about; no row for a number that it does not hold."""
    person = kind == "person"
    number = (words.say("paper_identity.id_number" if person else "paper_cover.code"), code)
    named = (words.say("paper_cover.subject_person" if person else "paper_cover.subject"), name)
    return [named, number] if code else [named]


def _answer_rows(document: FactsDocument, facts: AnswerFacts, words: Words) -> Rows:
    return [
        *_whom(facts.subject_kind, document.subject, facts.code, words),
        (words.say("paper_cover.case"), facts.case_no),
        (words.say("paper_cover.objector"), document.requester.organisation_name),
        (words.say("paper_answer.filed"), facts.filed_on),
        (words.say("paper_answer.concluded"), facts.concluded_on),
        (words.say("paper_cover.finding"), words.say(f"paper_answer.{facts.finding}")),
    ]


def _asked_rows(document: Paper, words: Words) -> Rows:
    purpose = purpose_of(document, words)
    if document.case_no:
        purpose = words.say("paper_cover.purpose_case", purpose=purpose, case_no=document.case_no)
    return [
        (words.say("paper_cover.applicant"), document.requester.organisation_name),
        (words.say("paper_cover.purpose"), purpose),
    ]


def _report_rows(document: ReportDocument, words: Words) -> Rows:
    subject = document.bundle.subject
    legal = subject is not None and subject.kind == "legal"
    name, code = (subject.name, subject.code) if subject else ("", "")
    if subject and not legal:
        code = words.say("paper_cover.id_value", kind=words.identity_kind(subject.id_type), number=code)
    return [
        (words.say("paper_cover.subject" if legal else "paper_cover.subject_person"), name),
        (words.say("paper_cover.code" if legal else "paper_identity.id_number"), code),
        *_asked_rows(document, words),
        (words.say("paper_cover.basis"), basis_text(document.bundle.basis, words)),
        *_scope_rows(document, words),
        *_times(document, words),
    ]


def _times(document: Paper, words: Words) -> Rows:
    issued = "paper_cover.issued" if document.copy in ("official", "preview") else "paper_cover.printed"
    value = words.say("paper.beijing", time=second(document.times.issued))
    if document.copy == "preview":
        value = words.say("paper.none")
    if document.reprint:
        value += words.say("paper.dot") + words.say("paper.reprint", count=document.reprint)
    return [
        (words.say("paper_cover.queried"), words.say("paper.beijing", time=second(document.times.queried))),
        (words.say("paper_cover.as_of"), words.say("paper.beijing", time=second(document.times.as_of))),
        (words.say(issued), value),
    ]


def _scope_rows(document: ReportDocument, words: Words) -> Rows:
    """Of which days and of which field a special report is."""
    scope = document.scope
    if scope is None:
        return []
    name = (scope.zh if words.chinese else scope.en) or words.say("paper_cover.every_field")
    return [
        (words.say("paper_cover.period"), words.span(scope.start, scope.end)),
        (words.say("paper_cover.field"), name),
    ]


def basis_text(basis: Basis, words: Words) -> str:
    """The ground of the query in words."""
    document = read_shown(basis.ref) if basis.type == "own" else None
    if document is not None:
        kind = words.identity_kind(document.kind)
        return words.say("paper_cover.basis_shown", document=kind, number=document.masked)
    text = words.say(f"paper_cover.basis_{basis.type}", ref=basis.ref).strip()
    return words.say("paper_cover.basis_until", basis=text, until=basis.until) if basis.until else text
