"""The words of the paper in its language, the city's names, and how dates, numbers and money are written."""

from __future__ import annotations

import functools
import tomllib
from datetime import UTC, datetime
from importlib.resources import files
from typing import Any

from app.field.beijing import BEIJING
from app.field.identifier_kinds import PERSONS

_DIGITS = "〇一二三四五六七八九"


class Words:
    """Texts of one language by id (`paper_note.head`), with the values filled in."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.chinese = language == "zh_CN"
        self._texts = _table(f"texts/{language}/report.toml")
        self.city: dict[str, str] = _table("city.toml")["name"][language]

    def say(self, text_id: str, **values: object) -> str:
        """The text with its values.

        Raises:
            KeyError: for an id or a value the tables do not know.
        """
        section, _, key = text_id.partition(".")
        text: str = self._texts[section][key]
        return text.format(**values) if values else text

    def day(self, text: str) -> str:
        """A date as printed: a day beyond 2090 means without end, an empty one a dash."""
        if not text:
            return self.say("paper.none")
        return self.say("paper.long_term") if text[:4].isdigit() and text[:4] >= "2090" else text

    def span(self, start: str, end: str) -> str:
        if not start and not end:
            return ""
        return self.say("paper.span", **{"from": self.day(start), "to": self.day(end)})

    def identity_kind(self, kind: str) -> str:
        """What a person's document is called, by the word of the wire for its kind (PERSONS)."""
        return self.say(f"paper_document.{kind}") if kind in PERSONS else self.say("paper_document.other")

    def money(self, fen: int) -> str:
        sign = "-" if fen < 0 else ""
        return self.say("paper.yuan", amount=f"{sign}{abs(fen) // 100:,}.{abs(fen) % 100:02d}")

    def formal_day(self, utc: str) -> str:
        """The date for a title page: 二〇二六年十一月二十二日, or 2026-11-22 in English."""
        day = in_beijing(utc)
        if not self.chinese:
            return f"{day:%Y-%m-%d}"
        year = "".join(_DIGITS[int(figure)] for figure in f"{day.year:04d}")
        return f"{year}年{han_number(day.month)}月{han_number(day.day)}日"

    def section_number(self, number: int, title: str) -> str:
        return f"{han_number(number)}、{title}" if self.chinese else f"{number}. {title}"


def in_beijing(utc: str) -> datetime:
    """A wire time as Beijing time; no time-zone data of the machine is asked.

    Raises:
        ValueError: when the text is no time.
    """
    return datetime.fromisoformat(utc).replace(tzinfo=UTC).astimezone(BEIJING)


def minute(utc: str) -> str:
    return f"{in_beijing(utc):%Y-%m-%d %H:%M}" if utc else ""


def second(utc: str) -> str:
    return f"{in_beijing(utc):%Y-%m-%d %H:%M:%S}" if utc else ""


def han_number(number: int) -> str:
    """1..99 in Chinese numerals."""
    tens, ones = divmod(number, 10)
    head = "" if not tens else "十" if tens == 1 else _DIGITS[tens] + "十"
    return head + (_DIGITS[ones] if ones else "")


@functools.lru_cache(maxsize=4)
def words_in(language: str) -> Words:
    return Words(language)


def _table(path: str) -> dict[str, Any]:
    return tomllib.loads((files("resources") / path).read_text("utf-8"))
