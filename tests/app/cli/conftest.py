"""A client with an open vault, on a home and a clock of its own, and the passphrase of that vault."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from app.assembly import Client, open_client
from app.cli.done import Done, Verb
from app.cli.secrets import Secrets
from app.keys.device import DeviceKey
from app.keys.envelope import Envelope
from app.keys.ring import Ring
from app.services.reviewing_offline import OfflineFiles
from app.texts import Texts
from tests.app.services.vaults import LIGHT, LONG, TurnedClock, checked, create

Run = Callable[..., Done]


class Given(Secrets):
    """Secrets as if they had been read from a file."""

    def __init__(self, **given: str) -> None:
        super().__init__("", Texts())
        self._given = dict(given)


@pytest.fixture
def clock() -> TurnedClock:
    return TurnedClock()


@pytest.fixture
def client(tmp_path: Path, clock: TurnedClock) -> Iterator[Client]:
    made = open_client(tmp_path / "home", clock, Ring.absent(), envelope=Envelope(floor=LIGHT))
    create(made.unlocking, DeviceKey.generate(clock))
    yield replace(made, offline_files=OfflineFiles(made.unlocking.room, checked))
    made.close()


@pytest.fixture
def run(client: Client) -> Run:
    """Run a verb as the command line does: on a locked vault, with its passphrase."""

    def ran(verb: Verb, **options: Any) -> Done:
        if client.unlocking.is_open():
            client.unlocking.lock()
        given = {"passphrase": LONG} | options.pop("given", {})
        return verb(client, SimpleNamespace(**options), Given(**given))

    return ran
