"""A made-up company and a made-up person with nothing on record yet."""

from __future__ import annotations

from datetime import date

import pytest

from server_stub.subjects.models import Subject
from tests.server_stub.records.made import COMPANY, PERSON


@pytest.fixture
def company(db: None) -> Subject:
    return Subject.objects.create(
        subject_key=COMPANY,
        kind="legal",
        name="衡阳青竹（示例）商贸有限公司",
        name_folded="x",
        code="91430400MA00000000",
        representative="测试甲",
    )


@pytest.fixture
def person(db: None) -> Subject:
    return Subject.objects.create(
        subject_key=PERSON,
        kind="person",
        name="测试乙",
        name_folded="y",
        number_masked="430400********000X",
        born_on=date(1990, 5, 1),
    )
