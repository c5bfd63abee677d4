"""Lines are asked for in every lane at once: whoever waits for the vault holds nothing the vault may want."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, Protocol

import pytest

from app.keys.device import DeviceKey
from app.lanes import Lane
from app.services.lines import Lines
from app.services.unlocking import Unlocking
from app.trouble import NotYou
from app.wire.messages import About, AnswersKey, City, LogKey, SealCertificates
from app.wire.routes import Routes
from app.wire.trust import keep_trust, of_about
from tests.app.services.vaults import create
from tests.app.wire.tls import authority

PATIENCE_S = 5.0
HANGS_AFTER_S = 1.0


class Asked(Protocol):
    def routes(self, lane: str = "wire") -> Routes: ...

    def drop(self) -> None: ...


class HungError(Exception):
    """The lock did not come within the time limit."""


class OneLockAroundTheLane:
    """The old shape: its lock is held while the vault's lane works."""

    def __init__(self, lines: Lines) -> None:
        self._lines, self._lock = lines, threading.Lock()

    def routes(self, lane: str = "wire") -> Routes:
        with self._lock:
            return self._lines.routes(lane)

    def drop(self) -> None:
        if not self._lock.acquire(timeout=HANGS_AFTER_S):
            raise HungError
        self._lines.drop()
        self._lock.release()


@pytest.fixture(scope="module")
def ca_pem() -> str:
    return authority().pem


@pytest.fixture
def lines(client: Unlocking, key: DeviceKey, ca_pem: str) -> Lines:
    create(client, key)
    about = About(
        (1,), "0", "0", "e1", "", True, City("示例市", "430400"), LogKey("o", "k", ""), AnswersKey("k", ""),
        SealCertificates("", ""),
    )  # fmt: skip
    keep_trust(client.home.trust, of_about("https://localhost:1", ca_pem, about))
    return Lines(client.home, client)


@pytest.fixture
def callers() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(4) as pool:
        yield pool


def waits(lane: Lane) -> bool:
    """Whether a job stands in the lane's queue behind the one that runs."""
    return lane._pool._work_queue.qsize() > 0


def until(ready: Callable[[], bool]) -> None:
    ends = time.monotonic() + PATIENCE_S
    while not ready():
        assert time.monotonic() < ends, "it never came to that"
        time.sleep(0.002)


def dropped_while_somebody_asks(lines: Asked, lane: Lane, callers: ThreadPoolExecutor) -> Future[None]:
    """The vault's lane drops the lines at the moment when a caller stands in its queue for a line."""
    go = threading.Event()

    def lock_up() -> None:
        assert go.wait(PATIENCE_S)
        lines.drop()

    dropping = lane.submit(lock_up)
    asking = callers.submit(lines.routes, "courier")
    until(lambda: waits(lane))
    go.set()
    assert asking.result(PATIENCE_S).line
    return dropping


def test_the_vault_drops_the_lines_while_a_caller_waits_for_it(
    lines: Lines, client: Unlocking, callers: ThreadPoolExecutor
) -> None:
    dropping = dropped_while_somebody_asks(lines, client.room.lane, callers)
    assert dropping.result(PATIENCE_S) is None


def test_control_a_lock_around_the_lane_hangs(
    lines: Lines, client: Unlocking, callers: ThreadPoolExecutor
) -> None:
    old = OneLockAroundTheLane(lines)
    dropping = dropped_while_somebody_asks(old, client.room.lane, callers)
    with pytest.raises(HungError):
        dropping.result(PATIENCE_S)


def test_a_lane_may_ask_for_a_line_in_its_own_thread(
    lines: Lines, client: Unlocking, callers: ThreadPoolExecutor
) -> None:
    go = threading.Event()

    def ask() -> Routes:
        assert go.wait(PATIENCE_S)
        return lines.routes("wire")

    inside = client.room.lane.submit(ask)
    outside = callers.submit(lines.routes, "wire")
    until(lambda: waits(client.room.lane))
    go.set()
    assert inside.result(PATIENCE_S) is outside.result(PATIENCE_S)


def test_callers_at_once_share_one_line_a_lane_and_the_tokens_of_one_sign_in(
    lines: Lines, client: Unlocking, callers: ThreadPoolExecutor
) -> None:
    begin = threading.Barrier(4)

    def ask(lane: str) -> Routes:
        begin.wait(PATIENCE_S)
        return lines.routes(lane)

    asked = [callers.submit(ask, lane) for lane in ("wire", "courier", "wire", "courier")]
    found: list[Any] = [one.result(PATIENCE_S) for one in asked]
    assert found[0] is found[2]
    assert found[1] is found[3]
    assert found[0] is not found[1]
    assert len({id(one.line._tokens) for one in found}) == 1


def test_a_line_asked_for_while_the_vault_locks_is_not_left_behind(
    lines: Lines, client: Unlocking, callers: ThreadPoolExecutor
) -> None:
    """What was seen before the drop is not made into a line after it."""
    before = lines.routes("wire")
    real, seen, dropped = client.room.run, threading.Event(), threading.Event()

    def slow(job: Callable[..., Any]) -> Any:
        found = real(job)
        seen.set()
        assert dropped.wait(PATIENCE_S)
        return found

    client.room.run = slow  # type: ignore[method-assign, assignment]
    asking = callers.submit(lines.routes, "wire")
    assert seen.wait(PATIENCE_S)
    client.room.run = real  # type: ignore[method-assign]
    client.lock()
    dropped.set()
    with pytest.raises(NotYou) as locked:
        asking.result(PATIENCE_S)
    assert locked.value.code == "vault.locked"
    assert before.line is not None
    assert lines._made == {}


def test_the_pins_of_another_home_are_not_guessed(client: Unlocking, key: DeviceKey, tmp_path: Path) -> None:
    create(client, key)
    with pytest.raises(NotYou) as none:
        Lines(client.home, client).routes()
    assert none.value.code == "trust.none"
