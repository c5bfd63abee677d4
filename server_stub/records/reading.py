"""Reading what departments write into fields: dates in many spellings, document numbers."""

from __future__ import annotations

import contextlib
import re
import unicodedata
from collections.abc import Sequence
from datetime import date
from functools import lru_cache

from app.field.names import normalise, normalise_plain

_DATE = re.compile(r"^\s*(\d{4})\D{0,2}(\d{1,2})\D{0,2}(\d{1,2})(?:\D.*)?$")
_COMPACT = re.compile(r"^\s*(\d{4})(\d{2})(\d{2})\s*$")
LONG_TERM_YEAR = 2099
LONGEST_FOLDED = 128


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
    """As `fold_document_no` for each of them; in one go where all are plain: those hold no blank and nothing
    in lower case.
    """
    folded = normalise_plain(numbers)
    if folded is None or max(map(len, folded)) > LONGEST_FOLDED:
        return list(map(fold_document_no, numbers))
    return folded


def _folded(number: str) -> str:
    return "".join(number.split()).upper()[:LONGEST_FOLDED]
