"""What the top bar says: how new the data here is and when the server last spoke, after one query already."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from app.assembly import Client, open_client
from app.field.records import write_bundle
from app.keys.device import DeviceKey
from app.keys.envelope import Envelope
from app.keys.ring import Ring
from app.services.answer import Answer
from app.services.applying import CURSOR, PULLED
from app.services.room import Opened
from app.trouble import NotNow
from app.wire.messages import Change, ChangesPage, ReconcileReply
from local_cache import answers, state
from tests.app.services.vaults import LIGHT, LONG, TurnedClock, bundle, create, kept_copy, signed

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


class Unreachable:
    """Gives a page that would take all copies, and is gone when it is asked about them."""

    def __init__(self, page: ChangesPage) -> None:
        self.page = page

    def changes(self, cursor: str, acked: str, limit: int) -> ChangesPage:
        return self.page

    def reconcile(self, copies: list[dict[str, Any]]) -> ReconcileReply:
        raise NotNow("net.cut")


def test_without_the_servers_word_on_each_copy_nothing_goes_and_the_page_comes_again(
    whole: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fill(opened: Opened) -> None:
        for number in range(51):
            copy = kept_copy(bundle(f"Q{number}"), 10**15)
            answers.put(opened.copies(), copy, [(f"r{number}", 1)], "")
        state.put(opened.copies(), {CURSOR: "c1"}, part="cache")

    whole.unlocking.room.run(fill)
    rows = tuple(
        Change("main", 99, "revoke", "", f"r{number}", 2, "corrected", at=LATE) for number in range(51)
    )
    routes = Unreachable(ChangesPage(rows, "c2", False, LATE, "e"))
    monkeypatch.setattr(whole.syncing.lines, "routes", lambda lane: routes)
    with pytest.raises(NotNow, match="net.cut"):
        whole.syncing.pull()
    assert whole.unlocking.room.run(lambda o: answers.count(o.copies())) == 51
    assert whole.unlocking.room.run(lambda o: state.get(o.copies(), CURSOR, part="cache")) == "c1"
