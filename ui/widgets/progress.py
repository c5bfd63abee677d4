"""How far something has come: a bar in the accent's colour that a screen reader can be told about."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.look import look


class Progress(QWidget):
    """A bar; `still` paints it in grey: nothing moves at the moment."""

    def __init__(self) -> None:
        super().__init__()
        self._share, self._still = 0.0, False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(200, look().px(8))

    def say(self, done: int, total: int, still: bool, words: str) -> None:
        """So many of so many, and the same in words."""
        self._share, self._still = (done / total if total else 0.0), still
        self.setAccessibleName(words)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        box = QRectF(self.rect())
        round_ = box.height() / 2
        painter.setBrush(look().colour("neutralSubtle"))
        painter.drawRoundedRect(box, round_, round_)
        if self._share > 0:
            painter.setBrush(look().colour("borderStrong" if self._still else "accent"))
            filled = QRectF(box.left(), box.top(), max(box.width() * self._share, box.height()), box.height())
            painter.drawRoundedRect(filled, round_, round_)
