"""The report: template and sections at the left, real pages in the middle, number and seal at the right."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from app.desks.paper_desk import statement_of
from app.desks.report_desk import ReportDesk, ReportView
from app.desks.subject_view import tabs
from app.desks.words import digests, joined, last_day, minute, report_number, second, short_minute, size_of
from app.field.shown import read_shown
from app.texts import Texts
from ui.issuing_page import IssuingPage
from ui.look import look
from ui.page import Width
from ui.report_choice import ReportChoice
from ui.sheets import ZOOMS
from ui.widgets.basics import Button, Card, Mark, column, empty_out, label, on_click, retone, row, rule
from ui.widgets.columns import hold_width, stand
from ui.widgets.fields import Choice
from ui.widgets.panels import Facts


class ReportPage(IssuingPage):
    """Preview first; issuing has the server seal; printing and saving take only what it sealed."""

    back_wanted = Signal()
    paper_wanted = Signal(object)

    def __init__(self, texts: Texts) -> None:
        super().__init__(texts, texts.say("report_page.title"))
        say = texts.say
        self.desk: ReportDesk | None = None
        self.body.setContentsMargins(24, 16, 24, 16)
        self.where = label("", "table", "secondary")
        self.zoom = Choice(say("report_page.zoom"))
        for percent in ZOOMS:
            self.zoom.addItem(say("report_page.fit") if not percent else f"{percent}%", percent)
        self.zoom.activated.connect(lambda _: self.ground.area.sheets.zoom(int(self.zoom.currentData())))
        line = rule(upright=True)
        line.setFixedHeight(24)
        for part in (
            self.where,
            self.zoom,
            line,
            self.issue_button,
            self.copy_button,
            self.save_button,
            self.print_button,
        ):
            self.tools.addWidget(part)
        self.ground.area.verticalScrollBar().valueChanged.connect(self._scrolled)
        self.ground.setMinimumHeight(look().px(300))
        self._left, self._right = self._left_card(), self._right_card()
        self._stand(self._left, self.ground, self._right)
        self._named: list[str] = []

    def _left_card(self) -> Card:
        card = Card("card", (16, 14, 16, 14), 8)
        say = self.texts.say
        self.choice = ReportChoice(self.texts)
        card.box.addWidget(self.choice)
        self.statement = on_click(Button(say("report_page.kind_looks"), "link"), self._statement)
        self.statement.setToolTip(say("sealed_paper.looks_why"))
        card.box.addWidget(self.statement)
        card.box.addSpacing(6)
        card.box.addWidget(label(say("report_page.sections"), "strong"))
        self._sections = QVBoxLayout()
        self._sections.setSpacing(7)
        card.box.addLayout(self._sections)
        card.box.addWidget(label(say("report_page.sections_fixed"), "caption", "tertiary", wrap=True))
        card.box.addStretch(1)
        card.setFixedWidth(236)
        return card

    def _right_card(self) -> Card:
        card = Card("card", (16, 14, 16, 14), 12)
        self.seal = Card("info", (12, 10, 12, 10), 12, row=True)
        self._seal_mark = Mark("info", "info", 20)
        self._seal_title = label("", "smallstrong", "info", wrap=True)
        self._seal_more = label("", "caption", "secondary", wrap=True)
        self.seal.box.addWidget(self._seal_mark)
        self.seal.box.addLayout(column(self._seal_title, self._seal_more, gap=2), 1)
        self.facts = Facts(72)
        self._uses = Facts(52)
        info = Card("info", (12, 10, 12, 10), 4)
        head = row(
            Mark("info", "info", 18), label(self.say("report_page.trace"), "strong", "text", wrap=True), gap=8
        )
        info.box.addLayout(head)
        info.box.addWidget(label(self.say("report_page.trace_more"), "caption", "secondary", wrap=True))
        for part in (
            self.seal,
            self.receiver,
            self.facts,
            rule(),
            label(self.say("report_page.uses"), "strong"),
            self._uses,
        ):
            card.box.addWidget(part)
        card.box.addStretch(1)
        card.box.addWidget(info)
        card.setFixedWidth(276)
        return card

    def bind(self, desk: ReportDesk) -> None:
        """Give the widgets their verbs."""
        self.desk = desk
        on_click(self.issue_button, desk.issue)
        self.choice.kind_chosen.connect(desk.choose)
        self.choice.language_chosen.connect(desk.speak)
        self.choice.large_chosen.connect(desk.enlarge)
        self.choice.scope_chosen.connect(desk.limit)
        self.receiver.changed.connect(desk.hand_to)

    def arrange(self, width: Width) -> None:
        super().arrange(width)
        beside = width != "narrow"
        stand(self._columns, beside)
        self._columns.removeWidget(self._left)  # below each other the pages come before the choices
        self._columns.insertWidget(0 if beside else self._columns.count(), self._left)
        self.ground.setMinimumHeight(look().px(300 if beside else 420))
        hold_width(self._left, look().px({"full": 236, "medium": 200}.get(width, 0)))
        hold_width(self._right, look().px({"full": 276, "medium": 232}.get(width, 0)))
        self.where.setVisible(width == "full")
        self.subtitle.setVisible(width == "full")
        self.copy_button.setVisible(width != "narrow" and self.print_button.isVisibleTo(self))

    def first_focus(self) -> QWidget | None:
        view = self.desk.view if self.desk is not None else None
        following = self._following(view) if view is not None and not view.busy else None
        return following if following is not None and following.isEnabled() else self._pages_of(view)

    def _show_none(self, view: ReportView) -> None:
        """No paper: what it was drawn from does not hold any more."""
        self.subtitle.say("")
        self.notice.tell(view.notice)
        for button in (self.issue_button, self.print_button, self.save_button, self.copy_button):
            button.setEnabled(False)
        self.ground.show_pages((), "")

    def show_view(self, view: ReportView) -> None:
        say = self.texts.say
        bundle = view.answer.bundle if view.answer is not None else None
        if bundle is None or bundle.subject is None:
            self._show_none(view)
            return
        self.subtitle.say(bundle.subject.name)
        self.notice.tell(
            view.notice if view.notice is not None and view.notice.level in ("warning", "error") else None
        )
        issued = view.stage == "issued"
        self._show_tools(view, issued, "" if view.can_issue else say("report_page.needs_server"))
        self.copy_button.setVisible(issued and self.width_mode != "narrow")
        self.choice.show_view(view)
        self.statement.setVisible(statement_of(view.answer) is not None)
        self._show_receiver(view, not issued and not view.busy)
        count = len(view.pages)
        name = say("report_page.pages_of", count=count, name=bundle.subject.name)
        unseen = say("report_page.special_unseen") if view.template == "special" else ""
        self.ground.show_pages(view.pages, name, view.busy, unseen)
        self._scrolled()
        self._show_sections(view)
        self._show_seal(view)
        facts = [
            (
                say("report_page.number"),
                report_number(view.issued.number) if issued else say("report_page.no_number"),
            ),
            (
                say("report_page.purpose"),
                joined(
                    bundle.purpose.en if self.texts.language == "en" else bundle.purpose.zh, bundle.case_no
                ),
            ),
        ]
        seen = read_shown(bundle.basis.ref) if bundle.basis.type == "own" else None
        if seen is not None:
            document = say(f"paper_document.{seen.kind}")
            ground = say("paper_cover.basis_shown", document=document, number=seen.masked)
            facts.append((say("report_page.letter"), ground))
        elif bundle.basis.ref:
            until = say("home.letter_until", date=bundle.basis.until) if bundle.basis.until else ""
            facts.append((say("report_page.letter"), joined(bundle.basis.ref, until)))
        facts.append((say("report_page.as_of"), minute(bundle.as_of)))
        if issued:
            facts.append((say("report_page.valid_until"), last_day(view.issued.valid_until, self.texts)))
            facts += digests(view.issued.document_sha256, view.issued.pdf_sha256, self.texts)
        if view.pdf:
            facts.append(
                (
                    say("report_page.size"),
                    say("report_page.pages_size", count=count, size=size_of(len(view.pdf))),
                )
            )
        self.facts.say(facts, frozenset({say("report_page.number")}))
        self._uses.say([(short_minute(at)[-5:], say(f"report_page.use_{kind}")) for at, kind in view.uses])
        if not view.busy:
            self._lead(view.stage, self._following(view), self._left, self._right)
        elif view.stage == "none":
            self._led = ""  # another paper comes up

    def _following(self, view: ReportView) -> QPushButton | None:
        """What is done next: where there is nothing to see and nothing to issue, another paper is chosen."""
        unseen = self.issue_button if view.kind == "special" else self.choice.kinds[view.kind]
        next_ = {"none": unseen, "preview": self.issue_button, "issued": self.print_button}
        return next_.get(view.stage)

    def _show_seal(self, view: ReportView) -> None:
        say = self.texts.say
        faces = {
            "issued": ("good", "safe-filled", "good", "report_page.sealed", ""),
            "working": ("warn", "attention", "warn", "report_page.is_working", "report_page.is_working_more"),
        }
        cls, icon, tone, title, more = faces.get(
            view.stage, ("info", "info", "info", "report_page.is_preview", "report_page.is_preview_more")
        )
        retone(self.seal, cls=cls)
        self._seal_mark.draw(icon, tone)
        retone(self._seal_title, tone=tone)
        self._seal_title.setText(say(title))
        self._seal_more.setText(
            say("report_page.sealed_at", time=second(view.issued.issued_at)) if not more else say(more)
        )

    def _show_sections(self, view: ReportView) -> None:
        names = [
            self.say("report_page.section_identity"),
            self.say("report_page.section_lists"),
            self.say("report_page.section_summary"),
        ]
        if view.kind == "special":
            names = [self.say("report_page.sections_special")]
        for key, count in tabs(view.answer.bundle) if view.kind in ("standard", "working") else ():
            if count and key not in ("all", "lists"):
                names.append(
                    self.say("report_page.section_count", name=self.say(f"subject.tab_{key}"), count=count)
                )
        if names == self._named:
            return
        self._named = names
        empty_out(self._sections)
        for name in names:
            self._sections.addLayout(
                row(Mark("check", "accentText", 16), label(name, "table", wrap=True), gap=8)
            )

    def _scrolled(self, value: int = 0) -> None:
        view = self.desk.view if self.desk is not None else None
        count = len(view.pages) if view is not None else 0
        area = self.ground.area
        middle = area.verticalScrollBar().value() + area.viewport().height() // 2
        here = area.sheets.page_at(middle) if count else 0
        self.where.setText(self.say("report_page.page_of", page=here, count=count) if count else "")

    def _statement(self) -> None:
        wanted = statement_of(self.desk.view.answer) if self.desk is not None else None
        if wanted is not None:
            self.paper_wanted.emit(wanted)
