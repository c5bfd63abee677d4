"""A client as the program opens one, for desks that are tried with their real services."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.assembly import Client, open_client
from app.keys.device import DeviceKey
from app.keys.envelope import Envelope
from app.keys.ring import Ring
from tests.app.services.vaults import LIGHT, TurnedClock, create


@pytest.fixture
def whole(tmp_path: Path) -> Iterator[Client]:
    """A client with a real vault that reaches no server."""
    clock = TurnedClock()
    made = open_client(tmp_path / "home", clock, Ring.absent(), envelope=Envelope(floor=LIGHT))
    create(made.unlocking, DeviceKey.generate(clock))
    yield made
    made.close()
