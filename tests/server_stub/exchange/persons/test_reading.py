"""A row of the population register by itself: who it is, or at which field it is refused and why."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest

from server_stub.exchange.persons.reading import read
from server_stub.subjects.keying import number_hash, route_key

from .made import ADULT, CARD_2017, card_2023, cells, fifteen, resident

TODAY = date(2026, 11, 23)
YOUNG = date(2015, 6, 1)
CARD_KIND = "外国人永久居留身份证"


def test_a_right_row_is_a_person_by_digests_and_bears_no_number() -> None:
    judged, found = read(cells(former="测试旧、测试甲", state="健在"), TODAY)
    assert judged.faults == []
    assert found is not None
    person = found.person
    assert (person.name, person.born, person.former, person.state, person.existing) == (
        "测试甲", ADULT, ("测试旧",), "在世", True,
    )  # fmt: skip
    assert found.subject_key == route_key("person", resident())
    (paper,) = person.documents
    assert (paper.kind, paper.masked) == ("resident_id", f"430400********{resident()[-4:]}")
    assert paper.number_hash == number_hash("person", resident())
    assert not re.search(r"\d{15}", repr(found.person).replace(paper.number_hash, ""))


def test_the_number_tells_the_day_of_birth_where_the_file_does_not() -> None:
    _, found = read(cells(born=""), TODAY)
    assert found is not None
    assert found.person.born == ADULT


def test_fifteen_places_and_eighteen_are_one_number_of_one_person() -> None:
    _, found = read(cells(old_kind="身份证", old_number=fifteen()), TODAY)
    assert found is not None
    assert [one.kind for one in found.person.documents] == ["resident_id"]  # found by either
    _, old = read(cells(number=fifteen()), TODAY)
    assert old is not None
    assert (old.subject_key, old.person.documents[0].kind) == (found.subject_key, "resident_id_15")


def test_a_card_of_2017_becomes_one_of_2023_with_its_days() -> None:
    said = {"kind": CARD_KIND, "number": card_2023(), "since": "2024-05-02", "old_kind": CARD_KIND}
    _, found = read(cells(**said, old_number=CARD_2017, old_from="2019-05-02", old_to="2024-05-01"), TODAY)
    assert found is not None
    assert [(one.kind, one.valid_from, one.valid_to) for one in found.person.documents] == [
        ("pr_card", date(2024, 5, 2), None),
        ("pr_card_2017", date(2019, 5, 2), date(2024, 5, 1)),
    ]


def test_a_birth_before_1949_is_a_birth() -> None:
    _, found = read(cells(number=resident(date(1931, 2, 3)), born="19310203"), TODAY)
    assert found is not None
    assert found.person.born == date(1931, 2, 3)


def test_a_minor_is_read_like_everybody_for_the_register_is_what_protects_him() -> None:
    _, found = read(cells(number=resident(YOUNG), born=""), TODAY)
    assert found is not None
    assert found.person.born == YOUNG


@pytest.mark.parametrize(
    ("said", "field", "code"),
    [
        ({"name": ""}, "RK_XM", "empty"),
        ({"name": "测\ufffd"}, "RK_XM", "name-damaged"),
        ({"kind": ""}, "RK_ZJLX", "empty"),
        ({"kind": "图书证"}, "RK_ZJLX", "person-kind"),
        ({"number": ""}, "RK_ZJHM", "empty"),
        ({"number": "4.3040019880314E+17"}, "RK_ZJHM", "number-spoiled"),
        ({"number": resident()[:-1] + ("0" if resident()[-1] != "0" else "1")}, "RK_ZJHM", "id-invalid"),
        ({"kind": "港澳台居民居住证"}, "RK_ZJHM", "id-invalid"),
        ({"born": "1988-02-30"}, "RK_CSRQ", "date-impossible"),
        ({"born": "1849-01-01"}, "RK_CSRQ", "date-early"),
        ({"born": "1978-03-14"}, "RK_ZJHM", "person-born"),
        ({"number": resident(YOUNG), "born": "1988-03-14"}, "RK_ZJHM", "person-born"),
        ({"kind": "护照", "number": "E00000001", "born": ""}, "RK_CSRQ", "person-born-missing"),
        ({"kind": "护照", "number": "E00000001", "born": "2027-01-01"}, "RK_CSRQ", "person-born-future"),
        ({"kind": CARD_KIND, "number": card_2023(), "born": ""}, "RK_CSRQ", "person-born-missing"),
        ({"since": "2026-11-24"}, "RK_QYRQ", "person-day-future"),
        ({"state": "出国"}, "RK_ZT", "person-state"),
        ({"old_kind": "护照"}, "RK_JZJHM1", "id-missing"),
        ({"old_number": "E00000001"}, "RK_JZJLX1", "id-missing"),
        ({"old_kind": "护照", "old_number": "E!"}, "RK_JZJHM1", "id-invalid"),
        ({"old_kind": "身份证", "old_number": fifteen(date(1978, 3, 14))}, "RK_JZJHM1", "person-born"),
        (
            {"old_kind": "护照", "old_number": "E00000001", "old_from": "2020-01-01", "old_to": "2019-01-01"},
            "RK_JZZRQ1",
            "date-order",
        ),
    ],
)  # fmt: skip
def test_a_wrong_row_is_refused_at_its_field(said: dict[str, Any], field: str, code: str) -> None:
    judged, found = read(cells(**said), TODAY)
    assert found is None
    assert (field, code) in {(fault.field, fault.code) for fault in judged.faults}, judged.faults
