"""A number as somebody's spreadsheet left it: right, mended, or explained down to the character.

Nothing is guessed. A number is mended only by what cannot change it (width, case, blanks, hyphens, signs that
its alphabet does not have), and only when its check character vouches for it; everything else is told.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from app.field.identifiers import fold_number, org_code_fault, recognise, uscc_fault
from app.field.limits import text_flaw
from app.field.names import normalise, printable
from app.field.person_numbers import holds_number_of_person
from app.lists.sheet_words import sheet_words

EXACT_DIGITS = 15  # that a spreadsheet keeps of a number; what comes after is written as zeros
PERSON_NAME = 4  # characters of Han at most
_POWER = re.compile(r"[+-]?\d(?:[.,]\d+)?E\+?\d{1,3}")
_FRACTION = re.compile(r"(\d+)\.0+")
_HAN = re.compile("[\u3400-\u9fff\U00020000-\U000323af]+(?:·[\u3400-\u9fff\U00020000-\U000323af]+)*")
_LOOK_ALIKE = str.maketrans({"I": "1", "O": "0", "Z": "2", "S": "5"})


@dataclass(frozen=True)
class Judged:
    """What a row asks for. `mended`: how the number was mended (tidied, look-alike); `why` the row asks for
    nothing; `position` counts from 1, `sign` stands there; `hint` is a number that would be right."""

    code: str = ""
    name: str = ""
    mended: str = ""
    why: str = ""
    position: int = 0
    sign: str = ""
    hint: str = ""


def judge(written: str, name: str) -> Judged:
    """Judge one row by its two cells. A name with a person's or a mobile number in it asks for nothing, also
    beside a right code: it would be sent and kept."""
    shown = " ".join(printable(name).split())
    if text_flaw("name", shown) or text_flaw("number", written):
        return Judged(name=shown[:40], why="text")
    if holds_number_of_person(shown):
        return Judged(why="person-number")
    if written.upper() in sheet_words().no_number.words:
        return _by_name(shown)
    code = _number(written)
    return Judged(code.code, shown, code.mended, code.why, code.position, code.sign, code.hint)


def _by_name(name: str) -> Judged:
    """Units are looked up by name, persons never: a short name of Han may be a person's."""
    bare = normalise(name)
    if not bare:
        return Judged(why="nothing")
    if len(bare) == 1 or (_HAN.fullmatch(bare) and ("·" in bare or len(bare) <= PERSON_NAME)):
        return Judged(name=name, why="person-name")
    return Judged(name=name)


def _number(written: str) -> Judged:
    plain = unicodedata.normalize("NFKC", written).strip().upper()
    if _POWER.fullmatch(plain.replace(" ", "")):
        return Judged(why="power")
    fraction = _FRACTION.fullmatch(plain)
    folded = fold_number(fraction[1] if fraction else written)
    if folded.isdigit() and len(folded) > EXACT_DIGITS and not folded[EXACT_DIGITS:].strip("0"):
        return Judged(why="rounded")
    if folded.isdigit() and 5 <= len(folded) <= 8:
        padded = folded.zfill(9)
        return Judged(why="zeros-lost", hint=padded if org_code_fault(padded) is None else "")
    seen = recognise(folded)
    if seen.kind == "id_card":
        return Judged(why="person-number")
    if seen.kind in ("name", "empty"):
        return Judged(why="no-number")
    if seen.ok:
        return Judged(seen.value, mended="tidied" if seen.value != written else "")
    return _look_alike(folded) or _explained(folded, seen.fault_code, seen.fault_position)


def _look_alike(folded: str) -> Judged | None:
    """I, O, Z, S are not in the alphabet: they were 1, 0, 2 and 5, when the check character says so too."""
    mended = folded.translate(_LOOK_ALIKE)
    if mended == folded or uscc_fault(mended) is not None:
        return None
    pairs = zip(folded, mended, strict=True)
    place = next(at for at, (one, other) in enumerate(pairs, 1) if one != other)
    return Judged(mended, mended="look-alike", position=place, sign=folded[place - 1])


def _explained(folded: str, fault: str, position: int) -> Judged:
    sign = folded[position - 1] if 0 < position <= len(folded) else ""
    if fault == "length":
        return Judged(why="length", position=len(folded))
    return Judged(why=fault or "kind", position=position, sign=sign)
