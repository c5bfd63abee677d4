"""The register: who is found by what, who is not, and that no person's number is kept."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, connection
from pytest_django import DjangoAssertNumQueries

from server_stub.subjects.errors import NameTooShort, NumberInvalid
from server_stub.subjects.models import Identifier, Subject
from server_stub.subjects.selectors import (
    candidates,
    card,
    find_by_key,
    find_legal,
    find_person,
    name_agrees,
    route_key,
)
from server_stub.subjects.services import (
    LegalEntry,
    PersonEntry,
    add_identifier,
    cease,
    register,
    rename,
)
from tests.server_stub.subjects.made import code, number, unit

pytestmark = pytest.mark.django_db


def person(name: str, born: str = "19900101") -> Subject:
    return register([PersonEntry(name=name, number=number(born))])[0]


def test_a_unit_is_found_by_every_number_it_bears() -> None:
    subject = unit(1, "云石（示例）建材有限公司", other_numbers=(("registration", "430400000000014"),))
    for typed in (
        code(1),
        code(1).lower(),
        f" {code(1)[:8]} {code(1)[8:]}",
        "430400000000014",
        code(1)[8:17],
    ):
        assert find_legal(typed) == subject
    assert find_legal(code(2)) is None
    assert subject.subject_key == route_key("legal", code(1))
    assert len(subject.subject_key) == 26
    assert find_by_key(subject.subject_key) == subject


def test_a_person_needs_all_three() -> None:
    subject = person("测试甲")
    assert find_person("resident_id", number("19900101"), "测试甲") == subject
    assert find_person("resident_id", number("19900101").lower(), " 测试 甲 ") == subject
    assert find_person("resident_id", number("19900101"), "测试乙") is None
    assert find_person("passport", number("19900101"), "测试甲") is None
    assert find_person("resident_id", number("19910101"), "测试甲") is None
    assert find_legal(number("19900101")) is None
    assert candidates("测试甲", 10) == []


def test_nobody_found_costs_the_same_statements(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    person("测试甲")
    for asked, name in (("19900101", "测试甲"), ("19900101", "测试乙"), ("19910101", "测试甲")):
        with django_assert_num_queries(2):
            find_person("resident_id", number(asked), name)


def test_an_old_number_is_matched() -> None:
    subject = person("测试甲")
    assert find_person("resident_id_15", "430400900101000", "测试甲") == subject


def test_a_new_document_of_the_same_person() -> None:
    subject = register([PersonEntry(name="JOHN 示例", number="911840199202130016", born=date(1992, 2, 13))])[
        0
    ]
    assert subject.id_type == "pr_card"
    add_identifier(subject.subject_key, "pr_card_2017", "USA110092021300")
    assert find_person("pr_card_2017", "usa110092021300", "John示例") == subject
    assert find_person("pr_card", "911840199202130016", "john 示例") == subject


def test_no_number_of_a_person_is_kept() -> None:
    person("测试甲")
    unit(1, "云石（示例）建材")
    held = []
    with connection.cursor() as cursor:
        for table in (Subject, Identifier):
            cursor.execute(f"SELECT * FROM {table._meta.db_table}")
            held += [str(value) for row in cursor.fetchall() for value in row]
    assert code(1) in held  # the control: a unit's code is there
    assert not [value for value in held if number("19900101")[6:17] in value]


def test_candidates_stand_in_their_order() -> None:
    unit(1, "云石（示例）建材")
    unit(2, "云石（示例）建材", existing=False, state="注销")
    unit(3, "青岚（示例）商贸", former=(("云石（示例）建材", date(2020, 1, 1)),))
    unit(4, "衡阳云石（示例）建材有限公司")
    unit(5, "石云（示例）建材")
    rows = candidates("云石(示例)建材", 10)
    assert [row.match for row in rows] == ["exact", "exact", "former", "contains"]
    assert [row.code for row in rows] == [code(1), code(2), code(3), code(4)]
    assert rows[2].matched_name == "云石（示例）建材"
    assert len(candidates("云石(示例)建材", 2)) == 2


def test_two_characters_are_enough_and_one_is_not() -> None:
    unit(1, "衡阳云石（示例）建材有限公司", representative="测试甲")
    (row,) = candidates("云石", 10)
    assert row.representative == "测**"
    assert candidates("石云", 10) == []
    for short in ("云", "", "（）"):
        with pytest.raises(NameTooShort):
            candidates(short, 10)


def test_rare_characters_are_found() -> None:
    subject = unit(1, "衡阳𬭊源（示例）有限公司")
    assert [row.subject_key for row in candidates("𬭊源", 5)] == [subject.subject_key]


def test_candidates_by_number() -> None:
    unit(1, "云石（示例）建材")
    assert [row.match for row in candidates(code(1), 5)] == ["exact"]
    assert candidates(code(1)[:17] + "0", 5) == [] or code(1)[17] == "0"
    assert candidates(number("19900101"), 5) == []


def test_a_new_name_keeps_the_old_one_findable() -> None:
    subject = unit(1, "云石（示例）建材")
    rename(subject.subject_key, "青岚（示例）建材", date(2026, 1, 31))
    fresh = Subject.objects.get(pk=subject.pk)
    assert fresh.name == "青岚（示例）建材"
    assert name_agrees(fresh, "云石(示例)建材")
    assert not name_agrees(fresh, "云石")
    assert candidates("云石", 5)[0].match == "former"
    assert candidates("青岚", 5)[0].match == "contains"
    assert card(fresh).former_names[0].until == "2026-01-31"
    cease(subject.subject_key, "注销")
    assert candidates("青岚", 5)[0].state == "注销"


def test_cards_mask_persons() -> None:
    subject = register(
        [PersonEntry(name="测试甲", number=number("19900101"), address="湖南省衡阳市蒸湘区示例路1号")]
    )[0]
    shown = card(subject)
    assert shown.code == f"430400********000{number('19900101')[-1]}"
    assert shown.address == "湖南省衡阳市蒸湘区****"
    assert card(subject, "public").code == "430400************"
    legal = card(unit(1, "云石（示例）建材", representative="测试甲", founded=date(2010, 2, 3)))
    assert (legal.representative, legal.founded, legal.code) == ("测**", "2010-02-03", code(1))


def test_faulty_numbers_and_doubles_are_refused_whole() -> None:
    with pytest.raises(NumberInvalid) as refused:
        register(
            [LegalEntry(name="云石（示例）", code=code(1)), LegalEntry(name="青岚（示例）", code="9" * 18)]
        )
    assert refused.value.fields[0]["code"] == "check"
    assert not Subject.objects.exists()
    with pytest.raises(NumberInvalid):
        register([PersonEntry(name="测试甲", number=number("19900101")[:17])])
    with pytest.raises(NumberInvalid):
        register([LegalEntry(name="云石（示例）")])
    unit(1, "云石（示例）")
    with pytest.raises(IntegrityError):
        unit(1, "云石（示例）")
