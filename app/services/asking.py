"""Whom a query is about: what must be there, what must check, how it travels."""

from __future__ import annotations

from app.field import identifiers
from app.field.identifier_kinds import PERSONS, exact_kind, has_check, identifier_fault
from app.trouble import NotRight
from app.typed import require_text


def check_subject(kind: str, number: str, name: str, id_type: str, subject_key: str) -> dict[str, str]:
    """The subject's own members of the request, folded and checked; empty ones are left out.

    Raises:
        NotRight: subject.empty, subject.name-missing; for numbers that do not hold query.codeCheck (context
            position), subject.code-length, query.idCheck, query.idForm; text-too-long, text-unfit (context
            field); subject.person-broken for a kind of document that there is none.
    """
    if kind == "person":
        return _person(number, name, id_type)
    if subject_key:
        return {"subject_key": subject_key}
    if not number.strip():
        raise NotRight("subject.empty")
    folded = identifiers.fold_number(number)
    seen = identifiers.recognise(folded)
    if seen.kind in ("id_card", "name", "empty") or not seen.ok:
        if seen.fault_position:
            raise NotRight("number-invalid", "query.codeCheck", {"position": seen.fault_position})
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
    kind = exact_kind(id_type, folded)
    if kind not in PERSONS:
        raise NotRight("subject.person-broken", context={"field": "id_type"})
    require_number(kind, folded)
    return {"id_type": kind, "number": folded, "name": name.strip()}


def require_number(kind: str, folded: str) -> None:
    """The number of a person's document holds by the arithmetic, or has the form, of its kind.

    Raises:
        NotRight: query.idCheck, query.idForm.
    """
    if identifier_fault(kind, folded) is not None:
        raise NotRight("number-invalid", "query.idCheck" if has_check(kind) else "query.idForm")


def subject_body(kind: str, members: dict[str, str]) -> dict[str, str]:
    """The `subject` of a QueryBody."""
    return {"kind": kind, **members}
