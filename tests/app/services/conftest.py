"""A vault without a keyring on a home of its own; files with other needs say so themselves."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.keys.device import DeviceKey
from app.lanes import Lane
from app.services.unlocking import Unlocking
from tests.app.services.vaults import TurnedClock, start


@pytest.fixture
def clock() -> TurnedClock:
    return TurnedClock()


@pytest.fixture
def key(clock: TurnedClock) -> DeviceKey:
    return DeviceKey.generate(clock)


@pytest.fixture
def lanes() -> Iterator[list[Lane]]:
    made: list[Lane] = []
    yield made
    for lane in made:
        lane.close()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def client(home: Path, clock: TurnedClock, lanes: list[Lane]) -> Iterator[Unlocking]:
    made = start(home, clock, lanes)
    yield made
    made.lock()
