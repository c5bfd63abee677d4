"""The report: preview first, then the official file from the server; print and save leave a trace."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Literal, Protocol

from app.desks.desk import LanesLike, Notice
from app.desks.issuing_desk import IssuingDesk, IssuingView
from app.desks.sealed_desk import DRAW_DPI, Drawn, Draws
from app.desks.subject_desk import TAKEN
from app.desks.words import file_name
from app.field.law_fields import LawField
from app.report import law_fields, papers_for
from app.report.words import in_beijing
from app.services.watching import Judged

KINDS = ("standard", "summary", "special", "working")
"""The papers to choose from; the last is the print of the query's result, which is no report."""
FIRST_PAGES, MORE_PAGES = 1, 8
"""So many pages are drawn before the paper is shown, and so many at a time behind what is read already."""


class SetInParts(Protocol):
    """A paper whose first page can be written before the others (app.services.unsealed)."""

    def first(self) -> bytes: ...
    def whole(self) -> bytes: ...


@dataclass(frozen=True)
class ReportView(IssuingView):
    """`pages` are the drawn pages of `pdf`, which is empty while only the first page of a preview is there;
    `stage` says what kind of paper they are."""

    answer: Any = None
    template: str = "standard"
    large: bool = False
    scope: tuple[tuple[str, str], ...] = ()
    fields: tuple[LawField, ...] = ()
    offers_special: bool = False
    stage: Literal["none", "preview", "issued", "working"] = "none"
    pdf: bytes = b""
    uses: tuple[tuple[str, str], ...] = ()

    @property
    def kind(self) -> str:
        """Which of KINDS is chosen."""
        return "working" if self.stage == "working" else self.template

    @property
    def can_issue(self) -> bool:
        return super().can_issue and self.answer is not None and self.answer.source == "server"

    @property
    def can_leave_house(self) -> bool:
        """What was issued, once it is what is on the screen."""
        return self.stage == "issued" and super().can_leave_house


class ReportDesk(IssuingDesk[ReportView]):
    """The preview comes first; what it was drawn from may be withdrawn."""

    needs_server = "report_page.needs_server"

    def __init__(
        self,
        client: Any,
        lanes: LanesLike,
        show: Callable[[ReportView], None],
        draw: Draws,
        language: str = "zh_CN",
    ) -> None:
        super().__init__(client, lanes, show, draw, ReportView(language=language))
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
        if self.view.answer is not None:
            super().connected(online)

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

    def working_copy(self) -> None:
        """The print of the query's result, marked as a working copy."""
        if self.view.answer is None:
            return
        self._prints = True
        self.put(busy=True, notice=None)
        make = self._paper(self.client.reporting.begin_working_copy, "standard")
        self.ask("press", self._begun, make, then=partial(self._show_first, "working"), alone=True)

    def issue(self) -> None:
        if not self.view.can_issue:
            self.put(notice=Notice(self.needs_server, (), "warning"))
            return
        if not self._is_handed_to_somebody():
            return
        view = self.view
        scope = dict(view.scope) if view.template == "special" else {}
        self._send(view.answer.query_no, view.template, scope, large=view.large)

    def _not_issued(self, notice: Notice) -> None:
        """The preview stays, and what issuing broke off in it goes on."""
        self.told(notice)
        self._go_on()

    def _issued(self, issued: Any, **changes: Any) -> None:
        self._unfinished = None
        super()._issued(issued, uses=(*self.view.uses, (issued.issued_at, "issue")), **changes)

    def _drawn(self, pages: Drawn) -> None:
        self.put(busy=False, stage="issued", pdf=self.view.issued.pdf, pages=pages)

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
