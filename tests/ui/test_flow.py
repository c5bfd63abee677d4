"""A wrapping row remembers its height until somebody in it asks for another size; like words ask for none."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from ui.widgets.chips import Chip
from ui.widgets.count import Count
from ui.widgets.flow import Flow, Segments


def test_a_remembered_height_follows_what_grows(qtbot: QtBot) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    flow = Flow(holder, gap=6)
    counts = [Count("info", "info", "未命中") for _ in range(3)]
    for count in counts:
        flow.addWidget(count)
    holder.show()
    width = flow.sizeHint().width()
    before = flow.heightForWidth(width)
    counts[0].say(7)  # as wide as the nought before
    QApplication.processEvents()
    assert flow.heightForWidth(width) == before
    counts[0].say(1_000_000)  # the control: one of three has to go to the next row
    QApplication.processEvents()
    assert flow.heightForWidth(width) > before


class Layouts(QObject):
    """How often a widget was to be laid anew, or was told of something else."""

    def __init__(self, watched: QWidget, told: QEvent.Type = QEvent.Type.LayoutRequest) -> None:
        super().__init__(watched)
        self.count, self._told = 0, told
        watched.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        self.count += event.type() == self._told
        return False


def test_a_new_count_of_the_same_width_lays_nothing_anew(qtbot: QtBot) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    segments = Segments("结论", [("all", "全部 21"), ("serious", "严重失信 2")])
    QVBoxLayout(page).addWidget(segments)
    page.show()
    qtbot.waitExposed(page)
    QApplication.processEvents()
    seen = Layouts(page)
    segments.offer([("all", "全部 87"), ("serious", "严重失信 5")])
    QApplication.processEvents()
    assert (seen.count, segments.button("all").text()) == (0, "全部 87")
    width = segments.button("all").width()
    segments.offer([("all", "全部 100,087"), ("serious", "严重失信 5")])  # the control
    QApplication.processEvents()
    assert seen.count and segments.button("all").width() > width


def test_a_count_or_chip_that_says_the_same_again_is_neither_laid_nor_painted(qtbot: QtBot) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    count, chip = Count("info", "info", "未命中"), Chip("贷前审查", "info", "purpose")
    row = QVBoxLayout(page)
    for one in (count, chip):
        row.addWidget(one)
    page.show()
    qtbot.waitExposed(page)
    QApplication.processEvents()
    seen, painted = Layouts(page), Layouts(page, QEvent.Type.Paint)
    count.say(0)
    chip.say("贷前审查", "info", "purpose")
    QApplication.processEvents()
    assert (seen.count, painted.count) == (0, 0)
    count.say(1)
    chip.say("担保审查与贷后", "warn", "purpose")  # the control
    QApplication.processEvents()
    assert seen.count and painted.count
    assert (count.accessibleName(), chip.accessibleName()) == ("未命中 1", "担保审查与贷后")
