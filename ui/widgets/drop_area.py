"""A place that takes one file: dropped on it, or chosen."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog

from ui.widgets.basics import Button, Card, label, on_click, retone, row
from ui.widgets.panels import Disc


class DropArea(Card):
    """`words` say what may be dropped, `choose` stands on the button; the dialog has `title` and `kinds`. A
    `low` one is a strip in which words and button stand side by side."""

    taken = Signal(object)

    def __init__(self, words: str, choose: str, title: str, kinds: str, icon: str, low: bool = False) -> None:
        super().__init__("drop", (14, 10, 10, 10) if low else (20, 26, 20, 26), 10, row=low)
        self._title, self._kinds = title, kinds
        self.setAcceptDrops(True)
        self.setAccessibleName(words)
        self.button = on_click(Button(choose, "plain" if low else "primary", "folder"), self.choose)
        line = label(words, "table", "secondary", wrap=True)
        if low:
            self.box.addWidget(line, 1)
            self.box.addWidget(self.button)
            return
        line.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.box.addWidget(Disc(icon, "info"), 0, Qt.AlignmentFlag.AlignHCenter)
        self.box.addWidget(line)
        self.box.addLayout(row(None, self.button, None))

    def choose(self) -> None:
        """Let the officer pick a file."""
        path, _ = QFileDialog.getOpenFileName(self, self._title, "", self._kinds)
        if path:
            self.taken.emit(Path(path))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls() and event.mimeData().urls()[0].isLocalFile():
            retone(self, over=True)
            event.acceptProposedAction()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        retone(self, over=False)

    def dropEvent(self, event: QDropEvent) -> None:
        retone(self, over=False)
        self.taken.emit(Path(event.mimeData().urls()[0].toLocalFile()))
        event.acceptProposedAction()
