"""Tables over tuples: never a widget per row. Chips and two-line cells are painted; every cell has a text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, overload

from PySide6.QtCore import (
    QAbstractTableModel,
    QItemSelection,
    QItemSelectionModel,
    QKeyCombination,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRectF,
    Qt,
    Signal,
)
from PySide6.QtGui import QFont, QKeyEvent, QKeySequence, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QTableView,
    QWidget,
)

from app.desks.copied import cell, lines
from ui.look import look, metrics, text_width
from ui.widgets.chips import ChipFace, chip_size, paint_chip

Index = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()
PAD = 12
NARROWEST = 30
MEASURED = 60
ROUNDS = 3  # of sharing out, each after a scroll bar came
"""So many rows from the top tell how wide the columns are."""
COPY_CODE = QKeyCombination(
    Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier, Qt.Key.Key_C
)


@dataclass(frozen=True)
class Column:
    """A heading, its share of spare width (0: as wide as its contents), whether it stands at the right."""

    title: str
    stretch: int = 0
    right: bool = False


@dataclass(frozen=True)
class Cell:
    """A line, perhaps a smaller one below, perhaps a chip instead; `why` explains it when asked for."""

    text: str
    lower: str = ""
    chip: ChipFace | None = None
    tone: str = "text"
    strong: bool = False
    why: str = ""
    lower_tone: str = "textTertiary"

    def copied(self) -> tuple[str, ...]:
        """The two lines of a cell are two cells of a sheet."""
        upper = self.chip.text if self.chip else self.text
        return (upper, self.lower) if self.lower else (upper,)

    def spoken(self) -> str:
        """What a screen reader is given."""
        return " ".join(
            part
            for part in (self.why or self.text or (self.chip.text if self.chip else ""), self.lower)
            if part
        )


@dataclass(frozen=True)
class Row:
    """A key for the desk, the cells, and the number or code by which others know the row's subject."""

    key: str
    cells: tuple[Cell, ...]
    code: str = ""

    def copied(self) -> tuple[str, ...]:
        """What of it goes to the clipboard: everything that is shown, nothing more."""
        return tuple(part for cell in self.cells for part in cell.copied())


class Lines(Sequence[Row]):
    """Rows that are made of their sources when they are looked at: of twenty thousand lines a screen shows
    thirty. `place_of` tells where a key stands, -1 for nowhere."""

    def __init__(
        self, sources: tuple[Any, ...], place_of: Callable[[str], int], make: Callable[[Any], Row]
    ) -> None:
        self.sources, self.place_of, self._make = sources, place_of, make

    def __len__(self) -> int:
        return len(self.sources)

    def begins_with(self, other: Sequence[Row]) -> bool:
        """Whether all of the other rows stand here first, and as they were."""
        return isinstance(other, Lines) and self.sources[: len(other)] == other.sources

    @overload
    def __getitem__(self, place: int) -> Row: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[Row, ...]: ...
    def __getitem__(self, place: int | slice) -> Row | tuple[Row, ...]:
        if isinstance(place, slice):
            return tuple(map(self._make, self.sources[place]))
        return self._make(self.sources[place])


class Rows(QAbstractTableModel):
    """The rows on the screen."""

    def __init__(self, columns: Sequence[Column]) -> None:
        super().__init__()
        self.columns = tuple(columns)
        self.rows: Sequence[Row] = ()

    def fill(self, rows: Sequence[Row]) -> bool:
        """Take these rows. Returns whether those that were here stay as they are, with more behind them."""
        more = range(len(self.rows), len(rows))
        if self.rows and more and isinstance(rows, Lines) and rows.begins_with(self.rows):
            self.beginInsertRows(ROOT, more.start, more.stop - 1)
            self.rows = rows
            self.endInsertRows()
            return True
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()
        return False

    def place_of(self, key: str) -> int:
        """Where the row with this key stands; -1 for none."""
        if isinstance(self.rows, Lines):
            return self.rows.place_of(key)
        return next((place for place, row in enumerate(self.rows) if row.key == key), -1)

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row = self.rows[index.row()]
        cell = row.cells[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return cell.text or (cell.chip.text if cell.chip else "")
        if role == Qt.ItemDataRole.AccessibleTextRole:
            if index.column() == 0:
                return " · ".join(one.spoken() for one in row.cells if one.spoken())
            return f"{self.columns[index.column()].title} {cell.spoken()}".strip()
        if role == Qt.ItemDataRole.ToolTipRole:
            return cell.spoken()
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> object:
        if orientation == Qt.Orientation.Vertical:
            return None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self.columns[section].title
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if self.columns[section].right else Qt.AlignmentFlag.AlignLeft
            return int(side | Qt.AlignmentFlag.AlignVCenter)
        return None


def paint_cell(painter: QPainter, box: QRectF, column: Column, cell: Cell) -> None:
    """A cell's lines or its chip, on the ground that is there."""
    inner = box.adjusted(PAD, 0, -PAD, -1)
    if cell.chip is not None:
        size = chip_size(cell.chip)
        width = min(size.width(), box.right() - inner.left() - 4)
        top = inner.center().y() - size.height() / 2
        paint_chip(painter, cell.chip, QRectF(inner.left(), top, width, size.height()))
        return
    side = Qt.AlignmentFlag.AlignRight if column.right else Qt.AlignmentFlag.AlignLeft
    upper, lower, px = inner, inner, look().px
    if cell.lower:
        upper = QRectF(inner.left(), inner.center().y() - px(20), inner.width(), px(21))
        lower = QRectF(inner.left(), inner.center().y() + px(1), inner.width(), px(19))
    for text, room, font, tone in (
        (cell.text, upper, look().font(13, 600 if cell.strong else 400), cell.tone),
        (cell.lower, lower, look().font(12), cell.lower_tone),
    ):
        if text:
            painter.setFont(font)
            painter.setPen(look().colour(tone))
            words = elided(text, font, int(room.width()))
            painter.drawText(room, side | Qt.AlignmentFlag.AlignVCenter, words)


def elided(text: str, font: QFont, room: int) -> str:
    """The text, or its beginning where there is no room for it."""
    pixels, weight = font.pixelSize(), int(font.weight())
    if text_width(text, pixels, weight) <= room:
        return text
    return metrics(pixels, weight).elidedText(text, Qt.TextElideMode.ElideRight, room - 2)  # parts of pixels


def cell_width(cell: Cell) -> int:
    """How many pixels a cell needs."""
    if cell.chip is not None:
        return chip_size(cell.chip).width() + 2 * PAD
    upper = _wide(cell.text, 13, 600 if cell.strong else 400)
    return max(upper, _wide(cell.lower, 12, 400)) + 2 * PAD + 2


def _wide(text: str, size: int, weight: int) -> int:
    return text_width(text, look().px(size), weight) if text else 0


class Table(QTableView):
    """A table of rows. Enter and double click open, Space asks for details, moving selects.

    Shift and Ctrl select more rows to copy; the desk is told of the one that was last chosen alone.
    """

    opened = Signal(str)
    spaced = Signal(str)
    picked = Signal(str)
    copied = Signal(str)

    def __init__(self, name: str, columns: Sequence[Column], row_height: int = 40) -> None:
        super().__init__()
        self._name, self._height, self._key = name, row_height, ""
        self._pointed = -1
        self.rows_model = Rows(columns)
        self.setModel(self.rows_model)
        self._wishes: list[int] = []
        self._sharing = False
        self.setAccessibleName(name)
        self.setShowGrid(False)
        self.setMouseTracking(True)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setCornerButtonEnabled(False)
        head = self.horizontalHeader()
        head.setSectionsClickable(False)
        head.setHighlightSections(False)
        head.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        head.setMinimumSectionSize(NARROWEST)  # the style's own grows with the text: the last one went out
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.selectionModel().selectionChanged.connect(self._selected)
        self.selectionModel().currentRowChanged.connect(lambda *_: self.viewport().update())
        self.entered.connect(lambda index: self._point(index.row()))
        self.viewportEntered.connect(lambda: self._point(-1))
        self.doubleClicked.connect(lambda index: self.opened.emit(self.rows_model.rows[index.row()].key))
        self._fit_rows()
        look().changed.connect(self._fit_rows)

    def _fit_rows(self) -> None:
        self.verticalHeader().setDefaultSectionSize(self._row_height())
        self.horizontalHeader().setFixedHeight(look().px(34))
        self._measure()

    def fill(self, rows: Sequence[Row], select: str = "", name: str = "") -> None:
        """Show rows; the one with the key is selected, or none."""
        rows = rows if isinstance(rows, Lines) else tuple(rows)
        if rows != self.rows_model.rows:
            measured = self.rows_model.rows[:MEASURED]
            self.selectionModel().blockSignals(True)
            grown = self.rows_model.fill(rows)
            self.selectionModel().blockSignals(False)
            self._key = self._key if grown else ""
            if len(measured) < MEASURED or (not grown and measured != rows[:MEASURED]):
                self._measure()
        self.setAccessibleName(name or self._name)
        if select != self.current_key():
            self.pick(select)

    def pick(self, key: str) -> None:
        """Select the row with this key."""
        place = self.rows_model.place_of(key)
        if place >= 0:
            self._choose(place)

    def _choose(self, place: int) -> None:
        """This row alone. Not `selectRow`: that one minds keys which are held down, as in Ctrl+Tab."""
        alone = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        self.selectionModel().setCurrentIndex(self.rows_model.index(place, 0), alone)

    def current_key(self) -> str:
        """The row chosen last; the first of the selected ones when that is none of them any longer."""
        keys = [row.key for row in self.selected_rows()]
        return self._key if self._key in keys else keys[0] if keys else ""

    def selected_rows(self) -> list[Row]:
        """In the order of the table."""
        chosen = {index.row() for index in self.selectionModel().selectedRows()}
        return [self.rows_model.rows[place] for place in sorted(chosen)]

    def _row_height(self) -> int:
        """8 px less in the compact density."""
        return look().px(self._height - (8 if look().compact else 0))

    def whole_height(self) -> int:
        """What all rows and the heading need."""
        return look().px(34) + self._row_height() * len(self.rows_model.rows) + 2

    def _selected(self, now: QItemSelection, _before: QItemSelection) -> None:
        fresh = {index.row() for index in now.indexes()}
        left = {index.row() for index in self.selectionModel().selectedRows()}
        chosen = fresh if len(fresh) == 1 or not self._key else left if len(left) == 1 else set()
        if chosen and (fresh or self.rows_model.rows[min(chosen)].key != self._key):
            self._key = self.rows_model.rows[min(chosen)].key
            self.picked.emit(self._key)
        self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """All cells in one go: Qt would ask three times for each, and every time wait until a busy lane gives
        the interpreter away."""
        painter, exposed = QPainter(self.viewport()), event.rect()
        painter.fillRect(exposed, look().colour("surface"))
        if not self.viewport().underMouse():  # of the way to a heading or a bar only the old cell is told
            self._point(-1)
        columns, pointed = self.rows_model.columns, self._pointed
        across = [
            (place, self.columnViewportPosition(place), self.columnWidth(place))
            for place in range(len(columns))
        ]
        whole = sum(wide for _, _, wide in across)
        here = self.currentIndex().row() if self.hasFocus() else -1
        seen = [one for one in across if one[1] <= exposed.right() and one[1] + one[2] > exposed.left()]
        first, last = max(self.rowAt(max(exposed.top(), 0)), 0), self.rowAt(exposed.bottom())
        rows = self.rows_model.rows[first : last + 1 if last >= 0 else len(self.rows_model.rows)]
        for place, row in enumerate(rows, first):
            top, tall = self.rowViewportPosition(place), self.rowHeight(place)
            line = QRectF(-self.horizontalOffset(), top, whole, tall)
            chosen = self.selectionModel().isRowSelected(place, ROOT)
            self._paint_ground(painter, line, chosen, place == pointed)
            if place == here and not chosen:
                painter.setPen(QPen(look().colour("focus"), 2))
                painter.drawRect(line.adjusted(1, 1, -1, -2))
            for column, left, wide in seen:
                paint_cell(painter, QRectF(left, top, wide, tall), columns[column], row.cells[column])

    def _paint_ground(self, painter: QPainter, row: QRectF, chosen: bool, pointed: bool) -> None:
        """Ground, the bar of a chosen row, hairline."""
        if chosen or pointed:
            painter.fillRect(row, look().colour("rowSelected" if chosen else "rowHover"))
        if chosen:
            painter.fillRect(QRectF(row.left(), row.top(), 3, row.height()), look().colour("accentText"))
        painter.fillRect(QRectF(row.left(), row.bottom() - 1, row.width(), 1), look().colour("border"))

    def _point(self, row: int) -> None:
        """The mouse is over a row now, or with -1 over none."""
        if row != self._pointed:
            self._pointed = row
            self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = self.current_key()
        if event.matches(QKeySequence.StandardKey.Copy):
            self._copy(lines(row.copied() for row in self.selected_rows()))
        elif event.keyCombination() == COPY_CODE:
            self._copy("\n".join(cell(row.code) for row in self.selected_rows() if row.code))
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and key:
            self.opened.emit(key)
        elif event.key() == Qt.Key.Key_Space and key:
            self.spaced.emit(key)
        else:
            super().keyPressEvent(event)

    def _copy(self, text: str) -> None:
        """Qt would put the bare cell on the clipboard and leave it there."""
        if text:
            self.copied.emit(text)

    def focusInEvent(self, event: object) -> None:
        super().focusInEvent(event)  # type: ignore[arg-type]
        if not self.current_key() and self.rows_model.rows:
            self._choose(0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share()

    def _measure(self) -> None:
        """How wide headings and the cells of the first rows are; they stay so until rows or look change."""
        rows = self.rows_model.rows[:MEASURED]
        self._wishes = [
            max(_title_width(column), *(cell_width(row.cells[place]) for row in rows))
            if rows
            else _title_width(column)
            for place, column in enumerate(self.rows_model.columns)
        ]
        self._share()

    def _share(self) -> None:
        """Columns as wide as their contents; those that stretch take spare room and give way first.

        A scroll bar that comes or goes changes the room, and the room decides on the bar: the resizing that
        comes of it is answered here, and a bar that was needed once is not taken away again.
        """
        if self._sharing or self.viewport().width() <= 0:
            return
        self._sharing, scrolls = True, False
        try:
            for _ in range(ROUNDS):
                room = self.viewport().width()
                wide = self._widths(room)
                # At the largest sizes of text columns stay as wide as their words; the rest is scrolled to.
                scrolls = scrolls or sum(wide) - room > PAD
                bars = Qt.ScrollBarPolicy
                self.setHorizontalScrollBarPolicy(
                    bars.ScrollBarAsNeeded if scrolls else bars.ScrollBarAlwaysOff
                )
                for place, width in enumerate(wide):
                    self.setColumnWidth(place, max(width, NARROWEST))
                if self.viewport().width() == room:
                    return
        finally:
            self._sharing = False

    def _widths(self, room: int) -> list[int]:
        """How wide each column is to be in a room of so many pixels."""
        columns, wishes = self.rows_model.columns, self._wishes
        least = [max(_title_width(column), look().px(84)) for column in columns]
        spare = room - sum(wishes)
        shares = sum(column.stretch for column in columns)
        if spare >= 0 and shares:
            wide = [
                wish + spare * column.stretch // shares for wish, column in zip(wishes, columns, strict=True)
            ]
            wide[next(place for place, column in enumerate(columns) if column.stretch)] += room - sum(wide)
            return wide
        wide, lack = list(wishes), -spare
        for place in sorted(range(len(columns)), key=lambda one: columns[one].stretch):
            given = min(lack, max(0, wide[place] - least[place])) if columns[place].stretch else 0
            wide[place] -= given
            lack -= given
        return wide

    def cell_box(self, row: int, column: int) -> QPoint:
        return self.visualRect(self.rows_model.index(row, column)).center()


def _title_width(column: Column) -> int:
    return _wide(column.title, 12, 500) + 2 * PAD + 4


def focus_row(table: QTableView | QWidget) -> None:
    """Give the table the focus after a panel closes."""
    table.setFocus(Qt.FocusReason.OtherFocusReason)
