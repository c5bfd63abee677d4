"""Tiles, the state in place of a result, the skeleton, labelled facts and the brand's panel."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from ui.look import look
from ui.widgets.basics import Button, Elided, column, label, look_width, on_click
from ui.widgets.pressable import Pressable


class Tile(Pressable):
    """A count with its word, unit and last event; pressing it opens the tab behind."""

    def __init__(
        self, word: str, count: str, unit: str, last: str, tone: str = "plain", icon: str = ""
    ) -> None:
        super().__init__()
        self._texts, self._tone, self._icon = (word, count, unit, last), tone, icon
        self.setAccessibleName(" ".join(part for part in (word, count, unit, last) if part))
        self.setToolTip(self.accessibleName())  # in a narrow window its lines are cut
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        look().changed.connect(self.updateGeometry)

    def sizeHint(self) -> QSize:
        return QSize(look().px(137), look().px(92))

    def minimumSizeHint(self) -> QSize:
        return QSize(look().px(106), look().px(92))

    def paintEvent(self, event: QPaintEvent) -> None:
        word, count, unit, last = self._texts
        px, serious, zero = look().px, self._tone == "serious", count == "0"
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        edge = QPen(look().colour("sealBorder" if serious else "border"), 1)
        painter.setPen(QPen(look().colour("focus"), 2) if self.hasFocus() else edge)
        painter.setBrush(look().colour("sealSubtle" if serious else "surface"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        left, wide = px(15), self.width() - px(24)
        self._text(
            painter,
            word,
            (left, px(9), wide - (px(20) if self._icon else 0), px(22)),
            13,
            600 if serious else 400,
            "seal" if serious else "textSecondary",
        )
        tone = "seal" if serious else ("textTertiary" if zero else "text")
        end = self._text(painter, count, (left, px(31), wide, px(32)), 22, 600, tone)
        self._text(painter, unit, (end + px(5), px(37), wide, px(24)), 12, 400, "textSecondary")
        self._text(
            painter,
            last,
            (left, px(62), wide, px(20)),
            12,
            400,
            "textSecondary" if not zero else "textTertiary",
        )
        if self._icon:
            mark = {"serious": "seal", "honour": "good", "objected": "warn"}.get(self._tone, "textSecondary")
            side = px(16)
            look().paint_icon(
                painter, self._icon, mark, QRectF(self.width() - px(14) - side, px(11), side, side)
            )

    def _text(
        self, painter: QPainter, text: str, box: tuple[int, int, int, int], size: int, weight: int, tone: str
    ) -> int:
        painter.setFont(look().font(size, weight))
        painter.setPen(look().colour(tone))
        room = QRectF(*box)
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        words = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(room.width()) + 1)
        painter.drawText(room, flags, words)
        return box[0] + painter.fontMetrics().horizontalAdvance(words)


class State(QFrame):
    """What stands where a result would be: what happened, what is safe, what to do; the code in a corner."""

    def __init__(
        self,
        icon: str,
        tone: str,
        title: str,
        text: str,
        actions: Iterable[tuple[str, Callable[[], None]]] = (),
        code: str = "",
    ) -> None:
        super().__init__()
        self.setProperty("cls", "card")
        box = QVBoxLayout(self)
        box.setContentsMargins(20, 12, 20, 24)
        box.setSpacing(10)
        corner = label(code, "caption", "tertiary")
        corner.setAlignment(Qt.AlignmentFlag.AlignRight)
        box.addWidget(corner)
        box.addStretch(1)
        box.addWidget(Disc(icon, tone), 0, Qt.AlignmentFlag.AlignHCenter)
        for words, size, shade in ((title, "subtitle", "text"), (text, "table", "secondary")):
            line = label(words, size, shade, wrap=True)
            line.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            line.setMaximumWidth(look().px(560))
            if not words:
                line.hide()
            holder = QHBoxLayout()
            holder.addStretch(1)
            holder.addWidget(line, 8)
            holder.addStretch(1)
            box.addLayout(holder)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        for place, (words, act) in enumerate(actions):
            buttons.addWidget(on_click(Button(words, "plain" if place else "primary"), act))
        buttons.addStretch(1)
        box.addSpacing(8)
        box.addLayout(buttons)
        box.addStretch(1)
        self.setAccessibleName(title)


class Disc(QWidget):
    """An icon on a round ground."""

    def __init__(self, icon: str, tone: str) -> None:
        super().__init__()
        self._icon = icon
        ground = {
            "warn": ("warnSubtle", "warn"),
            "info": ("infoSubtle", "info"),
            "good": ("goodSubtle", "good"),
        }
        self._fill, self._ink = ground.get(tone, ("neutralSubtle", "textSecondary"))
        self.setFixedSize(look().px(52), look().px(52))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look().colour(self._fill))
        painter.drawEllipse(self.rect())
        side = look().px(22)
        edge = (self.width() - side) / 2
        look().paint_icon(painter, self._icon, self._ink, QRectF(edge, edge, side, side))


class Skeleton(QWidget):
    """The page's shape in static grey. It shows itself only when waiting takes longer than 300 ms."""

    def __init__(self) -> None:
        super().__init__()
        self._wait = QTimer(self, singleShot=True, interval=300)
        self._wait.timeout.connect(self._appear)
        self._shown = False
        self.setMinimumHeight(220)

    def begin(self) -> None:
        self._shown = False
        self._wait.start()
        self.update()

    def end(self) -> None:
        self._wait.stop()
        self._shown = False

    def _appear(self) -> None:
        self._shown = True
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._shown:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look().colour("neutralSubtle"))
        wide = self.width()
        painter.drawRoundedRect(QRectF(20, 20, 44, 44), 6, 6)
        painter.drawRoundedRect(QRectF(76, 22, min(240, wide * 0.4), 16), 4, 4)
        painter.drawRoundedRect(QRectF(76, 48, min(150, wide * 0.3), 12), 4, 4)
        third = (wide - 60) / 3
        for place in range(3):
            painter.drawRoundedRect(QRectF(20 + place * (third + 10), 84, third, 54), 6, 6)
        for place, share in enumerate((0.9, 0.8, 0.94, 0.72)):
            painter.drawRoundedRect(QRectF(20, 156 + place * 22, (wide - 40) * share, 12), 4, 4)


class Facts(QWidget):
    """Label and value, a line each; values wrap and can be selected."""

    def __init__(self, wide: int = 72, gap: int = 10) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(0)
        self._grid.setVerticalSpacing(gap)
        self._grid.setColumnStretch(1, 1)
        self._wide, self._column = wide, look().px(wide)
        self._said: object = None

    def say(self, facts: Iterable[tuple[str, str]], strong: frozenset[str] = frozenset()) -> None:
        """Lay out these, unless they are what stands there at this size of text."""
        pairs = tuple(facts)
        said = (pairs, strong, look().px(100))
        if said == self._said:
            return
        self._said = said
        while (item := self._grid.takeAt(0)) is not None:
            gone = item.widget()
            if gone is not None:
                gone.hide()  # first: a part let go while it is visible takes the focus along
                gone.setParent(None)
                gone.deleteLater()
        longest = max((look_width(word, 13, 400) for word, _ in pairs), default=0) + look().px(10)
        self._column = min(max(longest, look().px(self._wide)), look().px(self._wide + 24))
        for place, (word, value) in enumerate(pairs):
            name = label(word, "table", "tertiary", wrap=True)
            name.setFixedWidth(self._column)
            shown = label(value, "smallstrong" if word in strong else "table", wrap=True)
            shown.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            shown.setAccessibleName(f"{word} {value}")
            self._grid.addWidget(name, place, 0, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
            self._grid.addWidget(shown, place, 1)


class TwoLines(QWidget):
    """A line and a smaller line under it, both elided when there is no room."""

    def __init__(self, upper: str, lower: str, size: str = "table", tone: str = "tertiary") -> None:
        super().__init__()
        self.upper, self.under = Elided(upper, size), Elided(lower, "caption", tone)
        column(None, self.upper, self.under, None, gap=0, into=self)
