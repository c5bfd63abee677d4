"""How facts are written."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from app.desks import words
from app.texts import Texts

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)


def test_times_are_beijing_time() -> None:
    assert words.minute("2026-11-21T18:00:00.000Z") == "2026-11-22 02:00"
    assert words.clock_time("2026-11-22T01:42:16.000Z") == "09:42:16"
    assert words.day("2026-11-21T18:00:00.000Z") == "2026-11-22"
    assert words.day("2026-11-21") == "2026-11-21"
    assert words.minute("") == "—"


@pytest.mark.parametrize(
    ("at", "said"),
    [
        ("2026-11-22T01:18:00.000Z", "今天 09:18"),
        ("2026-11-21T08:40:00.000Z", "昨天 16:40"),
        ("2026-11-18T02:00:00.000Z", "11-18"),
        ("2026-11-01T02:00:00.000Z", "2026-11-01"),
        ("2026-11-21T17:00:00.000Z", "今天 01:00"),
    ],
)
def test_relative_days_turn_at_midnight_in_beijing(at: str, said: str) -> None:
    assert words.recently(at, NOW, Texts("zh_CN")) == said


def test_codes_money_and_numbers() -> None:
    assert words.spaced("91430400MA00000A10") == "91 430400 MA00000A1 0"
    assert words.spaced("430***********1234") == "430***********1234"
    assert (words.yuan(8_600_000), words.yuan(0), words.yuan(None), words.yuan(-5)) == (
        "86,000.00",
        "0.00",
        "—",
        "-0.05",
    )
    assert (
        words.report_number("HYXYE20261122ABCDEFGHJKMNPQRSTVWX7") == "HYXYE 20261122 ABCDE FGHJK MNPQR STVWX7"
    )
    assert words.report_number("HY-1") == "HY-1"
    assert words.digest("0f9d9d888cb340221234") == "0F9D 9D88 8CB3 4022"


def test_a_purpose_is_its_code_and_its_name() -> None:
    pairs = (("B01", "贷前审查"), ("B01", "B01"), ("", "自查"), ("B01", ""))
    assert [words.purpose(*pair) for pair in pairs] == ["B01 贷前审查", "B01", "自查", "B01"]


def test_time_left_in_the_largest_unit() -> None:
    texts = Texts("en")
    assert [words.left(count, texts) for count in (200_000, 7_300, 119, 0, -5)] == [
        "2 d",
        "2 h",
        "1 min",
        "0 min",
        "0 min",
    ]
    assert words.seconds_until("2026-11-22T03:00:00.000Z", NOW) == 3600
    assert words.days_until("2026-11-27", NOW) == 5


def test_a_paper_of_its_own_facts_is_named_by_what_it_is_about() -> None:
    def said(language: str = "zh_CN", **changes: Any) -> str:
        known: dict[str, Any] = {"template": "standard", "query_no": "CX-1", "subject": ""}
        known |= {"about": "", "units": 0}
        return words.subject_of(Texts(language), SimpleNamespace(**(known | changes)))

    listed = {"template": "screening", "query_no": "MD-1"}
    assert said(**listed, about="名单.xlsx", units=12) == "名单.xlsx · 12 家"
    assert said("en", **listed, about="list.csv", units=1) == "list.csv · units: 1"
    assert said(**listed) == "MD-1"  # of an older program
    letter = {"template": "answer", "query_no": "YY-1"}
    assert (said(**letter, about="示例"), said(**letter)) == ("YY-1 · 示例", "YY-1")
    assert said(subject="示例") == "示例"
    assert said() == Texts().say("my_reports.no_subject")


@pytest.mark.parametrize(
    ("check", "said"),
    [
        (("one_signature", False, "0"), "文件没有签名"),
        (("one_signature", False, "2"), "文件有多个签名"),
        (("one_signature", True, "1"), "只有一个签名"),
        (("intact", False, ""), "签名内容未被改动"),
        (("of_a_later_library", False, ""), "of_a_later_library"),
    ],
)
def test_a_file_without_a_signature_is_said_to_have_none(check: tuple[str, bool, str], said: str) -> None:
    assert words.check_words(*check, Texts()) == said
