"""A made-up city behind the real routes, and devices of its officers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from server_stub.sample import Sample
from tests.furnished import furnished
from tests.poured import poured
from tests.server_stub.in_process import InProcess
from tests.server_stub.knocking import Knocker


@pytest.fixture
def city(db: None, settings: Any, tmp_path: Path) -> Sample:
    """Letters and reports of this test lie in a directory of its own; the keys stay."""
    settings.HENGXIN_HOME = furnished(tmp_path)
    return poured()


@pytest.fixture
def account(city: Sample) -> Callable[[str], dict[str, str]]:
    return lambda user: next(row for row in city.accounts if row["user"] == user)


@pytest.fixture
def subject(city: Sample) -> Callable[[str], dict[str, str]]:
    return lambda why: next(row for row in city.subjects if row["why"] == why)


@pytest.fixture
def signed_in(account: Callable[[str], dict[str, str]]) -> Callable[[str], Knocker]:
    def enter(user: str) -> Knocker:
        knocker = Knocker(InProcess())
        step = knocker.sign_in(account(user))
        assert step.body.get("state") == "active", step.body
        return knocker

    return enter


@pytest.fixture
def bank(signed_in: Callable[[str], Knocker]) -> Knocker:
    return signed_in("bank1")
