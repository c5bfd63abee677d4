"""A layout that wraps to the next row, so that buttons never shrink; and the segmented choice built on it."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QLayout, QLayoutItem, QSizePolicy, QWidget, QWidgetItem

from ui.look import look, text_width
from ui.widgets.basics import Button, empty_out


class Flow(QLayout):
    """Left to right, then the next row; a rigid one asks for room for all in one row while it may."""

    def __init__(self, parent: QWidget | None = None, gap: int = 8, rigid: bool = False) -> None:
        super().__init__(parent)
        self._rigid = rigid
        self._items: list[QLayoutItem] = []
        self._heights: dict[int, int] = {}
        self._sizes: list[QSize] = []
        self._gap = gap
        self.setContentsMargins(0, 0, 0, 0)

    def addWidget(self, widget: QWidget) -> None:
        """Its item is made here: of one that Qt makes Python would not hear when it goes, and the next at the
        same address would be taken for it."""
        self.addChildWidget(widget)
        self.addItem(QWidgetItem(widget))
        self.invalidate()

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)
        self._forget()

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        self._forget()
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def invalidate(self) -> None:
        self._forget()
        super().invalidate()

    def _forget(self) -> None:
        self._heights.clear()
        self._sizes.clear()

    def _wanted(self) -> list[QSize]:
        """The room that each item asks for, asked once until one of them asks for another."""
        if len(self._sizes) != len(self._items):
            self._sizes = [item.sizeHint() for item in self._items]
        return self._sizes

    def heightForWidth(self, width: int) -> int:
        """Asked for many times in one pass; it stays until somebody inside asks for another size."""
        if width not in self._heights:
            self._heights[width] = self._place(QRect(0, 0, width, 0), move=False)
        return self._heights[width]

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        self._place(rect, move=True)

    def sizeHint(self) -> QSize:
        sizes = [size for item, size in zip(self._items, self._wanted(), strict=True) if not item.isEmpty()]
        width = sum(size.width() + self._gap for size in sizes) - self._gap
        height = max((size.height() for size in sizes), default=0)
        return QSize(max(width, 0), height)

    def keep_in_a_row(self, rigid: bool) -> None:
        """Whether the next row is out of the question."""
        if rigid != self._rigid:
            self._rigid = rigid
            self.invalidate()

    def minimumSize(self) -> QSize:
        if self._rigid:
            return self.sizeHint()
        size = QSize()
        for item in self._items:
            size = size.expandedTo(item.minimumSize())
        return size

    def _place(self, rect: QRect, move: bool) -> int:
        left, top, tall = rect.x(), rect.y(), 0
        line: list[tuple[QLayoutItem, QRect]] = []
        for item, wanted in zip(self._items, self._wanted(), strict=True):
            widget = item.widget()
            if widget is not None and widget.isHidden():
                continue
            size = QSize(min(wanted.width(), rect.width()), wanted.height())
            if left > rect.x() and left + size.width() > rect.right() + 1:
                self._settle(line, tall if move else 0)
                left, top, tall, line = rect.x(), top + tall + self._gap, 0, []
            line.append((item, QRect(QPoint(left, top), size)))
            left += size.width() + self._gap
            tall = max(tall, size.height())
        self._settle(line, tall if move else 0)
        return top + tall - rect.y()

    def _settle(self, line: list[tuple[QLayoutItem, QRect]], tall: int) -> None:
        """Put a row in its place, what is lower in the middle; nothing is moved for a height of 0."""
        for item, box in line if tall else ():
            item.setGeometry(box.translated(0, (tall - box.height()) // 2))


def _bold_width(words: str) -> int:
    """The chosen segment is bold, and must not be cut for it."""
    return text_width(words, look().px(13), 600) + 30


class Segments(QWidget):
    """Exclusive buttons in a wrapping row. Arrows move inside. Emits the key of the chosen one."""

    chosen = Signal(str)

    def __init__(self, name: str, choices: Iterable[tuple[str, str]] = ()) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self._flow = Flow(self)
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        self._buttons: dict[str, Button] = {}
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.offer(choices)
        look().changed.connect(self._widen)

    def offer(self, choices: Iterable[tuple[str, str]]) -> None:
        """Replace the buttons by (key, words); those of the same keys stay and get the words."""
        choices = tuple(choices)
        if choices and tuple(key for key, _ in choices) == tuple(self._buttons):
            others = [self._name(self._buttons[key], words) for key, words in choices]
            if any(others):
                self.updateGeometry()
            return
        for button in self._buttons.values():
            self._group.removeButton(button)
        empty_out(self._flow)
        self._buttons = {}
        for key, words in choices:
            button = Button("", "segment")
            button.setCheckable(True)
            button.setAutoExclusive(True)  # so that it is told to be one of several; the group decides
            button.clicked.connect(lambda _checked=False, key=key: self.chosen.emit(key))
            self._name(button, words)
            self._group.addButton(button)
            self._flow.addWidget(button)
            self._buttons[key] = button
        self.updateGeometry()

    def _name(self, button: Button, words: str) -> bool:
        """Give a button its words; whether they need another room."""
        if button.accessibleName() == words:
            return False
        button.setText(words.replace("&", "&&"))
        button.setAccessibleName(words)
        return self._hold(button)

    def _hold(self, button: Button) -> bool:
        """Give a button its room, and no other: then new words of the same width lay nothing anew. Returns
        whether it is another than before."""
        hint = button.sizeHint()
        room = QSize(max(_bold_width(button.accessibleName()), hint.width()), hint.height())
        if button.minimumSize() == room == button.maximumSize():
            return False
        button.setFixedSize(room)
        return True

    def _widen(self) -> None:
        for button in self._buttons.values():
            self._hold(button)
        self.updateGeometry()

    def choose(self, key: str) -> None:
        """Show a choice without telling anybody."""
        if key in self._buttons:
            self._buttons[key].setChecked(True)
        else:
            self._group.setExclusive(False)
            for button in self._buttons.values():
                button.setChecked(False)
            self._group.setExclusive(True)

    def keys(self) -> tuple[str, ...]:
        return tuple(self._buttons)

    def button(self, key: str) -> Button:
        return self._buttons[key]

    def heightForWidth(self, width: int) -> int:
        return self._flow.heightForWidth(width)

    def hasHeightForWidth(self) -> bool:
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1}.get(Qt.Key(event.key()), 0)
        buttons = list(self._buttons.values())
        here = next((place for place, button in enumerate(buttons) if button.hasFocus()), None)
        if not step or here is None:
            super().keyPressEvent(event)
            return
        button = buttons[(here + step) % len(buttons)]
        button.setFocus(Qt.FocusReason.TabFocusReason)
        button.click()
