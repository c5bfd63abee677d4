"""Whom a row is about: by code, then by name; a name alone attaches nothing to anybody."""

from __future__ import annotations

from functools import cache

from app.field.identifier_kinds import exact_kind
from app.field.identifiers import (
    born_on,
    fold_number,
    id_card_fault,
    org_code_fault,
    registration_fault,
    uscc_fault,
)
from app.field.names import printable, same_name
from server_stub.config.clock import today
from server_stub.exchange.judged import Judged
from server_stub.exchange.lines import Brought
from server_stub.exchange.reasons import words
from server_stub.rules.ages import is_minor
from server_stub.subjects.matching import Claim, claimed, namesakes
from server_stub.subjects.selectors import find_person, name_agrees

_CHECKED = ("resident_id", "resident_id_15", "residence_permit", "pr_card")
_OTHER_KINDS = ("org_code", "registration", "number")
_OTHERS = frozenset(_OTHER_KINDS)


def identify(row: Judged, entering: dict[str, str]) -> None:
    """Set the row's subject, by its key or as a unit that the row brings in, or say why it has none.

    `entering` holds the names of units that earlier rows of the same file bring in, by the number of each.
    """
    name = printable(row.kind("name")[1])
    if about(row) == "person":
        _person(row, name)
    else:
        _unit(row, name, entering)


def about(row: Judged) -> str:
    """The kind of subject a row speaks of: person or legal."""
    return "person" if _category(row) == "person" else "legal"


def _category(row: Judged) -> str:
    _, value = row.kind("category")
    if value in _categories():
        return _categories()[value]
    has_code = any(row.kind(kind)[1] for kind in ("uscc", *_OTHER_KINDS))
    return "person" if row.kind("id_number")[1] and not has_code else ""


@cache
def _categories() -> dict[str, str]:
    """The category that each word means; where two have the same word, the first."""
    table = words()["categories"].items()
    return {word: str(category) for category, known in reversed(table) for word in known}


def _unit(row: Judged, name: str, entering: dict[str, str]) -> None:
    code, others = _numbers(row)
    if not code and not others:
        row.refuse(_at(row, "uscc"), "name-only" if name and namesakes(name) else "code-missing")
    if not row.ok or not name:
        return
    found = claimed(Claim(name=name, numbers=(code, *(value for _, value in others))))
    if found is not None:
        if not name_agrees(found, name):
            row.refuse(_at(row, "name"), "name-code-mismatch")
        row.subject_key = found.subject_key
        return
    row.unit = Brought(name, code, () if code else others)
    if not same_name(entering.setdefault(row.unit.number, name), name):
        row.refuse(_at(row, "name"), "name-code-mismatch")
    row.warn(_at(row, "name"), "unit-new")


def _numbers(row: Judged) -> tuple[str, list[tuple[str, str]]]:
    """The unit's code and its other numbers; a whole code in another number's field is taken as it."""
    code = fold_number(row.kind("uscc")[1])
    others: list[tuple[str, str]] = []
    for field in row.form.of_kinds(_OTHERS):
        value = fold_number(row.values.get(field.code, ""))
        if len(value) == 18 and not code and uscc_fault(value) is None:
            code = value
        elif value and value not in words()["dates"]["nothing"]:
            others.append((field.kind if field.kind != "number" else field.code[3:].lower(), value))
    _judge_numbers(row, code, others)
    return code, others


def _judge_numbers(row: Judged, code: str, others: list[tuple[str, str]]) -> None:
    at = _at(row, "uscc")
    fault = uscc_fault(code) if code else None
    if fault is not None:
        row.refuse(at, f"code-{fault.code}", position=fault.position)
    elif code and _category(row) == "individual" and not code.startswith("92"):
        row.refuse(at, "code-individual")
    elif code.startswith("92") and _category(row) == "legal":
        row.warn(at, "code-category")
    for kind, value in others:
        if kind == "org_code" and len(value) < 9 and org_code_fault(value.rjust(9, "0")) is None:
            row.refuse(_at(row, kind), "number-zeros")
        if kind == "org_code" and org_code_fault(value) is not None:
            (row.warn if code else row.refuse)(_at(row, kind), "org-code")
        if kind == "registration" and registration_fault(value) is not None:
            row.warn(_at(row, kind), "registration-check")


def _person(row: Judged, name: str) -> None:
    number = fold_number(row.kind("id_number")[1])
    at = _at(row, "id_number")
    id_type = exact_kind(_id_type(row), number)
    if not number or not id_type:
        row.refuse(at, "id-missing")
        return
    if id_type in _CHECKED and id_card_fault(number) is not None:
        row.refuse(at, "id-invalid")
        return
    subject = find_person(id_type, number, name)
    if subject is None and id_type == "resident_id":
        subject = find_person("residence_permit", number, name)
    decided = row.day("date")
    if subject is None:
        row.refuse(at, "person-unknown")
        return
    row.subject_key = subject.subject_key
    if decided is not None:
        # by the number or by the register, whichever says younger, under the rule of today
        births = (born_on(number), subject.born_on)
        if any(is_minor(born, decided, today()) for born in births):
            row.refuse(at, "minor-quarantine")


def _id_type(row: Judged) -> str:
    field, value = row.kind("id_type")
    if field is None:
        return "resident_id" if id_card_fault(fold_number(row.kind("id_number")[1])) is None else ""
    return next((one for one, known in words()["id_types"].items() if value in known), "")


def _at(row: Judged, kind: str) -> str:
    found = row.form.of_kind(kind)
    return found.code if found else ""
