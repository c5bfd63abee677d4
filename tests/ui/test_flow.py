"""A wrapping row keeps hold of its parts whatever Python's wrappers of other rows' items come to."""

from __future__ import annotations

import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication, QLayout, QPushButton, QWidget

from ui.widgets.flow import Flow


class ItemsOfQt(Flow):
    """As it was: Qt makes the items."""

    addWidget = QLayout.addWidget  # type: ignore[assignment]  # noqa: N815 - Qt's name


def made_by_python(kind: type[Flow]) -> list[bool]:
    """Of which items of a wrapping row Python hears when they go."""
    holder = QWidget()
    flow = kind(holder)
    for words in "甲乙丙":
        flow.addWidget(QPushButton(words))
    return [shiboken6.createdByPython(flow.itemAt(place)) for place in range(flow.count())]


def test_python_hears_when_an_item_goes(qapp: QApplication) -> None:
    """Of items that Qt makes it does not: the next at the same address is taken for the old one, believed
    to be gone with its layout, and a row that is asked for its height ends the process."""
    assert made_by_python(Flow) == [True] * 3
    assert made_by_python(ItemsOfQt) == [False] * 3  # control


def test_a_part_that_goes_leaves_the_row(qapp: QApplication) -> None:
    holder = QWidget()
    flow = Flow(holder)
    parts = [QPushButton(words) for words in "甲乙丙"]
    for one in parts:
        flow.addWidget(one)
    assert [one.parentWidget() for one in parts] == [holder] * 3
    parts[1].deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    left = [flow.itemAt(place) for place in range(flow.count())]
    assert [one.widget() for one in left if one is not None] == [parts[0], parts[2]]
    assert flow.heightForWidth(400) > 0
