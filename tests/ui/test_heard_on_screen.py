"""A refusal has been heard on a page that is seen; behind another page it is left to the outbox."""

from __future__ import annotations

from typing import Any, NoReturn

from pytestqt.qtbot import QtBot

from app.desks.desk import Desk
from app.desks.settings_desk import SettingsDesk
from app.trouble import Refused
from tests.ui.stage import Stage


def refused() -> NoReturn:
    flaw = Refused("query-stale")
    flaw.tells = "op-1"
    raise flaw


def waiting(qtbot: QtBot) -> tuple[Stage, list[str], Any]:
    """The page of the report waits for an issue that will be refused."""
    stage, noted = Stage(qtbot), []  # type: ignore[var-annotated]
    stage.play("report_preview")
    stage.client.syncing.will(note_heard=noted.append)
    lanes = stage.window.lanes
    lanes.held = True
    stage.window.desktop.report.ask("wire", refused, then=noted.append)  # type: ignore[union-attr]
    lanes.held = False
    return stage, noted, lanes.waiting.pop()


def test_a_refusal_on_the_page_behind_is_left_to_the_outbox(qtbot: QtBot) -> None:
    stage, noted, answer = waiting(qtbot)
    assert stage.window.frame is not None
    stage.window.frame.go("home")
    answer()
    assert noted == []


def test_control_it_is_heard_on_the_page_that_is_seen(qtbot: QtBot) -> None:
    stage, noted, answer = waiting(qtbot)
    assert stage.window.frame is not None
    stage.window.frame.go("home")
    stage.window.frame.go("report")  # and come back before the answer
    answer()
    assert noted == ["op-1"]


def test_every_desk_of_a_page_knows_whether_it_is_seen(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    stage.play("home")
    desktop, frame = stage.window.desktop, stage.window.frame
    assert desktop is not None and frame is not None
    for name in desktop.shelves():
        frame.page(name)
    desks = {
        name: desk
        for name, desk in vars(desktop).items()
        if isinstance(desk, Desk) and not isinstance(desk, SettingsDesk) and name != "desk"
    }
    assert len(desks) >= 12
    seen = [name for name, desk in desks.items() if desk.on_screen()]
    assert seen == ["home"]
