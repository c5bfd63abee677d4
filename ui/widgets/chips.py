"""Chips: a word in a small frame, painted the same way in a page and in a table's cell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QLabel, QSizePolicy

from ui.look import look, text_width
from ui.widgets.pressable import Pressable

# tone -> (fill, border, text)
TONES = {
    "neutral": ("neutralSubtle", "border", "textSecondary"),
    "good": ("goodSubtle", "goodBorder", "good"),
    "warn": ("warnSubtle", "warnBorder", "warn"),
    "info": ("accentSubtle", "accentBorder", "accentText"),
    "seal": ("sealSubtle", "sealBorder", "seal"),
    "serious": ("sealFill", "sealFill", "textOnAccent"),
}


@dataclass(frozen=True)
class ChipFace:
    """What a chip shows: the word, its tone and, if it has one, the role of its icon."""

    text: str
    tone: str = "neutral"
    icon: str = ""


def chip_size(face: ChipFace) -> QSize:
    icon = look().px(17) if face.icon else 0
    return QSize(text_width(face.text, look().px(12), 500) + icon + look().px(16), look().px(22))


def paint_chip(painter: QPainter, face: ChipFace, box: QRectF, focused: bool = False) -> None:
    fill, border, text = TONES[face.tone]
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    edge = QPen(look().colour("focus"), 2) if focused else QPen(look().colour(border), 1)
    painter.setPen(edge)
    painter.setBrush(look().colour(fill))
    painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
    left = box.left() + look().px(8)
    if face.icon:
        side = look().px(13)
        look().paint_icon(painter, face.icon, text, QRectF(left, box.center().y() - side / 2, side, side))
        left += look().px(17)
    painter.setPen(look().colour(text))
    painter.setFont(look().font(12, 600 if face.tone == "serious" else 500))
    room = QRectF(left, box.top(), box.right() - left - 2, box.height())
    metrics = QFontMetrics(painter.font())
    words = metrics.elidedText(face.text, Qt.TextElideMode.ElideRight, int(room.width()) + 1)
    painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, words)
    painter.restore()


class _Faced:
    """A widget that is nothing but its chip."""

    face = ChipFace("")

    def say(self: Any, text: str, tone: str, icon: str = "") -> None:
        face = ChipFace(text, tone, icon)
        if face == self.face:  # each asking for room lays the whole page anew
            return
        self.face = face
        self.setAccessibleName(text)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return chip_size(self.face)

    def minimumSizeHint(self) -> QSize:
        whole = chip_size(self.face)
        return QSize(min(whole.width(), look().px(180)), whole.height())

    def paintEvent(self: Any, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_chip(painter, self.face, QRectF(self.rect()), focused=self.hasFocus())
        self.setToolTip(self.face.text if self.width() < chip_size(self.face).width() else "")


class Chip(_Faced, QLabel):
    """A chip in a page."""

    def __init__(self, text: str, tone: str = "neutral", icon: str = "") -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.say(text, tone, icon)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        look().changed.connect(self.updateGeometry)


class PressableChip(_Faced, Pressable):
    """A chip that leads somewhere."""

    def __init__(self, text: str, tone: str = "neutral", icon: str = "") -> None:
        super().__init__()
        self.say(text, tone, icon)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        look().changed.connect(self.updateGeometry)
