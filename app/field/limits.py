"""How long typed texts may be and what they may hold: one table for what a client sends and a server takes.

Lengths count characters (code points). They are those of the rows the texts are kept in, no law's.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal

from app.field.person_numbers import holds_number_of_person

TextFlaw = Literal["", "length", "characters", "person-number"]

LONGEST: Mapping[str, int] = {
    # a query
    "case_no": 120,
    "search": 200,
    "name": 200,
    "number": 50,
    "id_type": 24,
    "query_no": 32,
    "basis_ref": 120,
    # a letter
    "authoriser_name": 200,
    "id_number": 50,
    "institution": 200,
    "scope": 400,
    "purpose": 16,
    "letter_no": 32,
    # an objection, and whom the centre passes it on to
    "ground": 60,
    "wish": 200,
    "statement": 4000,
    "should_be": 4000,
    "holder": 200,
    # a report: who is handed it, why it is void
    "receiver": 80,
    "void_why": 200,
    # a sign-in
    "user": 64,
    "password": 512,
    "totp": 16,
    "enrolment_code": 64,
    "device_name": 100,
}
FILE_NAME = 120
_SEVERAL_LINES = frozenset({"statement", "should_be", "scope"})
# read in registers by many, and no place for somebody's number
_NUMBERLESS = frozenset({"receiver", "void_why"})
# control characters and halves of characters (Unicode's Cc and Cs)
_UNFIT = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_UNFIT_BETWEEN_LINES = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_HALVES = re.compile("[\ud800-\udfff]")
_ANY_SIGN = frozenset({"password"})  # made before there was this table; it is hashed, not kept


def text_flaw(field: str, text: str) -> TextFlaw:
    """Why a text does not fit its field: too long, or control characters and halves of characters in it,
    which neither a signature nor a database takes, or a person's number where none belongs. A long text may
    have several lines.

    Raises:
        KeyError: for a field that is not in the table.
    """
    if len(text) > LONGEST[field]:
        return "length"
    unfit = _HALVES if field in _ANY_SIGN else _UNFIT_BETWEEN_LINES if field in _SEVERAL_LINES else _UNFIT
    if unfit.search(text):
        return "characters"
    return "person-number" if field in _NUMBERLESS and holds_number_of_person(text) else ""


def file_name(name: str) -> str:
    """A file's name as it may travel: whole characters, the end of a long one."""
    return name.encode("utf-8", "replace").decode("utf-8")[-FILE_NAME:]
