"""Each kind of number has its arithmetic and its form; divisions are never looked up."""

from __future__ import annotations

import pytest

from app.field.identifier_kinds import PERSONS, identifier_fault
from app.field.identifiers import Fault, id_card_check, recognise, uscc_check
from app.field.masks import KEPT

RIGHT = [
    ("uscc", "91430400MA4T00000E"),
    ("uscc", "114304000060000010"),  # remainder 0
    ("uscc", "52430400MJ0000018X"),
    ("uscc", "91350100M000100Y43"),
    ("org_code", "006000001"),
    ("registration", "110108000000016"),
    ("registration", "430400000000014"),
    ("registration", "4304002000001"),  # thirteen digits, before 2007
    ("institution", "143040000001"),
    ("tax", "430400006000001"),
    ("tax", "43040019900101001X01"),  # an individual's
    ("social", "湘衡示例字第1号"),
    ("resident_id", "43040019900101001X"),
    ("resident_id_15", "430400900101000"),
    ("residence_permit", "810000199001010027"),
    ("residence_permit", "830000198506150032"),
    ("pr_card", "911840199202130016"),
    ("pr_card", "93243019850615002X"),
    ("pr_card_2017", "USA110092021300"),
    ("passport", "E00000000"),
    ("passport", "EA0000000"),
    ("hm_pass", "H00000000"),
    ("hm_pass", "M0000000001"),
    ("tw_pass", "00000000"),
    ("tw_pass", "0000000001A"),
]
WRONG = [
    ("uscc", "91350100M000100Y4Z", Fault("character", 18)),
    ("uscc", "91350100M000100Y44", Fault("check", 18)),
    ("org_code", "006000002", Fault("check", 9)),
    ("registration", "110108000000017", Fault("check", 15)),
    ("registration", "43040020000A1", Fault("length")),
    ("institution", "14304000000", Fault("character")),
    ("tax", "430400006000002", Fault("check", 15)),
    ("resident_id", "430400900101000", Fault("length")),
    ("resident_id", "810000199001010027", Fault("kind", 1)),
    ("resident_id", "911840199202130016", Fault("kind", 1)),
    ("residence_permit", "43040019900101001X", Fault("kind", 1)),
    ("pr_card", "43040019900101001X", Fault("kind", 1)),
    ("pr_card", "911840199202130017", Fault("check", 18)),
    ("resident_id_15", "250400900101000", Fault("division", 1)),
    ("pr_card_2017", "US1110092021300", Fault("character")),
    ("hm_pass", "T00000000", Fault("character")),
    ("uscc", "", Fault("empty")),
]


@pytest.mark.parametrize(("kind", "number"), RIGHT)
def test_right_numbers_of_every_kind(kind: str, number: str) -> None:
    assert identifier_fault(kind, number) is None


@pytest.mark.parametrize(("kind", "number", "fault"), WRONG)
def test_wrong_numbers_name_the_place(kind: str, number: str, fault: Fault) -> None:
    assert identifier_fault(kind, number) == fault


@pytest.mark.parametrize("department", "ANY")
def test_letter_departments(department: str) -> None:
    body = f"{department}1430400MA0000000"[:17]
    assert identifier_fault("uscc", body + uscc_check(body)) is None


@pytest.mark.parametrize("division", ["430421", "439999", "660101", "270101"])
def test_a_division_nobody_knows_is_no_fault_where_a_digit_vouches(division: str) -> None:
    body = f"{division}19900101000"
    number = body + id_card_check(body)
    assert identifier_fault("resident_id", number) is None
    slip = number[:-1] + ("0" if number[-1] != "0" else "1")
    assert identifier_fault("resident_id", slip) == Fault("check", 18)


@pytest.mark.parametrize(
    ("number", "id_type"),
    [
        ("810000199001010027", "residence_permit"),
        ("830000198506150032", "residence_permit"),
        ("911840199202130016", "pr_card"),
    ],
)
def test_the_first_digits_tell_the_card(number: str, id_type: str) -> None:
    assert recognise(number).id_type == id_type


def test_every_kind_of_person_has_its_mask() -> None:
    assert set(PERSONS) == set(KEPT)
