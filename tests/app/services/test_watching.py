"""What is on the screen holds only while platform, copy and lease say so; marks are laid over it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from app.clock import epoch_ms, utc_text
from app.field.records import Bundle, ObjectionMark
from app.keys.device import DeviceKey
from app.lanes import Lane
from app.services.applying import note_withdrawn
from app.services.reviewing_offline import OfflineFiles
from app.services.showing import Showing
from app.services.unlocking import Unlocking
from app.services.watching import Judged, Shown, Watching
from local_cache import answers, ledger
from tests.app.services.test_showing import answer, revoke
from tests.app.services.vaults import LONG, START, TurnedClock, bundle, checked, grant, kept_copy, unlocking

MARK = ObjectionMark("YY-2026-0001", "2026-11-01", "2026-11-20")
LATER, EARLIER = utc_text(START + timedelta(minutes=1)), utc_text(START - timedelta(minutes=1))


@pytest.fixture
def clock() -> TurnedClock:
    return TurnedClock()


@pytest.fixture
def client(tmp_path: Path, clock: TurnedClock) -> Iterator[Unlocking]:
    lane = Lane("vault")
    key = DeviceKey.generate(clock)
    made = unlocking(tmp_path / "home", clock, lane=lane)
    made.create_vault("u0", grant(key), LONG, key, "柜台一")
    kept = kept_copy(bundle("Q1"), epoch_ms(START + timedelta(hours=48)))
    made.room.run(lambda o: answers.put(o.copies(), kept, [("r1", 1)], ""))
    yield made
    made.lock()
    lane.close()


def judged(client: Unlocking, showing: Showing | None = None, *, of_copy: bool = True) -> Judged:
    (found,) = Watching(client.room, showing or Showing()).judge([Shown(bundle("Q1"), of_copy)])
    return found


def lay(client: Unlocking, body: bytes, at: str) -> None:
    client.room.run(lambda o: answers.mark(o.copies(), "r1", body, at))


def mark_of(shown: Bundle) -> ObjectionMark | None:
    return shown.records[0].objection


def test_control_what_nobody_took_back_holds_and_looking_makes_no_entry(client: Unlocking) -> None:
    assert judged(client) == Judged(bundle("Q1"), "holds")
    assert judged(client, of_copy=False).hold == "holds"
    assert client.room.run(lambda o: ledger.entries(o.work)) == []


def test_what_a_synchronisation_took_back_is_known_with_a_copy_and_without(client: Unlocking) -> None:
    showing = Showing()
    showing.remember(answer("Q1"))
    showing.take([revoke()])
    assert judged(client, showing, of_copy=False).hold == "withdrawn"
    client.room.run(lambda o: answers.erase(o.copies(), ["Q1"]))
    client.room.run(lambda o: note_withdrawn(o.copies(), ["Q1"], "repaired"))
    assert judged(client).hold == "withdrawn"  # opened from its copy: the answer on the screen is another


def test_a_copy_that_went_or_ended_is_gone_and_an_answer_without_one_stays(
    client: Unlocking, clock: TurnedClock
) -> None:
    clock.pass_(hours=49)
    client.room.run(lambda o: None)
    assert judged(client).hold == "gone"
    client.room.run(lambda o: answers.erase(o.copies(), ["Q1"]))
    assert judged(client).hold == "gone"
    assert judged(client, of_copy=False).hold == "holds"


@pytest.mark.parametrize("back", [False, True], ids=["lease over", "clock back"])
def test_the_end_of_the_lease_shuts_what_a_copy_stands_for_without_a_network(
    client: Unlocking, clock: TurnedClock, back: bool
) -> None:
    if back:
        clock.wall -= timedelta(days=1)
    else:
        clock.pass_(hours=73)
    assert judged(client).hold == "shut"
    assert judged(client, of_copy=False).hold == "holds"
    assert client.room.run(lambda o: o.vault.cache) is None


def test_a_mark_that_came_since_is_laid_over_what_is_shown_and_taken_off_again(client: Unlocking) -> None:
    lay(client, msgspec.json.encode(MARK), LATER)
    assert mark_of(judged(client).bundle) == MARK
    lay(client, b"null", LATER)
    assert mark_of(judged(client).bundle) is None


def test_a_mark_from_before_the_answer_was_made_says_nothing_of_it(client: Unlocking) -> None:
    """An answer is newer than what was taken in before it: its own marks hold, in its copy as well."""
    lay(client, msgspec.json.encode(MARK), EARLIER)
    files = OfflineFiles(client.room, checked)
    assert mark_of(judged(client).bundle) is None
    assert (mark_of(files.open("Q1").bundle), files.list()[0].marks) == (None, 0)
    lay(client, msgspec.json.encode(MARK), LATER)
    assert (mark_of(files.open("Q1").bundle), files.list()[0].marks) == (MARK, 1)
