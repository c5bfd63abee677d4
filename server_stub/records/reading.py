"""Reading what departments write into fields: dates in many spellings, document numbers, third persons."""

from __future__ import annotations

import contextlib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache

from app.field.masks import STAR, mask_name, mask_phone
from app.field.names import normalise, normalise_many, printable

_DATE = re.compile(r"^\s*(\d{4})\D{0,2}(\d{1,2})\D{0,2}(\d{1,2})(?:\D.*)?$")
_COMPACT = re.compile(r"^\s*(\d{4})(\d{2})(\d{2})\s*$")
_PERSON_NUMBER = re.compile(
    r"(?<![0-9A-Za-z])[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?![0-9A-Za-z])"
)
_MOBILE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
# both numbers hold so many digits in a row; most texts hold none
_LONG_NUMBER = re.compile(r"\d{11}")
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
    """As `fold_document_no` for each of them."""
    return list(map(_folded, normalise_many(numbers)))


def _folded(number: str) -> str:
    return "".join(number.split()).upper()[:128]


def without_third_persons(text: str, names: Iterable[str] = ()) -> str:
    """Free text with personal numbers starred out and the given names masked; invisible characters go."""
    return with_masks(text, masks_of(names))


def masks_of(names: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Each name that can be looked for in a text, with what stands there instead."""
    return tuple((plain, mask_name(name)) for name in names if len(plain := name.strip()) > 1)


def with_masks(text: str, masks: tuple[tuple[str, str], ...]) -> str:
    """As `without_third_persons`, with the masks made before: a record has many texts and few names."""
    clean = printable(text)
    if _LONG_NUMBER.search(clean):
        clean = _PERSON_NUMBER.sub(lambda found: STAR * len(found.group()), clean)
        clean = _MOBILE.sub(lambda found: mask_phone(found.group()), clean)
    for name, mask in masks:
        if name in clean:
            clean = clean.replace(name, mask)
    return clean
