"""Fields: a line with an icon, a choice with a drawn chevron, a passphrase, six boxes that are one."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QRegularExpressionValidator,
    QResizeEvent,
)
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QVBoxLayout, QWidget

from ui.look import look
from ui.widgets.basics import label, retone


class SearchField(QLineEdit):
    """A line with a magnifier at its left; `kind` is search, omni or huge."""

    def __init__(self, name: str, kind: str = "search", icon: str = "search") -> None:
        super().__init__()
        self.setProperty("kind", kind)
        self.setAccessibleName(name)
        self._icon, self._kind = icon, kind

    def minimumSizeHint(self) -> QSize:
        """Wide enough for the words that say what to type, within reason."""
        usual = super().minimumSizeHint()
        words = self.fontMetrics().horizontalAdvance(self.placeholderText()) + 64
        return QSize(max(usual.width(), min(words, look().px(300))), usual.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        short = self.fontMetrics().horizontalAdvance(self.placeholderText()) > self.width() - 58
        self.setToolTip(self.placeholderText() if short else "")

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        side = look().px(15)
        left = 8 if self._kind == "huge" else 9
        look().paint_icon(
            QPainter(self), self._icon, "textTertiary", QRectF(left, (self.height() - side) / 2, side, side)
        )


LETTERS = 14  # of the kinds of documents that are usually chosen


class Choice(QComboBox):
    """A combo box whose chevron is drawn in the theme's colour. Its label must be its buddy."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setAccessibleDescription(name)  # the bus takes the chosen text for the name
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)

    def sizeHint(self) -> QSize:
        """The style reckons its own padding at the usual text size."""
        return super().sizeHint() + QSize(look().px(6), 0)

    def shorten(self, letters: int = LETTERS) -> None:
        """Ask for room for so many letters only, where entries are longer than what is usually chosen."""
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(letters)

    def showPopup(self) -> None:
        """The list is as wide as its words, though the box may be narrower."""
        self.view().setMinimumWidth(self.view().sizeHintForColumn(0) + look().px(24))
        super().showPopup()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        side = look().px(14)
        box = QRectF(self.width() - side - 9, (self.height() - side) / 2, side, side)
        tone = "textSecondary" if self.isEnabled() else "disabledText"
        look().paint_icon(QPainter(self), "chevron_down", tone, box)

    def choose(self, key: str) -> None:
        """Show the entry with this data without telling anybody."""
        place = self.findData(key)
        if place >= 0:
            self.blockSignals(True)
            self.setCurrentIndex(place)
            self.blockSignals(False)


class SecretField(QLineEdit):
    """A hidden line. It is emptied when the window loses it, and says when Caps Lock seems to be on."""

    caps = Signal(bool)

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self.setAccessibleName(name)
        self.setInputMethodHints(Qt.InputMethodHint.ImhHiddenText | Qt.InputMethodHint.ImhNoPredictiveText)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        text = event.text()
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if len(text) == 1 and text.isascii() and text.isalpha():
            self.caps.emit(text.isupper() != shift)
        super().keyPressEvent(event)

    def reveal(self, shown: bool) -> None:
        self.setEchoMode(QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password)


class CodeField(QLineEdit):
    """One line of six digits, painted as six boxes. `complete` comes 400 ms after the sixth digit."""

    complete = Signal(str)
    BOX, HIGH, GAP, MIDDLE = 58, 56, 10, 22

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setProperty("kind", "code")
        self.setAccessibleName(name)
        self.setMaxLength(6)
        self.setValidator(QRegularExpressionValidator("[0-9]{0,6}", self))
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self._grace = QTimer(self, singleShot=True, interval=400)
        self._grace.timeout.connect(self._tell)
        self.textChanged.connect(self._changed)
        look().changed.connect(self.updateGeometry)

    def sizeHint(self) -> QSize:
        px = look().px
        return QSize(6 * px(self.BOX) + 4 * self.GAP + self.MIDDLE, px(self.HIGH))

    def minimumSizeHint(self) -> QSize:
        return QSize(6 * 44 + 4 * 6 + 12, look().px(self.HIGH))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        whole = self.sizeHint().width()
        tight = self.width() < whole
        gap, middle = (6, 12) if tight else (self.GAP, self.MIDDLE)
        wide = min((self.width() - 4 * gap - middle) / 6, look().px(self.BOX))
        text, at, left = self.text(), min(self.cursorPosition(), 5), 0.0
        painter.setFont(look().font(24, 600))
        for place in range(6):
            here = self.hasFocus() and (place == at or (self.hasSelectedText() and place < len(text)))
            painter.setPen(QPen(look().colour("focus" if here else "borderStrong"), 2 if here else 1))
            painter.setBrush(look().colour("surface"))
            inset = 1.0 if here else 0.5
            box = QRectF(left, 0, wide, self.height()).adjusted(inset, inset, -inset, -inset)
            painter.drawRoundedRect(box, 8, 8)
            if place < len(text):
                painter.setPen(look().colour("text"))
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text[place])
            left += wide + (middle if place == 2 else gap)

    def _changed(self, text: str) -> None:
        self.update()
        if len(text) == 6:
            self._grace.start()
        else:
            self._grace.stop()

    def _tell(self) -> None:
        if len(self.text()) == 6:
            self.complete.emit(self.text())

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QFocusEvent):
            self.update()
        return super().event(event)


class Labelled(QWidget):
    """A field with its label above (its buddy) and, below, a line for what is wrong or worth knowing."""

    def __init__(self, words: str, field: QWidget, hint: str = "") -> None:
        super().__init__()
        box = self.box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(6)
        self.title: QLabel = label(words, "smallstrong")
        self.title.setBuddy(field)
        self.field = field
        self._hint = hint
        self.note: QLabel = label(hint, "caption", "tertiary", wrap=True)
        if not hint:
            self.note.hide()  # never shown here: without a place it would be a window of its own
        for part in (self.title, field, self.note):
            box.addWidget(part)

    def wrong(self, words: str) -> None:
        """Say what is wrong in amber, or take it back with an empty text."""
        self._say(words, "warn" if words else "tertiary", bool(words))

    def right(self, words: str) -> None:
        self._say(words, "good" if words else "tertiary", False)

    def _say(self, words: str, tone: str, wrong: bool) -> None:
        shown = words or self._hint
        self.note.setText(shown)
        self.note.setVisible(bool(shown))
        retone(self.note, tone=tone)
        if bool(self.field.property("wrong")) != wrong:
            retone(self.field, wrong=wrong)
