"""The sweep: at the start and on each new day of the city, beside the requests and never in their way."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, connection

from server_stub.cases import uploads
from server_stub.cases.models import Upload
from server_stub.config.clock import clock
from server_stub.feed.models import Change
from server_stub.jobs import noting, serving, sweeping
from server_stub.jobs.sweeping import AGAIN_S, LEFTOVERS_S, Daily, Leftovers
from server_stub.records import services
from server_stub.records import sweeping as records_sweeping
from server_stub.records.models import Record
from server_stub.sample import load
from tests import engines
from tests.server_stub.api.test_queries import legal
from tests.server_stub.knocking import Knocker, OverTls
from tests.server_stub.records.made import BY, penalty
from tests.server_stub.serving import Served

# publicity of what was decided on 6 May 2026 and put on 1 June is over on 6 May 2027, Beijing
LAST_DAY = datetime(2027, 5, 5, 15, 59, 59, tzinfo=UTC)
BUDGET_S = 5.0
Turn = Callable[[datetime], None]


def never() -> bool:
    return False


@pytest.fixture
def at() -> Iterator[Turn]:
    moment = [datetime(2026, 6, 1, tzinfo=UTC)]
    with clock(lambda: moment[0]):
        yield lambda to: moment.__setitem__(0, to)


@pytest.fixture
def within(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """A test's transaction is its connection's; renewing that would end the test's database."""
    for job in (sweeping, noting):
        monkeypatch.setattr(job, "close_old_connections", lambda: None)


@pytest.fixture
def rec_id(within: None, at: Turn) -> str:
    return services.put(penalty(), by=BY)


def revoked(rec_id: str) -> int:
    return Change.objects.filter(rec_id=rec_id, op="revoke", reason="publicity_over").count()


def test_a_new_day_begins_at_midnight_in_the_city(rec_id: str, at: Turn) -> None:
    daily = Daily()
    at(LAST_DAY)
    assert daily.look(never) == 0
    at(LAST_DAY + timedelta(seconds=1))
    assert daily.look(never) == 1
    assert daily.look(never) == 0
    assert revoked(rec_id) == 1


def test_a_start_tells_what_ended_while_no_server_ran(rec_id: str, at: Turn) -> None:
    at(LAST_DAY + timedelta(days=40))
    assert Daily().look(never) == 1
    assert Daily().look(never) == 0  # another start on the same day


def test_within_a_day_nothing_is_looked_at(rec_id: str, at: Turn, monkeypatch: pytest.MonkeyPatch) -> None:
    days = []
    monkeypatch.setattr(sweeping, "sweep", lambda on, **_: days.append(on) or 0)
    daily = Daily()
    for hours in range(0, 72, 6):
        at(LAST_DAY + timedelta(seconds=1, hours=hours))
        daily.look(never)
    assert [day.isoformat() for day in days] == ["2027-05-06", "2027-05-07", "2027-05-08"]


def test_a_fault_is_said_and_tried_again_a_minute_later(
    rec_id: str, at: Turn, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def locked(*_: Any, **__: Any) -> int:
        raise OperationalError("database is locked")

    hand = [100.0]
    daily = Daily(lambda: hand[0])
    at(LAST_DAY + timedelta(seconds=1))
    with monkeypatch.context() as busy:
        busy.setattr(sweeping, "sweep", locked)
        assert daily.look(never) == 0
    assert "database is locked" in caplog.text
    hand[0] += AGAIN_S - 1
    assert daily.look(never) == 0
    hand[0] += 1
    assert daily.look(never) == 1


def test_a_stop_ends_it_between_two_records_and_the_next_start_goes_on(within: None, at: Turn) -> None:
    for number in range(5):
        services.put(penalty(no=f"衡示〔2026〕{number}号"), by=BY)
    at(LAST_DAY + timedelta(seconds=1))
    asked = []

    def after_two() -> bool:
        asked.append(1)
        return len(asked) > 2

    assert Daily().look(after_two) == 2
    assert Daily().look(never) == 3


def test_no_lock_is_held_while_it_looks_or_between_two_records(
    within: None, at: Turn, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        services.put(penalty(no=f"衡示〔2026〕{number}号"), by=BY)
    outside, depths, looked = len(connection.savepoint_ids), [], []
    real = records_sweeping.time_over

    def watched(record: Record, on: Any, item: Any) -> str:
        looked.append(len(connection.savepoint_ids))
        return real(record, on, item)

    def between() -> bool:
        depths.append(len(connection.savepoint_ids))
        return False

    monkeypatch.setattr(records_sweeping, "time_over", watched)
    at(LAST_DAY + timedelta(seconds=1))
    assert Daily().look(between) == 3
    assert set(depths) == {outside}
    assert looked == [outside] * 3 + [outside + 1] * 3  # the second look, under the lock, is the control


def test_the_mark_that_comes_first_does_not_swallow_the_end(rec_id: str, at: Turn) -> None:
    at(LAST_DAY + timedelta(seconds=1))
    services.mark(rec_id, number="YY-1", accepted_on=LAST_DAY.date(), due_on=None, by=BY)
    services.unmark(rec_id, by=BY)
    assert Daily().look(never) == 1


def test_the_watch_over_the_worker_sweeps_at_once(rec_id: str, at: Turn) -> None:
    class Worker:
        def poll(self) -> None:
            return None

    at(LAST_DAY + timedelta(seconds=1))
    stop = threading.Event()
    threading.Timer(0.3, stop.set).start()
    looked: list[int] = []

    class Seal:
        def look(self) -> None:
            looked.append(1)

    serving._watch(Worker(), stop, Seal())  # type: ignore[arg-type]
    assert looked
    assert revoked(rec_id) == 1


def test_uploads_that_nobody_finished_are_removed_now_and_then(
    within: None, at: Turn, settings: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    settings.HENGXIN_HOME = tmp_path
    hand = [0.0]
    leftovers = Leftovers(lambda: hand[0])
    begun = datetime(2026, 6, 1, tzinfo=UTC)
    uploads.begin("device", "operation", 10, "0" * 64)
    assert leftovers.look() == 0
    at(begun + timedelta(hours=24))
    assert leftovers.look() == 0  # not yet time to look again
    hand[0] += LEFTOVERS_S
    with pytest.MonkeyPatch.context() as broken:
        broken.setattr(sweeping.uploads, "sweep", _no_disk)
        assert leftovers.look() == 0
    assert "could not be removed" in caplog.text
    hand[0] += LEFTOVERS_S
    assert leftovers.look() == 1
    assert Upload.objects.count() == 0


def _no_disk(_: datetime) -> int:
    raise OSError("gone")


@pytest.mark.timeout(180)
@pytest.mark.one_engine
def test_its_cost_on_the_whole_city(within: None, capsys: pytest.CaptureFixture[str]) -> None:
    load("city")
    rows = []
    for days in (0, 1, 365):
        start = time.process_time()
        with clock(lambda days=days: datetime.now(UTC) + timedelta(days=days)):
            told = Daily().look(never)
        rows.append((days, told, time.process_time() - start))
    with capsys.disabled():
        said = ", ".join(f"day {days}: {told} told, {cost * 1000:.0f} ms" for days, told, cost in rows)
        print(f"\nsweep of 5,000 records, CPU: {said}")
    assert rows[2][1] > 20
    assert all(cost < BUDGET_S for _, _, cost in rows)


def test_a_running_server_sweeps_at_its_start_and_answers_meanwhile(tmp_path: Path) -> None:
    home = tmp_path / "home"
    first = Served(home, "--sample", "small")
    try:
        first.wait()
    finally:
        first.stop()
    over = "over_told AND status = 'current' AND section <> 'licence'"
    untold = f"UPDATE records_record SET over_told = NOT over_told WHERE {over}"  # noqa: S608 - fixed texts
    with engines.opened(home) as database:
        waiting = database.execute(untold).rowcount
        database.commit()
    assert waiting > 10
    again = Served(home, "--sample", "small")
    try:
        card = again.wait()
        bank = Knocker(OverTls(card["url"], card["ca_file"]))
        assert bank.sign_in(card["accounts"][0]).body["state"] == "active"
        rich = next(row for row in card["subjects"] if row["why"] == "rich")
        until = time.monotonic() + 60
        while (told := _told(home)) < waiting and time.monotonic() < until:
            start = time.monotonic()
            assert bank.query(subject=legal(rich)).status == 201
            assert time.monotonic() - start < BUDGET_S
        assert told == waiting
        assert again.stop() == 0
    finally:
        again.stop(signal.SIGKILL)


def _told(home: Path) -> int:
    ended = "SELECT count(*) FROM feed_change WHERE op = 'revoke' AND reason IN ('publicity_over', 'sealed')"
    with engines.opened(home) as database:
        row = database.execute(ended).fetchone()
        assert row is not None
        return int(row[0])
