"""On what ground a query may be asked: role, purpose, case, and letter where one is needed."""

from __future__ import annotations

from datetime import date

import msgspec

from app.field.identifier_kinds import PERSONS
from app.field.names import printable
from app.field.records import Basis
from app.field.shown import shown
from server_stub.accounts.models import Officer
from server_stub.errors import Problem
from server_stub.queries import letters
from server_stub.queries.errors import not_right, require_text
from server_stub.queries.question import Meant, Question
from server_stub.rules import selectors as rules
from server_stub.rules.tables_file import Purpose


class Grounded(msgspec.Struct, frozen=True):
    """The purpose and the basis a query stands on; `until` is the last day of a letter."""

    purpose: Purpose
    basis: Basis
    until: date | None = None

    def until_at_most(self, day: date | None) -> Grounded:
        """The same, ending by a day where one is given."""
        if day is None or (self.until is not None and self.until <= day):
            return self
        return msgspec.structs.replace(self, until=day)


def allowed_purpose(officer: Officer, code: str, on: date) -> Purpose:
    """The purpose of that code, if the officer's role may choose it.

    Raises:
        Problem: `purpose-needed`, `purpose-not-allowed`.
    """
    if not code.strip():
        raise not_right("purpose-needed", "purpose", "empty")
    purpose = rules.purpose(code, on)
    if purpose is None or officer.role not in purpose.roles:
        raise Problem("purpose-not-allowed", "not a purpose of this role")
    return purpose


def require_case(case_no: str) -> None:
    """Every query belongs to a case.

    Raises:
        Problem: `case-needed`, `text-too-long`, `text-unfit`.
    """
    if not printable(case_no):
        raise not_right("case-needed", "case_no", "empty")
    require_text("case_no", "case_no", case_no)


def ground(officer: Officer, purpose: Purpose, question: Question, meant: Meant, on: date) -> Grounded:
    """What carries this query.

    Raises:
        Problem: `letter-needed`, `document-needed` (on a person's own ground the identity document shown at
            the window is stated, or the person's letter for this purpose), `purpose-not-allowed` and those
            of `letters.require`; `body-invalid` for a document that was shown where a duty carries it.
    """
    if question.subject.kind == "person":
        kinds = purpose.grounds_person
        if question.basis.type == "letter" and "letter" in kinds:
            return _by_letter(officer, purpose, question, meant, on)
        if purpose.letter_for_person:
            raise Problem("letter-needed", "a letter of the person is needed")
        if "duty" in kinds:
            return Grounded(purpose, _on_duty(question))
        if purpose.document_for_person(officer.role):
            return _at_the_window(officer, purpose, question, meant, on)
        raise Problem("purpose-not-allowed", "persons are not asked about for this purpose")
    own = officer.organisation.subject_key
    if own and meant.subject_key == own:
        return Grounded(purpose, Basis("own"))
    if question.basis.type == "letter":
        return _by_letter(officer, purpose, question, meant, on)
    if officer.role == "enterprise_officer" or purpose.letter_for_enterprise(officer.role):
        raise Problem("letter-needed", "a letter of the enterprise is needed")
    if question.basis.type == "duty":
        return Grounded(purpose, _on_duty(question))
    return Grounded(purpose, Basis("open"))


def _on_duty(question: Question) -> Basis:
    """A body's own duty: nobody came, so no document was shown, and what is typed does not read like one."""
    stated = question.basis
    if stated.type == "own":
        raise not_right("body-invalid", "basis.type", "own")
    if stated.ref.partition(" ")[0] in PERSONS:
        raise not_right("body-invalid", "basis.ref", "document")
    return Basis("duty", stated.ref)


def _at_the_window(
    officer: Officer, purpose: Purpose, question: Question, meant: Meant, on: date
) -> Grounded:
    """The person came with the document by which is asked, or an agent with the person's letter."""
    if question.basis.type == "letter":
        return _by_letter(officer, purpose, question, meant, on)
    whom = question.subject
    stated = question.basis.ref if question.basis.type == "own" else ""
    document = shown(stated, whom.id_type, meant.number)
    if document is None:
        raise not_right("document-needed", "basis.ref", "shown")
    return Grounded(purpose, Basis("own", document.reference))


def _by_letter(officer: Officer, purpose: Purpose, question: Question, meant: Meant, on: date) -> Grounded:
    letter = letters.find(officer, question.basis.ref, question.basis.sha256)
    whom = question.subject
    person = whom.kind == "person"
    document = letters.Document(
        whom.id_type if person else letters.UNIT, meant.number, whom.name if person else ""
    )
    until = letters.require(letter, officer, purpose, document, question.case_no, on)
    basis = Basis("letter", letter.letter_no, letter.sha256, until.isoformat())
    return Grounded(purpose, basis, until)
