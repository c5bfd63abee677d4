"""What a spreadsheet would calculate: one rule for the clipboard and each file that leaves, on both sides."""

from __future__ import annotations

from typing import Final

from app.field.names import printable

# a cell that begins with one of these is taken for a formula or breaks out of its cell; full-width signs are
# folded by some programs
LEADS: Final = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20", "\t", "\r", "\n")


def calculates(cell: str) -> bool:
    """Whether a spreadsheet may take the cell for a formula, whatever blank or invisible stands before it."""
    return any(text.startswith(LEADS) for text in (cell, cell.lstrip(), printable(cell)))


def as_text(cell: str) -> str:
    """The cell, led by an apostrophe where it would be calculated."""
    return f"'{cell}" if calculates(cell) else cell
