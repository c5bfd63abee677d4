"""One of several, each on a card of its own with two lines below its name; arrows move, Enter accepts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from ui.look import look

Index = QModelIndex | QPersistentModelIndex
OPTION = Qt.ItemDataRole.UserRole
ROOT = QModelIndex()
GAP = 8
MOST_HIGH = 288


@dataclass(frozen=True)
class Option:
    """What may be chosen: a key, its name, and up to two smaller lines."""

    key: str
    name: str
    lower: tuple[str, ...] = ()

    def spoken(self) -> str:
        return " · ".join(part for part in (self.name, *self.lower) if part)


class OptionModel(QAbstractListModel):
    """The options on the screen."""

    def __init__(self) -> None:
        super().__init__()
        self.options: tuple[Option, ...] = ()

    def fill(self, options: Sequence[Option]) -> None:
        self.beginResetModel()
        self.options = tuple(options)
        self.endResetModel()

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self.options)

    def columnCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else 1

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        option = self.options[index.row()]
        if role == OPTION:
            return option
        if role == Qt.ItemDataRole.DisplayRole:
            return option.name
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return option.spoken()
        return None


class OptionPainter(QStyledItemDelegate):
    """A card with a round mark; the chosen one is filled."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        one: Option = index.data(OPTION)
        px, chosen = look().px, bool(option.state & QStyle.StateFlag.State_Selected)
        focused = chosen and bool(option.state & QStyle.StateFlag.State_HasFocus)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        card = QRectF(option.rect).adjusted(0.5, 0.5, -0.5, -GAP - 0.5)
        edge = "focus" if focused else "accentBorder" if chosen else "border"
        painter.setPen(QPen(look().colour(edge), 2 if focused else 1))
        painter.setBrush(look().colour("accentSubtle" if chosen else "surfaceAlt"))
        painter.drawRoundedRect(card, 6, 6)
        mark = QRectF(card.left() + px(12), card.top() + px(11), px(16), px(16))
        painter.setPen(
            QPen(look().colour("accentText" if chosen else "borderStrong"), px(5) if chosen else 1)
        )
        painter.setBrush(look().colour("surface"))
        inset = px(5) / 2 if chosen else 0
        painter.drawEllipse(mark.adjusted(inset, inset, -inset, -inset))
        left = card.left() + px(36)
        wide = card.right() - left - px(8)
        lines = [
            (one.name, 13, 600 if chosen else 400, "text"),
            *((text, 12, 400, "textSecondary") for text in one.lower),
        ]
        for at, (text, size, weight, tone) in enumerate(lines):
            painter.setFont(look().font(size, weight))
            painter.setPen(look().colour(tone))
            words = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(wide))
            room = QRectF(left, card.top() + px(8) + at * px(20), wide, px(21))
            painter.drawText(room, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, words)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        one: Option = index.data(OPTION)
        return QSize(100, look().px(18 + 20 * (1 + len(one.lower))) + GAP)


class Options(QListView):
    """`accepted` comes with Enter and a double click, with the key of the chosen option."""

    accepted = Signal(str)

    def __init__(self, name: str) -> None:
        super().__init__()
        self.options_model = OptionModel()
        self.setModel(self.options_model)
        self.setItemDelegate(OptionPainter(self))
        self.setAccessibleName(name)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setProperty("cls", "copies")
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.doubleClicked.connect(lambda _index: self._accept())
        look().changed.connect(self.scheduleDelayedItemsLayout)

    def fill(self, options: Sequence[Option]) -> None:
        """Show options, the first one chosen; the same ones keep the choice."""
        if tuple(options) != self.options_model.options:
            self.options_model.fill(options)
            if options:
                self.setCurrentIndex(self.options_model.index(0))
            self.setMaximumHeight(self._whole())
            self.updateGeometry()

    def current_key(self) -> str:
        """The chosen one's key; `-` where there is none."""
        index = self.currentIndex()
        return self.options_model.options[index.row()].key if index.isValid() else "-"

    def sizeHint(self) -> QSize:
        """As high as its cards up to three and a bit: what is more can be seen to go on below."""
        return QSize(200, min(self._whole(), look().px(MOST_HIGH)))

    def minimumSizeHint(self) -> QSize:
        return QSize(120, min(self._whole(), look().px(2 * 86)))

    def _whole(self) -> int:
        return sum(self.sizeHintForRow(row) for row in range(self.options_model.rowCount())) + 2

    def _accept(self) -> None:
        if self.currentIndex().isValid():
            self.accepted.emit(self.current_key())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._accept()
            return
        super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if not self.currentIndex().isValid() and self.options_model.options:
            self.setCurrentIndex(self.options_model.index(0))
