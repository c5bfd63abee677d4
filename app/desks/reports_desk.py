"""My reports: every report issued on this computer, found, opened, printed, saved and asked about again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from app.desks.desk import LanesLike, Notice
from app.desks.sealed_desk import DRAW_DPI, Drawn, Draws, Sealed, SealedDesk
from app.desks.words import file_name
from app.field.limits import LONGEST

LONGEST_WHY = LONGEST["void_why"]


@dataclass(frozen=True)
class ReportsView:
    """`rows` are all issued reports; `opened` is the one on the screen with its drawn `pages`. `shut` is the
    number of one that could not be opened, `why` the reason; `voiding` the number of
    one that is about to be declared void; `notice` is what was said last."""

    rows: tuple[Any, ...] = ()
    words: str = ""
    state: str = ""
    loaded: bool = False
    opened: Any = None
    pages: Drawn = ()
    shut: str = ""
    why: Notice | None = None
    voiding: str = ""
    busy: bool = False
    notice: Notice | None = None

    @property
    def shown(self) -> tuple[Any, ...]:
        """The rows of the chosen state in which all words occur."""
        words = self.words.casefold().split()
        return tuple(
            row
            for row in self.rows
            if (not self.state or row.state == self.state)
            and all(
                word in f"{row.number} {row.subject} {row.about} {row.query_no} {row.receiver}".casefold()
                for word in words
            )
        )

    @property
    def sealed(self) -> Sealed | None:
        return Sealed(self.opened.row.number, self.opened.pdf) if self.opened is not None else None

    @property
    def can_leave_house(self) -> bool:
        """Print and save what is open and verified; a void report stays."""
        return (
            self.opened is not None
            and self.opened.verdict.genuine
            and self.opened.row.state != "void"
            and bool(self.pages)
            and not self.busy
        )


class ReportsDesk(SealedDesk[ReportsView]):
    """Opening is written to the ledger by the service before the desk gets anything to show."""

    def __init__(
        self, client: Any, lanes: LanesLike, show: Callable[[ReportsView], None], draw: Draws
    ) -> None:
        super().__init__(client, lanes, show, draw, ReportsView())

    def start(self) -> None:
        """Read the list."""
        self.ask("vault", self.client.report_files.list, then=self._listed)

    def _listed(self, rows: Any) -> None:
        self.put(rows=tuple(rows), loaded=True)

    def narrow(self, words: str) -> None:
        """Look for words in number, subject, query number and receiver."""
        self.put(words=words)

    def only(self, state: str) -> None:
        """Show one state, or all."""
        self.put(state=state)

    def open(self, number: str) -> None:
        """Open the sealed file of a report."""
        self.put(busy=True, notice=None, opened=None, pages=(), shut="", why=None)
        self.ask(
            "press",
            self._opened_and_drawn,
            number,
            then=self._opened,
            failed=lambda notice: self._shut(number, notice),
            alone=True,
        )

    def _opened_and_drawn(self, number: str) -> tuple[Any, Drawn]:
        found = self.client.report_files.open(number)
        return found, self._draw(found.pdf, DRAW_DPI)

    def _opened(self, found: tuple[Any, Drawn]) -> None:
        self.put(opened=found[0], pages=found[1], busy=False)
        self.start()

    def _shut(self, number: str, notice: Notice) -> None:
        self.put(busy=False, shut=number, why=notice)
        self.start()

    def close(self) -> None:
        """Back to the list; what was open is forgotten."""
        self.leave()
        self.put(opened=None, pages=(), shut="", why=None, busy=False, notice=None)

    def check(self) -> None:
        """Ask the platform what the report is by now."""
        number = self.view.opened.row.number if self.view.opened is not None else self.view.shut
        if number:
            self.put(busy=True)
            self.ask("wire", self.client.report_files.ask, number, then=self._checked, failed=self._unchecked)

    def _checked(self, row: Any) -> None:
        level = "good" if row.state == "current" else "warning"
        opened = self.view.opened
        if opened is not None and opened.row.number == row.number:
            opened = type(opened)(row, opened.pdf, opened.verdict)
        self.put(opened=opened, busy=False, notice=Notice(f"my_reports.told_{row.state}", (), level))
        self.start()

    def _unchecked(self, notice: Notice) -> None:
        """What was shown stays; only the question was not answered."""
        self.put(busy=False, notice=notice)

    def begin_void(self, number: str) -> None:
        """Ask why a report is void; one that is void already is told so."""
        row = next((one for one in self.view.rows if one.number == number), None)
        if row is None or self.view.busy:
            return
        if row.state == "void":
            self.put(notice=Notice("problem.report-void", (), "warning", "report-void"))
        else:
            self.put(voiding=number, notice=None)

    def leave_void(self) -> None:
        """Not void after all; nothing was sent."""
        self.put(voiding="", notice=None)

    def void(self, why: str) -> None:
        """Declare it void. Without a connection the wish waits in the outbox, and the report is not void yet;
        what was typed stays until the platform has taken it."""
        number = self.view.voiding
        if not number or self.view.busy:
            return
        if not why.strip():
            self.put(notice=Notice("report.void-why", (), "warning", "report.void-why"))
            return
        self.put(busy=True, notice=None)
        self.ask(
            "wire",
            self.client.voiding.void,
            number,
            why,
            then=lambda _: self._voided(),
            failed=self._unvoided,
        )

    def _voided(self) -> None:
        number, opened = self.view.voiding, self.view.opened
        said = Notice("my_reports.voided", (("number", number),), "good")
        if opened is not None and opened.row.number == number:
            opened = type(opened)(replace(opened.row, state="void"), opened.pdf, opened.verdict)
        self.put(busy=False, voiding="", opened=opened, notice=said)
        self.start()

    def _unvoided(self, notice: Notice) -> None:
        """Without a network the wish is kept and goes with the next round: the form has done its part."""
        waits = notice.code.startswith("net.")
        said = replace(notice, text="my_reports.void_waits") if waits else notice
        self.put(busy=False, voiding="" if waits else self.view.voiding, notice=said)

    def _write(self, path: Path, sealed: Sealed) -> None:
        """Unless the policy keeps a report inside while the platform is away."""
        self.client.reporting.require_leave()
        super()._write(path, sealed)

    def before_printing(self, go_on: Callable[[], None]) -> None:
        """Go on to the printer, unless the policy keeps a report off paper while the platform is away."""
        if self.view.can_leave_house:
            self.ask("wire", self.client.reporting.require_leave, then=lambda _: go_on())

    def suggested_name(self) -> str:
        """The subject's name as the list shows it, for a file."""
        found = self.view.opened
        return file_name((found.row.subject or Path(found.row.about).stem) if found is not None else "")
