"""Kept copies in a list: name, term, what for; under a search the place where the words were found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence, QPainter
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from app.desks.copied import cell as safe
from app.desks.copied import lines as as_lines
from app.desks.offline_desk import OfflineView
from app.desks.words import joined, left, minute, month_day, purpose, spaced
from app.field.masks import mask_name
from app.texts import Texts
from ui.look import look
from ui.tables import COPY_CODE
from ui.widgets.chips import ChipFace, chip_size, paint_chip
from ui.widgets.marked import paint_marked

Index = QModelIndex | QPersistentModelIndex
LINE = Qt.ItemDataRole.UserRole
ROOT = QModelIndex()
DAY = 86_400
ORDERS = ("found", "left", "as_of", "name")
KINDS = ("", "legal", "person")


@dataclass(frozen=True)
class CopyLine:
    """One copy as the list shows it; `words` are marked in the snippet."""

    query_no: str
    name: str
    lower: str
    as_of: str
    term: ChipFace
    snippet: str = ""
    words: str = ""
    cells: tuple[str, ...] = ()
    code: str = ""

    def spoken(self) -> str:
        """The whole line in one sentence."""
        return joined(self.name, self.lower, self.as_of, self.term.text, self.snippet)


def copy_lines(view: OfflineView, texts: Texts, kind: str = "", order: str = "found") -> tuple[CopyLine, ...]:
    """The copies that can be read, or the hits while searching; never one that is locked or over."""
    known = {copy.query_no: copy for copy in view.copies}
    searching = bool(view.words.strip())
    shown = []
    for one in view.hits if searching else view.copies:
        copy = known.get(one.query_no)
        if not searching and one.state != "live":
            continue
        if kind and (copy is None or copy.kind != kind):
            continue
        shown.append((one, copy))
    keys = {
        "left": lambda pair: view.left_s(pair[1] or pair[0]),
        "as_of": lambda pair: pair[0].as_of,
        "name": lambda pair: pair[0].name,
    }
    if order in keys:
        shown.sort(key=keys[order], reverse=order == "as_of")
    return tuple(
        CopyLine(
            query_no=one.query_no,
            name=one.name,
            lower=_lower(view, copy, texts) if copy else "",
            as_of=texts.say("offline_page.as_of_short", date=month_day(one.as_of)),
            term=term_chip(view.left_s(copy or one), texts, view.lease_first(copy or one)),
            snippet=one.snippet if searching else "",
            words=view.words if searching else "",
            cells=_cells(view, one, copy, texts),
            code=copy.code if copy else "",
        )
        for one, copy in shown
    )


def _cells(view: OfflineView, one: Any, copy: Any, texts: Texts) -> tuple[str, ...]:
    """What goes to the clipboard: never the place where the words were found, never a person's whole name."""
    name = one.name if copy is not None and copy.kind != "person" else mask_name(one.name)
    what_for = purpose(copy.purpose, view.purpose_name(copy, texts.language == "en")) if copy else ""
    return name, copy.code if copy else "", what_for, minute(one.as_of)


def _lower(view: OfflineView, copy: Any, texts: Texts) -> str:
    name = view.purpose_name(copy, texts.language == "en")
    return joined(purpose(copy.purpose, name), spaced(copy.code), _marks(copy, texts))


def _marks(copy: Any, texts: Texts) -> str:
    objected = texts.say("offline_page.marks", count=copy.marks) if copy.marks else ""
    renamed = texts.say("offline_page.now_called", name=copy.now_called) if copy.now_called else ""
    return joined(renamed, objected)


def term_chip(left_s: int, texts: Texts, of_lease: bool = False) -> ChipFace:
    """How long the copy can be read, and whether the lease is why; amber on the last day."""
    text_id = "offline_page.left_lease" if of_lease else "offline_page.left"
    words = texts.say(text_id, left=left(left_s, texts))
    return ChipFace(words, "neutral" if left_s >= DAY else "warn")


class Lines(QAbstractListModel):
    """The lines on the screen."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: tuple[CopyLine, ...] = ()

    def fill(self, lines: Sequence[CopyLine]) -> None:
        """The same copies with other words keep selection and place."""
        if [one.query_no for one in lines] == [one.query_no for one in self.lines]:
            self.lines = tuple(lines)
            self.dataChanged.emit(self.index(0), self.index(len(self.lines) - 1))
            return
        self.beginResetModel()
        self.lines = tuple(lines)
        self.endResetModel()

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self.lines)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        line = self.lines[index.row()]
        if role == LINE:
            return line
        if role == Qt.ItemDataRole.DisplayRole:
            return line.name
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return line.spoken()
        return None


class LinePainter(QStyledItemDelegate):
    """Name and term; purpose and as-of; the snippet with the words on their ground."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        line: CopyLine = index.data(LINE)
        px, box = look().px, QRectF(option.rect)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        hover = bool(option.state & QStyle.StateFlag.State_MouseOver)
        painter.save()
        ground = "rowSelected" if chosen else ("rowHover" if hover else "surface")
        painter.fillRect(box, look().colour(ground))
        if chosen:
            painter.fillRect(QRectF(box.left(), box.top(), 3, box.height()), look().colour("accentText"))
        painter.fillRect(QRectF(box.left(), box.bottom() - 1, box.width(), 1), look().colour("border"))
        inner = box.adjusted(px(16), px(11), -px(14), 0)
        chip = chip_size(line.term)
        paint_chip(
            painter, line.term, QRectF(inner.right() - chip.width(), inner.top(), chip.width(), chip.height())
        )
        room = QRectF(inner.left(), inner.top(), inner.width() - chip.width() - 8, px(23))
        paint_marked(painter, line.name, line.words, room, 14, 600)
        second = inner.top() + px(24)
        painter.setFont(look().font(12))
        wide = painter.fontMetrics().horizontalAdvance(line.as_of) + 2
        painter.setPen(look().colour("textTertiary"))
        date = QRectF(inner.right() - wide, second, wide, px(20))
        painter.drawText(date, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, line.as_of)
        below = QRectF(inner.left(), second, inner.width() - wide - 8, px(20))
        paint_marked(painter, line.lower, line.words, below, 12, 400, "textTertiary")
        if line.snippet:
            third = QRectF(inner.left(), inner.top() + px(45), inner.width(), px(22))
            paint_marked(painter, line.snippet, line.words, third, 13)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        line: CopyLine = index.data(LINE)
        return QSize(100, look().px(88 if line.snippet else 64))


class CopyList(QListView):
    """`opened` comes at once for Enter and a click; arrows open what they rest on for a moment.

    Every opening is written to the ledger, so running through the list opens only where one stops.
    """

    opened = Signal(str)
    copied = Signal(str)
    SETTLE = 350

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name
        self.lines_model = Lines()
        self.setModel(self.lines_model)
        self.setItemDelegate(LinePainter(self))
        self.setAccessibleName(name)
        self.setMouseTracking(True)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setProperty("cls", "copies")
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._settle = QTimer(self, singleShot=True, interval=self.SETTLE)
        self._settle.timeout.connect(self._open_current)
        self.clicked.connect(lambda _index: self._open_current())
        look().changed.connect(self.scheduleDelayedItemsLayout)

    def fill(self, lines: Sequence[CopyLine], select: str, name: str) -> None:
        """Show lines; the one with the key is selected."""
        keep = self.current_key() or select
        if tuple(lines) != self.lines_model.lines:
            self.lines_model.fill(lines)
            if self.current_key() != keep:
                self._settle.stop()
                self.point_at(keep)
        self.setAccessibleName(name or self._name)
        if select and select != self.current_key() and not self._settle.isActive():
            self.point_at(select)

    def point_at(self, query_no: str) -> None:
        """Select without opening."""
        for place, line in enumerate(self.lines_model.lines):
            if line.query_no == query_no:
                self.setCurrentIndex(self.lines_model.index(place))
                return

    def walk_into(self) -> None:
        """The arrows come from elsewhere: what they stand on now opens as it does on the way through."""
        self.setFocus(Qt.FocusReason.TabFocusReason)
        self._settle.start()

    def current_key(self) -> str:
        index = self.currentIndex()
        return self.lines_model.lines[index.row()].query_no if index.isValid() else ""

    def _open_current(self) -> None:
        self._settle.stop()
        if self.current_key():
            self.opened.emit(self.current_key())

    def _copy(self, whole: bool) -> None:
        index = self.currentIndex()
        if index.isValid():
            line = self.lines_model.lines[index.row()]
            self.copied.emit(as_lines((line.cells,)) if whole else safe(line.code))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy) or event.keyCombination() == COPY_CODE:
            self._copy(event.keyCombination() != COPY_CODE)
            return
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._open_current()
            return
        before = self.current_key()
        super().keyPressEvent(event)
        if self.current_key() != before:
            self._settle.start()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if not self.current_key() and self.lines_model.lines:
            self.setCurrentIndex(self.lines_model.index(0))
