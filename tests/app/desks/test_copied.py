"""What goes to the clipboard is harmless: no formula for a sheet, no number of a person."""

from __future__ import annotations

import csv
import io

import pytest

from app.desks import copied
from app.field.identifiers import id_card_check, uscc_fault
from tests.app.desks.stand_ins import CODE

PERSON = "43040019900101000" + id_card_check("43040019900101000")


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "＝", "＋", "－", "＠"])
def test_what_a_sheet_would_run_becomes_text(sign: str) -> None:
    text = f"{sign}HYPERLINK(0)"
    assert copied.cell(text) == f"'{text}"
    assert copied.cell(f"\t {text}") == f"'{text}"


@pytest.mark.parametrize("text", ["-5.00", "86,000.00", "示环罚〔2025〕037 号", "A=B", "—", "", CODE])
def test_control_what_runs_nothing_stays_as_it_is(text: str) -> None:
    assert copied.cell(text) == text


def test_numbers_of_persons_are_masked_wherever_they_stand() -> None:
    masked = copied.cell(f"李某{PERSON}，电话13812345678")
    assert PERSON not in masked and "13812345678" not in masked
    assert masked == f"李某430***********{PERSON[-4:]}，电话138****5678"
    assert copied.cell(PERSON.lower()) == copied.cell(PERSON)


def test_control_codes_of_enterprises_and_other_digits_are_whole() -> None:
    assert uscc_fault(CODE) is None
    for text in (CODE, "CX-20261122-000417", "202611220004170000", "1234567890123456789012"):
        assert copied.cell(text) == text


def test_rows_become_lines_that_a_sheet_takes_apart_again() -> None:
    text = copied.lines((("甲\n乙", "1\t2"), ("丙", "")))
    assert list(csv.reader(io.StringIO(text), delimiter="\t")) == [["甲 乙", "1 2"], ["丙", ""]]
