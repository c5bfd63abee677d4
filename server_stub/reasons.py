"""Why somebody of the staff did something. The words stay in the log for good, so no person's number may."""

from __future__ import annotations

from app.field.person_numbers import holds_number_of_person

LONGEST_REASON = 300


def reason_of(text: str, act: str) -> str:
    """The reason for an act ("a reversal") as it is kept.

    Raises:
        ValueError: there is none, it is longer than 300 characters, or holds a person's or a mobile number.
    """
    reason = text.strip()
    if not 0 < len(reason) <= LONGEST_REASON:
        raise ValueError(f"{act} has a reason of at most {LONGEST_REASON} characters: --why")
    require_numberless(reason)
    return reason


def require_numberless(reason: str) -> None:
    """Refuse a reason that names somebody by a number.

    Raises:
        ValueError: it holds a person's or a mobile number.
    """
    if holds_number_of_person(reason):
        raise ValueError("a reason stays in the log for good: no person's or mobile number in it")
