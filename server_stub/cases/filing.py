"""What an officer files, and whether this officer may file it about this record."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, Literal

import msgspec

from app.field.names import normalise
from app.field.objections import CHOICES
from server_stub.accounts.models import Officer
from server_stub.cases import errors
from server_stub.cases.attachments import Handed
from server_stub.config.clock import today
from server_stub.errors import Problem
from server_stub.queries import letters
from server_stub.queries.errors import require_text
from server_stub.queries.models import Letter, Query
from server_stub.queries.policy import figure
from server_stub.rules.selectors import objection_rule
from server_stub.rules.tables_file import ObjectionKind
from server_stub.subjects.selectors import find_by_key

LetterOk = Callable[[Officer, Query, str, date], bool]
_NEEDED = ("ground", "wish", "statement")
_FREE = ("should_be", "letter_no")


class Filing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The body of the outbox kind `objection.file`."""

    kind: Literal["objection", "data_error"]
    query_no: str
    rec_id: str
    ground: str
    wish: str
    statement: str
    should_be: str = ""
    letter_no: str = ""
    attachments: tuple[Handed, ...] = ()


def read_filing(body: dict[str, Any]) -> Filing:
    """The filing in a body.

    Raises:
        Problem: `body-invalid`, `text-too-long`, `text-unfit`.
    """
    try:
        filing = msgspec.convert(body, Filing)
    except msgspec.ValidationError as flaw:
        raise errors.not_filled("body", str(flaw)) from flaw
    for path in (*_NEEDED, *_FREE):
        text = getattr(filing, path)
        if path in _NEEDED and not text.strip():
            raise errors.not_filled(path, "empty")
        require_text(path, path, text)
    if len(filing.attachments) > figure("evidence_files_max", today()):
        raise errors.not_filled("attachments", "too many")
    return filing


def require_chosen(filing: Filing) -> None:
    """An officer chooses ground and wish from the published list; only papers have words of their own.

    Raises:
        Problem: `body-invalid` naming the field.
    """
    for part, codes in CHOICES.items():
        if getattr(filing, part) not in codes:
            raise errors.not_filled(part, f"one of {' '.join(codes)}")


def require_right(
    officer: Officer, filing: Filing, query: Query, on: date, letter_ok: LetterOk
) -> ObjectionKind:
    """The rule by which this officer may file this; the own unit needs no letter.

    Raises:
        Problem: `role-denied`, `objection-letter`, `case-letter-unknown`, `case-letter-unfit`.
    """
    rule = objection_rule(filing.kind, officer.role, on)
    if rule is None:
        raise Problem("role-denied", "this role may not file this")
    own = officer.organisation.subject_key
    own_unit = bool(own) and own == query.subject_key
    has_letter = bool(filing.letter_no) and letter_ok(officer, query, filing.letter_no, on)
    if rule.letter and not own_unit and not has_letter:
        raise no_letter(officer, filing.letter_no, "objection-letter")
    return rule


def no_letter(officer: Officer, letter_no: str, needed: str) -> Problem:
    """Why a case is not taken in the subject's name: no letter was named (`needed`), the officer's body has
    none of that number, or it has one that does not speak for this subject today.
    """
    if not letter_no:
        return Problem(needed, "a case in the subject's name needs the subject's letter")
    if not Letter.objects.filter(letter_no=letter_no, organisation=officer.organisation_id).exists():
        return Problem("case-letter-unknown", "this organisation has no letter of that number")
    return Problem("case-letter-unfit", "the letter is not of this subject, for this organisation, in force")


def letter_speaks(officer: Officer, query: Query, letter_no: str, on: date) -> bool:
    """Whether the letter is the subject's own, made out to the officer's organisation, and in force."""
    letter = Letter.objects.filter(letter_no=letter_no, organisation=officer.organisation_id).first()
    if letter is None or not max(letter.signed_on, letter.valid_from) <= on <= letter.valid_to:
        return False
    if letter.institution != normalise(officer.organisation.name):
        return False
    if query.basis_type == "letter" and query.basis_ref == letter_no:
        return True
    subject = find_by_key(query.subject_key)
    return subject is not None and bool(subject.code) and letters.names_unit(letter, subject.code)
