"""A person's number is whole while it is typed and masked as soon as the officer is elsewhere."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QFocusEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui import bench
from tests.ui.stage import Stage

NUMBER = "430405198506150007"
MASKED = "430405********0007"


@pytest.fixture(autouse=True)
def clean() -> Iterator[None]:
    yield
    QApplication.clipboard().clear()
    bench.clean()


def person(qtbot: QtBot) -> Stage:
    stage = Stage(qtbot)
    stage.play("home")
    stage.window.activateWindow()
    qtbot.waitUntil(stage.window.isActiveWindow)
    stage.page("home").toggle.click()
    return stage


def test_it_is_masked_when_the_focus_leaves_and_whole_when_it_comes_back(qtbot: QtBot) -> None:
    page = person(qtbot).page("home")
    page.number.setFocus()
    QTest.keyClicks(page.number, NUMBER)
    assert page.number.displayText() == NUMBER
    page.name.setFocus()
    assert (page.number.displayText(), page.number.text()) == (MASKED, NUMBER)
    page.number.setFocus()
    assert page.number.displayText() == NUMBER


def test_the_query_gets_the_whole_number(qtbot: QtBot) -> None:
    stage = person(qtbot)
    page = stage.page("home")
    asked: list[tuple[str, str, str]] = []
    page.desk.open_person = lambda *given: asked.append(given)
    page.number.setText(NUMBER)
    page.name.setText("测试甲子")
    page.go_person.click()
    assert asked == [("resident_id", NUMBER, "测试甲子")]
    assert page.number.displayText() == MASKED


def test_what_is_read_out_and_copied_is_masked(qtbot: QtBot) -> None:
    page = person(qtbot).page("home")
    page.number.setText(NUMBER)
    read = QAccessible.queryAccessibleInterface(page.number)
    assert read.text(QAccessible.Text.Value) == MASKED
    page.number.selectAll()
    page.number.copy()
    assert QApplication.clipboard().text() == MASKED


def test_its_own_menu_does_not_mask_it(qtbot: QtBot) -> None:
    page = person(qtbot).page("home")
    page.number.setFocus()
    QTest.keyClicks(page.number, NUMBER)
    QApplication.sendEvent(
        page.number, QFocusEvent(QFocusEvent.Type.FocusOut, Qt.FocusReason.PopupFocusReason)
    )
    assert page.number.displayText() == NUMBER


def test_a_number_typed_for_an_enterprise_moves_over_and_does_not_stay(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    stage.play("home")
    page = stage.page("home")
    page.ask_for(NUMBER)
    assert page.number.text() == NUMBER
    assert page.field.text() == ""


def test_the_omnibox_does_not_keep_what_it_handed_over(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    stage.play("home")
    stage.window.frame.top.omnibox.setText(NUMBER)
    stage.window.frame.top.omnibox.returnPressed.emit()
    assert stage.window.frame.top.omnibox.text() == ""
    assert stage.page("home").number.text() == NUMBER


def test_a_units_code_on_a_letter_stays_readable(qtbot: QtBot) -> None:
    form = person(qtbot).page("home").form
    form.id_type.choose("uscc")
    form.fields["number"].setText("91430400MA00000A1X")
    assert form.fields["number"].displayText() == "91430400MA00000A1X"
    form.id_type.choose("resident_id")
    form.fields["number"].setText(NUMBER)
    assert form.fields["number"].displayText() == MASKED
    assert form.card("B01").id_number == NUMBER
