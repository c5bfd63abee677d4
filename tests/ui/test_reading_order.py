"""Tab and screen readers go through a window as it is read, past what was made late, too, and when narrow."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from tests.shots.checks.focus import chain, out_of_order, stops
from tests.shots.checks.heard import told
from tests.ui.stage import Stage
from ui.frame import focusable
from ui.reading_order import CALM_MS, ReadingOrder, as_read, inside, reading_order

TITLE, LEFT_UP, LEFT_LOW, SIDE, FOOT = (
    QRect(0, 0, 300, 20),
    QRect(0, 30, 200, 40),
    QRect(0, 80, 200, 40),
    QRect(210, 30, 90, 90),
    QRect(0, 130, 300, 20),
)

LONG_MS = 60_000  # a calm that does not come meanwhile, however slow the machine


def words(parts: Iterator[QWidget] | list[QWidget]) -> list[str]:
    return [one.text() for one in parts if isinstance(one, QPushButton | QLabel)]


@pytest.fixture
def holder(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    return made


def put(holder: QWidget, name: str, top: int) -> QPushButton:
    one = QPushButton(name, holder)
    one.setGeometry(0, top, 80, 20)
    one.show()
    return one


def test_bands_come_before_columns_and_a_column_is_read_to_its_end() -> None:
    boxes = [SIDE, FOOT, LEFT_LOW, TITLE, LEFT_UP]
    assert [boxes[place] for place in reading_order(boxes)] == [TITLE, LEFT_UP, LEFT_LOW, SIDE, FOOT]


def test_boxes_that_no_line_parts_are_read_from_the_top() -> None:
    boxes = [QRect(20, 20, 50, 50), QRect(0, 0, 50, 50), QRect(10, 60, 50, 50)]
    assert reading_order(boxes) == [1, 0, 2]
    assert reading_order([]) == []


def test_columns_of_a_layout_stay_whole_though_their_cards_end_level(holder: QWidget) -> None:
    columns = QHBoxLayout(holder)
    for names in (("左上", "左下"), ("右上", "右下")):
        column = QVBoxLayout()
        columns.addLayout(column)
        for name in names:
            column.addWidget(QPushButton(name))
    holder.show()
    boxes = {one.text(): one.geometry() for one in holder.findChildren(QPushButton)}
    level = [list(boxes)[place] for place in reading_order(list(boxes.values()))]
    assert level == ["左上", "右上", "左下", "右下"]  # control: what boxes alone would say
    assert words(inside(holder)) == ["左上", "左下", "右上", "右下"]


def test_what_was_made_late_stands_where_it_is_read(holder: QWidget) -> None:
    order = ReadingOrder(holder)
    for name, top in (("third", 120), ("first", 0), ("second", 60)):
        put(holder, name, top)
    holder.show()
    as_made = ["third", "first", "second"]
    assert words(chain(holder)) == words(told(holder)) == as_made  # control
    order.lay()
    assert words(chain(holder)) == words(told(holder)) == ["first", "second", "third"]


def test_parts_come_go_and_move_and_the_order_follows_by_itself(qtbot: QtBot, holder: QWidget) -> None:
    def read(*due: str) -> None:
        qtbot.waitUntil(lambda: words(chain(holder)) == words(told(holder)) == list(due))

    area, content = QScrollArea(), QWidget()
    outer, column = QVBoxLayout(holder), QVBoxLayout(content)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(content)
    area.setWidgetResizable(True)
    outer.addWidget(area)
    for name in ("乙", "丙"):
        column.addWidget(QPushButton(name))
    order = ReadingOrder(holder)
    holder.show()
    read("乙", "丙")
    late = QPushButton("甲")
    column.insertWidget(0, late)  # in what scrolls: the window itself is told nothing of it
    read("甲", "乙", "丙")
    late.hide()
    read("乙", "丙")
    late.show()
    column.setDirection(QVBoxLayout.Direction.BottomToTop)
    read("丙", "乙", "甲")
    content.removeEventFilter(order)
    column.setDirection(QVBoxLayout.Direction.TopToBottom)
    qtbot.wait(50)
    assert words(chain(holder)) == ["丙", "乙", "甲"]  # control: nobody looks at what scrolls


class Counted(ReadingOrder):
    """Says how often it was laid."""

    def __init__(self, window: QWidget) -> None:
        self.laid = 0
        super().__init__(window)

    def lay(self) -> None:
        self.laid += 1
        super().lay()


@pytest.fixture
def calm(qtbot: QtBot, holder: QWidget) -> Counted:
    """An order that was laid at the first sight and has nothing before it."""
    order = Counted(holder)
    holder.show()
    qtbot.waitUntil(lambda: order.laid > 0 and not order._soon.isActive())
    order.laid = 0
    return order


def move(holder: QWidget, times: int) -> None:
    """Each move is told before the next comes."""
    for _ in range(times):
        holder.resize(holder.width() + 1, holder.height())
        QApplication.processEvents()


def test_moves_in_a_row_are_laid_once_and_only_when_they_have_ended(
    qtbot: QtBot, holder: QWidget, calm: Counted
) -> None:
    assert calm._soon.interval() == CALM_MS
    calm._soon.setTimerType(Qt.TimerType.PreciseTimer)  # another one rounds what remains of a long time
    calm._soon.setInterval(LONG_MS)
    move(holder, 4)
    qtbot.waitUntil(lambda: calm._soon.remainingTime() < LONG_MS - 20)
    left = calm._soon.remainingTime()
    move(holder, 1)
    assert calm._soon.remainingTime() > left > 0  # another move, and the calm begins anew
    assert calm.laid == 0
    calm._soon.setInterval(CALM_MS)
    qtbot.waitUntil(lambda: calm.laid > 0)
    qtbot.wait(CALM_MS + 50)
    assert calm.laid == 1


def test_control_without_the_calm_every_move_would_lay_the_window(holder: QWidget, calm: Counted) -> None:
    calm._soon.setInterval(0)
    move(holder, 4)
    assert calm.laid == 4


def test_what_lies_over_another_stays_over_it(holder: QWidget) -> None:
    lying = [put(holder, name, top) for name, top in (("最上", 0), ("底层", 70), ("上层", 60))]
    holder.show()
    ReadingOrder(holder).lay()
    assert words(chain(holder)) == ["最上", "上层", "底层"]
    assert [one for one in holder.children() if one in lying] == lying


@pytest.mark.parametrize("size", [(1280, 800), (880, 480)])
def test_the_key_itself_goes_the_way_that_is_read(qtbot: QtBot, size: tuple[int, int]) -> None:
    stage = Stage(qtbot, "zh_CN", size)
    stage.play("home")
    window = stage.window
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    first = next(as_read(window))
    first.setFocus(Qt.FocusReason.TabFocusReason)
    walked: list[QWidget] = []
    for _ in range(60):
        here = QApplication.focusWidget()
        assert here is not None
        if walked and here is first:
            break
        walked.append(here)
        QTest.keyClick(here, Qt.Key.Key_Tab)
    assert walked == chain(window) and len(walked) > 16
    assert out_of_order(stops(window, window.frame)) == []


def test_the_only_button_of_a_page_stands_between_top_bar_and_status_bar(qtbot: QtBot) -> None:
    stage = Stage(qtbot, "zh_CN", (1280, 800))
    stage.play("outbox")
    window = stage.window
    qtbot.wait(CALM_MS + 50)
    way = stops(window, window.frame)
    assert any("全部再次发送" in one.name for one in way)
    assert out_of_order(way) == []
    last, only = chain(window)[-1], stage.page("outbox").all
    window._order._soon.setInterval(LONG_MS)
    window.resize(1281, 800)
    QApplication.processEvents()
    QWidget.setTabOrder(last, only)
    assert any("全部再次发送" in one for one in out_of_order(stops(window, window.frame)))  # control
    QTest.keyClick(window, Qt.Key.Key_Tab)  # the key mends it, and does not wait for the calm
    assert out_of_order(stops(window, window.frame)) == []
    assert window._order._soon.isActive()


def test_the_next_pane_begins_with_what_is_read_first(holder: QWidget) -> None:
    second, first = put(holder, "second", 60), put(holder, "first", 0)
    holder.show()
    assert focusable(holder) is first
    first.setEnabled(False)
    assert focusable(holder) is second
