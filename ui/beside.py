"""Subjects beside each other: further windows, each with one kept answer, to compare it with the main one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.desks.desk import LanesLike
from app.desks.subject_desk import SubjectDesk
from app.services.answer import label
from app.texts import Texts
from ui.frame import width_of
from ui.look import tokens
from ui.reading_order import ReadingOrder
from ui.subject_page import SubjectPage

MOST = 6


class Beside(QWidget):
    """One subject in a window of its own. It has a copy behind it: when that goes, the window goes."""

    def __init__(
        self, client: Any, lanes: LanesLike, texts: Texts, answer: Any, gone: Callable[[str], None]
    ) -> None:
        super().__init__(None, Qt.WindowType.Window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.query_no, self._gone = str(answer.query_no), gone
        self.setWindowTitle(
            texts.say("subject.beside_title", name=label(answer.bundle), query_no=self.query_no)
        )  # the task bar and a shared screen show it: a person's name is masked there
        self.setMinimumSize(*tokens()["size"]["minWindow"])
        self.page = SubjectPage(texts)
        self.desk = SubjectDesk(client, lanes, self.page.show_view)
        self.page.bind(self.desk)
        self.desk.on_screen = self.page.on_screen
        self.page.stand_beside()
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self.page)
        for key in ("Ctrl+W", "Esc"):
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.activated.connect(self.close)
        self._order = ReadingOrder(self)
        self.resize(1072, 720)
        self.page.arrange(width_of(self.width()))
        self.desk.open(answer)

    def focusNextPrevChild(self, next: bool) -> bool:
        self._order.lay()
        return super().focusNextPrevChild(next)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        width = width_of(self.width())
        if self.page.width_mode != width:
            self.page.arrange(width)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.desk.leave()
        self._gone(self.query_no)
        super().closeEvent(event)
