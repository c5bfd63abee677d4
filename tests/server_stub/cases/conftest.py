"""A company with a penalty on record, a bank that asked about it, the company itself and the centre."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from server_stub.accounts.models import Officer, Organisation
from server_stub.config.clock import clock
from server_stub.queries.models import Query
from server_stub.records import services as records
from server_stub.subjects.models import Subject
from tests.furnished import furnished
from tests.server_stub.records.made import COMPANY, penalty

FILED = datetime(2026, 9, 25, 2, 0, tzinfo=UTC)
ACCEPTED = datetime(2026, 9, 28, 2, 0, tzinfo=UTC)


@dataclass
class Town:
    """Who is there, and the body of a filing by each."""

    rec_id: str
    bank: Officer
    own: Officer
    centre: Officer
    company: Subject

    def body(self, officer: Officer, **more: Any) -> dict[str, Any]:
        plain = {
            "kind": "objection",
            "query_no": f"Q-{officer.user}",
            "rec_id": self.rec_id,
            "ground": "content",
            "wish": "correct",
            "statement": "处罚决定书载明的金额是二千元",
        }
        return {**plain, **more}


@pytest.fixture
def at() -> Iterator[Callable[[datetime], None]]:
    """Put the clock to a moment."""
    moment = [FILED]
    with clock(lambda: moment[0]):
        yield lambda to: moment.__setitem__(0, to)


@pytest.fixture
def town(db: None, settings: Any, tmp_path: Path, at: Callable[[datetime], None]) -> Town:
    company = Subject.objects.create(
        subject_key=COMPANY,
        kind="legal",
        name="衡阳青竹（示例）商贸有限公司",
        name_folded="x",
        code="91430400MA00000000",
    )
    rec_id = records.put(penalty(), by="centre1")
    officers = {}
    for user, kind, role in (
        ("bank1", "bank", "bank_officer"),
        ("own1", "enterprise", "enterprise_officer"),
        ("centre1", "centre", "centre_staff"),
    ):
        organisation = Organisation.objects.create(
            code=f"O-{user}", name=f"示例{kind}", kind=kind, subject_key=COMPANY if user == "own1" else ""
        )
        officers[user] = Officer.objects.create(
            user=user, name="测试", organisation=organisation, role=role, totp_secret=b"x"
        )
        _asked(officers[user], rec_id)
    settings.HENGXIN_HOME = furnished(tmp_path)
    return Town(rec_id, officers["bank1"], officers["own1"], officers["centre1"], company)


def _asked(officer: Officer, rec_id: str) -> None:
    number = f"Q-{officer.user}"
    Query.objects.create(
        query_no=number,
        op_id=number,
        subject_key=COMPANY,
        kind="legal",
        user=officer.user,
        organisation=officer.organisation_id,
        device_id="d",
        purpose="B01",
        case_no="1",
        basis_type="open",
        no_information=False,
        made_at="",
        bundle=json.dumps({"records": [{"rec_id": rec_id, "rev": 1}], "standing": []}).encode(),
        key_id="",
        signature=b"",
        lease_id="",
        lease_until="",
        leaf_index=0,
    )
