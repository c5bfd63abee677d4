"""The place outlives a lock and a new process, and lies in the vault alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.services.unlocking import Unlocking
from app.services.whereabouts import PLACE, Place, Whereabouts
from app.trouble import NotYou
from local_cache import state
from tests.app.services.test_drafting import client
from tests.app.services.vaults import LONG

__all__ = ["client"]
HERE = Place("subject", "CX-1122-000417")


def test_the_place_is_there_after_a_lock_and_not_before_the_unlock(client: Unlocking, tmp_path: Path) -> None:
    places = Whereabouts(client.room)
    assert places.last() == Place("home", "")
    places.keep(HERE)
    client.lock("idle")
    with pytest.raises(NotYou):
        places.last()
    clear = [path for path in tmp_path.rglob("*") if path.is_file() and b"CX-1122" in path.read_bytes()]
    assert clear == []
    client.unlock(LONG)
    assert places.last() == HERE


@pytest.mark.parametrize("raw", ["", "[]", '{"page": 3}', "nonsense"])
def test_what_cannot_be_read_leads_home(client: Unlocking, raw: str) -> None:
    client.room.run(lambda opened: state.put(opened.work, {PLACE: raw}))
    assert Whereabouts(client.room).last() == Place()
