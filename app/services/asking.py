"""Whom a query is about: what must be there, what must check, how it travels."""

from __future__ import annotations

from app.field import identifiers
from app.trouble import NotRight
from app.typed import require_text

ID_TYPES_CHECKED = ("resident_id", "resident_id_15", "residence_permit", "pr_card")


def check_subject(kind: str, number: str, name: str, id_type: str, subject_key: str) -> dict[str, str]:
    """The subject's own members of the request, folded and checked; empty ones are left out.

    Raises:
        NotRight: subject.empty, subject.name-missing; for numbers that do not hold query.codeCheck (context
            position), subject.code-length, query.idCheck; text-too-long, text-unfit (context field).
    """
    if kind == "person":
        return _person(number, name, id_type)
    if subject_key:
        return {"subject_key": subject_key}
    if not number.strip():
        raise NotRight("subject.empty")
    folded = identifiers.fold_number(number)
    fault = identifiers.uscc_fault(folded)
    if fault is not None:
        if fault.position:
            raise NotRight("number-invalid", "query.codeCheck", {"position": fault.position})
        raise NotRight("number-invalid", "subject.code-length", {"length": len(folded)})
    return {"number": folded}


def _person(number: str, name: str, id_type: str) -> dict[str, str]:
    if not name.strip():
        raise NotRight("subject.name-missing")
    if not number.strip():
        raise NotRight("subject.empty")
    for field, text in (("name", name), ("number", number), ("id_type", id_type)):
        require_text(field, text)
    folded = identifiers.fold_number(number)
    if not folded:
        raise NotRight("subject.empty")
    if not id_type:
        raise NotRight("subject.person-broken", context={"field": "id_type"})
    if id_type in ID_TYPES_CHECKED and identifiers.id_card_fault(folded) is not None:
        raise NotRight("number-invalid", "query.idCheck")
    return {"id_type": id_type, "number": folded, "name": name.strip()}


def subject_body(kind: str, members: dict[str, str]) -> dict[str, str]:
    """The `subject` of a QueryBody."""
    return {"kind": kind, **members}
