"""How a sealed paper leaves the house: put on a disk or on paper, and either is noted in the ledger."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple, Protocol, TypeVar

from app.desks.desk import Desk, LanesLike, Notice
from app.desks.written import write_noted

DRAW_DPI = 110
PRINT_DPI = 300
Drawn = tuple[Any, ...]


class Draws(Protocol):
    """Pictures of pages at a resolution: `most` of them from page `skip` on, all when `most` is 0."""

    def __call__(self, pdf: bytes, dpi: int, skip: int = 0, most: int = 0) -> Drawn: ...


class Sealed(NamedTuple):
    """The platform's own bytes, and the number they bear."""

    number: str
    pdf: bytes


class SealedView(Protocol):
    """What such a desk shows: the drawn pages, the sealed file if there is one, and whether this client has
    verified it and may print and save it now."""

    @property
    def pages(self) -> Drawn: ...
    @property
    def sealed(self) -> Sealed | None: ...
    @property
    def can_leave_house(self) -> bool: ...


S = TypeVar("S", bound=SealedView)


class SealedDesk(Desk[S], ABC):
    """`draw` makes page pictures; it is called in the press lane only."""

    def __init__(
        self, client: Any, lanes: LanesLike, show: Callable[[S], None], draw: Draws, first: S
    ) -> None:
        super().__init__(client, lanes, show, first)
        self._draw = draw

    def save(self, path: Path) -> None:
        """Write the sealed file and note it in the ledger."""
        sealed = self._leaving()
        if sealed is not None:
            said = Notice("report_page.saved", (("file", path.name),), "good")
            self.ask("courier", self._write, path, sealed, then=lambda _: self.put(notice=said))

    def _write(self, path: Path, sealed: Sealed) -> None:
        write_noted(path, sealed.number, sealed.pdf, self.client.reporting.saved)

    def before_printing(self, go_on: Callable[[], None]) -> None:
        """Go on to the printer where the paper may leave."""
        if self._leaving() is not None:
            go_on()

    @property
    def page_count(self) -> int:
        return len(self.view.pages)

    def draw_for_printer(self, ready: Callable[[Drawn, int], None]) -> None:
        """Draw the sealed file at the printer's resolution; `ready` gets the pages and how often they were
        put on paper before."""
        sealed = self._leaving()
        if sealed is not None:
            self.ask("press", self._drawn_for_printer, sealed, then=lambda made: ready(*made))

    def _drawn_for_printer(self, sealed: Sealed) -> tuple[Drawn, int]:
        return self._draw(sealed.pdf, PRINT_DPI), self.client.reporting.printed_before(sealed.number)

    def printed(self, copies: int) -> None:
        """The printer has taken the pages: note it in the ledger.

        Raises:
            RuntimeError: there is no sealed file whose pages it could have been.
        """
        if self.view.sealed is None:
            raise RuntimeError("pages of no sealed file were printed")
        said = Notice("report.printed", (("pages", len(self.view.pages) * copies),), "good")
        job, number = self.client.reporting.printed, self.view.sealed.number
        self.ask("vault", job, number, copies, then=lambda _: self.put(notice=said))

    def tell(self, notice: Notice) -> None:
        self.put(notice=notice)

    @abstractmethod
    def suggested_name(self) -> str:
        """What the paper is about, for a file."""

    def _leaving(self) -> Sealed | None:
        """The sealed file while it may leave."""
        return self.view.sealed if self.view.can_leave_house else None
