"""One subject, several numbers, each with its period; one number, one subject on one day; never by name."""

from __future__ import annotations

from datetime import date

import pytest

from app.field.identifiers import id_card_check, uscc_check
from server_stub.subjects.errors import EntryUnfit, NameOnly, NumberInvalid, NumberTaken
from server_stub.subjects.matching import Claim, claimed
from server_stub.subjects.models import Subject
from server_stub.subjects.selectors import card, find_legal, find_person
from server_stub.subjects.services import (
    LegalEntry,
    PersonEntry,
    add_identifier,
    register,
    rename,
    renumber,
)
from tests.server_stub.subjects.made import code, number, unit

pytestmark = pytest.mark.django_db
OLD_NO, NEW_DAY = "430400000000014", date(2016, 10, 1)
LAST_OLD = date(2016, 9, 30)


def before_codes(no: str = OLD_NO, name: str = "云石（示例）建材") -> Subject:
    return register([LegalEntry(name=name, other_numbers=(("registration", no),))])[0]


def test_a_registration_number_became_a_code() -> None:
    subject = before_codes()
    renumber(subject.subject_key, "uscc", code(1), NEW_DAY, instead_of="registration")
    for typed in (OLD_NO, code(1), code(1)[8:17], code(1).lower()):
        assert find_legal(typed) == subject
    assert find_legal(OLD_NO, LAST_OLD) == subject
    assert find_legal(OLD_NO, NEW_DAY) is None
    assert find_legal(code(1), NEW_DAY) == subject
    assert find_legal(code(1), LAST_OLD) is None
    fresh = Subject.objects.get(pk=subject.pk)
    assert (fresh.subject_key, card(fresh).code) == (subject.subject_key, code(1))
    with pytest.raises(NumberInvalid):
        renumber(subject.subject_key, "uscc", code(2), NEW_DAY, instead_of="tax")


@pytest.mark.parametrize(
    ("old", "old_number", "new", "new_number"),
    [
        ("resident_id_15", "430400900101000", "resident_id", number("19900101")),
        ("pr_card_2017", "USA110092021300", "pr_card", "911840199202130016"),
    ],
)
def test_a_person_has_a_new_document(old: str, old_number: str, new: str, new_number: str) -> None:
    born = date(1992, 2, 13)
    subject = register([PersonEntry(name="测试甲", number=old_number, id_type=old, born=born)])[0]
    renumber(subject.subject_key, new, new_number, NEW_DAY, instead_of=old)
    for on in (None, NEW_DAY):
        assert find_person(new, new_number, "测试甲", on) == subject
    assert find_person(old, old_number, "测试甲") == subject
    assert find_person(old, old_number, "测试甲", LAST_OLD) == subject
    assert find_person(old, old_number, "测试乙") is None
    fresh = Subject.objects.get(pk=subject.pk)
    assert (fresh.subject_key, fresh.id_type) == (subject.subject_key, new)
    assert fresh.number_masked.startswith(new_number[:6])
    assert new_number[6:14] not in fresh.number_masked
    if new == "pr_card":  # 15 and 18 places of one number are one number on every day
        assert find_person(old, old_number, "测试甲", NEW_DAY) is None
        assert find_person(new, new_number, "测试甲", LAST_OLD) is None


def test_a_renamed_company_is_found_by_its_number_and_both_names() -> None:
    subject = unit(1, "云石（示例）建材", other_numbers=(("registration", OLD_NO),))
    rename(subject.subject_key, "青岚（示例）建材", date(2026, 1, 31))
    fresh = Subject.objects.get(pk=subject.pk)
    assert find_legal(OLD_NO) == find_legal(code(1)) == fresh
    (former,) = card(fresh).former_names
    assert (former.name, former.until) == ("云石（示例）建材", "2026-01-31")


def test_a_number_that_was_given_again_leads_to_who_bore_it_then() -> None:
    first, second = before_codes(), before_codes("110108000000016", "青岚（示例）商贸")
    renumber(first.subject_key, "uscc", code(1), NEW_DAY, instead_of="registration")
    add_identifier(second.subject_key, "registration", OLD_NO, valid_from=date(2018, 1, 1))
    assert find_legal(OLD_NO, LAST_OLD) == first
    assert find_legal(OLD_NO, date(2017, 1, 1)) is None
    assert find_legal(OLD_NO, date(2018, 1, 1)) == second
    assert find_legal(OLD_NO) == second


def test_one_number_never_leads_to_two_on_one_day() -> None:
    first, second = before_codes(), unit(2, "青岚（示例）商贸")
    with pytest.raises(NumberTaken):
        add_identifier(second.subject_key, "registration", OLD_NO, valid_from=date(2020, 1, 1))
    with pytest.raises(NumberTaken):
        unit(3, "另一（示例）", other_numbers=(("registration", OLD_NO),))
    with pytest.raises(NumberTaken):
        register(
            [
                LegalEntry(name="甲（示例）", code=code(4), other_numbers=(("tax", "430400006000001"),)),
                LegalEntry(name="乙（示例）", code=code(5), other_numbers=(("tax", "430400006000001"),)),
            ]
        )
    assert Subject.objects.count() == 2
    assert find_legal(OLD_NO) == first


def test_an_organisation_code_alone_meets_the_code_that_holds_it() -> None:
    subject = register([LegalEntry(name="云石（示例）", other_numbers=(("org_code", code(1)[8:17]),))])[0]
    assert find_legal(code(1)) == subject
    other = f"52430400{code(1)[8:17]}"
    assert find_legal(other + uscc_check(other)) == subject
    renumber(subject.subject_key, "uscc", code(1), NEW_DAY, instead_of="org_code")
    assert find_legal(other + uscc_check(other)) is None  # it has a code of its own, and this is another
    assert find_legal(code(1)[8:17]) == subject


@pytest.mark.parametrize(
    ("kind", "value", "fault"),
    [
        ("uscc", "91350100M000100Y4Z", "character"),
        ("org_code", "006000002", "check"),
        ("registration", "110108000000017", "check"),
        ("tax", "", "empty"),
    ],
)
def test_a_number_that_does_not_fit_its_kind_is_refused(kind: str, value: str, fault: str) -> None:
    subject = unit(1, "云石（示例）建材")
    with pytest.raises(NumberInvalid) as refused:
        add_identifier(subject.subject_key, kind, value)
    assert refused.value.fields[0]["code"] == fault
    with pytest.raises(NumberInvalid):
        add_identifier(subject.subject_key, "tax", "430400006000001", valid_from=NEW_DAY, valid_to=LAST_OLD)


def test_the_same_name_attaches_nothing() -> None:
    near = unit(1, "云石（示例）建材", district="蒸湘区")
    far = unit(2, "云石（示例）建材", district="石鼓区")
    with pytest.raises(NameOnly) as suspected:
        claimed(Claim(name="云石(示例)建材"))
    assert set(suspected.value.suspects) == {near.subject_key, far.subject_key}
    with pytest.raises(NameOnly):
        claimed(Claim(name="云石（示例）建材", district="雁峰区"))
    assert claimed(Claim(name="云石(示例)建材", district="石鼓区")) == far
    unit(3, "云石（示例）建材", district="石鼓区")
    with pytest.raises(NameOnly):
        claimed(Claim(name="云石（示例）建材", district="石鼓区"))
    assert claimed(Claim(name="无此（示例）")) is None


def test_one_unit_of_the_name_is_a_suspect_too() -> None:
    unit(1, "云石（示例）建材")
    with pytest.raises(NameOnly):
        claimed(Claim(name="云石（示例）建材"))


def test_another_number_is_not_made_good_by_the_same_name() -> None:
    subject = unit(1, "云石（示例）建材", district="蒸湘区")
    assert claimed(Claim(name="云石（示例）建材", numbers=(code(2),), district="蒸湘区")) is None
    assert claimed(Claim(name="别名（示例）", numbers=(code(1),))) == subject
    old = before_codes()
    assert claimed(Claim(name="", numbers=("", code(2), OLD_NO))) == old


def test_a_person_of_the_same_name_is_nobody() -> None:
    register([PersonEntry(name="测试甲", number=number("19900101"))])
    assert claimed(Claim(name="测试甲")) is None
    body = "43040019900102000"
    assert find_person("resident_id", body + id_card_check(body), "测试甲") is None


@pytest.mark.parametrize(("name", "fault"), [("", "empty"), ("\0\u200b", "empty"), ("云" * 201, "length")])
def test_a_text_the_register_cannot_keep_is_refused_alike_on_both_engines(name: str, fault: str) -> None:
    with pytest.raises(EntryUnfit) as refused:
        unit(1, name)
    assert refused.value.fields[0] == {"path": "name", "code": fault, "message": ""}
    subject = unit(2, "云石（示例）建材")
    with pytest.raises(EntryUnfit):
        rename(subject.subject_key, name, LAST_OLD)
    with pytest.raises(EntryUnfit):
        unit(3, "青岚（示例）", address="a\0b")
    assert Subject.objects.get().name == "云石（示例）建材"
