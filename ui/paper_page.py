"""A sealed paper that has no preview: what it will be at the left, the platform's pages at the right."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QBoxLayout, QHBoxLayout, QLineEdit, QWidget

from app.desks.desk import Notice
from app.desks.paper_desk import PaperDesk, PaperView, Source, Wanted
from app.desks.words import digests, minute, report_number, second
from app.texts import Texts
from ui import printing
from ui.look import look
from ui.notices import Inline
from ui.page import Page, Width
from ui.receiver_form import ReceiverForm
from ui.sheets import Reading, Sheets
from ui.widgets.basics import Button, Card, column, label, on_click, rule
from ui.widgets.fields import Choice, Labelled
from ui.widgets.panels import Facts, Skeleton


class PaperPage(Page):
    """Issuing has the platform draw up and seal it; printing and saving take only what it sealed.

    `issued_wanted` names a report that was issued before.
    """

    issued_wanted = Signal(str)

    def __init__(self, texts: Texts) -> None:
        super().__init__(texts, texts.say("sealed_paper.title"), strip=True)
        say = texts.say
        self.desk: PaperDesk | None = None
        self._led = False
        self._offered: object = None
        self.issue_button = Button(say("report_page.issue"), "primary", "signature")
        self.copy_button = on_click(Button(say("report_page.copy_number"), "plain", "copy"), self._copy)
        self.save_button = on_click(Button(say("report_page.save"), "plain", "save"), self._save)
        self.print_button = on_click(Button(say("report_page.print"), "primary", "print"), self._print)
        for button in (self.issue_button, self.copy_button, self.save_button, self.print_button):
            self.tools.addWidget(button)
        self.notice = Inline(texts)
        self.sheets = Sheets()
        self.area = Reading()
        self.area.setWidgetResizable(True)
        self.area.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.area.setAccessibleName(say("report_page.pages"))
        self.area.setWidget(self.sheets)
        self.sheets.setAutoFillBackground(False)
        self.area.viewport().setAutoFillBackground(False)
        self.unseen = label("", "body", "secondary", wrap=True)
        self.unseen.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.unseen.setContentsMargins(32, 32, 32, 32)
        self.skeleton = Skeleton()
        ground = Card("desk", (0, 0, 0, 0), 0)
        for part in (self.unseen, self.skeleton):
            ground.box.addWidget(part)
        ground.box.addWidget(self.area, 1)
        self._ground = ground
        self._side = self._choices()
        self._columns: QBoxLayout = QHBoxLayout()
        self._columns.setSpacing(16)
        self._columns.addWidget(self._side)
        self._columns.addWidget(ground, 1)
        self.body.addWidget(self.notice)
        self.body.addLayout(self._columns, 1)
        for keys, act in (("Ctrl+P", self._issue_or_print), ("Ctrl+S", self._save)):
            QShortcut(QKeySequence(keys), self, act, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)

    def _choices(self) -> Card:
        say = self.texts.say
        card = Card("card", (16, 14, 16, 14), 10)
        self.facts = Facts(72)
        self.source = Choice(say("sealed_paper.source"))
        self._source = Labelled(say("sealed_paper.source"), self.source)
        self.lines = QLineEdit()
        self.lines.setAccessibleName(say("sealed_paper.lines"))
        self._lines = Labelled(say("sealed_paper.lines"), self.lines, say("sealed_paper.lines_hint"))
        self.start, self.end = (self._day(name) for name in ("period_from", "period_to"))
        self._days = QWidget()
        column(
            *(
                Labelled(say(f"report_page.{name}"), field)
                for name, field in (("period_from", self.start), ("period_to", self.end))
            ),
            gap=6,
            into=self._days,
        )
        self.language = Choice(say("report_page.language"))
        for key in ("zh_CN", "en"):
            self.language.addItem(say(f"report_page.language_{key}"), key)
        self._language = Labelled(say("report_page.language"), self.language)
        self.receiver = ReceiverForm(self.texts)
        self.before = label("", "caption", "secondary", wrap=True)
        self.open_before = on_click(Button(say("sealed_paper.open_before"), "link"), self._open_before)
        for part in (
            self.facts, rule(), self._source, self._lines, self._days, self._language, self.receiver,
            self.before, self.open_before,
        ):  # fmt: skip
            card.box.addWidget(part)
        card.box.addStretch(1)
        card.setFixedWidth(300)
        return card

    def _day(self, name: str) -> QLineEdit:
        field = QLineEdit()
        field.setPlaceholderText(self.say(f"report_page.{name}_hint"))
        field.setAccessibleName(self.say(f"report_page.{name}"))
        field.setMaxLength(10)
        field.textChanged.connect(lambda _: self._spanned())
        return field

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

    def connected(self, online: bool) -> None:
        if self.desk is not None:
            self.desk.connected(online)

    def arrange(self, width: Width) -> None:
        super().arrange(width)
        narrow = width == "narrow"
        way = QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight
        self._columns.setDirection(way)
        self._ground.setMinimumHeight(look().px(420 if narrow else 300))
        self._side.setMinimumWidth(0 if narrow else 300)
        self._side.setMaximumWidth(16777215 if narrow else 300)

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
        self.issue_button.setVisible(not issued)
        self.issue_button.setEnabled(view.can_issue)
        self.issue_button.setToolTip("" if view.online else say("sealed_paper.needs_server"))
        for button in (self.copy_button, self.save_button, self.print_button):
            button.setVisible(issued)
            button.setEnabled(view.can_leave_house)
        self.unseen.setText(say(f"sealed_paper.unseen_{wanted.template}"))
        self.unseen.setVisible(not view.pages and not view.busy)
        self.skeleton.setVisible(view.busy and not view.pages)
        if view.busy and not view.pages:
            self.skeleton.begin()
        self.area.setVisible(bool(view.pages))
        if view.pages is not self.sheets._pages:
            name = say("report_page.pages_of", count=len(view.pages), name=wanted.about)
            self.sheets.show_pages(view.pages, name)
        self._show_choices(view, wanted, open_)
        self._show_facts(view, wanted, view.source)
        self._lead(view)

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
        to = view.receiver
        self.receiver.show_receiver(to.kind, to.name, missing=view.unnamed, open_=open_)
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

    def _lead(self, view: PaperView) -> None:
        """Once the pages are there the focus goes to what is done with them, not away from who chooses."""
        if not view.can_leave_house or self._led:
            self._led = view.can_leave_house
            return
        self._led = True
        here = QApplication.focusWidget()
        if self.isVisible() and not (here is not None and self._side.isAncestorOf(here)):
            self.print_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _issue_or_print(self) -> None:
        if self.desk is None:
            return
        if self.desk.view.can_leave_house:
            self._print()
        else:
            self.desk.issue()

    def _open_before(self) -> None:
        if self.desk is not None and self.desk.view.before:
            self.issued_wanted.emit(self.desk.view.before[0].number)

    def _copy(self) -> None:
        if self.desk is not None and self.desk.view.issued is not None:
            self.copied.emit(self.desk.view.issued.number)

    def _save(self) -> None:
        if self.desk is None or not self.desk.view.can_leave_house:
            return
        desk, number = self.desk, self.desk.view.issued.number
        path = printing.choose_file(self, self.texts, desk.suggested_name(), number)
        if path is not None:
            desk.save(path)

    def _print(self) -> None:
        if self.desk is not None and self.desk.view.can_leave_house:
            printing.print_sealed(self, self.texts, self.desk, self.desk.view.issued.number)
