"""Numbers as spreadsheets leave them: mended only where nothing is guessed, everything else explained."""

from __future__ import annotations

import pytest

from app.field.identifiers import id_card_check, org_check, uscc_check
from app.lists.codes import judge

BODY = "91430400MA0000000"
CODE = BODY + uscc_check(BODY)
PERSON = "43040519900101000" + id_card_check("43040519900101000")
NAME = "衡阳示例建材有限公司"
# a body whose number, typed with the letter O for its zeros, is right but for that
WRONG = CODE[:-1] + ("0" if CODE[-1] != "0" else "1")


@pytest.mark.parametrize(
    ("written", "mended"),
    [
        (CODE, ""),
        (f" {CODE[:8]} {CODE[8:].lower()} ", "tidied"),
        ("".join(chr(ord(sign) + 0xFEE0) for sign in CODE), "tidied"),
        (f"{CODE[:2]}-{CODE[2:]}", "tidied"),
        (CODE.replace("0000000", "000000O"), "look-alike"),
    ],
)
def test_a_number_is_mended_where_its_check_character_vouches_for_it(written: str, mended: str) -> None:
    seen = judge(written, NAME)
    assert (seen.code, seen.mended, seen.why) == (CODE, mended, "")


@pytest.mark.parametrize(
    ("written", "why", "position", "sign"),
    [
        ("9.14304E+17", "power", 0, ""),
        ("9.1430400123456E17", "power", 0, ""),
        ("914304001234567000", "rounded", 0, ""),
        ("430405199001010000", "rounded", 0, ""),
        (PERSON, "person-number", 0, ""),
        (WRONG, "check", 18, WRONG[-1]),
        (CODE[:-1], "length", 17, ""),
        ("X" + CODE[1:], "department", 1, "X"),
        (CODE[:10] + "?" + CODE[11:], "no-number", 0, ""),
        (CODE[:10] + "I" + CODE[11:-1] + "V", "character", 11, "I"),
        ("见附件", "no-number", 0, ""),
    ],
)
def test_every_other_number_is_explained(written: str, why: str, position: int, sign: str) -> None:
    seen = judge(written, NAME)
    assert (seen.code, seen.why, seen.position, seen.sign) == ("", why, position, sign)


def test_a_rounded_number_is_set_aside_though_its_check_character_may_fit() -> None:
    """One in 31 fits by chance: it would name a unit that nobody meant."""
    number = next(f"91430400{n:07d}000" for n in range(1, 400) if uscc_check(f"91430400{n:07d}00") == "0")
    assert judge(number, NAME).why == "rounded"


def test_lost_zeros_are_told_with_the_number_that_would_be_right_and_not_put_back() -> None:
    body = "00123456"
    right = body + org_check(body)
    if not right.isdigit():
        body = "00123457"
        right = body + org_check(body)
    seen = judge(right.lstrip("0"), NAME)
    assert (seen.code, seen.why, seen.hint) == ("", "zeros-lost", right)
    assert judge("1234567", NAME).hint in ("", "001234567")


@pytest.mark.parametrize("written", ["", "无", "-", "0"])
def test_without_a_number_a_unit_is_asked_about_by_its_name(written: str) -> None:
    assert judge(written, f" {NAME}\u200b") == judge("", NAME)
    assert judge("", NAME).name == NAME


@pytest.mark.parametrize(
    ("name", "why"), [("张三", "person-name"), ("买买提·艾力", "person-name"), ("", "nothing")]
)
def test_nobody_is_screened_by_a_persons_name(name: str, why: str) -> None:
    assert judge("", name).why == why


@pytest.mark.parametrize("code", ["", "无", CODE, "9.14304E+17"])
@pytest.mark.parametrize(
    "name", [f"张三 {PERSON}", PERSON, f"李四{PERSON[:6]} {PERSON[6:14]} {PERSON[14:]}", "张三13800138000"]
)
def test_a_name_with_a_persons_number_in_it_asks_for_nothing(code: str, name: str) -> None:
    seen = judge(code, name)
    assert (seen.why, seen.code, seen.name) == ("person-number", "", "")


def test_control_a_short_name_with_a_number_is_asked_about() -> None:
    assert judge(CODE, "张三").why == ""


def test_texts_that_no_question_takes_are_told() -> None:
    assert judge("", "字" * 201).why == "text"
    assert judge("9" * 51, NAME).why == "text"
