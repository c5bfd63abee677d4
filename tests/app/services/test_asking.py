"""Every kind of number that the register knows can be asked about, and none that does not hold."""

from __future__ import annotations

import pytest

from app.field.identifier_kinds import PERSONS
from app.services.asking import check_subject
from app.trouble import NotRight

RIGHT = {
    "resident_id": "43040019900101001X",
    "resident_id_15": "430400900101001",
    "residence_permit": "810000199001010027",
    "pr_card": "911840199202130016",
    "pr_card_2017": "USA110092021300",
    "passport": "E00000000",
    "hm_pass": "H00000000",
    "tw_pass": "00000000",
}
WRONG = {
    "resident_id": ("430400199001010019", "query.idCheck"),
    "resident_id_15": ("430400900132001", "query.idForm"),
    "residence_permit": ("43040019900101001X", "query.idCheck"),
    "pr_card": ("911840199202130017", "query.idCheck"),
    "pr_card_2017": ("US1110092021300", "query.idForm"),
    "passport": ("E0", "query.idForm"),
    "hm_pass": ("A00000000", "query.idForm"),
    "tw_pass": ("0000000", "query.idForm"),
}


def test_the_lists_know_every_kind() -> None:
    assert set(RIGHT) == set(WRONG) == set(PERSONS)


@pytest.mark.parametrize("kind", PERSONS)
def test_a_person_is_asked_about_by_every_kind_of_document(kind: str) -> None:
    made = check_subject("person", f" {RIGHT[kind].lower()} ", "测试甲", kind, "")
    assert made == {"id_type": kind, "number": RIGHT[kind], "name": "测试甲"}
    number, text = WRONG[kind]
    with pytest.raises(NotRight) as caught:
        check_subject("person", number, "测试甲", kind, "")
    assert (caught.value.code, caught.value.text) == ("number-invalid", text)


@pytest.mark.parametrize(
    ("word", "number", "kind"),
    [
        ("pr_card", "usa110092021300", "pr_card_2017"),
        ("resident_id", "430400900101001", "resident_id_15"),
        ("pr_card", "911840199202130016", "pr_card"),
    ],
)
def test_one_word_on_the_form_means_both_formats_of_a_card(word: str, number: str, kind: str) -> None:
    assert check_subject("person", number, "测试甲", word, "")["id_type"] == kind


def test_a_kind_that_there_is_none_is_said() -> None:
    with pytest.raises(NotRight, match=r"subject\.person-broken"):
        check_subject("person", "1", "测试甲", "driving_licence", "")


@pytest.mark.parametrize(
    "number",
    [
        "91430400MA4T00000E",
        "00600000-1",
        "430400000000014",
        "1234567890123",
        "143040000001",
        "430400006000001",
    ],
)
def test_a_unit_is_asked_about_by_every_number_that_it_may_bear(number: str) -> None:
    assert check_subject("legal", number, "", "", "") == {"number": number.replace("-", "")}


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("91430400MA4T000001", "query.codeCheck"),
        ("006000002", "query.codeCheck"),
        ("9143040", "subject.code-length"),
        ("43040019900101001X", "subject.code-length"),
        ("某某公司", "subject.code-length"),
    ],
)
def test_control_what_is_no_number_of_a_unit_is_refused(number: str, text: str) -> None:
    with pytest.raises(NotRight) as caught:
        check_subject("legal", number, "", "", "")
    assert (caught.value.code, caught.value.text) == ("number-invalid", text)
