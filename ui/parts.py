"""Parts of a page, of which one is seen at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget


class Parts:
    """Of one page, whose layout holds them."""

    def __init__(self, page: QWidget, parts: Sequence[QWidget]) -> None:
        self._page, self._parts = page, tuple(parts)

    @contextmanager
    def turned_to(self, shown: QWidget) -> Iterator[None]:
        """Fill the part meanwhile: in one that is in sight, each thing that comes or goes would lay the whole
        page. It comes into sight whatever happens, and what is laid in one turn of the loop is painted in the
        next, so that neither takes long."""
        for part in self._parts:
            if part is not shown:
                part.hide()
        try:
            yield
        finally:
            if shown.isHidden():
                self._page.setUpdatesEnabled(False)
                QTimer.singleShot(0, self._page, self._paint)
            shown.show()

    def _paint(self) -> None:
        self._page.setUpdatesEnabled(True)

    def lost(self, focus: QWidget | None) -> bool:
        """Whether what had the focus went with its part, or with the tools of the page: where to go from
        there the page knows. What goes inside the part in sight hands it on by itself."""
        if focus is None or focus.isVisible() or not self._page.isAncestorOf(focus):
            return False
        return not any(part.isVisible() and part.isAncestorOf(focus) for part in self._parts)
