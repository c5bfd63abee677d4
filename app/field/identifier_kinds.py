"""Every kind of number that a unit or a person is known by, and what can be wrong with one of that kind.

Kinds of units: `uscc`, `org_code`, `registration` (business registration), `institution` (certificate of a
public institution), `tax`, `social` (registration of a social organisation). Kinds of persons: see PERSONS.
A kind that is not listed has no arithmetic; it is then only not empty.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from app.field.identifiers import (
    Fault,
    id_card_fault,
    id_type_of,
    org_code_fault,
    registration_fault,
    uscc_fault,
)

PERSONS: Final = (
    "resident_id", "resident_id_15", "residence_permit", "pr_card", "pr_card_2017", "passport", "hm_pass",
    "tw_pass",
)  # fmt: skip

_FORMS: Final[dict[str, re.Pattern[str]]] = {
    "institution": re.compile(r"\d{12}"),
    "pr_card_2017": re.compile(r"[A-Z]{3}\d{12}"),
    "passport": re.compile(r"[A-Z0-9]{5,20}"),
    "hm_pass": re.compile(r"[HM](\d{8}|\d{10})"),
    "tw_pass": re.compile(r"\d{8}|\d{10}[A-Z0-9]"),
}


def identifier_fault(kind: str, number: str) -> Fault | None:
    """The first fault of a folded number as one of this kind, or None.

    A division is never looked up; only the arithmetic of the standards and the form are judged.
    """
    if not number:
        return Fault("empty")
    form = _FORMS.get(kind)
    if form is not None:
        return None if form.fullmatch(number) else Fault("character" if number.isalnum() else "length")
    judge = _JUDGES.get(kind)
    return judge(number) if judge else None


def has_check(kind: str) -> bool:
    """Whether a check character vouches for numbers of this kind of person's document."""
    return kind in ("resident_id", "residence_permit", "pr_card")


def exact_kind(kind: str, number: str) -> str:
    """The kind of a folded number on a document that files name by one word: a resident number may have 15
    places, a permanent-residence card may be one of 2017 with letters in front.
    """
    if kind == "resident_id" and len(number) == 15:
        return "resident_id_15"
    return "pr_card_2017" if kind == "pr_card" and number[:1].isalpha() else kind


def _registration(number: str) -> Fault | None:
    """Thirteen digits without a check until 2007, fifteen since."""
    if len(number) == 13 and number.isascii() and number.isdigit():
        return None
    return registration_fault(number)


def _tax(number: str) -> Fault | None:
    """Division and organisation code for units; individuals had their own number with a suffix instead."""
    if len(number) != 15 or id_type_of(number):
        return None if 15 <= len(number) <= 20 else Fault("length")
    fault = org_code_fault(number[6:])
    return Fault(fault.code, fault.position + 6) if fault else None


def _resident(number: str) -> Fault | None:
    return _card(number, "resident_id")


def _resident_15(number: str) -> Fault | None:
    return Fault("length") if len(number) != 15 else id_card_fault(number)


def _permit(number: str) -> Fault | None:
    return _card(number, "residence_permit")


def _pr_card(number: str) -> Fault | None:
    return _card(number, "pr_card")


def _card(number: str, id_type: str) -> Fault | None:
    """Eighteen places whose first digits say which card it is."""
    if len(number) != 18:
        return Fault("length")
    return id_card_fault(number) or (None if id_type_of(number) == id_type else Fault("kind", 1))


_JUDGES: Final[dict[str, Callable[[str], Fault | None]]] = {
    "uscc": uscc_fault,
    "org_code": org_code_fault,
    "registration": _registration,
    "tax": _tax,
    "resident_id": _resident,
    "resident_id_15": _resident_15,
    "residence_permit": _permit,
    "pr_card": _pr_card,
}
