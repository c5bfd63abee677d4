"""A count with its icon and word that filters when it is pressed."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton

from ui.look import look
from ui.widgets.basics import look_width

ICON, PAD, GAP = 16, 6, 7


class Count(QAbstractButton):
    """Number first and bold, as one reads it from far; pressed it is underlined."""

    def __init__(self, icon: str, tone: str, words: str) -> None:
        super().__init__()
        self._icon, self._tone, self._words, self._count = icon, tone, words, 0
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setAccessibleName(f"{words} 0")
        look().changed.connect(self.updateGeometry)

    def say(self, count: int) -> None:
        if count == self._count:
            return
        before, self._count = self.sizeHint(), count
        self.setAccessibleName(f"{self._words} {count}")
        if self.sizeHint() != before:  # each asking for room lays the whole page anew
            self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        px = look().px
        words = look_width(str(self._count), 14, 600) + look_width(self._words, 13, 400)
        return QSize(px(ICON + 2 * PAD + 2 * GAP) + words + 2, px(26))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, px = QPainter(self), look().px
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        if self.hasFocus() or self.underMouse():
            painter.setPen(QPen(look().colour("focus"), 2) if self.hasFocus() else Qt.PenStyle.NoPen)
            painter.setBrush(look().colour("rowHover") if self.underMouse() else Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box, 4, 4)
        side, left = px(ICON), float(px(PAD))
        look().paint_icon(
            painter, self._icon, self._tone, QRectF(left, (self.height() - side) / 2, side, side)
        )
        left += side + px(GAP)
        parts = ((str(self._count), 14, 600, "text"), (self._words, 13, 400, "textSecondary"))
        for text, size, weight, tone in parts:
            painter.setFont(look().font(size, weight))
            painter.setPen(look().colour(tone))
            wide = look_width(text, size, weight) + 2
            painter.drawText(QRectF(left, 0, wide, self.height()), Qt.AlignmentFlag.AlignVCenter, text)
            left += wide + px(GAP) - 2
        if self.isChecked():
            line = QRectF(px(PAD), self.height() - 2, self.width() - 2 * px(PAD), 2)
            painter.fillRect(line, look().colour("accentText"))
