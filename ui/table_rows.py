"""What a table shows: columns, and rows of cells made when they are looked at."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, overload

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from ui.widgets.chips import ChipFace

Index = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()


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
