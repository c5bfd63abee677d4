"""Numbers that identify a subject: what kind a typed text is, whether its arithmetic holds, where it fails.

Positions count from 1; 0 means the number as a whole. Fault codes: `length`, `character`, `department`,
`kind`, `division`, `date`, `check`, `zeros`, `empty`, `short`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Literal

import msgspec

from app.field.names import normalise, printable

Kind = Literal["uscc", "org_code", "registration", "institution", "tax", "id_card", "name", "empty"]
IdType = Literal["", "resident_id", "resident_id_15", "residence_permit", "pr_card"]

_USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_DEPARTMENTS = "123456789ANY"
_USCC_KINDS = "123459"
# The weights are powers of 3 modulo 31, and 34 is 3 modulo 31: the signs, last first, are the digits of a
# number to the base 34 that leaves what the weighted sum leaves. What is no sign of a code is no digit.
_USCC_BASE, _USCC_MODULUS = 34, 31
_USCC_DIGITS = (
    dict.fromkeys(range(128), "!")
    | {ord(sign): "0123456789abcdefghijklmnopqrstu"[value] for value, sign in enumerate(_USCC_ALPHABET)}
    | {ord("|"): "|"}
)
_USCC_SHAPE = re.compile("[1-9ANY][1-59][0-9]{6}[0-9A-HJ-NP-RTUWXY]{10}").fullmatch
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS = "10X98765432"
_ORG_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_PROVINCES = frozenset(
    f"{head}{tail}"
    for head, tails in {
        1: "12345", 2: "123", 3: "1234567", 4: "123456", 5: "01234", 6: "12345", 7: "1", 8: "123",
    }.items()
    for tail in tails
)  # fmt: skip
_PERMIT_DIVISIONS = ("810000", "820000", "830000")
_EX_LOOKALIKES = str.maketrans("\u0425\u03a7\u00d7\u2169", "XXXX")
_DASHES = str.maketrans("", "", "-\u00b7")


class Fault(msgspec.Struct, frozen=True):
    """Why a number is refused: the code and the position (from 1; 0 = the whole)."""

    code: str
    position: int = 0


class Recognised(msgspec.Struct, frozen=True):
    """What a typed text is. `value` is folded for numbers and cleaned of invisible characters for names."""

    kind: Kind
    value: str
    ok: bool
    fault_position: int = 0
    fault_code: str = ""
    id_type: IdType = ""


def fold_number(text: str) -> str:
    """Full width folded, blanks, dots and hyphens removed, upper case, X look-alikes made X."""
    return normalise(text).translate(_DASHES).translate(_EX_LOOKALIKES)


def uscc_fault(code: str) -> Fault | None:
    """The first fault of an 18-character unified social credit code (GB 32100), or None. Input is folded."""
    if _USCC_SHAPE(code):
        return None if uscc_check(code[:17]) == code[17] else Fault("check", 18)
    if len(code) != 18:
        return Fault("length")
    for at, sign in enumerate(code, 1):
        if sign not in _USCC_ALPHABET or (3 <= at <= 8 and not sign.isdigit()):
            return Fault("character", at)
    if not code.strip("0"):
        return Fault("zeros")
    if code[0] not in _USCC_DEPARTMENTS:
        return Fault("department", 1)
    if code[1] not in _USCC_KINDS:
        return Fault("kind", 2)
    return None if uscc_check(code[:17]) == code[17] else Fault("check", 18)


def sound_codes(codes: Iterable[str]) -> set[str]:
    """Those of these codes that have no fault; at a third of what it costs to ask for each one's."""
    shaped = [code for code in codes if _USCC_SHAPE(code)]
    values = "|".join(shaped).translate(_USCC_DIGITS)[::-1].split("|")
    return {
        code
        for code, digits in zip(reversed(shaped), values, strict=False)
        if (int(digits[1:], _USCC_BASE) + int(digits[0], _USCC_BASE)) % _USCC_MODULUS == 0
    }


def uscc_check(body: str) -> str:
    """The check character of 17 characters of the alphabet; remainder 0 gives 0.

    Raises:
        ValueError: for a sign outside the alphabet.
    """
    if not body.isascii():
        raise ValueError("a code is of digits and capitals")
    return _USCC_ALPHABET[-int(body.translate(_USCC_DIGITS)[::-1], _USCC_BASE) % _USCC_MODULUS]


def org_code_fault(code: str) -> Fault | None:
    """The first fault of a nine-character organisation code (GB 11714), or None."""
    if len(code) != 9:
        return Fault("length")
    for at, sign in enumerate(code, 1):
        if not (sign.isascii() and (sign.isdigit() or ("A" <= sign <= "Z" and (at < 9 or sign == "X")))):
            return Fault("character", at)
    return None if org_check(code[:8]) == code[8] else Fault("check", 9)


def org_check(body: str) -> str:
    """The check character of eight characters; A = 10 ... Z = 35 here, unlike in the 18-character code."""
    rest = 11 - sum(int(sign, 36) * weight for sign, weight in zip(body, _ORG_WEIGHTS, strict=True)) % 11
    return {10: "X", 11: "0"}.get(rest, str(rest))


def registration_fault(number: str) -> Fault | None:
    """The first fault of a 15-digit registration number (ISO 7064 MOD 11,10), or None."""
    if len(number) != 15:
        return Fault("length")
    fault = _first_non_digit(number)
    if fault is not None:
        return fault
    return None if registration_check(number[:14]) == number[14] else Fault("check", 15)


def registration_check(body: str) -> str:
    """ISO 7064 MOD 11,10 check digit of 14 digits."""
    product = 10
    for sign in body:
        product = ((product + int(sign)) % 10 or 10) * 2 % 11
    return str((11 - product) % 10)


def id_card_fault(number: str) -> Fault | None:
    """The first fault of a person's number (18 or 15 places), or None.

    Residents, holders of a residence permit and of a 2023 permanent-residence card share the arithmetic;
    the date inside a number beginning with 9 is not judged. Where a check digit vouches for the number the
    division is not: divisions were made and ended all the time. A 15-place number has nothing but its
    province and its date to tell it from a registration number.
    """
    if len(number) not in (15, 18):
        return Fault("length")
    fault = _first_non_digit(number[:17])
    if fault is not None:
        return fault
    if len(number) == 18 and number[17] not in "0123456789X":
        return Fault("character", 18)
    if number[0] != "9":
        if len(number) == 15 and number[:2] not in _PROVINCES:
            return Fault("division", 1)
        if _date_of(number) is None:
            return Fault("date", 7)
    elif len(number) == 15:
        return Fault("division", 1)
    if len(number) == 18 and id_card_check(number[:17]) != number[17]:
        return Fault("check", 18)
    return None


def id_card_check(body: str) -> str:
    """ISO 7064 MOD 11-2 check character of 17 digits."""
    return _ID_CHECKS[sum(int(sign) * weight for sign, weight in zip(body, _ID_WEIGHTS, strict=True)) % 11]


def id_type_of(number: str) -> IdType:
    """The type that the number itself shows; empty for a number that is none of these."""
    if len(number) == 15:
        return "resident_id_15" if number.isdigit() and id_card_fault(number) is None else ""
    if len(number) != 18 or not number[:17].isdigit():
        return ""
    if number[0] == "9":
        return "pr_card"
    return "residence_permit" if number[:6] in _PERMIT_DIVISIONS else "resident_id"


def eighteen(number: str) -> str:
    """A 15-digit resident number as its 18-place form, for matching only; any other number unchanged."""
    if len(number) != 15 or id_card_fault(number) is not None:
        return number
    body = f"{number[:6]}19{number[6:]}"
    return body + id_card_check(body)


def document_type(id_type: str) -> str:
    """The kind of document a number stands on: the 15-place resident number and the 18-place one are one."""
    return "resident_id" if id_type == "resident_id_15" else id_type


def born_on(number: str) -> date | None:
    """The birth date a person's number carries; None for numbers beginning with 9 and for faulty ones."""
    if id_card_fault(number) is not None or number[0] == "9":
        return None
    return _date_of(number)


def age_on(born: date, day: date) -> int:
    """Full years on `day`; a birthday counts from the day itself, 29 February from 1 March otherwise."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def recognise(text: str) -> Recognised:
    """Sort a typed text: a number of some kind (with its fault), a name, or nothing."""
    value = fold_number(text)
    if not value:
        return Recognised("empty", "", False, 0, "empty")
    if not re.fullmatch(r"[0-9A-Z]+", value) or sum(map(str.isdigit, value)) < 4:
        return _name(text)
    if len(value) == 9:
        return _number("org_code", value, org_code_fault(value))
    if len(value) in (12, 13) and value.isdigit():  # neither has a check character
        return _number("institution" if len(value) == 12 else "registration", value, None)
    if len(value) == 15 and value.isdigit():
        person, company = id_card_fault(value), registration_fault(value)
        if person is None:
            return _number("id_card", value, None)
        if company is not None and org_code_fault(value[6:]) is None:
            return _number("tax", value, None)
        return _number("registration", value, company)
    if len(value) == 15 and value[:6].isdigit():
        return _number("tax", value, org_code_fault(value[6:]))
    if 15 <= len(value) <= 20:
        return _eighteen_or_so(value)
    return _number("uscc", value, Fault("length")) if sum(map(str.isdigit, value)) >= 8 else _name(text)


def _eighteen_or_so(value: str) -> Recognised:
    as_company, as_person = uscc_fault(value), id_card_fault(value)
    digits = re.fullmatch(r"\d{14,19}[\dX]", value) is not None
    dated = digits and _date_of(value) is not None and value[:2] in _PROVINCES
    if digits and as_person is None and (as_company is not None or dated):
        return _number("id_card", value, None)
    if as_company is not None and dated:
        return _number("id_card", value, as_person)
    return _number("uscc", value, as_company)


def _number(kind: Kind, value: str, fault: Fault | None) -> Recognised:
    id_type = id_type_of(value) if kind == "id_card" else ""
    if fault is None:
        return Recognised(kind, value, True, id_type=id_type)
    return Recognised(kind, value, False, fault.position, fault.code, id_type)


def _name(text: str) -> Recognised:
    name = " ".join(printable(text).split())
    return Recognised("name", name, True) if len(name) > 1 else Recognised("name", name, False, 0, "short")


def _first_non_digit(number: str) -> Fault | None:
    for at, sign in enumerate(number, 1):
        if sign not in "0123456789":
            return Fault("character", at)
    return None


def _date_of(number: str) -> date | None:
    written = f"19{number[6:12]}" if len(number) == 15 else number[6:14]
    try:
        day = date(int(written[:4]), int(written[4:6]), int(written[6:8]))
    except ValueError:
        return None
    return day if 1850 <= day.year <= 2099 else None
