"""Reading what departments write into fields: dates in many spellings, document numbers."""

from __future__ import annotations

import contextlib
import re
import unicodedata
from collections.abc import Sequence
from datetime import date
from functools import lru_cache

from app.field.names import normalise, normalise_many

_DATE = re.compile(r"^\s*(\d{4})\D{0,2}(\d{1,2})\D{0,2}(\d{1,2})(?:\D.*)?$")
_COMPACT = re.compile(r"^\s*(\d{4})(\d{2})(\d{2})\s*$")
LONG_TERM_YEAR = 2099


@lru_cache(maxsize=16_384)
def read_date(text: str) -> date | None:
    """The day a field names, or None where it names none."""
    if len(text) == 10 and text[4] == text[7] == "-" and text.isascii():
        with contextlib.suppress(ValueError):
            return date.fromisoformat(text)
    plain = unicodedata.normalize("NFKC", text)
    found = _COMPACT.match(plain) or _DATE.match(plain)
    if found is None:
        return None
    try:
        return date(*(int(part) for part in found.groups()))
    except ValueError:
        return None


def long_term(day: date | None) -> bool:
    """Whether a date only stands for "no end"."""
    return day is not None and day.year >= LONG_TERM_YEAR


def fold_document_no(number: str) -> str:
    """A document number as it is compared: brackets, dashes, widths, case and blanks made equal."""
    return _folded(normalise(number))


def fold_document_nos(numbers: Sequence[str]) -> list[str]:
    """As `fold_document_no` for each of them; in one go where none holds a blank."""
    folded = normalise_many(numbers)
    joined = "|".join(folded)
    if " " in joined or not joined.isprintable() or joined.count("|") != len(folded) - 1:
        return list(map(_folded, folded))
    return [number[:128] for number in joined.upper().split("|")]


def _folded(number: str) -> str:
    return "".join(number.split()).upper()[:128]
