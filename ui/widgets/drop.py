"""Where files are dropped; clicking, Enter and Space open the choice instead."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent, QFocusEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFileDialog, QSizePolicy

from ui.widgets.basics import Card, Mark, label, retone


class Drop(Card):
    """Emits every file that was dropped or chosen."""

    dropped = Signal(object)

    def __init__(self, words: str, filter_words: str) -> None:
        super().__init__("drop", (12, 8, 12, 8), 8, row=True)
        self._filter = filter_words
        self.setAcceptDrops(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(words)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.box.addStretch(1)
        self.box.addWidget(Mark("upload", "textSecondary", 18))
        self.box.addWidget(label(words, "caption", "secondary"))
        self.box.addStretch(1)

    def choose(self) -> None:
        """Let the officer pick files."""
        names, _ = QFileDialog.getOpenFileNames(self, self.accessibleName(), "", self._filter)
        for name in names:
            self.dropped.emit(Path(name))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()
            retone(self, over=True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        retone(self, over=False)

    def dropEvent(self, event: QDropEvent) -> None:
        retone(self, over=False)
        for url in event.mimeData().urls():
            if url.isLocalFile():
                self.dropped.emit(Path(url.toLocalFile()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.choose()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.choose()
            return
        super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        retone(self, over=True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        retone(self, over=False)
