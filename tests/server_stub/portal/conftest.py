"""The made-up city, an issued report, and a browser without scripts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from server_stub.reports import asking
from tests.server_stub.reports.conftest import (  # noqa: F401 - fixtures of the room below
    Desk,
    city,
    desk,
    query_no,
    rich,
    watch,
)


@pytest.fixture
def issued(desk: Desk, query_no: str) -> dict[str, Any]:  # noqa: F811
    return desk.issue(query_no)


@pytest.fixture(autouse=True)
def nobody_has_asked() -> Iterator[None]:
    asking.tally.cache_clear()
    yield
    asking.tally.cache_clear()


@pytest.fixture
def browser() -> Client:
    return Client(raise_request_exception=False)
