"""Numbered steps of a form, and the points of a way that something goes."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.look import look
from ui.widgets.pressable import Pressable


class StepNumber(QWidget):
    """A number in a round ground."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self._number = str(number)
        self.setFixedSize(look().px(20), look().px(20))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look().colour("accentSubtle"))
        painter.drawEllipse(self.rect())
        painter.setPen(look().colour("accentText"))
        painter.setFont(look().font(12, 600))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._number)


@dataclass(frozen=True)
class Point:
    """One point of a way: done, now or to come."""

    title: str
    detail: str
    state: str


class Way(QWidget):
    """Points downwards: jade ticks for what is done, amber for now, grey rings for what is to come."""

    def __init__(self) -> None:
        super().__init__()
        self._points: tuple[Point, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def say(self, points: tuple[Point, ...], name: str) -> None:
        self._points = points
        self.setAccessibleName(
            "; ".join((name, *(f"{point.title} {point.detail}".strip() for point in points)))
        )
        self.setToolTip("\n".join(f"{point.title} {point.detail}".strip() for point in points))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(look().px(200), look().px(65) * len(self._points))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        px = look().px
        for place, point in enumerate(self._points):
            top, side = place * px(65), px(20)
            disc = QRectF(0, top + 2, side, side)
            tone = {"done": "good", "now": "warn"}.get(point.state, "border")
            if place < len(self._points) - 1:
                painter.setPen(QPen(look().colour("good" if point.state == "done" else "border"), 2))
                painter.drawLine(QPointF(side / 2, top + side + 6), QPointF(side / 2, top + px(65) - 4))
            painter.setPen(QPen(look().colour(tone), 2))
            painter.setBrush(look().colour(tone) if point.state != "next" else Qt.BrushStyle.NoBrush)
            painter.drawEllipse(disc.adjusted(1, 1, -1, -1))
            if point.state == "done":
                look().paint_icon(painter, "check", "surface", disc.adjusted(4, 4, -4, -4))
            elif point.state == "now":
                painter.setBrush(look().colour("surface"))
                painter.setPen(Qt.PenStyle.NoPen)
                painter.drawEllipse(disc.adjusted(7, 7, -7, -7))
            left, wide = px(32), self.width() - px(32)
            for text, size, weight, ink, y in (
                (point.title, 13, 600 if point.state != "next" else 400, "text", 0),
                (point.detail, 12, 400, "textTertiary", 21),
            ):
                painter.setFont(look().font(size, weight))
                painter.setPen(look().colour(ink if point.state != "next" else "textTertiary"))
                room = QRectF(left, top + px(y), wide, px(22))
                shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(room.width()))
                painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, shown)


class TimelineRow(Pressable):
    """A day, a coloured point, what happened and who says so. One that stands for a record opens it."""

    def __init__(self, day: str, text: str, detail: str, tone: str, opens: bool) -> None:
        super().__init__()
        self._texts, self._tone = (day, text, detail), tone
        self.setAccessibleName(" ".join(part for part in (day, text, detail) if part))
        self.setToolTip(text)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setEnabled(opens)

    def sizeHint(self) -> QSize:
        return QSize(look().px(220), look().px(43))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        px = look().px
        if self.hasFocus():
            painter.setPen(QPen(look().colour("focus"), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 4, 4)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look().colour(self._tone))
        painter.drawEllipse(QRectF(px(44), px(11) - px(5) + 0.5, px(9), px(9)))
        left, wide = px(61), self.width() - px(61)
        day, text, detail = self._texts
        for words, box, size, ink in (
            (day, QRectF(0, 0, px(44), px(22)), 12, "textSecondary"),
            (text, QRectF(left, 0, wide, px(22)), 13, "text"),
            (detail, QRectF(left, px(20), wide, px(18)), 12, "textTertiary"),
        ):
            painter.setFont(look().font(size))
            painter.setPen(look().colour(ink))
            shown = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, int(box.width()) + 1)
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, shown)
