"""Tables over tuples: never a widget per row. Chips and two-line cells are painted; every cell has a text."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QKeyCombination,
    QPoint,
    QRect,
    Qt,
    Signal,
)
from PySide6.QtGui import QHideEvent, QKeyEvent, QKeySequence, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from app.desks.copied import cell, lines
from ui.look import look
from ui.table_painting import PAD, Scene, Strips, cell_width, title_width
from ui.table_rows import Column, Lines, Row, Rows

NARROWEST = 30
MEASURED = 60
"""So many rows from the top tell how wide the columns are."""
ROUNDS = 3  # of sharing out, each after a scroll bar came
COPY_CODE = QKeyCombination(
    Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier, Qt.Key.Key_C
)


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
        self._strips = Strips()
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
        self._strips.forget()
        self.verticalHeader().setDefaultSectionSize(self._row_height())
        self.horizontalHeader().setFixedHeight(look().px(34))
        self._measure()

    def fill(self, rows: Sequence[Row], select: str = "", name: str = "") -> None:
        """Show rows; the one with the key is selected, or none."""
        rows = rows if isinstance(rows, Lines) else tuple(rows)
        if rows != self.rows_model.rows:
            measured = self.rows_model.rows[:MEASURED]
            if not rows:  # nothing is painted before a table is in sight
                self._strips.forget()
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
        chosen = self._every_chosen()
        if not chosen or (self._key and self.rows_model.place_of(self._key) in chosen):
            return self._key if chosen else ""
        return self.rows_model.rows[min(chosen)].key

    def selected_rows(self) -> list[Row]:
        """In the order of the table."""
        return [self.rows_model.rows[place] for place in sorted(self._every_chosen())]

    def _every_chosen(self) -> set[int]:
        return self._chosen(range(len(self.rows_model.rows)))

    def _row_height(self) -> int:
        """8 px less in the compact density."""
        return look().px(self._height - (8 if look().compact else 0))

    def whole_height(self) -> int:
        """What all rows and the heading need."""
        return look().px(34) + self._row_height() * len(self.rows_model.rows) + 2

    def _selected(self, now: QItemSelection, _before: QItemSelection) -> None:
        fresh, left = _places(now, range(len(self.rows_model.rows))), self._every_chosen()
        chosen = fresh if len(fresh) == 1 or not self._key else left if len(left) == 1 else set()
        if chosen and (fresh or self.rows_model.rows[min(chosen)].key != self._key):
            self._key = self.rows_model.rows[min(chosen)].key
            self.picked.emit(self._key)
        self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """All cells in one go, and none of them anew while all stay as they are: Qt would ask three times for
        each, and every time wait until a busy lane gives the interpreter away."""
        painter, port = QPainter(self.viewport()), self.viewport().rect()
        if not self.viewport().underMouse():  # of the way to a heading or a bar only the old cell is told
            self._point(-1)
        most = 0 if event.rect().contains(port) else 2 * (port.height() // self._row_height() + 2)
        self._strips.paint(painter, self._scene(event.rect()), most)

    def _scene(self, exposed: QRect) -> Scene:
        """What there is to paint."""
        columns, left = self.rows_model.columns, -self.horizontalOffset()
        across = []
        for place in range(len(columns)):
            wide = self.columnWidth(place)
            across.append((place, left, wide))
            left += wide
        first, tall = max(self.rowAt(max(exposed.top(), 0)), 0), self.verticalHeader().defaultSectionSize()
        top = self.rowViewportPosition(first)
        rows = tuple(self.rows_model.rows[first : first - (top - exposed.bottom() - 1) // tall])
        return Scene(
            exposed, self.viewport().width(), self.devicePixelRatioF(),
            columns, tuple(across), top, tall, first, rows,
            frozenset(self._chosen(range(first, first + len(rows)))), self._pointed,
            self.currentIndex().row() if self.hasFocus() else -1,
        )  # fmt: skip

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._strips.forget()

    def _chosen(self, among: range) -> set[int]:
        """The places of the selected rows among these."""
        return _places(self.selectionModel().selection(), among)

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
            max(title_width(column), *(cell_width(row.cells[place]) for row in rows))
            if rows
            else title_width(column)
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
        least = [max(title_width(column), look().px(84)) for column in columns]
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


def _places(selection: QItemSelection, among: range) -> set[int]:
    """The rows of a selection that are among these: by its ranges, for an index each of twenty thousand rows
    takes half a second."""
    return set().union(
        *(range(max(one.top(), among.start), min(one.bottom() + 1, among.stop)) for one in selection.toList())
    )


def focus_row(table: QTableView | QWidget) -> None:
    """Give the table the focus after a panel closes."""
    table.setFocus(Qt.FocusReason.OtherFocusReason)
