"""Words found in a text stand on a light ground. The text is painted, never read as markup."""

from __future__ import annotations

import re

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QTextCharFormat, QTextLayout, QTextOption
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.look import look


def spans(text: str, words: str) -> tuple[tuple[int, int], ...]:
    """(start, length) of every place where one of the words occurs, joined where they touch."""
    found = sorted(
        (hit.start(), hit.end())
        for word in words.split()
        for hit in re.finditer(re.escape(word), text, re.IGNORECASE)
    )
    joined: list[tuple[int, int]] = []
    for start, end in found:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple((start, end - start) for start, end in joined)


def laid_out(text: str, words: str, size: int, weight: int, width: float) -> QTextLayout:
    """The text broken into lines of a width, with the words on their ground."""
    layout = QTextLayout(text, look().font(size, weight))
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    formats = []
    for start, length in spans(text, words):
        one = QTextLayout.FormatRange()
        one.start, one.length = start, length
        ground = QTextCharFormat()
        ground.setBackground(look().colour("highlight"))
        one.format = ground
        formats.append(one)
    layout.setFormats(formats)
    layout.beginLayout()
    y = 0.0
    while (line := layout.createLine()).isValid():
        line.setLineWidth(width)
        line.setPosition(QPointF(0, y))
        y += line.height()
    layout.endLayout()
    return layout


def paint_marked(
    painter: QPainter,
    text: str,
    words: str,
    box: QRectF,
    size: int = 13,
    weight: int = 400,
    ink: str = "text",
) -> None:
    """One line, cut with an ellipsis where there is no room."""
    painter.setFont(look().font(size, weight))
    shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(box.width()) + 1)
    layout = laid_out(shown, words, size, weight, 100_000)
    painter.setPen(QColor(look().colour(ink)))
    layout.draw(painter, QPointF(box.left(), box.center().y() - layout.boundingRect().height() / 2))


class Marked(QWidget):
    """A wrapping text with found words marked. It takes the width it is given and grows downwards."""

    def __init__(self, text: str = "", words: str = "", size: int = 14, ink: str = "text") -> None:
        super().__init__()
        self.text, self.words = text, words
        self._size, self._ink = size, ink
        self.setAccessibleName(text)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setMinimumWidth(60)
        look().changed.connect(self.updateGeometry)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        layout = laid_out(self.text, self.words, self._size, 400, max(width, 20))
        return max(round(layout.boundingRect().height() + 0.49), look().px(20))

    def sizeHint(self) -> QSize:
        return QSize(240, self.heightForWidth(240))

    def minimumSizeHint(self) -> QSize:
        return QSize(60, look().px(20))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(look().colour(self._ink))
        laid_out(self.text, self.words, self._size, 400, self.width()).draw(painter, QPointF(0, 0))
