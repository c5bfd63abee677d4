"""What the top bar says: how new the data here is and when the server last spoke, after one query already."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from app.assembly import Client, open_client
from app.field.records import write_bundle
from app.keys.device import DeviceKey
from app.keys.envelope import Envelope
from app.keys.ring import Ring
from app.services.answer import Answer
from app.services.applying import PULLED
from local_cache import state
from tests.app.services.vaults import LIGHT, LONG, TurnedClock, bundle, create, signed

EARLY, LATE = "2026-11-23T01:00:00.000Z", "2026-11-23T02:00:00.000Z"


@pytest.fixture
def whole(home: Path, clock: TurnedClock, key: DeviceKey) -> Iterator[Client]:
    client = open_client(home, clock, Ring.absent(), envelope=Envelope(floor=LIGHT))
    create(client.unlocking, key)
    yield client
    client.close()


def answered(client: Client, as_of: str, made_at: str) -> None:
    made = msgspec.structs.replace(bundle("Q1"), as_of=as_of, made_at=made_at)
    answer = Answer("Q1", made, signed(write_bundle(made)), False, "server", as_of)
    for told_of in client.querying.on_answer:
        told_of(answer)


def said(client: Client) -> tuple[str, str, str]:
    found = client.syncing.online()
    return found.state, found.as_of, found.last_contact


def test_an_answer_says_how_new_the_data_is(whole: Client) -> None:
    assert said(whole) == ("offline", "", "")
    answered(whole, EARLY, LATE)
    assert said(whole) == ("offline", EARLY, LATE)
    answered(whole, "2026-11-22T00:00:00.000Z", EARLY)  # an older answer, repeated
    assert said(whole) == ("offline", EARLY, LATE)
    whole.unlocking.lock()
    whole.unlocking.unlock(LONG)
    assert said(whole) == ("offline", EARLY, LATE)


def test_the_newer_of_answer_and_sync_counts(whole: Client) -> None:
    answered(whole, EARLY, EARLY)
    whole.unlocking.room.run(lambda o: state.put(o.copies(), {PULLED: LATE}, part="cache"))
    assert said(whole)[1] == LATE
