"""Drafts outlive a lock and a kill; too large ones are refused, not cut."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.keys.device import DeviceKey
from app.lanes import Lane
from app.services.drafting import Drafts
from app.services.unlocking import Unlocking
from app.trouble import NotRight, NotYou
from tests.app.services.vaults import LONG, TurnedClock, grant, unlocking


@pytest.fixture
def client(tmp_path: Path) -> Iterator[Unlocking]:
    clock, lane = TurnedClock(), Lane("vault")
    key = DeviceKey.generate(clock)
    made = unlocking(tmp_path / "home", clock, lane=lane)
    made.create_vault("u0", grant(key), LONG, key, "柜台一")
    yield made
    made.lock()
    lane.close()


def test_a_draft_outlives_the_lock(client: Unlocking) -> None:
    drafts = Drafts(client.room)
    client.before_lock.append(lambda: drafts.save("query", "last", {"text": "typed just now"}))
    drafts.save("objection", "Q1/r1", {"statement": "金额有误", "wish": "correct"})
    client.lock("idle")
    with pytest.raises(NotYou):
        drafts.load("objection", "Q1/r1")
    client.before_lock.clear()
    client.unlock(LONG)
    found = drafts.load("objection", "Q1/r1")
    assert found is not None
    assert found.body == {"statement": "金额有误", "wish": "correct"}
    assert {one.kind for one in drafts.list()} == {"query", "objection"}
    assert [one.key for one in drafts.list("query")] == ["last"]
    assert drafts.discard("query", "last")
    assert drafts.load("query", "last") is None


def test_a_draft_that_is_too_large_leaves_the_one_before(client: Unlocking) -> None:
    drafts = Drafts(client.room)
    drafts.save("objection", "a", {"statement": "one"})
    with pytest.raises(NotRight):
        drafts.save("objection", "a", {"statement": "x" * 300_000})
    found = drafts.load("objection", "a")
    assert found is not None
    assert found.body == {"statement": "one"}
