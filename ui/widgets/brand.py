"""The brand's mark and the dark ground with its line pattern (sign-in and unlock only)."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QLinearGradient, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from ui.look import SERIF, look

LINES = 24


class BrandMark(QWidget):
    """The one character of the city's brand on its blue ground."""

    def __init__(self, letter: str, side: int = 34) -> None:
        super().__init__()
        self._letter = letter
        self.setFixedSize(side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        side = self.width()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor("#2C66B8"))
        painter.drawRoundedRect(QRectF(0, 0, side, side), side * 0.2, side * 0.2)
        painter.setPen(QPen(QColor(255, 255, 255, 130), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        edge = side * 0.09
        painter.drawRoundedRect(
            QRectF(edge, edge, side - 2 * edge, side - 2 * edge), side * 0.13, side * 0.13
        )
        painter.setPen(QColor("#FFFFFF"))
        font = look().font(10, 700, SERIF)
        font.setPixelSize(round(side * 0.6))
        painter.setFont(font)
        painter.drawText(QRectF(0, -side * 0.02, side, side), Qt.AlignmentFlag.AlignCenter, self._letter)


class BrandGround(QWidget):
    """The dark ground: a quiet gradient and, low, a band of crossing lines like on a certificate."""

    def __init__(self, across: int = 1280) -> None:
        super().__init__()
        self._across = across

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        wide, high = self.width(), self.height()
        if look().theme == "highContrast":
            painter.fillRect(self.rect(), look().colour("nav"))
            return
        ground = QLinearGradient(0, 0, wide * 0.35, high)
        dark = look().theme == "dark"
        ground.setColorAt(0, QColor("#0E2240" if dark else "#132F58"))
        ground.setColorAt(0.5, QColor("#0B192D" if dark else "#0F2342"))
        ground.setColorAt(1, QColor("#08111E" if dark else "#0B1A30"))
        painter.fillRect(self.rect(), ground)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(140, 184, 245, 30), 1))
        waist = self._waist(wide)
        for number in range(LINES):
            phase = number / LINES * math.tau
            for way in (1.0, -1.0):
                painter.drawPolyline(
                    [
                        QPointF(x, high * (middle + swing * math.sin(way * angle * 1.1 + phase)))
                        for x, angle, swing, middle in waist
                    ]
                )

    def _waist(self, wide: int) -> list[tuple[int, float, float, float]]:
        """What all lines of the mesh share: place, angle, how far they swing there, and around what. The two
        families cross each other."""
        found = []
        for x in range(0, wide + 8, 8):
            angle = x / self._across * math.tau
            swing = 0.055 + 0.10 * (0.5 + 0.5 * math.sin(angle * 1.5 - 0.9)) ** 2
            found.append((x, angle, swing, 0.80 + 0.025 * math.sin(angle * 0.8 + 1.0)))
        return found
