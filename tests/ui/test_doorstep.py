"""What the window has before the services: they are built once, by whoever asks first, never without need."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

import app.assembly
from app.assembly import Client
from app.keys.ring import Ring
from app.lanes import at_once
from app.paths import Home, default_home
from ui.doorstep import Doorstep


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return default_home(tmp_path / "home").make()


@pytest.fixture
def built(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the threads in which a client was built."""
    threads: list[str] = []
    real = app.assembly.open_client

    def noted(*given: object, **named: object) -> Client:
        threads.append(threading.current_thread().name)
        return real(*given, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(app.assembly, "open_client", noted)
    return threads


def test_where_nobody_has_been_nothing_is_built_to_say_so(home: Home, built: list[str]) -> None:
    doorstep = Doorstep(home, "zh_CN", at_once, Ring.absent())
    assert doorstep.lanes["vault"].run(doorstep.unlocking.card) is None
    assert doorstep.lanes["wire"].run(doorstep.signing_in.remembered) is None
    assert built == []
    doorstep.close()


@pytest.mark.parametrize(
    ("file", "service", "verb"), [("profiles", "unlocking", "card"), ("trust", "signing_in", "remembered")]
)
def test_control_where_somebody_has_been_the_service_is_asked(
    home: Home, built: list[str], file: str, service: str, verb: str
) -> None:
    doorstep = Doorstep(home, "zh_CN", at_once, Ring.absent())
    getattr(home, file).write_text("neither")
    ended = doorstep.lanes.submit("vault", getattr(getattr(doorstep, service), verb))
    assert type(ended.exception()).__name__ == "VaultTrouble"
    assert built == ["lane-vault_0"]
    doorstep.close()


def test_services_are_built_once_in_the_lane_that_asks_first(home: Home, built: list[str]) -> None:
    doorstep = Doorstep(home, "zh_CN", at_once, Ring.absent())
    asked = [doorstep.lanes.submit(lane, doorstep.signing_in.keyring_state) for lane in ("wire", "courier")]
    assert [one.result() for one in asked] == ["missing", "missing"]
    assert len(built) == 1
    assert doorstep.unlocking is doorstep.inside().unlocking
    assert doorstep.inside().lanes is doorstep.lanes
    doorstep.close()


def test_closing_ends_the_lanes_whether_or_not_anything_was_built(home: Home) -> None:
    for asked in (False, True):
        doorstep = Doorstep(home, "zh_CN", at_once, Ring.absent())
        doorstep.lanes["press"].run(doorstep.inside if asked else len, *(() if asked else ("",)))
        doorstep.close()
        assert [one.name for one in threading.enumerate() if one.name.startswith("lane-")] == []


def test_a_name_that_no_service_can_have_is_not_promised(home: Home) -> None:
    doorstep = Doorstep(home, "zh_CN", at_once, Ring.absent())
    with pytest.raises(AttributeError):
        doorstep._nothing  # noqa: B018 - asked for on purpose
    doorstep.close()
