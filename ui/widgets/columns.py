"""Columns beside each other where there is room, below each other where there is not."""

from __future__ import annotations

from PySide6.QtWidgets import QBoxLayout, QWidget

UNBOUND = 16777215  # Qt's own greatest width and height, which its bindings do not name


def stand(columns: QBoxLayout, beside: bool) -> None:
    """Beside each other, or below each other in the same order."""
    way = QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom
    columns.setDirection(way)


def hold_width(column: QWidget, wide: int) -> None:
    """So many pixels wide; 0 for as wide as the room is."""
    column.setMinimumWidth(wide)
    column.setMaximumWidth(wide or UNBOUND)
