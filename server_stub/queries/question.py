"""The body of a query as it is asked, and whom it means."""

from __future__ import annotations

import re
from datetime import date
from typing import Any, Literal

import msgspec

from app.field.identifiers import fold_number, id_card_fault, recognise
from app.field.names import normalise
from server_stub.queries.errors import not_right, require_text
from server_stub.rules.ages import is_minor
from server_stub.subjects import selectors as subjects
from server_stub.subjects.models import Subject

_CHECKED = {"resident_id", "resident_id_15", "residence_permit", "pr_card"}
_KEY = re.compile(r"[A-Z2-7]{26}")


class Whom(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whom a query is about; see QueryBody in docs/PROTOCOL.md."""

    kind: Literal["legal", "person"]
    number: str = ""
    name: str = ""
    id_type: str = ""
    subject_key: str = ""


class Ground(msgspec.Struct, frozen=True):
    """The ground the officer names; the server decides which one carries the query."""

    type: Literal["open", "letter", "duty", "own"] = "open"
    ref: str = ""
    sha256: str = ""


class Question(msgspec.Struct, frozen=True):
    """QueryBody."""

    subject: Whom
    purpose: str = ""
    case_no: str = ""
    basis: Ground = Ground()
    salt: str = ""
    want_copy: bool = False


class Meant(msgspec.Struct, frozen=True):
    """The subject a question means: found or not, it has a key and the same work was done. The key is the
    subject's own, by whichever of his numbers he was found; of nobody, the typed number's.
    """

    subject: Subject | None
    subject_key: str
    number: str


def read_question(body: dict[str, Any]) -> Question:
    """The question in a body.

    Raises:
        Problem: `body-invalid`, `text-too-long`, `text-unfit`.
    """
    try:
        question = msgspec.convert(body, Question)
    except msgspec.ValidationError as flaw:
        raise not_right("body-invalid", "body", str(flaw)) from flaw
    for field in ("name", "number", "id_type"):
        require_text(field, f"subject.{field}", getattr(question.subject, field))
    require_text("basis_ref", "basis.ref", question.basis.ref)
    return question


def meant(whom: Whom, on: date) -> Meant:
    """Look the subject up. A minor counts as not found.

    Raises:
        Problem: `number-invalid` for numbers whose arithmetic fails and for a person without all three parts.
    """
    if whom.kind == "person":
        return _person(whom, on)
    if whom.subject_key:
        if not _KEY.fullmatch(whom.subject_key):
            raise not_right("number-invalid", "subject.subject_key", "form")
        found = subjects.find_by_key(whom.subject_key)
        legal = found if found is not None and found.kind == "legal" else None
        return Meant(legal, whom.subject_key, legal.code if legal else "")
    number = fold_number(whom.number)
    seen = recognise(number)
    if seen.kind in {"name", "empty", "id_card"} or not seen.ok:
        raise not_right("number-invalid", "subject.number", seen.fault_code or "kind")
    subject = subjects.find_legal(number)
    return Meant(subject, subject.subject_key if subject else subjects.route_key("legal", number), number)


def _person(whom: Whom, on: date) -> Meant:
    number = fold_number(whom.number)
    for path, text in (("number", number), ("name", normalise(whom.name)), ("id_type", whom.id_type)):
        if not text:
            raise not_right("number-invalid", f"subject.{path}", "empty")
    fault = id_card_fault(number) if whom.id_type in _CHECKED else None
    if fault is not None:
        raise not_right("number-invalid", "subject.number", fault.code)
    found = subjects.find_person(whom.id_type, number, whom.name)
    # made whoever is found: a minor is under the key of the typed number, like a stranger, whatever other
    # documents he has, and the work is the same
    nobodys = subjects.route_key("person", number, whom.id_type)
    if found is None or is_minor(found.born_on, on):
        return Meant(None, nobodys, number)
    return Meant(found, found.subject_key, number)
