"""My reports: the list of all that was issued here, and the one that is open. It needs no network."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QStackedWidget, QWidget

from app.desks.desk import Notice
from app.desks.reports_desk import LONGEST_WHY, ReportsDesk, ReportsView
from app.desks.words import last_day, minute, paper_name, report_number, short_number, subject_of
from app.services.issued import STATES
from app.texts import Texts
from ui.look import look
from ui.notices import state_of
from ui.page import Width
from ui.reasoned import Reasoned
from ui.report_reader import ReportReader, state_chip
from ui.sealed_page import SealedPage
from ui.table_rows import Cell, Column, Row
from ui.tables import Table
from ui.verify_tabs import verify_tabs
from ui.widgets.basics import Button, Card, Elided, label, on_click, row, rule
from ui.widgets.chips import ChipFace
from ui.widgets.fields import Choice, SearchField
from ui.widgets.listed import Listed, StatePlace
from ui.widgets.panels import Skeleton, State

FILES = {"here": ("neutral", "check"), "gone": ("neutral", "remove"), "locked": ("warn", "lock")}
TOLD = {"superseded": "report.outdated", "expired": "my_reports.told_expired", "void": "my_reports.told_void"}


class ReportsPage(SealedPage):
    """Beside the verification. `page_wanted` names another page."""

    page_wanted = Signal(str)

    def __init__(self, texts: Texts) -> None:
        say = texts.say
        super().__init__(texts, say("verify_page.title"), say("my_reports.lead"))
        self.desk: ReportsDesk | None = None
        self._view = ReportsView()
        self.question: Reasoned | None = None
        self.back = on_click(Button(say("my_reports.back"), "plain", "back"), self._close)
        self.back.setToolTip("Esc")
        self.ask = on_click(Button(say("my_reports.ask"), "plain", "verification"), self._ask)
        self.void = on_click(Button(say("my_reports.void"), "plain", "refused"), self._begin_void)
        first, *others = self._actions()
        for button in (first, self.void, *others):
            self.tools.addWidget(button)
        self.tabs = verify_tabs(texts, "reports")
        self.tabs.turned.connect(lambda part: self.page_wanted.emit(part) if part != "reports" else None)
        self.body.addWidget(self.tabs)
        self.body.addWidget(self.notice)
        self.inside = QStackedWidget()
        self.reader = ReportReader(texts)
        self.opening = Card("card", (0, 0, 0, 0), 0)
        self._opening = Skeleton()
        self.opening.box.addWidget(self._opening)
        self.state = StatePlace()
        for part in (self._list(), self.reader, self.opening, self.state):
            self.inside.addWidget(part)
        self.body.addWidget(self.inside, 1)
        self.on_keys(
            ("Ctrl+F", self._find), ("Esc", self._close), ("Ctrl+P", self._print),
            ("Delete", self._begin_void),
        )  # fmt: skip
        self.show_view(self._view)

    def _actions(self) -> tuple[QPushButton, ...]:
        return (self.back, self.ask, self.copy_button, self.save_button, self.print_button)

    def _list(self) -> Card:
        say = self.texts.say
        self.words = SearchField(say("my_reports.search"), "search", "filter")
        self.words.setPlaceholderText(say("my_reports.search_hint"))
        self.words.setClearButtonEnabled(True)
        self.words.setFixedWidth(look().px(250))
        self.kind = Choice(say("my_reports.state"))
        self.kind.addItem(say("my_reports.state_all"), "")
        for key in STATES:
            self.kind.addItem(say(f"my_reports.state_{key}"), key)
        self.count = Elided("", "table", "secondary")
        self.count.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        columns = (
            Column(say("my_reports.col_number")),
            Column(say("my_reports.col_subject"), 1),
            Column(say("my_reports.col_issued")),
            Column(say("my_reports.col_until")),
            Column(say("my_reports.col_state")),
            Column(say("my_reports.col_file")),
        )
        self.table = Table(say("my_reports.table"), columns, 52)
        self.listed = Listed(self.table)
        card = Card("card", (1, 1, 1, 1), 0)
        tools, foot = QWidget(), QWidget()
        line = row(self.words, self.kind, self.count, into=tools)
        line.setContentsMargins(16, 10, 14, 10)
        line.setStretchFactor(self.count, 1)
        self.foot = label(say("my_reports.foot"), "caption", "tertiary", wrap=True)
        row(self.foot, into=foot).setContentsMargins(16, 7, 16, 7)
        for widget, stretch in ((tools, 0), (rule(), 0), (self.listed, 1), (rule(), 0), (foot, 0)):
            card.box.addWidget(widget, stretch)
        self.list = card
        return card

    def bind(self, desk: ReportsDesk) -> None:
        """Give the widgets their verbs."""
        self.desk = desk
        self.words.textChanged.connect(desk.narrow)
        self.words.returnPressed.connect(self.table.setFocus)
        self.kind.currentIndexChanged.connect(lambda _: desk.only(str(self.kind.currentData())))
        self.table.opened.connect(desk.open)
        self.table.copied.connect(self.copied.emit)
        self.table.picked.connect(lambda _: self._offer_void())

    def entered(self) -> None:
        if self.desk is not None:
            if not self._view.loaded:
                self.listed.wait()
            self.desk.start()

    def left(self) -> None:
        self.listed.leave()

    def first_focus(self) -> QWidget | None:
        return self.reader.area if self._view.opened is not None else self.words

    def arrange(self, width: Width) -> None:
        super().arrange(width)
        self.reader.arrange(width != "narrow")
        self.table.setMinimumHeight(look().px(34 + 3 * 52))
        self.show_view(self._view)

    def show_view(self, view: ReportsView) -> None:
        before, self._view = self._view, view
        opened, rows = view.opened is not None, view.shown
        self.kind.choose(view.state)
        if view.loaded:
            key = self.table.current_key()
            self.table.fill(
                tuple(self._row(one) for one in rows),
                key,
                self.say("my_reports.table_count", count=len(rows)),
            )
        narrowed = bool(view.words.strip() or view.state)
        self.count.say(self.say(f"my_reports.count{'_found' if narrowed else ''}", count=len(rows)))
        self.foot.setVisible(bool(rows))
        self._what_stands(view, bool(rows), narrowed)
        alone = opened or bool(view.shut)
        for button in self._actions():
            button.setVisible(opened)
        self.subtitle.setVisible(not opened and self.width_mode != "narrow")
        self.copy_button.setVisible(opened and self.width_mode == "full")
        self.save_button.setEnabled(view.can_leave_house)
        self.print_button.setEnabled(view.can_leave_house)
        self.ask.setEnabled(not view.busy)
        self._offer_void()
        self._show_question(view)
        self.notice.tell(None if view.voiding else self._notice(view))
        if opened:
            self.reader.show_report(view)
            if before.opened is None:
                self.reader.area.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.reader.forget()
        if not alone and (before.opened is not None or before.shut):
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _target(self) -> Any:
        """The report that a void would end: the open one, else the chosen row."""
        if self._view.opened is not None:
            return self._view.opened.row
        key = self._view.shut or self.table.current_key()
        return next((one for one in self._view.rows if one.number == key), None)

    def _offer_void(self) -> None:
        target = self._target()
        self.void.setVisible(bool(self._view.rows))
        self.void.setEnabled(target is not None and target.state != "void" and not self._view.busy)

    def _begin_void(self) -> None:
        target = self._target()
        if self.desk is not None and target is not None:
            self.desk.begin_void(target.number)

    def _show_question(self, view: ReportsView) -> None:
        """Asked while the desk wants to know why; what was typed stays until the platform has answered."""
        if not view.voiding:
            if self.question is not None:
                self.question.close_done()
                self.question = None
            return
        if self.question is None:
            self.question = self._void_question(view.voiding)
            self.question.open()
        self.question.tell(view.notice, view.busy)

    def _void_question(self, number: str) -> Reasoned:
        say, row_ = self.say, self._target()
        what = paper_name(self.texts, row_) if row_ is not None else ""
        name = subject_of(self.texts, row_) if row_ is not None else ""
        goes = say("my_reports.void_goes", number=report_number(number), paper=what, name=name)
        made = Reasoned(
            self, self.texts, say("my_reports.void_ask"), (goes,), (say("my_reports.void_stays"),),
            say("my_reports.void_do"), (say("my_reports.void_why"), say("my_reports.void_why_hint")),
            LONGEST_WHY, (say("my_reports.void_comes"),),
        )  # fmt: skip
        made.stated.connect(lambda why: self.desk.void(why) if self.desk is not None else None)
        made.rejected.connect(self._left_void)
        return made

    def _left_void(self) -> None:
        self.question = None
        if self.desk is not None:
            self.desk.leave_void()
        (self.reader.area if self._view.opened is not None else self.table).setFocus()

    def _notice(self, view: ReportsView) -> Notice | None:
        """What was just said; else, of an open report, what it is by now. Never which record changed."""
        if view.notice is not None and not view.loaded:
            return None
        if view.notice is None and view.opened is not None and view.opened.row.state in TOLD:
            return Notice(TOLD[view.opened.row.state], (), "warning")
        return view.notice

    def _what_stands(self, view: ReportsView, some: bool, narrowed: bool) -> None:
        """List, opened report, skeleton, or a state in place of one of them."""
        if view.opened is not None:
            self.inside.setCurrentWidget(self.reader)
        elif view.why is not None:
            why = view.why
            self.state.tell((view.shut, why), lambda: self._shut_state(why))
            self.inside.setCurrentWidget(self.state)
        elif view.busy and view.loaded:
            if self.inside.currentWidget() is not self.opening:
                self.inside.setCurrentWidget(self.opening)
                self._opening.begin()
        else:
            self.inside.setCurrentWidget(self.list)
        if not view.busy:
            self._opening.end()
        unread = view.notice is not None and not view.loaded
        if view.loaded and some:
            self.listed.show_rows()
        elif view.loaded or unread:
            wrong = view.notice if unread else None
            self.listed.show_why_none((wrong, narrowed), lambda: self._empty_state(wrong, narrowed))

    def _shut_state(self, why: Notice) -> State:
        say = self.say
        query = (say("my_reports.query_again"), lambda: self.page_wanted.emit("home"))
        back = (say("my_reports.back"), self._close)
        ask = (say("my_reports.ask"), self._ask)
        return state_of(self.texts, why, (query, ask, back) if why.code == "report.erased" else (back,))

    def _empty_state(self, wrong: Notice | None, narrowed: bool) -> State:
        say = self.say
        if wrong is not None:
            made = state_of(self.texts, wrong, ((say("shell.retry"), self.entered),))
        elif narrowed:
            clear = ((say("my_reports.clear"), self.clear),)
            why = say("my_reports.none_found_why")
            made = State("filter", "neutral", say("my_reports.none_found"), why, clear)
        else:
            query = ((say("my_reports.to_query"), lambda: self.page_wanted.emit("home")),)
            why = say("my_reports.empty_why")
            made = State("verification", "neutral", say("my_reports.empty"), why, query)
        return made

    def _row(self, one: Any) -> Row:
        tone, icon = FILES[one.file]
        cells = (
            Cell(short_number(one.number), one.query_no, strong=True),
            Cell(subject_of(self.texts, one), paper_name(self.texts, one)),
            Cell(minute(one.issued_at), tone="textSecondary"),
            Cell(last_day(one.valid_until, self.texts), tone="textSecondary"),
            Cell("", chip=state_chip(one.state, self.texts)),
            Cell("", chip=ChipFace(self.say(f"my_reports.file_{one.file}"), tone, icon)),
        )
        return Row(one.number, cells, one.number)

    def clear(self) -> None:
        """Show all reports again."""
        self.words.clear()
        if self.desk is not None and self._view.state:
            self.desk.only("")
        self.words.setFocus()

    def _find(self) -> None:
        if self._view.opened is None:
            self.words.setFocus()
            self.words.selectAll()

    def _close(self) -> None:
        if self.desk is not None and (self._view.opened is not None or self._view.shut):
            self.desk.close()

    def _ask(self) -> None:
        if self.desk is not None:
            self.desk.check()
