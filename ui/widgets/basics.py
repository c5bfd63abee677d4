"""Labels, buttons, cards, rules and marks, each bound to the look by a class name."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from ui.look import look, text_width

Box = TypeVar("Box", bound=QBoxLayout)
_ICON_TONE = {
    "primary": "textOnAccent",
    "big": "textOnAccent",
    "huge": "textOnAccent",
    "tool": "textSecondary",
}


def freshen(widget: QWidget) -> None:
    """Tell every layout above that this widget wants another size. Qt tells only the nearest one."""
    above: QWidget | None = widget
    while above is not None and not isinstance(above, QScrollArea):
        above.updateGeometry()
        above = above.parentWidget()


class Wrapped(QLabel):
    """A label that grows downwards with its text. It asks for the height its width needs, never for more."""

    def __init__(self) -> None:
        super().__init__()
        self.setWordWrap(True)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def minimumSizeHint(self) -> QSize:
        return QSize(60, self.fontMetrics().height())

    def setText(self, text: str) -> None:
        if text != self.text():
            super().setText(text)
            freshen(self)


def label(text: str = "", size: str = "body", tone: str = "text", wrap: bool = False) -> QLabel:
    """A label of plain text; a wrapping one takes the width it is given and grows downwards."""
    made = Wrapped() if wrap else QLabel()
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setProperty("cut", size)
    made.setProperty("tone", tone)
    made.setText(text)
    return made


def retone(widget: QWidget, **properties: str | bool) -> None:
    """Give a widget other classes and have the style sheet read them again, unless it has them."""
    if all(widget.property(name) == value for name, value in properties.items()):
        return
    for name, value in properties.items():
        widget.setProperty(name, value)
    widget.style().unpolish(widget)
    widget.style().polish(widget)


class Elided(QLabel):
    """One line, cut with an ellipsis when there is no room; tooltip and reader have all of it."""

    def __init__(self, text: str = "", size: str = "body", tone: str = "text") -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("cut", size)
        self.setProperty("tone", tone)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.whole = ""
        self.say(text)

    def say(self, text: str) -> None:
        if text == self.whole:
            return
        self.whole = text
        self.setAccessibleName(text)
        self._cut()
        freshen(self)

    def minimumSizeHint(self) -> QSize:
        return QSize(40, super().minimumSizeHint().height())

    def sizeHint(self) -> QSize:
        return QSize(self.fontMetrics().horizontalAdvance(self.whole) + 2, super().sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._cut()

    def _cut(self) -> None:
        room, metrics = max(self.width(), 20), self.fontMetrics()
        if metrics.horizontalAdvance(self.whole) <= room:
            short = self.whole
        else:  # with the ellipsis it may come out a pixel wider than was asked for
            short = metrics.elidedText(self.whole, Qt.TextElideMode.ElideRight, room - 1)
        if short != self.text():
            self.setText(short)
        self.setToolTip(self.whole if short != self.whole else "")


class Button(QPushButton):
    """A button with a kind and perhaps an icon. A text ending in `|Q` answers to Alt+Q, as `&Query` does."""

    def __init__(self, text: str = "", kind: str = "plain", icon: str = "", tone: str = "") -> None:
        super().__init__()
        self.setProperty("kind", kind)
        self._role, self._tone = icon, tone or _ICON_TONE.get(kind, "accentText")
        self.setAutoDefault(False)
        self.say(text)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        if icon:
            self._draw()
            look().changed.connect(self._draw)

    def say(self, text: str) -> None:
        shown, bar, key = text.partition("|")
        self.setText(shown)
        if bar:
            self.setShortcut(QKeySequence(f"Alt+{key}"))
            self.setToolTip(f"Alt+{key}")
        if shown:
            self.setAccessibleName(shown.replace("&", ""))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses it as Space does; in a dialog Enter belongs to the answer that changes nothing."""
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and not event.isAutoRepeat() and not isinstance(self.window(), QDialog):
            self.click()
            return
        super().keyPressEvent(event)

    def draw_as(self, icon: str, tone: str = "") -> None:
        self._role, self._tone = icon, tone or self._tone
        self._draw()

    def _draw(self) -> None:
        size = look().px(16 if self.property("kind") in ("plain", "primary", "link", "small", "tool") else 18)
        self.setIcon(look().icon(self._role, self._tone, size))
        self.setIconSize(QSize(size, size))


class Mark(QWidget):
    """A drawing that keeps its colour's role through every theme. It takes no focus and has no name."""

    def __init__(self, role: str, tone: str = "textSecondary", size: int = 20) -> None:
        super().__init__()
        self.role, self.tone, self._size = role, tone, size
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._fit()
        look().changed.connect(self._fit)

    def draw(self, role: str, tone: str) -> None:
        self.role, self.tone = role, tone
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        side = look().px(self._size)
        look().paint_icon(
            painter,
            self.role,
            self.tone,
            QRectF((self.width() - side) / 2, (self.height() - side) / 2, side, side),
        )

    def _fit(self) -> None:
        side = look().px(self._size)
        self.setFixedSize(side, side)


class Card(QFrame):
    """A framed surface with a column (or a row) inside."""

    def __init__(
        self,
        cls: str = "card",
        margins: tuple[int, int, int, int] = (16, 14, 16, 14),
        gap: int = 8,
        row: bool = False,
    ) -> None:
        super().__init__()
        self.setProperty("cls", cls)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.box: QBoxLayout = QHBoxLayout(self) if row else QVBoxLayout(self)
        self.box.setContentsMargins(*margins)
        self.box.setSpacing(gap)


def rule(upright: bool = False, cls: str = "rule") -> QFrame:
    """A hairline."""
    line = QFrame()
    line.setProperty("cls", cls)
    line.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    if upright:
        line.setFixedWidth(1)
    else:
        line.setFixedHeight(1)
    return line


def row(*parts: QWidget | QLayout | int | None, gap: int = 8, into: QWidget | None = None) -> QHBoxLayout:
    """A row of widgets and layouts; a number is a gap, None takes the rest."""
    box = QHBoxLayout(into) if into is not None else QHBoxLayout()
    return _fill(box, parts, gap)


def column(*parts: QWidget | QLayout | int | None, gap: int = 8, into: QWidget | None = None) -> QVBoxLayout:
    """A column of widgets and layouts; a number is a gap, None takes the rest."""
    box = QVBoxLayout(into) if into is not None else QVBoxLayout()
    return _fill(box, parts, gap)


def _fill(box: Box, parts: tuple[QWidget | QLayout | int | None, ...], gap: int) -> Box:
    box.setContentsMargins(0, 0, 0, 0)
    box.setSpacing(gap)
    for part in parts:
        if part is None:
            box.addStretch(1)
        elif isinstance(part, int):
            box.addSpacing(part)
        elif isinstance(part, QLayout):
            box.addLayout(part)
        else:
            box.addWidget(part)
    return box


def empty_out(box: QLayout) -> None:
    """Take everything out of a layout and let it go."""
    while (item := box.takeAt(0)) is not None:
        inner = item.layout()
        if inner is not None:
            empty_out(inner)
        gone = item.widget()
        if gone is not None:
            gone.hide()
            gone.setParent(None)
            gone.deleteLater()


def look_width(text: str, size: int, weight: int) -> int:
    """How many pixels a text takes in the look of the moment."""
    return text_width(text, look().px(size), weight)


def on_click(button: QPushButton, act: Callable[[], None]) -> QPushButton:
    button.clicked.connect(lambda _checked=False: act())
    return button
