"""Persons' numbers in running text: every way of writing one is found, and no number of a unit."""

from __future__ import annotations

import pytest

from app.field.identifiers import id_card_check, registration_check, uscc_check
from app.field.person_numbers import (
    holds_number_of_person,
    mask_person_numbers,
    person_number_spans,
    printed_number_spans,
)

BODY = "43040519491231000"
PERSON = BODY + id_card_check(BODY)
MISTYPED = BODY + ("1" if PERSON[-1] != "1" else "2")
SHORT, LONG = PERSON[:6], PERSON[6:]
WRITTEN = (
    PERSON,
    MISTYPED,
    f"{SHORT} {PERSON[6:14]} {PERSON[14:]}",
    f"{SHORT}-{PERSON[6:14]}-{PERSON[14:]}",
    "".join(chr(0xFF10 + int(sign)) if sign.isdigit() else sign for sign in PERSON),
    *(f"{BODY}{sign}" for sign in "x\uff38\u00d7\u0425"),
    f"A{PERSON}",
    f"{PERSON}B",
    f"{SHORT}\u200b{LONG}",
    f"1 {PERSON}",
    f"{SHORT} - {LONG}",
)
UNIT = next(
    body + uscc_check(body)
    for body in (f"9143041920111200{n:01d}" for n in range(10))
    if uscc_check(body).isdigit() and id_card_check(body) != uscc_check(body)
)
REGISTRATION = "43040519491231"[:14]
OLD = "430405491231000"


@pytest.mark.parametrize("written", WRITTEN)
def test_a_person_s_number_is_masked_however_it_is_written(written: str) -> None:
    for text in (written, f"张三{written}", f"示例 {written}，借款人"):
        shown = mask_person_numbers(text)
        assert "********" in shown
        assert "19491231" not in "".join(filter(str.isalnum, shown))
        assert holds_number_of_person(text)


def test_what_stands_around_a_number_stays() -> None:
    assert mask_person_numbers(f"甲{PERSON[:6]} {PERSON[6:]}乙{PERSON}") == (
        f"甲{PERSON[:6]}********{PERSON[-4:]}乙{PERSON[:6]}********{PERSON[-4:]}"
    )
    assert [last - first for first, last in person_number_spans(f"{PERSON}、{OLD}")] == [18, 15]


def test_numbers_of_units_and_of_papers_stay() -> None:
    company = REGISTRATION + registration_check(REGISTRATION)
    for text in (
        UNIT,
        company,
        "示列决字〔2026〕1 号",
        "20261126",
        "430405209913310000",
        "0" * 40,
        "示例商贸",
    ):
        assert mask_person_numbers(text) == text
        assert not holds_number_of_person(text)


@pytest.mark.parametrize("mobile", ["13800138000", "138 0013 8000", "+86 138-0013-8000", "张三13800138000"])
def test_a_mobile_number_is_known_and_not_masked_as_a_person_s(mobile: str) -> None:
    assert holds_number_of_person(mobile)
    assert mask_person_numbers(mobile) == mobile


def test_a_number_inside_a_longer_run_of_digits_is_known() -> None:
    assert holds_number_of_person(f"7{PERSON[:17]}12")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("身份证430400198803140006。", ("430400198803140006",)),
        ("110105 19491231 002x和43040019900101001X", ("110105 19491231 002x", "43040019900101001X")),
        ("文书430400198803140006号A", ("430400198803140006",)),
        ("A430400198803140006", ()),  # beside a letter, and undated: may be a number of a document
        ("430400188803140006 430400198813140006", ()),
        ("4304001988031400061", ()),
    ],
)
def test_numbers_in_published_texts_are_those_that_registers_print(text: str, found: tuple[str, ...]) -> None:
    assert tuple(text[first:last] for first, last in printed_number_spans(text)) == found
