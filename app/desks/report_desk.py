"""The report: preview first, then the official file from the server; print and save leave a trace."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from app.desks.desk import Desk, LanesLike, Notice
from app.desks.words import file_name
from app.desks.written import write_noted

TEMPLATES = ("standard",)
DRAW_DPI = 110
PRINT_DPI = 300
Drawn = tuple[Any, ...]


@dataclass(frozen=True)
class ReportView:
    """`pages` are the drawn pages of `pdf`; `stage` says what kind of paper they are."""

    answer: Any = None
    template: str = "standard"
    language: str = "zh_CN"
    stage: Literal["none", "preview", "issued", "working"] = "none"
    pdf: bytes = b""
    pages: Drawn = ()
    issued: Any = None
    uses: tuple[tuple[str, str], ...] = ()
    online: bool = True
    busy: bool = False
    notice: Notice | None = None

    @property
    def can_issue(self) -> bool:
        return self.online and not self.busy and self.answer is not None and self.answer.source == "server"

    @property
    def can_leave_house(self) -> bool:
        """Print and save only what the server sealed and this client has verified."""
        return (
            self.stage == "issued"
            and self.issued is not None
            and self.issued.verdict.genuine
            and not self.busy
        )


class ReportDesk(Desk[ReportView]):
    """`draw(pdf, dpi)` makes page pictures; it is called in the press lane only."""

    def __init__(
        self,
        client: Any,
        lanes: LanesLike,
        show: Callable[[ReportView], None],
        draw: Callable[[bytes, int], Drawn],
        language: str = "zh_CN",
    ) -> None:
        super().__init__(client, lanes, show, ReportView(language=language))
        self._draw = draw

    def open(self, answer: Any, online: bool) -> None:
        """Make the preview of an answer."""
        self.leave()
        self.view = ReportView(answer=answer, language=self.view.language, online=online)
        self.preview()

    def preview(self) -> None:
        """Draw the watermarked preview; it carries no number."""
        if self.view.answer is None:
            return
        self.put(busy=True, notice=None)
        job, query_no = self.client.reporting.preview, self.view.answer.query_no
        self.ask("press", self._made, job, query_no, then=self._previewed, alone=True)

    def _made(self, make: Callable[[str], bytes], query_no: str) -> tuple[bytes, Drawn]:
        """In the lane, where the view may already be another subject's: nothing is read from it."""
        pdf = make(query_no)
        return pdf, self._draw(pdf, DRAW_DPI)

    def _previewed(self, made: tuple[bytes, Drawn]) -> None:
        self.put(busy=False, stage="preview", pdf=made[0], pages=made[1])

    def speak(self, language: str) -> None:
        """The language the report is issued in."""
        self.put(language=language)

    def working_copy(self) -> None:
        """The print of the query's result, marked as a working copy."""
        if self.view.answer is None:
            return
        self.put(busy=True, notice=None)
        job, query_no = self.client.reporting.working_copy, self.view.answer.query_no
        self.ask("press", self._made, job, query_no, then=self._worked, alone=True)

    def _worked(self, made: tuple[bytes, Drawn]) -> None:
        self.put(busy=False, stage="working", pdf=made[0], pages=made[1], issued=None)

    def issue(self) -> None:
        """Have the server issue and seal the report; it is verified before it is shown."""
        if not self.view.can_issue:
            self.put(notice=Notice("report_page.needs_server", (), "warning"))
            return
        self.put(busy=True, notice=None)
        view, job = self.view, self.client.reporting.issue
        self.ask(
            "wire", job, view.answer.query_no, view.template, view.language, then=self._issued, alone=True
        )

    def _issued(self, issued: Any) -> None:
        if not issued.verdict.genuine:
            self.put(busy=False, notice=Notice("report.sign", (), "error", "E-SIGN-001", "not_trusted"))
            return
        uses = (*self.view.uses, (issued.issued_at, "issue"))
        said = Notice("report.ready", (("report_no", issued.number),), "good")
        self.put(issued=issued, uses=uses, notice=said)
        self.ask("press", self._draw, issued.pdf, DRAW_DPI, then=self._drawn)

    def _drawn(self, pages: Drawn) -> None:
        self.put(busy=False, stage="issued", pdf=self.view.issued.pdf, pages=pages)

    def save(self, path: Path) -> None:
        """Write the issued file and note it in the ledger."""
        if self.view.can_leave_house:
            number, pdf = self.view.issued.number, self.view.pdf
            noted = self.client.reporting.saved
            self.ask("courier", write_noted, path, number, pdf, noted, then=lambda _: self._saved(path))

    def _saved(self, path: Path) -> None:
        self.put(notice=Notice("report_page.saved", (("file", path.name),), "good"))

    @property
    def page_count(self) -> int:
        return len(self.view.pages)

    def draw_for_printer(self, ready: Callable[[Drawn], None]) -> None:
        """Draw the issued file at the printer's resolution; `ready` gets the pages."""
        if self.view.can_leave_house:
            self.ask("press", self._draw, self.view.pdf, PRINT_DPI, then=ready)

    def printed(self, copies: int) -> None:
        """The printer has taken the pages: note it in the ledger."""
        number, pages = self.view.issued.number, len(self.view.pages) * copies
        said = Notice("report.printed", (("pages", pages),), "good")
        job = self.client.reporting.printed
        self.ask("vault", job, number, copies, then=lambda _: self.put(notice=said))

    def tell(self, notice: Notice) -> None:
        self.put(notice=notice)

    def suggested_name(self) -> str:
        """公共信用信息报告_<name>_<number>.pdf comes from the texts; here are the parts."""
        subject = self.view.answer.bundle.subject if self.view.answer is not None else None
        name = subject.name if subject is not None else ""
        return file_name(name)
