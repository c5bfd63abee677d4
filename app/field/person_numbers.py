"""Numbers of persons anywhere in a text, however they are written: with gaps, in full width, beside a letter.

A person's number is known by its date, not by its check character: one that was mistyped still is somebody's.
An all-digit code of a unit is left alone where its own check character holds and that of a person does not.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from app.field.identifiers import id_card_fault, registration_fault, uscc_fault
from app.field.masks import mask_id
from app.field.names import odd_signs

Span = tuple[int, int]

_DASHES = "\\-\uff0d\u2014\u2013\u2212\u2010\u2011\u2012\u2015"
_DOTS = ".\u00b7\u2022\u30fb\u2027\uff0e"
GAP = f"[\\s{_DASHES}{_DOTS}{re.escape(''.join(sorted(odd_signs())))}]{{0,3}}"
# a mobile number has eleven digits, a person's fifteen at least; most texts hold no such run
_LONG = re.compile(f"\\d(?:{GAP}\\d){{10}}")


def _dated(gap: str, centuries: str) -> str:
    """Division, date of birth, serial and check character with a `gap` between any two."""
    century = "|".join(gap.join(one) for one in centuries.split())
    month = f"(?:0{gap}[1-9]|1{gap}[0-2])"
    day = f"(?:0{gap}[1-9]|[12]{gap}[0-9]|3{gap}[01])"
    year = f"(?:{century})(?:{gap}[0-9]){{2}}"
    return f"[1-9](?:{gap}[0-9]){{5}}{gap}{year}{gap}{month}{gap}{day}(?:{gap}[0-9]){{3}}{gap}[0-9X]"


_DATED = _dated(GAP, "18 19 20")
# in a text that is published a wider reading would star numbers of documents
_PRINTED = re.compile(f"(?<![0-9A-Za-z])(?:{_dated('[ -]?', '19 20')})(?![0-9A-Za-z])", re.IGNORECASE)
_EIGHTEEN = f"[1-9](?:{GAP}[0-9]){{16}}{GAP}[0-9X]"
_FIFTEEN = f"[1-9](?:{GAP}[0-9]){{14}}"
_MOBILE = re.compile(f"(?<![0-9])(?:86{GAP})?1{GAP}[3-9](?:{GAP}[0-9]){{9}}(?![0-9])")
_LOOK_ALIKES = dict.fromkeys("x\u0425\u0445\u03a7\u03c7\u00d7\u2169\u2179\uff38\uff58", "X")


def _alone(number: str) -> re.Pattern[str]:
    """No digit beside it, a letter may be; looked for at every place, for one may begin inside another."""
    return re.compile(f"(?<![0-9])(?=({number})(?![0-9]))")


_ALONE = tuple(map(_alone, (_DATED, _EIGHTEEN, _FIFTEEN)))
_ANYWHERE = re.compile(f"(?=({_DATED}))")


def person_number_spans(text: str) -> tuple[Span, ...]:
    """Where persons' numbers stand in a text, from first to behind the last sign, in order, apart."""
    if not _LONG.search(text):
        return ()
    narrow = _narrow(text)
    spans: list[Span] = []
    for span in sorted(found for pattern in _ALONE for found in _spans(narrow, pattern)):
        if not spans or span[0] >= spans[-1][1]:
            spans.append(span)
    return tuple(spans)


def printed_number_spans(narrow: str) -> tuple[Span, ...]:
    """Where persons' numbers stand as registers print them: eighteen places with a date, at most one space or
    hyphen between two, neither digit nor letter beside. `narrow` has plain digits, letters and hyphens.
    """
    return tuple(found.span() for found in _PRINTED.finditer(narrow))


def mask_person_numbers(text: str) -> str:
    """The text with each person's number masked as `mask_id` does; everything else stays as written."""
    masked = text
    for first, last in reversed(person_number_spans(text)):
        masked = masked[:first] + mask_id(_bare(_narrow(text[first:last]))) + masked[last:]
    return masked


def holds_number_of_person(text: str) -> bool:
    """Whether a text holds a person's number, also inside a longer run of digits, or a mobile number."""
    if not _LONG.search(text):
        return False
    narrow = _narrow(text)
    return (
        _MOBILE.search(narrow) is not None
        or next(_spans(narrow, _ANYWHERE), None) is not None
        or bool(person_number_spans(text))
    )


def _spans(narrow: str, pattern: re.Pattern[str]) -> Iterator[Span]:
    return (found.span(1) for found in pattern.finditer(narrow) if _is_persons(_bare(found[1]), pattern))


def _is_persons(number: str, pattern: re.Pattern[str]) -> bool:
    person = id_card_fault(number) is None
    if len(number) == 15:
        return person and registration_fault(number) is not None
    if uscc_fault(number) is None:
        return person and pattern is _ALONE[0]
    return person or pattern is not _ALONE[1]


def _narrow(text: str) -> str:
    """Digits of any script and signs like X as plain ones, each for one character: places stay."""
    return "".join(map(_plain, text))


def _plain(sign: str) -> str:
    if sign in _LOOK_ALIKES:
        return _LOOK_ALIKES[sign]
    digit = unicodedata.decimal(sign, None)
    return sign if digit is None else str(digit)


def _bare(number: str) -> str:
    return re.sub("[^0-9X]", "", number)
