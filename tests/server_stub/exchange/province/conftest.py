"""A day, a home and a partner for the tests of this room."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from server_stub.config.clock import clock
from tests.furnished import furnished
from tests.server_stub.exchange.province.other import Other


@pytest.fixture(autouse=True)
def day() -> Iterator[None]:
    with clock(lambda: datetime(2026, 11, 23, 2, 0, tzinfo=UTC)):
        yield


@pytest.fixture
def home(settings: Any, tmp_path: Path) -> Path:
    settings.HENGXIN_HOME = furnished(tmp_path)
    return tmp_path


@pytest.fixture
def other(db: None, home: Path) -> Other:
    return Other()
