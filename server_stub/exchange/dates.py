"""One day out of the many ways departments write one. What can be read in two ways is refused."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from server_stub.exchange.reasons import words

EARLIEST = 1949
LONG_TERM = date(2099, 12, 31)
_SERIAL_EPOCH = date(1899, 12, 30)
_CITY = ZoneInfo("Asia/Shanghai")
_CLOCK = r"(?:[T ]\d{1,2}[:;]\d{2}(?:[:;]\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?"


class DateRefused(ValueError):  # noqa: N818 - said in the field's words
    """A text that is no day; `why` is a code of the texts."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def read_day(text: str, earliest: int = EARLIEST) -> date | None:
    """The day a text names; None where it says that there is none.

    Raises:
        DateRefused: unreadable, impossible, imprecise, ambiguous or before the year `earliest`.
    """
    day, why = _known(text)
    if why:
        raise DateRefused(why)
    if day is not None and day.year < earliest:
        raise DateRefused("date-early")
    return day


@lru_cache(maxsize=8192)  # a file names few days many times
def _known(text: str) -> tuple[date | None, str]:
    plain = _folded(text)
    if plain in words()["dates"]["nothing"]:
        return None, ""
    try:
        return (_numbered(plain) if plain.isdigit() else _written(plain)), ""
    except DateRefused as refused:
        return None, refused.why


def read_end(text: str) -> date | None:
    """As `read_day` for the end of a validity: long-term words and years from 2099 on mean no end."""
    plain = _folded(text)
    if plain in words()["dates"]["long_term"]:
        return LONG_TERM
    day = read_day(text)
    return LONG_TERM if day is not None and day.year == LONG_TERM.year else day


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).strip().upper().replace("\u2014", "-").replace("\u2212", "-")
    for zero in words()["dates"]["zeros"]:
        plain = plain.replace(zero, words()["dates"]["digits"][0]) if not plain.isascii() else plain
    return plain


def _numbered(plain: str) -> date:
    """Eight digits, a spreadsheet's serial day, or seconds and milliseconds since 1970."""
    number = int(plain)
    if len(plain) == 8:
        return _made(int(plain[:4]), int(plain[4:6]), int(plain[6:]))
    if len(plain) == 5 and 18264 <= number <= 73050:
        return _SERIAL_EPOCH + timedelta(days=number)
    if len(plain) in (10, 13):
        seconds = number if len(plain) == 10 else number / 1000
        return datetime.fromtimestamp(seconds, _CITY).date()
    if len(plain) == 6:
        raise DateRefused("date-imprecise")
    raise DateRefused("date-unreadable")


def _written(plain: str) -> date:
    marks = words()["dates"]
    text = _arabic(plain, marks["digits"])
    for mark in (marks["year"], marks["month"]):
        text = text.replace(mark, "-")
    for mark in marks["day"]:
        text = text.replace(mark, "")
    text = re.sub(r"\s*([-./])\s*", r"\1", text).strip()
    found = re.fullmatch(rf"(\d{{4}})[-./](\d{{1,2}})[-./](\d{{1,2}}){_CLOCK}", text)
    if found:
        return _made(*(int(part) for part in found.groups()))
    if re.fullmatch(r"\d{4}(?:[-./]\d{1,2})?-?", text):
        raise DateRefused("date-imprecise")
    found = re.fullmatch(rf"(\d{{1,2}})[-./](\d{{1,2}})[-./](\d{{4}}){_CLOCK}", text)
    if found:
        first, second, year = (int(part) for part in found.groups())
        if first == second or second > 12 >= first:
            return _made(year, first, second)
        if first > 12:
            return _made(year, second, first)
        raise DateRefused("date-ambiguous")
    if re.fullmatch(r"\d{1,2}[-./]\d{1,2}[-./]\d{1,2}", text):
        raise DateRefused("date-ambiguous")
    raise DateRefused("date-unreadable")


def _arabic(text: str, digits: str) -> str:
    """Chinese digits as Arabic ones, also the tens of days and months (ten, twenty-one)."""
    ten = "\u5341"
    text = re.sub(
        rf"([{digits[1:]}]?){ten}([{digits[1:]}]?)",
        lambda found: str(
            10 * (digits.index(found[1]) if found[1] else 1) + (digits.index(found[2]) if found[2] else 0)
        ),
        text,
    )
    return text.translate({ord(sign): str(value) for value, sign in enumerate(digits)})


def _made(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError as flaw:
        raise DateRefused("date-impossible") from flaw
