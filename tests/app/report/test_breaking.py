"""The line breaker: Chinese rules, whole words, nothing lost."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.report import fonts_in
from app.report.breaking import NEVER_FIRST, NEVER_LAST, break_lines
from app.report.faces import SANS, TITLE
from app.report.setting import Setter
from app.report.words import words_in
from tests.app.report.tools import FONTS

SIGNS = (
    "衡阳市公共信用信息平台王𬭊䶮李，。、；：？！）》」』】〕（《「『【〔“”‘’—…·％ABCabc0123456789.-/ :()[]"
)


def width(text: str) -> float:
    return sum(1.0 if ord(sign) > 0x2E80 else 0.5 for sign in text)


@given(st.text(alphabet=SIGNS, max_size=120), st.integers(min_value=6, max_value=30))
@settings(max_examples=600, deadline=None)
def test_no_sign_is_lost_and_no_line_is_too_wide(text: str, room: int) -> None:
    lines = break_lines(text, room, width)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(width(line) <= room for line in lines)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["", "（", "《", "「", "『", "〔", "“"]),
            st.text(alphabet="衡阳市信用信息平台王𬭊䶮", min_size=1, max_size=4),
            st.sampled_from(["", "，", "。", "》", "）", "」，", "』。", "？！", "；", "”。", "……"]),
        ),
        min_size=1,
        max_size=30,
    ),
    st.integers(min_value=12, max_value=40),
)
@settings(max_examples=600, deadline=None)
def test_no_line_begins_with_a_closing_or_ends_with_an_opening_mark(
    parts: list[tuple[str, str, str]], room: int
) -> None:
    lines = break_lines("".join("".join(part) for part in parts), room, width)
    assert all(line[:1] not in NEVER_FIRST for line in lines[1:])
    assert all(line[-1:] not in NEVER_LAST for line in lines[:-1])


def parts() -> st.SearchStrategy[str]:
    """Running text of a careless typist: words longer than a line, a blank before and after any mark. Marks
    stand together by up to three: a crowd of them wider than the line has no lawful place to break.
    """
    blanks = st.sampled_from(["", "", " "])
    words = st.one_of(
        st.text(alphabet="衡阳市信用信息平台王𬭊䶮", min_size=1, max_size=6),
        st.text(alphabet="ABCxyz0123456789-/_", min_size=1, max_size=40),
        st.integers(min_value=0, max_value=9999).map(lambda figure: f"{figure}.5%"),
    )
    part = st.tuples(
        st.text(alphabet="《（「『【〔“([", max_size=2),
        blanks,
        words,
        blanks,
        st.text(alphabet="》，。、；：！？）」』】%％”…,.:;)]", max_size=3),
        blanks,
    )
    return st.lists(part.map("".join), min_size=1, max_size=14).map("".join)


def offences(lines: list[str]) -> list[str]:
    first = [line for line in lines[1:] if line[:1] in NEVER_FIRST and line]
    return first + [line for line in lines[:-1] if line[-1:] in NEVER_LAST and line]


@given(parts(), st.integers(min_value=12, max_value=40))
@settings(max_examples=500, deadline=None)
def test_blanks_and_words_longer_than_a_line_break_no_rule(text: str, room: int) -> None:
    lines = break_lines(text, room, width)
    assert offences(lines) == []
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(width(line) <= room for line in lines)


@pytest.mark.parametrize(
    "text",
    ["《ABCDEFG-HIJKLMN-  ！], 9.", "「95zB.A-zz/9yB.7/x1.-A877  .;『䶮用，", "甲乙丙丁戊己庚辛（ 壬）"],
)
def test_a_blank_hides_no_mark_from_the_rule(text: str) -> None:
    for room in range(6, 24):
        assert offences(break_lines(text, room, width)) == []


@pytest.mark.parametrize("face", [SANS, TITLE])
@given(text=parts(), room=st.integers(min_value=90, max_value=400))
@settings(max_examples=150, deadline=None)
def test_the_rule_holds_at_the_true_widths_of_the_faces(face: str, text: str, room: int) -> None:
    fonts = fonts_in(FONTS)
    lines = Setter(fonts, words_in("zh_CN")).lines(text, room, face, 9.0)
    assert offences(lines) == []
    assert all(fonts.width(line, face, 9.0) <= room + 0.001 for line in lines)


def test_a_plain_breaker_would_break_the_rule() -> None:
    """Control: the same text cut every n characters does begin a line with a closing mark."""
    text = "认定机关为《衡阳市信用条例》，第九条。"
    room = next(n for n in range(4, 16) if text[n] in NEVER_FIRST)
    assert text[room] in NEVER_FIRST
    assert all(line[0] not in NEVER_FIRST for line in break_lines(text, room, width)[1:])


@pytest.mark.parametrize("whole", ["91430400MA00000A1X", "2026-11-22", "86,000.00", "XZCF-2026-00211"])
def test_codes_dates_and_amounts_stay_whole(whole: str) -> None:
    lines = break_lines(f"衡阳市示例建设工程有限公司{whole}自出具之日起", 20, width)
    assert any(whole in line for line in lines)


def test_what_is_wider_than_the_line_is_cut() -> None:
    lines = break_lines("x" * 95, 10, width)
    assert [len(line) for line in lines] == [20, 20, 20, 20, 15]


def test_line_feeds_break_and_an_empty_text_is_one_line() -> None:
    assert break_lines("甲\n乙", 10, width) == ["甲", "乙"]
    assert break_lines("", 10, width) == [""]


def test_a_code_wider_than_its_column_breaks_behind_a_joint() -> None:
    assert break_lines("ABCDE-FGHIJ-KLMNO", 7, width) == ["ABCDE-FGHIJ-", "KLMNO"]
    assert break_lines("AB-FGHIJKLMNOPQRST", 7, width) == ["AB-FGHIJKLMNOP", "QRST"]


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("衡阳市青竹建设工程有限公司等五家单位", "家单位"),
        ("社会信用条例关于信用主体知情权的规定。", "规定。"),
        ("衡阳市青竹建设工程有限公司等五家 12", "家 12"),
        ("衡阳市青竹建设工程有限公司等 5 家单位", "5 家单位"),
    ],
)
def test_no_one_or_two_signs_end_a_text_alone(text: str, last: str) -> None:
    room = (len(text) - 1 - text.count("。")) * 10.0 if not text.endswith("12") else len(text[:-3]) * 10.0
    lines = break_lines(text, room, lambda part: len(part) * 10.0)
    assert (lines[-1], "".join(lines).replace(" ", "")) == (last, text.replace(" ", ""))


def test_control_a_narrow_column_and_a_longer_end_are_filled_as_they_come() -> None:
    assert break_lines("列入严重失信主体名", 40, lambda part: len(part) * 10.0)[-1] == "名"
    assert (
        break_lines("衡阳市青竹建设工程有限公司等五家单位", 150, lambda part: len(part) * 10.0)[-1]
        == "家单位"
    )
