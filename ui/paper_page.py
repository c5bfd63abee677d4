"""A sealed paper that has no preview: what it will be at the left, the platform's pages at the right."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from app.desks.desk import Notice
from app.desks.paper_desk import PaperDesk, PaperView, Source, Wanted
from app.desks.words import digests, minute, report_number, second
from app.texts import Texts
from ui.issuing_page import IssuingPage
from ui.look import look
from ui.page import Width
from ui.paper_fields import language_choice, period_fields
from ui.widgets.basics import Button, Card, column, label, on_click, rule
from ui.widgets.columns import hold_width, stand
from ui.widgets.fields import Choice, Labelled
from ui.widgets.panels import Facts


class PaperPage(IssuingPage):
    """Issuing has the platform draw up and seal it; printing and saving take only what it sealed.

    `issued_wanted` names a report that was issued before.
    """

    issued_wanted = Signal(str)

    def __init__(self, texts: Texts) -> None:
        super().__init__(texts, texts.say("sealed_paper.title"))
        self.desk: PaperDesk | None = None
        self._offered: object = None
        for button in (self.issue_button, self.copy_button, self.save_button, self.print_button):
            self.tools.addWidget(button)
        self._side = self._choices()
        self._stand(self._side, self.ground)

    def _choices(self) -> Card:
        say = self.texts.say
        card = Card("card", (16, 14, 16, 14), 10)
        self.facts = Facts(72)
        self.source = Choice(say("sealed_paper.source"))
        self._source = Labelled(say("sealed_paper.source"), self.source)
        self.lines = QLineEdit()
        self.lines.setAccessibleName(say("sealed_paper.lines"))
        self._lines = Labelled(say("sealed_paper.lines"), self.lines, say("sealed_paper.lines_hint"))
        days = period_fields(self.texts)
        self.start, self.end = days.values()
        self._days = QWidget()
        column(
            *(Labelled(say(f"report_page.{name}"), day) for name, day in days.items()),
            gap=6,
            into=self._days,
        )
        for day in days.values():
            day.textChanged.connect(lambda _: self._spanned())
        self.language = language_choice(self.texts)
        self._language = Labelled(say("report_page.language"), self.language)
        self.before = label("", "caption", "secondary", wrap=True)
        self.open_before = on_click(Button(say("sealed_paper.open_before"), "link"), self._open_before)
        for part in (
            self.facts, rule(), self._source, self._lines, self._days, self._language, self.receiver,
            self.before, self.open_before,
        ):  # fmt: skip
            card.box.addWidget(part)
        card.box.addStretch(1)
        return card

    def _spanned(self) -> None:
        if self.desk is not None:
            self.desk.span(self.start.text(), self.end.text())

    def bind(self, desk: PaperDesk) -> None:
        """Give the widgets their verbs."""
        self.desk = desk
        on_click(self.issue_button, desk.issue)
        self.source.activated.connect(desk.take)
        self.lines.textChanged.connect(desk.limit)
        self.language.activated.connect(lambda _: desk.speak(str(self.language.currentData())))
        self.receiver.changed.connect(desk.hand_to)

    def arrange(self, width: Width) -> None:
        super().arrange(width)
        narrow = width == "narrow"
        stand(self._columns, not narrow)
        self.ground.setMinimumHeight(look().px(420 if narrow else 300))
        hold_width(self._side, 0 if narrow else look().px(300))

    def first_focus(self) -> QWidget | None:
        if self.desk is not None and self.desk.view.issued is not None:
            return self.print_button
        return self.receiver.name if self._names() else self.issue_button

    def _names(self) -> bool:
        """Whether somebody has to be named before anything can be done."""
        return self.desk is not None and not self.desk.view.receiver.complete()

    def show_view(self, view: PaperView) -> None:
        say, wanted = self.texts.say, view.wanted
        if wanted is None or view.source is None:
            return
        self.title.setText(say(f"report_page.kind_{wanted.template}"))
        self.subtitle.say(wanted.about)
        told = view.notice if view.notice is not None and view.notice.level in ("warning", "error") else None
        if told is None and not view.online and view.issued is None:
            told = Notice("sealed_paper.needs_server", (), "warning")
        self.notice.tell(told)
        issued, open_ = view.issued is not None, view.issued is None and not view.busy
        self._show_tools(view, issued, "" if view.online else say("sealed_paper.needs_server"))
        name = say("report_page.pages_of", count=len(view.pages), name=wanted.about)
        self.ground.show_pages(view.pages, name, view.busy, say(f"sealed_paper.unseen_{wanted.template}"))
        self._show_choices(view, wanted, open_)
        self._show_facts(view, wanted, view.source)
        self._lead("issued" if view.can_leave_house else "none", self.print_button, self._side)

    def _show_choices(self, view: PaperView, wanted: Wanted, open_: bool) -> None:
        say = self.texts.say
        if wanted is not self._offered:
            self._offered = wanted
            self.source.clear()
            for one in wanted.sources:
                self.source.addItem(say("sealed_paper.source_of", number=one.number, count=len(one.lines)))
        self.source.setCurrentIndex(view.place)
        self._source.setVisible(len(wanted.sources) > 1)
        self._lines.setVisible(wanted.template == "screening")
        if self.lines.text().strip() != view.lines:
            self.lines.setText(view.lines)
        self._days.setVisible(wanted.template == "looks")
        for day, text in ((self.start, view.start), (self.end, view.end)):
            if day.text().strip() != text:
                day.blockSignals(True)
                day.setText(text)
                day.blockSignals(False)
        self.language.choose(view.language)
        for field in (self.source, self.lines, self.start, self.end, self.language):
            field.setEnabled(open_)
        self._show_receiver(view, open_)
        known = view.before[0] if view.before else None
        self.before.setVisible(known is not None)
        self.open_before.setVisible(known is not None and known.file == "here")
        if known is not None:
            self.before.setText(
                say("sealed_paper.before", number=report_number(known.number), at=minute(known.issued_at))
            )

    def _show_facts(self, view: PaperView, wanted: Wanted, source: Source) -> None:
        say = self.texts.say
        number = say("report_page.number")
        said = report_number(view.issued.number) if view.issued is not None else say("report_page.no_number")
        facts = [(number, said), (say(f"sealed_paper.from_{wanted.template}"), source.number),
                 (say(f"sealed_paper.about_{wanted.template}"), wanted.about)]  # fmt: skip
        if wanted.template == "screening":
            said = say("sealed_paper.most", units=len(source.lines), most=wanted.most)
            facts.append((say("sealed_paper.units"), said))
        if view.issued is not None:
            facts.append((say("sealed_paper.issued_at"), second(view.issued.issued_at)))
            facts += digests(view.issued.document_sha256, view.issued.pdf_sha256, self.texts)
        self.facts.say(facts, frozenset({number}))

    def _open_before(self) -> None:
        if self.desk is not None and self.desk.view.before:
            self.issued_wanted.emit(self.desk.view.before[0].number)
