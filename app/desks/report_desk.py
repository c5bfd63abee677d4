"""The report: preview first, then the official file from the server; print and save leave a trace."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, Literal, Protocol

from app.desks.desk import Desk, LanesLike, Notice
from app.desks.subject_desk import TAKEN
from app.desks.words import file_name
from app.desks.written import write_noted
from app.field.law_fields import LawField
from app.field.receivers import Receiver, ReceiverKind
from app.report import law_fields, papers_for
from app.report.words import in_beijing
from app.services.watching import Judged

KINDS = ("standard", "summary", "special", "working")
"""The papers to choose from; the last is the print of the query's result, which is no report."""
DRAW_DPI = 110
PRINT_DPI = 300
FIRST_PAGES, MORE_PAGES = 1, 8
"""So many pages are drawn before the paper is shown, and so many at a time behind what is read already."""
Drawn = tuple[Any, ...]


class Draws(Protocol):
    """Pictures of pages at a resolution: `most` of them from page `skip` on, all when `most` is 0."""

    def __call__(self, pdf: bytes, dpi: int, skip: int = 0, most: int = 0) -> Drawn: ...


class SetInParts(Protocol):
    """A paper whose first page can be written before the others (app.services.unsealed)."""

    def first(self) -> bytes: ...
    def whole(self) -> bytes: ...


ITSELF = Receiver("subject")


@dataclass(frozen=True)
class ReportView:
    """`pages` are the drawn pages of `pdf`, which is empty while only the first page of a preview is there;
    `stage` says what kind of paper they are;
    `unnamed`: issuing was tried without the receiver's name."""

    answer: Any = None
    template: str = "standard"
    language: str = "zh_CN"
    large: bool = False
    scope: tuple[tuple[str, str], ...] = ()
    fields: tuple[LawField, ...] = ()
    offers_special: bool = False
    receiver: Receiver = ITSELF
    unnamed: bool = False
    stage: Literal["none", "preview", "issued", "working"] = "none"
    pdf: bytes = b""
    pages: Drawn = ()
    issued: Any = None
    uses: tuple[tuple[str, str], ...] = ()
    online: bool = True
    busy: bool = False
    notice: Notice | None = None

    @property
    def kind(self) -> str:
        """Which of KINDS is chosen."""
        return "working" if self.stage == "working" else self.template

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


def drawn_for_printer(
    draw: Draws, before: Callable[[str], int], number: str, pdf: bytes
) -> tuple[Drawn, int]:
    """Pages at the printer's resolution, and how often the report was put on paper before."""
    return draw(pdf, PRINT_DPI), before(number)


class ReportDesk(Desk[ReportView]):
    """`draw` makes page pictures; it is called in the press lane only."""

    def __init__(
        self,
        client: Any,
        lanes: LanesLike,
        show: Callable[[ReportView], None],
        draw: Draws,
        language: str = "zh_CN",
    ) -> None:
        super().__init__(client, lanes, show, ReportView(language=language))
        self._draw = draw
        self._unfinished: SetInParts | None = None
        self._prints = False

    def open(self, answer: Any, online: bool) -> None:
        """Make the preview of an answer."""
        self.leave()
        self._unfinished = None
        view = self.view
        self.view = ReportView(answer=answer, language=view.language, large=view.large, online=online)
        subject = answer.bundle.subject
        if subject is not None:
            on, ground = in_beijing(answer.bundle.made_at).date(), answer.bundle.basis.type
            self.view = replace(
                self.view,
                offers_special="special" in papers_for(subject.kind, ground, on),
                fields=law_fields(on),
            )
        self.preview()

    def connected(self, online: bool) -> None:
        """Whether the platform answers has become known, or has changed: without it nothing is issued."""
        if online != self.view.online and self.view.answer is not None:
            self.put(online=online)

    def choose(self, kind: str) -> None:
        """Another of KINDS. A special report is drawn by the platform at the issue: there is no preview."""
        if kind == "working":
            self.working_copy()
            return
        if kind == "special" and not self.view.offers_special:
            self.put(notice=Notice("report_page.special_off", (), "warning"))
            return
        self._unfinished = None
        self.put(template=kind, stage="none", pdf=b"", pages=(), issued=None, notice=None)
        self.preview()

    def preview(self) -> None:
        """Draw the watermarked preview; it carries no number."""
        if self.view.answer is None:
            return
        self._prints = False
        if self.view.template == "special":
            self.leave()
            self.put(busy=False, stage="none", pdf=b"", pages=(), notice=None)
            return
        self.put(busy=True, notice=None)
        make = self._paper(self.client.reporting.begin_preview, self.view.template)
        self.ask("press", self._begun, make, then=partial(self._show_first, "preview"), alone=True)

    def _paper(self, job: Callable[..., SetInParts], template: str) -> Callable[[], SetInParts]:
        view = self.view
        return partial(job, view.answer.query_no, view.language, template, large=view.large)

    def _begun(self, make: Callable[[], SetInParts]) -> tuple[SetInParts, Drawn]:
        """In the lane, where the view may already be another subject's: nothing is read from it."""
        paper = make()
        return paper, self._draw(paper.first(), DRAW_DPI)

    def _show_first(self, stage: Literal["preview", "working"], begun: tuple[SetInParts, Drawn]) -> None:
        """The first page is on the screen before the others are written."""
        self._unfinished, pages = begun
        self.put(busy=False, stage=stage, pdf=b"", pages=pages, issued=None)
        self._go_on()

    def _go_on(self) -> None:
        """Write and draw what is not on the screen yet."""
        if self._unfinished is not None:
            job = partial(self._finished, self._unfinished)
            self.ask("press", job, then=self._show_whole, failed=self._not_finished)
        elif self.view.stage in ("preview", "working"):
            self._draw_more()

    def _finished(self, paper: SetInParts) -> tuple[bytes, Drawn]:
        pdf = paper.whole()
        return pdf, self._draw(pdf, DRAW_DPI, FIRST_PAGES, MORE_PAGES)

    def _show_whole(self, made: tuple[bytes, Drawn]) -> None:
        self._unfinished = None
        self.put(pdf=made[0], pages=(*self.view.pages, *made[1]))
        if len(made[1]) == MORE_PAGES:
            self._draw_more()

    def _not_finished(self, notice: Notice) -> None:
        """A paper of which only one page may be shown is none."""
        self._unfinished = None
        self.put(notice=notice, stage="none", pages=())

    def _draw_more(self) -> None:
        """Behind the pages that are shown already; whatever is asked for meanwhile ends it."""
        view = self.view
        self.ask("press", self._draw, view.pdf, DRAW_DPI, len(view.pages), MORE_PAGES, then=self._drew_more)

    def _drew_more(self, pages: Drawn) -> None:
        if pages:
            self.put(pages=(*self.view.pages, *pages))
        if len(pages) == MORE_PAGES:
            self._draw_more()

    def speak(self, language: str) -> None:
        """The language the report is issued in."""
        self.put(language=language)
        self._anew()

    def enlarge(self, large: bool) -> None:
        """In large print, or not."""
        self.put(large=large)
        self._anew()

    def limit(self, start: str, end: str, field: str) -> None:
        """Of which days and which field of law a special report is; an empty text leaves it to the rule."""
        self.put(scope=(("from", start), ("to", end), ("field", field)))

    def _anew(self) -> None:
        """Draw the paper as it was chosen now: what is on the screen is what would be issued. A sealed one
        stays what it is; it is left for a new preview, and is kept among the issued reports."""
        if self._prints:
            self.working_copy()
        else:
            self.put(stage="none", pdf=b"", pages=(), issued=None, notice=None)
            self.preview()

    def hand_to(self, kind: ReceiverKind, name: str) -> None:
        """Who is handed the report."""
        self.put(receiver=Receiver(kind, name), unnamed=False)

    def working_copy(self) -> None:
        """The print of the query's result, marked as a working copy."""
        if self.view.answer is None:
            return
        self._prints = True
        self.put(busy=True, notice=None)
        make = self._paper(self.client.reporting.begin_working_copy, "standard")
        self.ask("press", self._begun, make, then=partial(self._show_first, "working"), alone=True)

    def issue(self) -> None:
        """Have the server issue and seal the report; it is verified before it is shown."""
        if not self.view.can_issue:
            self.put(notice=Notice("report_page.needs_server", (), "warning"))
            return
        if not self.view.receiver.complete():
            self.put(unnamed=True, notice=Notice("problem.receiver-needed", (), "warning"))
            return
        self.put(busy=True, unnamed=False, notice=None)
        view = self.view
        scope = dict(view.scope) if view.template == "special" else {}
        job = partial(self.client.reporting.issue, large=view.large, receiver=view.receiver)
        asked = (view.answer.query_no, view.template, view.language, scope)
        self.ask("wire", job, *asked, then=self._issued, failed=self._not_issued, alone=True)

    def _not_issued(self, notice: Notice) -> None:
        """The preview stays, and what issuing broke off in it goes on."""
        self.told(notice)
        self._go_on()

    def _issued(self, issued: Any) -> None:
        if not issued.verdict.genuine:
            self._not_issued(Notice("report.sign", (), "error", "E-SIGN-001", "not_trusted"))
            return
        self._unfinished = None
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

    def draw_for_printer(self, ready: Callable[[Drawn, int], None]) -> None:
        """Draw the issued file at the printer's resolution; `ready` gets the pages and how often they were
        put on paper before."""
        if self.view.can_leave_house:
            number, pdf = self.view.issued.number, self.view.pdf
            before = self.client.reporting.printed_before
            self.ask(
                "press", drawn_for_printer, self._draw, before, number, pdf, then=lambda made: ready(*made)
            )

    def printed(self, copies: int) -> None:
        """The printer has taken the pages: note it in the ledger."""
        number, pages = self.view.issued.number, len(self.view.pages) * copies
        said = Notice("report.printed", (("pages", pages),), "good")
        job = self.client.reporting.printed
        self.ask("vault", job, number, copies, then=lambda _: self.put(notice=said))

    def tell(self, notice: Notice) -> None:
        self.put(notice=notice)

    def judged(self, now: Judged) -> None:
        """How the answer stands that this paper is drawn from: no page stays of what does not hold. A sealed
        report stays under "My reports", with its state."""
        view = self.view
        if view.answer is not None and view.answer.query_no == now.query_no and now.hold != "holds":
            self.leave()
            self._unfinished = None
            self.view = ReportView(language=view.language, large=view.large, online=view.online)
            self.put(notice=TAKEN[now.hold])

    def suggested_name(self) -> str:
        """A file's name from the texts and the subject's name."""
        subject = self.view.answer.bundle.subject if self.view.answer is not None else None
        name = subject.name if subject is not None else ""
        return file_name(name)
