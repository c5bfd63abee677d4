"""A record read as a row is what the object layer reads, and who is named in it is found by either way."""

from __future__ import annotations

import json
from datetime import date

import pytest

from server_stub.records import asking, services, sql
from server_stub.records.asking import facts_of
from server_stub.records.labels import layouts
from server_stub.records.models import Record
from server_stub.records.showing import persons_named
from server_stub.records.third_persons import naming
from server_stub.rules.facts import Facts
from server_stub.subjects.models import Subject
from tests.server_stub.records.made import BY, ON, debtor, licence, penalty

pytestmark = pytest.mark.django_db


def test_every_column_of_a_row_is_read_as_the_object_has_it(company: Subject) -> None:
    rec_id = services.put(penalty(), by=BY)
    services.put(licence(), by=BY)
    services.put(debtor(), by=BY)
    services.mark(rec_id, number="YY-20261123-0001", accepted_on=ON, due_on=ON, by=BY)
    held = sql.held(company.subject_key)
    assert len(held) == 3
    days = 0
    for row in held:
        record = Record.objects.get(pk=row.rec_id)
        facts = facts_of(record, json.loads(row.payload), company.kind, company.born_on)
        assert asking.facts_held(row, json.loads(row.payload)) == row
        for name in sql._FIELDS:
            if name != "payload":
                meant = getattr(facts if name in Facts.__struct_fields__ else record, name)
                assert getattr(row, name) == meant, name
                assert isinstance(getattr(row, name), type(meant)), name
                days += isinstance(meant, date)
    assert days > 3  # the comparison saw days
    assert [row.objected for row in held].count(True) == 1
    assert any(row.classes for row in held)


def test_a_persons_records_say_whose_they_are(company: Subject) -> None:
    services.put(penalty(), by=BY)
    born = date(1990, 1, 2)
    (row,) = sql.held(company.subject_key, "person", born)
    assert (row.subject_kind, row.subject_born_on) == ("person", born)


@pytest.mark.parametrize(
    ("schema", "state", "valid", "objected"),
    [("2018", "1", True, False), ("2018", "2", False, False), ("2016", "异议", True, True)],
)
def test_a_licence_says_of_itself_what_it_is(
    company: Subject, schema: str, state: str, valid: bool, objected: bool
) -> None:
    given = licence()
    services.put({**given, "schema": schema, "payload": {**given["payload"], "XK_ZT": state}}, by=BY)
    (row,) = sql.held(company.subject_key)
    payload = json.loads(row.payload)
    record = Record.objects.get(pk=row.rec_id)
    found = asking.facts_held(row, payload)
    assert (found.valid, found.objected) == (valid, objected)
    meant = facts_of(record, payload, company.kind, company.born_on)
    assert all(getattr(found, name) == getattr(meant, name) for name in Facts.__struct_fields__)


@pytest.mark.parametrize("section", ["penalty", "licence", "serious", "abnormal", "honour"])
def test_the_persons_of_a_record_are_found_by_layout_and_by_name_of_the_field(section: str) -> None:
    layout = layouts()[section].persons
    payload = {
        **{key: f"甲{at}" for at, key in enumerate(layout)},
        "X_FDDBR": "测试甲",
        "CF_FR": "",
        "CF_WSH": "一号",
    }
    by_layout = {payload[key] for key in layout if payload.get(key)}
    by_name = {payload[key] for key in naming(tuple(payload)) if payload[key]}
    assert persons_named(section, payload) == by_layout | by_name
    assert "测试甲" in persons_named(section, payload)
    assert "一号" not in persons_named(section, payload)
