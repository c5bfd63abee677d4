"""A choice of yes or no whose box is drawn in the theme's colours."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QCheckBox

from ui.look import look

BOX, GAP = 16, 9


class Tick(QCheckBox):
    """A check box; the style's own box can hardly be seen on a card."""

    def sizeHint(self) -> QSize:
        words = QFontMetrics(look().font(13)).horizontalAdvance(self.text())
        return QSize(look().px(BOX + GAP + 4) + words, look().px(26))

    def minimumSizeHint(self) -> QSize:
        return QSize(look().px(BOX + GAP + 60), look().px(26))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        side, on = look().px(BOX), self.isChecked()
        box = QRectF(1.5, (self.height() - side) / 2, side, side)
        edge = "focus" if self.hasFocus() else "accent" if on else "borderStrong"
        painter.setPen(QPen(look().colour(edge), 2 if self.hasFocus() else 1))
        painter.setBrush(look().colour("accent" if on else "surface"))
        painter.drawRoundedRect(box, 3, 3)
        if on:
            look().paint_icon(painter, "check", "textOnAccent", box.adjusted(2, 2, -2, -2))
        painter.setPen(look().colour("text" if self.isEnabled() else "disabledText"))
        painter.setFont(look().font(13))
        left = box.right() + look().px(GAP)
        room = QRectF(left, 0, self.width() - left, self.height())
        words = painter.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, int(room.width()))
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, words)
        self.setToolTip(self.text() if words != self.text() else "")
