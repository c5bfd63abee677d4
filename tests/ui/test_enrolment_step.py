"""The enrolment file at the sign-in: opened, dropped or given at the start; compared before it counts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from tests.ui.stage import Stage
from ui.sign_in_page import SignInPage
from ui.unlock_page import UnlockPage

FILE = "/tmp/示例银行.hxenrol"


@pytest.fixture
def first(qtbot: QtBot) -> tuple[Stage, SignInPage]:
    stage = Stage(qtbot, "zh_CN", (1280, 800))
    stage.play("sign_in_first")
    page = stage.window.here
    assert isinstance(page, SignInPage)
    return stage, page


def drop(page: SignInPage) -> None:
    """Over the stepper, where no field is."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(FILE)])
    left = Qt.MouseButton.LeftButton
    where, how, none = QPoint(10, 10), Qt.DropAction.CopyAction, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(where, how, data, left, none)
    page.dragEnterEvent(enter)
    assert enter.isAccepted()
    page.dropEvent(QDropEvent(where.toPointF(), how, data, left, none))


def press(stage: Stage, key: Qt.Key, mods: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    stage.window.activateWindow()
    QTest.qWaitForWindowActive(stage.window)
    here = stage.window.focusWidget()
    QTest.keyClick(here if here is not None else stage.window, key, mods)
    stage.settle()


def test_a_dropped_file_shows_what_to_compare_and_waits(first: tuple[Stage, SignInPage]) -> None:
    stage, page = first
    drop(page)
    stage.settle()
    assert page.check.isVisible()
    assert page.check.groups.text().split() == ["0F9D", "9D88", "8CB3", "4022"] * 2
    assert not page.check.go.isEnabled()
    assert page.desk is not None
    assert page.desk.view.reach_state == "idle"


def test_only_the_tick_opens_the_way_and_the_form_is_filled(
    first: tuple[Stage, SignInPage], qtbot: QtBot
) -> None:
    stage, page = first
    drop(page)
    stage.settle()
    qtbot.keyClick(page.check.tick, Qt.Key.Key_Space)
    qtbot.mouseClick(page.check.go, Qt.MouseButton.LeftButton)
    stage.settle()
    assert page.account.isVisible()
    assert page.account.user.text() == "jb017"
    assert page.account.url.text() == "https://credit.example:8443"
    assert not page.account.file.isVisible()
    assert page.desk is not None
    assert page.desk.view.reach_state == "reached"


def test_escape_discards_and_a_second_file_begins_unticked(
    first: tuple[Stage, SignInPage], qtbot: QtBot
) -> None:
    stage, page = first
    drop(page)
    stage.settle()
    page.check.tick.setChecked(True)
    press(stage, Qt.Key.Key_Escape)
    qtbot.waitUntil(page.account.isVisible)  # a button's key presses it as a hand would, and takes its time
    assert page.account.url.text() == ""
    drop(page)
    stage.settle()
    assert not page.check.tick.isChecked()


def test_ctrl_o_opens_the_dialog(first: tuple[Stage, SignInPage], monkeypatch: pytest.MonkeyPatch) -> None:
    stage, page = first
    asked: list[Any] = []
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *a: (asked.append(a), (FILE, ""))[1])
    press(stage, Qt.Key.Key_O, Qt.KeyboardModifier.ControlModifier)
    assert "*.hxenrol" in asked[0][3]
    assert page.check.isVisible()


def test_a_file_given_at_the_start_is_compared_first(qtbot: QtBot) -> None:
    stage = Stage(qtbot, "zh_CN", (1280, 800))
    stage.window.enrolment = Path(FILE)
    stage.play("sign_in_first")
    assert isinstance(stage.window.here, SignInPage)
    assert stage.window.here.check.isVisible()


def test_at_the_lock_it_is_not_read_and_that_is_said(qtbot: QtBot) -> None:
    stage = Stage(qtbot, "zh_CN", (1280, 800))
    stage.window.enrolment = Path(FILE)
    stage.play("unlock")
    assert isinstance(stage.window.here, UnlockPage)
    assert stage.window.here.notice.isVisible()
    assert stage.window.enrolment is None
