"""A record read as a row is what the object layer reads, and who is named in it is found by either way."""

from __future__ import annotations

import pytest

from server_stub.records import services, sql
from server_stub.records.labels import layouts
from server_stub.records.models import Record
from server_stub.records.showing import persons_named
from server_stub.records.third_persons import naming
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
        for name in sql._FIELDS:
            if name != "payload":
                assert getattr(row, name) == getattr(record, name), name
                assert type(getattr(row, name)) is type(getattr(record, name)), name
        days += sum(getattr(row, name) is not None for name in sql._DATED)
    assert days > 3  # the comparison saw days


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
