"""Report numbers: the check character catches slips, dates are real, the form is strict."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.field.report_numbers import (
    CROCKFORD,
    check_character,
    grouped,
    number_in,
    number_ok,
    read_link,
    report_number,
)

RANDOM_PARTS = st.text(alphabet=CROCKFORD, min_size=20, max_size=20)
GOOD = report_number(False, date(2026, 11, 22), "K7M3QZ8T5WAX9D2RVB4N")


def test_the_standards_own_example() -> None:
    """ISO 7064 MOD 37,36 as widely published for A12425GABC1234002, check character M."""
    assert check_character("A12425GABC1234002") == "M"


@given(RANDOM_PARTS, st.booleans())
def test_made_numbers_are_good(part: str, person: bool) -> None:
    number = report_number(person, date(2026, 11, 22), part)
    assert number_ok(number)
    assert number.startswith("HYXYP" if person else "HYXYE")
    assert len(number) == 34


@given(RANDOM_PARTS, st.integers(min_value=13, max_value=33), st.sampled_from(CROCKFORD))
def test_one_wrong_character_is_seen(part: str, place: int, sign: str) -> None:
    number = report_number(False, date(2026, 11, 22), part)
    wrong = number[:place] + sign + number[place + 1 :]
    assert number_ok(wrong) == (wrong == number)


@pytest.mark.parametrize("place", range(13, 32))
def test_neighbours_swapped_are_seen(place: int) -> None:
    swapped = GOOD[:place] + GOOD[place + 1] + GOOD[place] + GOOD[place + 2 :]
    assert GOOD[place] == GOOD[place + 1] or not number_ok(swapped)


@pytest.mark.parametrize(
    "text", ["", "HYXY", GOOD.lower(), GOOD + " ", GOOD[:-1], "X" + GOOD[1:], GOOD.replace("HYXYE", "HYXYQ")]
)
def test_other_forms_are_refused(text: str) -> None:
    assert not number_ok(text)


def test_a_day_that_is_none_is_refused() -> None:
    body = "HYXYE20261131K7M3QZ8T5WAX9D2RVB4N"
    assert not number_ok(body + check_character(body))


@pytest.mark.parametrize("part", ["", "K7M3QZ8T5WAX9D2RVB4", "K7M3QZ8T5WAX9D2RVB4U"])
def test_a_random_part_of_another_form_is_refused(part: str) -> None:
    with pytest.raises(ValueError, match="random part"):
        report_number(False, date(2026, 11, 22), part)


def test_links_of_another_form_are_refused() -> None:
    with pytest.raises(ValueError, match="link"):
        read_link(f"https://localhost/v/{GOOD}#***")


def test_a_number_is_grouped_as_it_is_read_out_and_no_group_is_a_single_character() -> None:
    assert grouped(GOOD) == f"HYXYE 20261122 K7M3Q Z8T5W AX9D2 RVB4N{GOOD[-1]}"
    assert grouped(GOOD).replace(" ", "") == GOOD
    assert min(len(part) for part in grouped(GOOD).split()) >= 5
    assert grouped("CX-20261126-000001") == "CX-20261126-000001"


LINK = f"https://localhost/v/{GOOD}#D52diIyzQCKkV0mJr0mFcXp1dGhpcyBpcyBhIG1hZGUtdXAgZnJhZ21lbnQ"


@pytest.mark.parametrize(
    "text",
    [
        GOOD,
        grouped(GOOD),
        grouped(GOOD).lower(),
        f"  {grouped(GOOD).replace(' ', '-')}\n",
        LINK,
        f"https://credit.example:8443/v/{GOOD}",
        GOOD.translate({ord(sign): ord(sign) + 0xFEE0 for sign in GOOD}),
    ],
)
def test_a_number_is_found_in_what_was_typed_pasted_or_scanned(text: str) -> None:
    assert number_in(text) == GOOD


@pytest.mark.parametrize(
    "text", ["", "91430400MA00000A1X", GOOD[:-1], GOOD[:-2] + "AA", f"{GOOD}{GOOD}", "#", "/"]
)
def test_what_holds_no_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="report number"):
        number_in(text)


def test_digits_that_look_like_letters_are_folded_in_the_random_part_only() -> None:
    number = report_number(False, date(2026, 11, 22), "K0M1QZ8T5WAX9D2RVB4N")
    assert number_in(number.replace("K0M1", "KOML")) == number
    assert number_in(number.replace("K0M1", "kOmI")) == number
