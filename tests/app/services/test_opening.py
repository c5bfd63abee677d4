"""A preview or a working copy of a kept answer opens the copy: judged and written down before it is read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from app.assembly import Client, open_client
from app.clock import epoch_ms
from app.field.evidence import ClientEntry
from app.keys.device import DeviceKey
from app.keys.envelope import Envelope
from app.keys.ring import Ring
from app.services.opening import Opening
from app.services.querying import QueryRequest, SubjectAsk
from app.trouble import NotTrusted, VaultTrouble
from local_cache import answers, ledger
from tests.app.services.vaults import LIGHT, START, TurnedClock, bundle, checked, create, kept_copy

ENDS = START + timedelta(days=2)


@pytest.fixture
def whole(home: Path, clock: TurnedClock, key: DeviceKey) -> Iterator[Client]:
    """A client with one kept copy that is not on the screen."""
    client = open_client(home, clock, Ring.absent(), envelope=Envelope(floor=LIGHT))
    create(client.unlocking, key)
    opening = Opening(client.unlocking.room, checked)
    client.reporting.opening = client.querying.opening = opening
    copy = kept_copy(bundle("Q1", ENDS), epoch_ms(ENDS))
    client.unlocking.room.run(lambda o: answers.put(o.copies(), copy, [("r1", 1)], ""))
    yield client
    client.close()


def reuse(client: Client) -> object:
    subject = SubjectAsk("legal", number="91430400MA00000001")
    return client.querying.reusable(QueryRequest(subject, "loan", "c", reuse=True))


WAYS: dict[str, Callable[[Client], object]] = {
    "preview": lambda client: client.reporting.begin_preview("Q1").whole(),
    "working copy": lambda client: client.reporting.begin_working_copy("Q1").whole(),
    "reuse": reuse,
}


@pytest.fixture(autouse=True)
def offline(whole: Client) -> None:
    whole.querying.before_reuse = lambda: None
    whole.reporting.answers = lambda: True


def chain(client: Client) -> list[ClientEntry]:
    rows = client.unlocking.room.run(lambda o: ledger.entries(o.work))
    return [msgspec.json.decode(row.payload, type=ClientEntry) for row in rows]


@pytest.mark.parametrize("way", WAYS)
def test_a_kept_copy_is_read_after_its_entry(whole: Client, way: str) -> None:
    assert WAYS[way](whole)
    assert [(one.kind, one.query_no, one.purpose) for one in chain(whole)] == [("open_cached", "Q1", "loan")]


@pytest.mark.parametrize("way", WAYS)
def test_without_its_entry_nothing_is_read(whole: Client, way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any) -> None:
        raise VaultTrouble("vault.disk-full")

    monkeypatch.setattr("app.services.opening.ledger.append", full)
    with pytest.raises(VaultTrouble):
        WAYS[way](whole)


@pytest.mark.parametrize("way", WAYS)
def test_an_altered_copy_makes_no_paper_and_goes(whole: Client, way: str) -> None:
    room = whole.unlocking.room
    room.run(lambda o: o.copies().execute("UPDATE answers SET sig = x'00'"))
    with pytest.raises(NotTrusted) as altered:
        WAYS[way](whole)
    assert altered.value.code == "answer.unsigned"
    assert chain(whole) == []
    assert room.run(lambda o: answers.get(o.copies(), "Q1")) is None
