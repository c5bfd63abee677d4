"""Two officers of the centre, one of a bank, and a day on which the samples arrive."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from server_stub.accounts.services import create_officer, create_organisation
from server_stub.config.clock import clock
from server_stub.exchange.models import Batch
from server_stub.exchange.rereading import Rereader

SAMPLES = Path(__file__).parent / "samples"


def facts_in(batch: Batch, **which: object) -> list[Any]:
    """The records that accepted rows of a batch would make."""
    rows = list(batch.rows.filter(state="accepted", **which).order_by("number"))
    return list(Rereader(batch).facts(rows))


@pytest.fixture(autouse=True)
def day() -> Iterator[None]:
    with clock(lambda: datetime(2026, 11, 23, 2, 0, tzinfo=UTC)):
        yield


@pytest.fixture
def staff(db: None) -> tuple[str, str]:
    centre = create_organisation("C001", "示例市公共信用信息中心", "centre")
    bank = create_organisation("B001", "示例银行衡阳分行", "bank")
    create_officer("importer", "测试甲", centre, "a long enough password 1")
    create_officer("approver", "测试乙", centre, "a long enough password 2")
    create_officer("banker", "测试丙", bank, "a long enough password 3")
    return "importer", "approver"
