"""A wrapping row remembers its height until somebody in it asks for another size."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from ui.widgets.count import Count
from ui.widgets.flow import Flow


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
