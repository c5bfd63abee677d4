"""Tab goes through a page as it is read, past what was made late, too, and in a narrow window."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from tests.shots.checks.focus import chain
from tests.ui.stage import Stage
from ui.widgets.tab_order import as_read, order_tabs, reading_order

TITLE, LEFT_UP, LEFT_LOW, SIDE, FOOT = (
    QRect(0, 0, 300, 20),
    QRect(0, 30, 200, 40),
    QRect(0, 80, 200, 40),
    QRect(210, 30, 90, 90),
    QRect(0, 130, 300, 20),
)


def test_bands_come_before_columns_and_a_column_is_read_to_its_end() -> None:
    boxes = [SIDE, FOOT, LEFT_LOW, TITLE, LEFT_UP]
    assert [boxes[place] for place in reading_order(boxes)] == [TITLE, LEFT_UP, LEFT_LOW, SIDE, FOOT]


def test_boxes_that_no_line_parts_are_read_from_the_top() -> None:
    boxes = [QRect(20, 20, 50, 50), QRect(0, 0, 50, 50), QRect(10, 60, 50, 50)]
    assert reading_order(boxes) == [1, 0, 2]
    assert reading_order([]) == []


def test_what_was_made_late_stands_where_it_is_read(qtbot: QtBot) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    late = {}
    for name, top in (("third", 60), ("first", 0), ("second", 30)):
        late[name] = QPushButton(name, holder)
        late[name].setGeometry(0, top, 80, 20)
    holder.show()
    assert [one.text() for one in chain(holder)] == ["third", "first", "second"]  # control: as they were made
    order_tabs(holder)
    assert [one.text() for one in chain(holder)] == ["first", "second", "third"]


@pytest.mark.parametrize("size", [(1280, 800), (880, 480)])
def test_the_key_itself_goes_the_way_that_is_read(qtbot: QtBot, size: tuple[int, int]) -> None:
    stage = Stage(qtbot, "zh_CN", size)
    stage.play("home")
    page, window = stage.page("home"), stage.window
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    due = [one for one in chain(window) if page.isAncestorOf(one)]
    first = next(iter(as_read(page)))
    first.setFocus(Qt.FocusReason.TabFocusReason)
    walked: list[QWidget] = []
    for _ in range(60):
        here = QApplication.focusWidget()
        if here is None or not page.isAncestorOf(here):
            break
        walked.append(here)
        QTest.keyClick(here, Qt.Key.Key_Tab)
    order_tabs(page)
    due = [one for one in chain(window) if page.isAncestorOf(one)]
    assert walked == due and len(walked) > 6
