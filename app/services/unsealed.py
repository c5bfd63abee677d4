"""What nobody sealed: a preview or the print of a query's result, set on pages and not yet written."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.report.rendering import Pages


class Unsealed:
    """`require` refuses a paper about an answer of which something was withdrawn; it is asked behind the
    writing, for a sync may have come meanwhile."""

    def __init__(self, pages: Pages, require: Callable[[], None]) -> None:
        self._pages, self._require = pages, require

    def first(self) -> bytes:
        """The first page alone as PDF, to be shown while the others are written.

        Raises:
            Refused: answer.withdrawn.
        """
        return self._kept(self._pages.first())

    def whole(self) -> bytes:
        """All pages as PDF; the first is the one that `first` shows.

        Raises:
            Refused: answer.withdrawn.
        """
        return self._kept(self._pages.whole())

    def _kept(self, pdf: bytes) -> bytes:
        self._require()
        return pdf
