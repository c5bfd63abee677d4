"""Batch screening: a list is dropped, mapped, asked about while watched, settled, exported. One page."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QApplication,
    QBoxLayout,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QStackedWidget,
    QWidget,
)

from app.desks.desk import Notice
from app.desks.paper_desk import can_certify, certificate_of
from app.desks.screening_desk import ScreeningDesk
from app.desks.screening_sheet import masked_cell
from app.desks.screening_view import FILTERS, ScreeningView
from app.field.beijing import BEIJING
from app.services.task_rows import TaskLine
from app.texts import Texts
from ui.look import look
from ui.notices import Inline, state_of
from ui.page import Page, Width
from ui.parts import Parts
from ui.screening_map import MapPanel
from ui.screening_rows import aside_columns, aside_row, columns, row_of
from ui.screening_run import RunCard
from ui.screening_side import Side
from ui.screening_start import StartPanel
from ui.table_rows import Lines, Row
from ui.tables import Table
from ui.widgets.basics import Button, Card, column, empty_out, on_click, row, rule
from ui.widgets.chips import Chip
from ui.widgets.confirm import Confirm
from ui.widgets.fields import SearchField
from ui.widgets.flow import Segments
from ui.widgets.panels import State

ALWAYS = ("serious", "attention", "similar")
NOT_COUNTED = ("queued", "aside", "otherwise", "changed")  # no results, or counted as one already
IN_CARD = ("none", "honour", "queued")  # these filter from the card above


class ScreeningPage(Page):
    """`page_wanted` names another page, `paper_wanted` carries the certificate that is wished for."""

    page_wanted = Signal(str)
    paper_wanted = Signal(object)

    def __init__(self, texts: Texts) -> None:
        super().__init__(texts, texts.say("screening_page.title"), texts.say("screening_page.lead"))
        say = texts.say
        self.desk: ScreeningDesk | None = None
        self._view, self._online = ScreeningView(), True
        self._told: Notice | None = None
        self._led: object = None
        self._ran = False
        self._faces: tuple[tuple[str, str], ...] = ()
        self._rows: dict[object, Row] = {}
        self._shown: tuple[TaskLine, ...] = ()
        self._lines = self._rows_for(())
        self._rows_of = ""
        self.question: Confirm | None = None
        self.chip = Chip("", "info", "purpose")
        self.head.insertWidget(3, self.chip)
        self.head.setStretchFactor(self.subtitle, 0)
        self.again = on_click(
            Button(say("screening_page.again"), "plain", "retry"), lambda: self._do("again")
        )
        self.again.setToolTip(say("screening_page.again_why"))
        self.export = on_click(Button(say("screening_page.export"), "plain", "export"), self.ask_export)
        self.certify = on_click(
            Button(say("screening_page.certify"), "plain", "signature"), self._certificate
        )
        self.certify.setToolTip(say("screening_page.certify_why"))
        self.new = on_click(Button(say("screening_page.new"), "plain", "add"), lambda: self._do("to_start"))
        for button in (self.again, self.certify, self.export, self.new):
            self.tools.addWidget(button)
        self.notice = Inline(texts)
        self.resume = Inline(texts)
        self.go_on = on_click(Button(say("screening_page.resume"), "plain", "play"), self._resume_last)
        self.resume.box.addWidget(self.go_on)
        self.body.addWidget(self.notice)
        self.body.addWidget(self.resume)
        self.start, self.map = StartPanel(texts), MapPanel(texts)
        self.task = QWidget()
        self.whole = QWidget()
        self._whole = row(into=self.whole)
        self._task()
        parts = (self.start, self.map, self.task, self.whole)
        for part in parts:
            self.body.addWidget(part, 1)
        self._parts = Parts(self, parts)
        for keys, act in (
            ("Ctrl+E", self.ask_export),
            ("Ctrl+F", self._find),
            ("Ctrl+P", self._certificate),
            ("Ctrl+O", self.start.drop.choose),
        ):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)
        self.setAcceptDrops(False)
        self.show_view(self._view)

    def _task(self) -> None:
        say = self.texts.say
        self.run = RunCard(self.texts)
        self.words = SearchField(say("screening_page.search_name"), "search", "filter")
        self.words.setPlaceholderText(say("screening_page.search"))
        self.words.setClearButtonEnabled(True)
        self.words.setMinimumWidth(look().px(190))
        self.filters = Segments(say("screening_page.filters"))
        self.table = Table(say("screening_page.title"), columns(self.texts))
        self.aside = Table(say("screening_page.flaws"), aside_columns(self.texts))
        self.nothing = QWidget()
        self._nothing = row(into=self.nothing)
        self.inside = QStackedWidget()
        for part in (self.table, self.aside, self.nothing):
            self.inside.addWidget(part)
        card = Card("card", (1, 1, 1, 1), 0)
        tools = QWidget()
        line = row(self.words, self.filters, gap=8, into=tools)
        line.setContentsMargins(14, 10, 14, 10)
        line.setStretch(1, 1)
        for one in (tools, rule(), self.inside):
            card.box.addWidget(one, 1 if one is self.inside else 0)
        self.side = Side(self.texts)
        self._panes: QBoxLayout = QHBoxLayout()
        self._panes.setSpacing(14)
        self._panes.addWidget(card, 1)
        self._panes.addWidget(self.side)
        column(self.run, self._panes, gap=12, into=self.task)

    def bind(self, desk: ScreeningDesk) -> None:
        """Give the widgets their verbs."""
        self.desk = desk
        self.start.drop.taken.connect(desk.read)
        self.start.opened.connect(desk.open_task)
        self.start.resumed.connect(lambda task_no: desk.open_task(task_no, run=True))
        self.start.discarded.connect(self._ask_discard)
        self.map.sheet_chosen.connect(desk.choose_sheet)
        self.map.mapped.connect(desk.map)
        self.map.names_used.connect(desk.use_names)
        self.map.purpose_stated.connect(desk.state_purpose)
        self.map.case_named.connect(desk.name_case)
        self.map.started.connect(desk.begin)
        self.run.paused.connect(desk.pause)
        self.run.gone_on.connect(desk.run)
        self.run.cancelled.connect(self._ask_cancel)
        self.run.filtered.connect(desk.only)
        self.words.textChanged.connect(desk.narrow)
        self.words.returnPressed.connect(self.table.setFocus)
        self.filters.chosen.connect(desk.only)
        self.table.picked.connect(lambda key: desk.select(int(key)))
        self.table.opened.connect(self._open_line)
        self.table.spaced.connect(self._open_line)
        for table in (self.table, self.aside):
            table.copied.connect(self.copied.emit)
        self.side.ask.chosen.connect(desk.choose)
        self.side.ask.skipped.connect(desk.skip)

    def _do(self, verb: str) -> None:
        if self.desk is not None:
            getattr(self.desk, verb)()

    def entered(self) -> None:
        self._do("start")

    def first_focus(self) -> QWidget | None:
        return {"start": self.start.drop.button, "map": self.map.start, "task": self.words}[self._view.stage]

    def connected(self, online: bool) -> None:
        if online != self._online:
            self._online = online
            self.show_view(self._view)

    def arrange(self, width: Width) -> None:
        super().arrange(width)
        beside = width == "full"
        way = QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom
        self._panes.setDirection(way)
        self.side.setMinimumWidth(look().px(304) if beside else 0)
        self.side.setMaximumWidth(look().px(304) if beside else 16777215)
        self.inside.setMinimumHeight(look().px(34 + 4 * 40))
        self.subtitle.setVisible(width != "narrow")

    # ---- what is shown -----------------------------------------------------------------------------------

    def show_view(self, view: ScreeningView) -> None:
        self._view = view
        denied = view.notice is not None and view.notice.code == "role-denied"
        unread = not view.loaded and view.notice is not None and view.stage == "start"
        stages = {"start": self.start, "map": self.map, "task": self.task}
        shown = self.whole if denied or unread else stages[view.stage]
        here = self.window().focusWidget()
        with self._parts.turned_to(shown):
            self._head(view)
            self._notices(view, denied or unread)
            if shown is self.whole:
                self._show_whole(view.notice, denied)
            elif view.stage == "start":
                self.start.show_view(view, self._online)
            elif view.stage == "map":
                self.map.show_view(view, self._online)
            else:
                self._show_task(view)
        if self._parts.lost(here):
            self._stay()
        self._lead(view)

    def _stay(self) -> None:
        """The focus does not leave the page with the part in which it was."""
        inside = self.filters.button("") if self._view.stage == "task" else self.first_focus()
        if inside is not None:
            inside.setFocus(Qt.FocusReason.OtherFocusReason)

    def _lead(self, view: ScreeningView) -> None:
        """Once a file is read the focus goes to its start, after a run to the first name that waits; not away
        from who is typing."""
        read = view.table if view.stage == "map" and self.map.start.isEnabled() else None
        ended, self._ran = self._ran and not view.running, view.running
        typing = isinstance(QApplication.focusWidget(), QLineEdit)
        if read is not None and read is not self._led:
            self._led = read
            self.map.start.setFocus(Qt.FocusReason.OtherFocusReason)
        elif ended and self.side.ask.isVisible() and not typing:
            self.side.ask.options.setFocus(Qt.FocusReason.OtherFocusReason)

    def _head(self, view: ScreeningView) -> None:
        task, english = view.task, self.texts.language == "en"
        named = task.card.file if task is not None else view.table.name if view.table is not None else ""
        self.subtitle.say(named or self.say("screening_page.lead"))
        self.chip.setVisible(task is not None)
        if task is not None:
            self.chip.say(task.purpose_en if english else task.purpose_zh, "info", "purpose")
        for button, here in (
            (self.again, task is not None and task.card.state == "done"),
            (self.certify, can_certify(task)),
            (self.export, task is not None), (self.new, view.stage != "start"),
        ):  # fmt: skip
            button.setVisible(here)
        self.export.setEnabled(task is not None and bool(task.numbers))
        self.again.setEnabled(self._online and not view.busy)

    def _notices(self, view: ScreeningView, whole: bool) -> None:
        notice = None if whole else view.notice
        if notice is None and not self._online and not whole:
            notice = Notice("screening_page.offline", (), "warning")
        self.notice.tell(notice)
        card = view.unfinished if view.stage == "start" and not whole else None
        facts = (("done", card.done), ("total", card.total), ("next", card.done + 1)) if card else ()
        self.resume.tell(Notice("batch.resume", facts, "info") if card else None)
        self.go_on.setEnabled(self._online and not view.busy)

    def _show_whole(self, notice: Notice | None, denied: bool) -> None:
        if notice is None or notice == self._told:
            return
        self._told = notice
        empty_out(self._whole)
        say = self.texts.say
        if denied:
            home = ((say("shell.page_home"), self._home),)
            title, why = say("screening_page.no_right"), say("screening_page.no_right_why")
            made = State("refused", "warn", title, why, home, notice.code)
        else:
            made = state_of(self.texts, notice, ((say("shell.retry"), self.entered),))
        self._whole.addWidget(made, 1)

    def _home(self) -> None:
        self._do("to_start")
        self.page_wanted.emit("home")

    def _show_task(self, view: ScreeningView) -> None:
        task = view.task
        if task is None:
            return
        if task.card.task_no != self._rows_of:
            self._rows_of, self._rows = task.card.task_no, {}
        self.run.show_view(view, self._online)
        self._offer_filters(view)
        if view.only == "aside":
            rows = tuple(
                aside_row(one, self.texts, masked_cell(one.written or one.name, one.why))
                for one in task.aside
            )
            self.aside.fill(
                rows, self.aside.current_key(), self.say("screening_page.aside_rows", count=len(rows))
            )
            self.inside.setCurrentWidget(self.aside)
        elif view.shown:
            name = self.say("screening_page.rows", count=len(view.shown))
            if view.shown is not self._shown:
                self._shown = view.shown
                self._lines = self._rows_for(view.shown)
            self.table.fill(self._lines, str(view.line), name)
            self.inside.setCurrentWidget(self.table)
        else:
            self._show_nothing(bool(view.only or view.words))
        here = QApplication.focusWidget()
        choosing = here is not None and self.side.ask.isAncestorOf(here)
        self.side.show_view(view, self._online)
        if choosing and not self.side.ask.isVisible():  # the last one is settled: back to the lines
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _rows_for(self, shown: tuple[TaskLine, ...]) -> Lines:
        def place_of(key: str) -> int:  # lines stand in the order of the file
            sought = int(key or 0)
            place = bisect_left(shown, sought, key=lambda line: line.line)
            return place if place < len(shown) and shown[place].line == sought else -1

        return Lines(shown, place_of, self._row)

    def _row(self, line: TaskLine) -> Row:
        """A line as a row; one that has not changed is not made anew: a list may have twenty thousand."""
        key = (line.line, line.state, line.as_of, line.change, line.pick)
        if key not in self._rows:
            self._rows[key] = row_of(line, self.texts)
        return self._rows[key]

    def _offer_filters(self, view: ScreeningView) -> None:
        say = self.texts.say
        done = sum(count for state, count in view.counts if state not in NOT_COUNTED)
        faces = [("", say("screening_page.all", count=done))]
        for state in FILTERS[1:]:
            count = view.count(state)
            if state in ALWAYS or (count and state not in IN_CARD):
                words = say("screening_page.filter", state=say(f"screening_page.state_{state}"), count=count)
                faces.append((state, words))
        if tuple(faces) != self._faces:
            focus = next((key for key, _ in self._faces if self.filters.button(key).hasFocus()), None)
            self._faces = tuple(faces)
            self.filters.offer(faces)
            if focus is not None and focus in dict(faces):
                self.filters.button(focus).setFocus(Qt.FocusReason.OtherFocusReason)
        self.filters.choose(view.only)

    def _show_nothing(self, narrowed: bool) -> None:
        say, key = self.texts.say, "empty_filter" if narrowed else "nothing_yet"
        if self._nothing.property("told") != key:
            self._nothing.setProperty("told", key)
            empty_out(self._nothing)
            clear = ((say("screening_page.clear"), self._clear),) if narrowed else ()
            state = State("filter" if narrowed else "deadline", "neutral", say(f"screening_page.{key}"),
                          say(f"screening_page.{key}_why"), clear)  # fmt: skip
            state.setProperty("cls", "")
            self._nothing.addWidget(state)
        self.inside.setCurrentWidget(self.nothing)

    # ---- what is done ------------------------------------------------------------------------------------

    def _clear(self) -> None:
        self.words.clear()
        if self.desk is not None:
            self.desk.only("")
        self.words.setFocus()

    def _find(self) -> None:
        if self._view.stage == "task":
            self.words.setFocus()
            self.words.selectAll()

    def _open_line(self, key: str) -> None:
        """Enter on a row that waits goes to its choices; Tab or Ctrl+F leads back."""
        if self.desk is not None:
            self.desk.select(int(key))
            line = self.desk.view.selected
            if line is not None and line.state == "similar":
                self.side.ask.options.setFocus(Qt.FocusReason.OtherFocusReason)

    def _resume_last(self) -> None:
        card = self._view.unfinished
        if card is not None and self.desk is not None:
            self.desk.open_task(card.task_no, run=True)

    def ask_export(self) -> None:
        """Where the result goes."""
        task = self._view.task
        if task is None or self.desk is None or not task.numbers:
            return
        name = f"{Path(task.card.file).stem}_{task.card.task_no}.xlsx"
        path, _ = QFileDialog.getSaveFileName(
            self, self.say("screening_page.export_title"), name, "XLSX (*.xlsx);;CSV (*.csv)"
        )
        if path:
            chosen = Path(path)
            self.desk.export(
                chosen if chosen.suffix.lower() in (".xlsx", ".csv") else chosen.with_suffix(".xlsx")
            )

    def _certificate(self) -> None:
        """The sealed certificate of what was found."""
        task = self._view.task
        if task is not None and can_certify(task):
            self.paper_wanted.emit(certificate_of(task, datetime.now(BEIJING).date()))

    def _ask(
        self, title: str, goes: tuple[str, ...], stays: tuple[str, ...], do: str, then: Callable[[], None]
    ) -> None:
        self.question = Confirm(self, self.texts, self.say(title), goes, stays, self.say(do), then)
        self.question.open()

    def _ask_cancel(self) -> None:
        task, desk = self._view.task, self.desk
        if task is not None and desk is not None:
            rest = task.card.total - task.card.done
            goes = (self.say("batch.cancel", done=task.card.done, rest=rest),)
            self._ask("screening_page.cancel_ask", goes, (), "screening_page.cancel_do", desk.cancel)

    def _ask_discard(self, task_no: str) -> None:
        desk = self.desk
        if desk is not None:
            goes, stays = (
                (self.say("screening_page.discard_goes"),),
                (self.say("screening_page.discard_stays"),),
            )
            self._ask("screening_page.discard_ask", goes, stays, "screening_page.discard_do",
                      lambda: desk.discard(task_no))  # fmt: skip
