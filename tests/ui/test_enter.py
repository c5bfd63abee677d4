"""Enter presses the button that has the focus, save in a dialog, where it changes nothing."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from ui.widgets.basics import Button


def pressed_in(place: QWidget, qtbot: QtBot) -> int:
    qtbot.addWidget(place)
    button, times = Button("出具"), []
    QVBoxLayout(place).addWidget(button)
    button.clicked.connect(lambda _checked=False: times.append(1))
    place.show()
    button.setFocus()
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
        QTest.keyClick(button, key)
    return len(times)


def test_enter_presses_a_button_of_a_page(qtbot: QtBot) -> None:
    assert pressed_in(QWidget(), qtbot) == 2


def test_enter_presses_nothing_in_a_dialog(qtbot: QtBot) -> None:
    """There an act that cannot be taken back waits for its own button."""
    assert pressed_in(QDialog(), qtbot) == 0
