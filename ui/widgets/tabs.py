"""Tabs with their counts: a line of blue under the current one. What does not fit goes behind 更多."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QMenu, QSizePolicy, QWidget

from ui.look import look
from ui.widgets.basics import look_width


class Tabs(QWidget):
    """Left and right arrows turn, Ctrl+Tab and Ctrl+PgDn from anywhere on the page. Emits the tab's key."""

    turned = Signal(str)

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name
        self._faces: tuple[tuple[str, str], ...] = ()
        self._current = ""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)
        look().changed.connect(self.updateGeometry)

    def offer(self, faces: Sequence[tuple[str, str]], current: str) -> None:
        """Show (key, words) with one of them current."""
        self._faces, self._current = tuple(faces), current
        words = dict(faces).get(current, "")
        self.setAccessibleName(f"{self._name} {words}")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(look().px(400), look().px(40))

    def _places(self) -> tuple[list[tuple[str, str, QRectF]], list[tuple[str, str]]]:
        """The tabs that fit with their boxes, and those that wait behind the last one."""
        shown: list[tuple[str, str, QRectF]] = []
        left, px = float(look().px(10)), look().px
        faces = list(self._faces)
        while faces:
            key, words = faces[0]
            wide = look_width(words, 14, 600 if key == self._current else 400) + px(20)
            room = self.width() - (px(56) if len(faces) > 1 else 0)
            if left + wide > room and shown:
                break
            shown.append((key, words, QRectF(left, 0, wide, self.height())))
            left += wide + px(4)
            faces.pop(0)
        return shown, faces

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        shown, hidden = self._places()
        for key, words, box in shown:
            here = key == self._current
            painter.setFont(look().font(14, 600 if here else 400))
            painter.setPen(look().colour("accentText" if here else "textSecondary"))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)
            if here:
                painter.fillRect(
                    QRectF(box.left() + 6, self.height() - 2, box.width() - 12, 2),
                    look().colour("accentText"),
                )
                if self.hasFocus():
                    painter.setPen(QPen(look().colour("focus"), 2))
                    painter.drawRoundedRect(box.adjusted(2, 5, -2, -5), 4, 4)
        if hidden:
            active = any(key == self._current for key, _ in hidden)
            side = look().px(18)
            left = self.width() - look().px(40)
            tone = "accentText" if active else "textSecondary"
            look().paint_icon(painter, "more", tone, QRectF(left, (self.height() - side) / 2, side, side))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        shown, hidden = self._places()
        for key, _, box in shown:
            if box.contains(event.position()):
                self.turned.emit(key)
                return
        if hidden and event.position().x() > self.width() - look().px(50):
            menu = QMenu(self)
            for key, words in hidden:
                menu.addAction(words).triggered.connect(lambda _=False, key=key: self.turned.emit(key))
            menu.popup(self.mapToGlobal(QPoint(self.width() - look().px(120), self.height())))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1, Qt.Key.Key_PageDown: 1, Qt.Key.Key_PageUp: -1}.get(
            Qt.Key(event.key()), 0
        )
        if step:
            self.turn(step)
        else:
            super().keyPressEvent(event)

    def turn(self, step: int) -> None:
        """Ask for the tab so many places further, round the end."""
        keys = [key for key, _ in self._faces]
        if self._current in keys:
            self.turned.emit(keys[(keys.index(self._current) + step) % len(keys)])

    def focusInEvent(self, event: object) -> None:
        super().focusInEvent(event)  # type: ignore[arg-type]
        self.update()

    def focusOutEvent(self, event: object) -> None:
        super().focusOutEvent(event)  # type: ignore[arg-type]
        self.update()
