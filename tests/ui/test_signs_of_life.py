"""Whoever types, points, scrolls or composes is there; a page that paints itself is not somebody."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QInputMethodEvent, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.stage import Stage
from ui.signs_of_life import SignsOfLife


@pytest.fixture
def room(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    box = QVBoxLayout(made)
    box.addWidget(QLineEdit())
    box.addWidget(QLineEdit())
    made.resize(200, 100)
    made.show()
    made.activateWindow()
    qtbot.waitActive(made)
    made.findChildren(QLineEdit)[0].setFocus()
    return made


@pytest.fixture
def heard(room: QWidget) -> list[str]:
    """What was noted, in the room that is watched."""
    noted: list[str] = []
    SignsOfLife(room, lambda: noted.append("sign")).watch()
    return noted


def test_keys_and_the_mouse_are_signs(room: QWidget, heard: list[str]) -> None:
    handle = room.windowHandle()
    for act in (
        lambda: QTest.keyClick(handle, Qt.Key.Key_Shift),
        lambda: QTest.mouseClick(handle, Qt.MouseButton.LeftButton, pos=QPoint(5, 5)),
        lambda: QTest.mouseMove(handle, QPoint(9, 9)),
    ):
        heard.clear()
        act()
        QApplication.processEvents()
        assert heard


def test_composing_by_an_input_method_is_a_sign_wherever_the_focus_goes(
    room: QWidget, heard: list[str]
) -> None:
    first, second = room.findChildren(QLineEdit)
    for field in (first, second, first):
        field.setFocus()
        heard.clear()
        QApplication.sendEvent(field, QInputMethodEvent("衡", []))
        assert len(heard) == 1


def test_a_key_that_is_a_shortcut_is_a_sign(room: QWidget, heard: list[str]) -> None:
    pressed: list[str] = []
    QShortcut(QKeySequence("F5"), room, lambda: pressed.append("F5"))
    QTest.keyClick(room.windowHandle(), Qt.Key.Key_F5)
    QApplication.processEvents()
    assert pressed and heard


def test_something_that_lies_on_the_keyboard_is_none(room: QWidget, heard: list[str]) -> None:
    field = room.findChildren(QLineEdit)[0]
    none = Qt.KeyboardModifier.NoModifier
    for repeats in (True, False):
        heard.clear()
        QApplication.sendEvent(field, QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_A, none, "a", repeats))
        assert bool(heard) is not repeats


def test_what_the_window_does_by_itself_is_none(qtbot: QtBot, room: QWidget, heard: list[str]) -> None:
    first, _ = room.findChildren(QLineEdit)
    room.resize(240, 140)
    first.setText("it changes")
    room.update()
    qtbot.wait(50)
    assert heard == []


def test_a_window_that_comes_later_is_watched_from_the_next_second(room: QWidget, qtbot: QtBot) -> None:
    noted: list[str] = []
    signs = SignsOfLife(room, lambda: noted.append("sign"))
    signs.watch()
    later = QDialog(room)
    later.resize(80, 80)
    later.show()
    QApplication.processEvents()
    signs.watch()
    noted.clear()
    QTest.mouseMove(later.windowHandle(), QPoint(30, 30))
    QApplication.processEvents()
    assert noted
    later.close()


def test_a_field_that_is_gone_is_let_go(room: QWidget, heard: list[str], qtbot: QtBot) -> None:
    first, second = room.findChildren(QLineEdit)
    first.setFocus()
    first.deleteLater()
    qtbot.wait(20)
    second.setFocus()
    QTest.keyClicks(second, "a")
    assert heard


def test_painting_and_laying_a_page_asks_python_for_nothing(qtbot: QtBot) -> None:
    """The reason for this class: each event of each widget would wait for the interpreter."""
    stage = Stage(qtbot)
    stage.play("home")
    asked: list[QObject] = []
    life = stage.window._life
    plain = life.eventFilter
    life.eventFilter = lambda seen, event: (asked.append(seen), plain(seen, event))[1]  # type: ignore[method-assign]
    stage.window.resize(1000, 700)
    qtbot.wait(30)
    inside = [one for one in asked if isinstance(one, QWidget) and one is not QApplication.focusWidget()]
    assert inside == []


def test_a_sign_of_life_puts_the_lock_off(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    stage.play("home")
    stage.window._second.stop()  # only the ticks below are counted
    stage.window._idle = 0
    for _ in range(stage.window.idle_s - 1):
        stage.window._tick()
    QTest.keyClick(stage.window.windowHandle(), Qt.Key.Key_Shift)
    QApplication.processEvents()
    stage.window._tick()
    assert stage.restarts == []


def test_without_one_it_locks(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    stage.play("home")
    stage.window._second.stop()
    stage.window._idle = 0
    for _ in range(stage.window.idle_s - 1):
        stage.window._tick()
    QApplication.sendEvent(stage.window, QEvent(QEvent.Type.UpdateRequest))
    stage.window._tick()
    assert stage.restarts == ["lock"]
