"""Numbers: the published vectors, the two traps (remainder 0, first digit 9) and every single-digit slip."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.field.identifiers import (
    age_on,
    born_on,
    eighteen,
    fold_number,
    id_card_check,
    id_card_fault,
    id_type_of,
    org_check,
    org_code_fault,
    recognise,
    registration_check,
    registration_fault,
    uscc_check,
    uscc_fault,
)

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


@pytest.mark.parametrize(
    "code", ["91430400MA4T00000E", "114304000060000010", "52430400MJ0000018X", "91350100M000100Y43"]
)
def test_right_codes_pass_also_with_remainder_zero(code: str) -> None:
    assert uscc_fault(code) is None
    assert recognise(code).kind == "uscc"


@pytest.mark.parametrize("department", "123456789ANY")
def test_every_registration_department_is_accepted(department: str) -> None:
    body = f"{department}1430400MA4T00000"[:17]
    assert uscc_fault(body + uscc_check(body)) is None


@pytest.mark.parametrize(
    ("code", "fault", "position"),
    [
        ("91350100M000100Y4Z", "character", 18),
        ("91350100M000100Y44", "check", 18),
        ("9135010OM000100Y43", "character", 8),
        ("Q1350100M000100Y43", "department", 1),
        ("000000000000000000", "zeros", 0),
        ("00000000000000000X", "department", 1),
        ("91350100M000100Y4", "length", 0),
    ],
)
def test_wrong_codes_name_the_place(code: str, fault: str, position: int) -> None:
    found = uscc_fault(code)
    assert found is not None
    assert (found.code, found.position) == (fault, position)


@given(st.text("0123456789", min_size=6, max_size=6), st.text(ALPHABET, min_size=9, max_size=9), st.data())
def test_one_wrong_character_never_passes(division: str, body: str, data: st.DataObject) -> None:
    head = f"91{division}{body}"
    code = head + uscc_check(head)
    assert uscc_fault(code) is None
    at = data.draw(st.integers(0, 17))
    other = data.draw(st.sampled_from([sign for sign in ALPHABET if sign != code[at]]))
    assert uscc_fault(code[:at] + other + code[at + 1 :]) is not None


@pytest.mark.parametrize(
    ("number", "id_type"),
    [
        ("43040019900101001X", "resident_id"),
        ("810000199001010027", "residence_permit"),
        ("830000198506150032", "residence_permit"),
        ("911840199202130016", "pr_card"),
        ("93243019850615002X", "pr_card"),
    ],
)
def test_persons_numbers_and_their_types(number: str, id_type: str) -> None:
    seen = recognise(number)
    assert (seen.kind, seen.ok, seen.id_type) == ("id_card", True, id_type)
    assert id_type_of(number) == id_type


@pytest.mark.parametrize(
    ("number", "fault", "position"),
    [
        ("430400199001010011", "check", 18),
        ("43040019900230001X", "date", 7),
        ("99040019900101001A", "character", 18),
        ("250400900101000", "division", 1),
        ("4304001990010100", "length", 0),
        ("4304O019900101001X", "character", 5),
    ],
)
def test_wrong_persons_numbers_name_the_place(number: str, fault: str, position: int) -> None:
    found = id_card_fault(number)
    assert found is not None
    assert (found.code, found.position) == (fault, position)


@given(st.dates(date(1900, 1, 1), date(2025, 12, 31)), st.data())
def test_one_wrong_digit_of_a_person_never_passes(born: date, data: st.DataObject) -> None:
    body = f"430400{born:%Y%m%d}000"
    number = body + id_card_check(body)
    assert born_on(number) == born
    at = data.draw(st.integers(0, 16))
    other = data.draw(st.sampled_from([sign for sign in "0123456789" if sign != number[at]]))
    slip = number[:at] + other + number[at + 1 :]
    assert id_card_fault(slip) is not None or slip[0] == "9"


def test_old_number_converts_for_matching_only() -> None:
    assert eighteen("430400900101000") == "430400199001010009"[:17] + id_card_check("43040019900101000")
    assert eighteen("43040019900101001X") == "43040019900101001X"
    assert born_on("430400900101000") == date(1990, 1, 1)


def test_no_birth_date_from_a_nine_card() -> None:
    assert born_on("911840199202130016") is None


def test_age_turns_on_the_birthday() -> None:
    assert age_on(date(2008, 6, 1), date(2026, 5, 31)) == 17
    assert age_on(date(2008, 6, 1), date(2026, 6, 1)) == 18
    assert age_on(date(2008, 2, 29), date(2026, 2, 28)) == 17
    assert age_on(date(2008, 2, 29), date(2026, 3, 1)) == 18


def test_organisation_and_registration_codes() -> None:
    assert org_code_fault("006000001") is None
    assert org_code_fault("006000002") is not None
    assert recognise("00600000-1").kind == "org_code"
    for number in ("110108000000016", "430400000000014"):
        assert registration_fault(number) is None
        assert recognise(number) == recognise(number)
        assert recognise(number).kind == "registration"
    assert registration_fault("110108000000017") is not None


@given(st.text("0123456789", min_size=14, max_size=14))
def test_registration_check_finds_every_single_slip(body: str) -> None:
    number = body + registration_check(body)
    assert registration_fault(number) is None
    slipped = str((int(number[3]) + 1) % 10)
    assert registration_fault(number[:3] + slipped + number[4:]) is not None


@given(st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=8, max_size=8))
def test_organisation_check_is_one_character(body: str) -> None:
    assert org_code_fault(body + org_check(body)) is None


def test_typed_numbers_fold() -> None:
    assert fold_number(" ９１430400 ma4t-00000e\u200b") == "91430400MA4T00000E"
    assert recognise("43040019900101001Х").ok  # Cyrillic Ha
    assert recognise("43040019900101001×").ok  # multiplication sign


@pytest.mark.parametrize(
    ("text", "kind", "ok"),
    [
        ("", "empty", False),
        (" \u3000", "empty", False),
        ("李四", "name", True),
        ("李", "name", False),
        ("示例 建材有限公司", "name", True),
        ("91430400MA4T0000", "uscc", False),
        ("12345678901", "uscc", False),
        ("43040019900101001Y", "uscc", False),
    ],
)
def test_texts_are_sorted(text: str, kind: str, ok: bool) -> None:
    seen = recognise(text)
    assert (seen.kind, seen.ok) == (kind, ok)


@given(st.text(max_size=30))
def test_no_text_breaks_recognition(text: str) -> None:
    seen = recognise(text)
    assert seen.ok == (seen.fault_code == "")
    assert seen.fault_position <= max(len(seen.value), 18)
