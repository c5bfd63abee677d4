"""Objections: drafts and filed ones in a list, the form of the one being written, the way each has gone."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.desks.objection_desk import ObjectionDesk, ObjectionView
from app.desks.paper_desk import letter_of
from app.desks.words import NOTHING, clock_time, joined, month_day, short_minute
from app.texts import Texts
from ui.look import look
from ui.notices import Inline, state_of
from ui.objection_form import ObjectionForm
from ui.objection_step import step_title, step_words
from ui.objection_way import DATA_ERROR, WayPanel, brought_words, state_chip, term_words
from ui.page import Page, Width
from ui.tables import Cell, Column, Row, Table
from ui.widgets.basics import Button, Card, empty_out, label, on_click, row, rule
from ui.widgets.chips import ChipFace
from ui.widgets.confirm import Confirm
from ui.widgets.fields import SearchField
from ui.widgets.panels import Skeleton, State
from ui.widgets.well import Well

DRAFT = "draft:"
SAVE_EVERY_MS, LOOK_EVERY_MS = 5000, 1000


class ObjectionPage(Page):
    """The page of J5. Something is kept every five seconds, on Ctrl+S and whenever the page is left."""

    page_wanted = Signal(str)
    paper_wanted = Signal(object)

    def __init__(self, texts: Texts) -> None:
        super().__init__(texts, texts.say("objection_page.title"), bare=True)
        self.desk: ObjectionDesk | None = None
        self._view = ObjectionView()
        self._told: object = None
        self._online = True
        self._led = ""
        self.question: Confirm | None = None
        say = texts.say
        self.back = Button(say("objection_page.back"), "link", "chevron_left")
        self.saved = label("", "caption", "secondary")
        head = row(self.title, self.subtitle, None, self.saved, self.back, gap=10)
        head.setStretchFactor(self.subtitle, 10)
        self.notice = Inline(texts)
        self.form = ObjectionForm(texts)
        self.way = WayPanel(texts)
        self.stack = QStackedWidget()
        self.stack.addWidget(self._list())
        self.stack.addWidget(self.form)
        left = QVBoxLayout()
        left.setSpacing(10)
        left.addLayout(head)
        left.addWidget(self.notice)
        left.addWidget(self.stack, 1)
        self._columns: QBoxLayout = QHBoxLayout()
        self._columns.setSpacing(16)
        self._columns.addLayout(left, 1)
        self.side = Well(self.way)
        self._columns.addWidget(self.side)
        self.body.addLayout(self._columns, 1)
        self._save = QTimer(self, interval=SAVE_EVERY_MS)
        self._look = QTimer(self, interval=LOOK_EVERY_MS)
        for keys, act in (
            ("Ctrl+Return", self._file), ("Ctrl+Enter", self._file), ("Ctrl+S", self._keep),
            ("Ctrl+F", self._find), ("Ctrl+P", self._letter),
        ):  # fmt: skip
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)

    def _list(self) -> Card:
        say = self.texts.say
        card = Card("card", (1, 1, 1, 1), 0)
        self.words = SearchField(say("objection_page.filter"), "search", "filter")
        self.words.setPlaceholderText(say("objection_page.filter_hint"))
        self.words.setClearButtonEnabled(True)
        self.words.setFixedWidth(look().px(230))
        self.hint = label(say("objection_page.how"), "caption", "tertiary", wrap=True)
        tools = QWidget()
        line = row(self.words, 8, self.hint, None, into=tools)
        line.setContentsMargins(16, 10, 16, 10)
        line.setStretchFactor(self.hint, 10)
        columns = (
            Column(say("objection_page.col_number"), 2),
            Column(say("objection_page.col_kind")),
            Column(say("objection_page.col_state")),
            Column(say("objection_page.col_filed")),
            Column(say("objection_page.col_due"), 1),
        )
        self.table = Table(say("objection_page.list"), columns, 52)
        self.table.setMinimumHeight(look().px(34 + 3 * 52))
        self.skeleton = Skeleton()
        self.state = QWidget()
        self._state = row(into=self.state)
        self._inside = QStackedWidget()
        for part in (self.table, self.skeleton, self.state):
            self._inside.addWidget(part)
        card.box.addWidget(tools)
        card.box.addWidget(rule())
        card.box.addWidget(self._inside, 1)
        return card

    def bind(self, desk: ObjectionDesk) -> None:
        """Give the widgets their verbs."""
        self.desk = desk
        on_click(self.back, desk.put_away)
        self.form.written.connect(lambda fields: desk.write(**fields))
        self.form.attached.connect(desk.attach)
        self.form.proofs.detached.connect(desk.detach)
        self.form.filed.connect(self._file)
        self.form.kept.connect(self._keep)
        self.form.proofs.left_out.connect(desk.leave_out)
        self.form.discarded.connect(self._ask_discard)
        self.way.offer.wanted.connect(desk.take_step)
        self.table.opened.connect(self._open)
        self.table.copied.connect(self.copied.emit)
        on_click(self.way.letter, self._letter)
        self.table.picked.connect(lambda key: None if key.startswith(DRAFT) else desk.show_filed(key))
        self.words.textChanged.connect(lambda _: self.show_view(self._view))
        self.words.returnPressed.connect(self.table.setFocus)
        self._save.timeout.connect(desk.autosave)
        self._look.timeout.connect(desk.look)

    def begin(self, query_no: str, record: Any) -> None:
        """What a subject's page or an offline copy hands over."""
        if self.desk is not None:
            self.desk.begin(query_no, record)

    def entered(self) -> None:
        self._save.start()
        self._look.start()
        if self.desk is not None:
            if not self._view.loaded:
                self._inside.setCurrentWidget(self.skeleton)
                self.skeleton.begin()
            self.desk.start()

    def left(self) -> None:
        """Keep what is being written before another page comes."""
        self._save.stop()
        self._look.stop()
        self.skeleton.end()
        if self.desk is not None:
            self.desk.autosave()

    def connected(self, online: bool) -> None:
        if online != self._online:
            self._online = online
            self.show_view(self._view)

    def first_focus(self) -> QWidget | None:
        return self.form.statement if self._view.draft is not None else self.words

    def arrange(self, width: Width) -> None:
        super().arrange(width)
        beside = width != "narrow"
        way = QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom
        self._columns.setDirection(way)
        wide = look().px({"full": 324, "medium": 270}.get(width, 0))
        self.side.setMinimumWidth(wide)
        self.side.setMaximumWidth(wide or 16777215)
        self.side.setMinimumHeight(0 if beside else look().px(470))
        self._room_for_form()

    def _room_for_form(self) -> None:
        """In one column the form needs a height of its own; the list in the same stack does not."""
        alone = self.width_mode == "narrow" and self._view.draft is not None
        self.form.setMinimumHeight(look().px(560) if alone else 0)

    def show_view(self, view: ObjectionView) -> None:
        self._view = view
        self._room_for_form()
        writing = view.draft is not None
        title = step_title(view.draft, self.texts) if writing else self.say("objection_page.title")
        self.title.setText(title)
        self.subtitle.say(view.draft.subject_name if writing else "")
        self.back.setVisible(writing)
        self.saved.setVisible(writing)
        if writing:
            self.saved.setText(self._saved_words(view))
            self.form.show_view(view)
        self.stack.setCurrentIndex(1 if writing else 0)
        if writing and view.draft.draft_id != self._led and self.isVisible():
            self.form.statement.setFocus(Qt.FocusReason.OtherFocusReason)
        self._led = view.draft.draft_id if writing else ""
        if view.loaded:
            self.skeleton.end()
        self._rows(view)
        if writing:
            self.way.show_row(self._about_same(view), view.draft.kind)
        else:
            self.way.show_row(view.shown)
        self.way.offer.show_row(None if writing else view.shown)
        unread = view.notice is not None and not view.loaded and not writing
        self.notice.tell(None if unread else view.notice)

    def _saved_words(self, view: ObjectionView) -> str:
        if view.dirty:
            return self.say("objection_page.unsaved")
        return self.say("objection.saved", time=clock_time(view.saved_at)[:5]) if view.saved_at else ""

    def _about_same(self, view: ObjectionView) -> Any:
        """What was already filed, of the same kind, about the record being written about."""
        same, number = (view.draft.kind, view.draft.rec_id), view.draft.number
        if number:
            return next((one for one in view.filed if one.number == number), None)
        return next((one for one in view.filed if (one.kind, one.rec_id) == same), None)

    def _rows(self, view: ObjectionView) -> None:
        begun = (one for one in view.drafts if not one.refused)  # a refused filing stands among the filed
        rows = [self._draft_row(one) for one in begun] + [self._filed_row(one) for one in view.filed]
        words = self.words.text().casefold().split()
        found = [one for one in rows if all(word in spoken(one).casefold() for word in words)]
        if view.loaded and found:
            shown = view.shown.number or view.shown.op_id if view.shown is not None else ""
            keep = self.table.current_key() or shown
            self.table.blockSignals(True)
            self.table.fill(found, keep, self.say("objection_page.list_count", count=len(found)))
            self.table.blockSignals(False)
            self._inside.setCurrentWidget(self.table)
            return
        unread = view.notice if not view.loaded else None
        if not view.loaded and unread is None:
            return
        key: object = unread or (bool(words), self._online)
        if key is not self._told:
            self._told = key
            empty_out(self._state)
            self._state.addWidget(self._state_now(view, bool(words)))
        self._inside.setCurrentWidget(self.state)

    def _draft_row(self, one: Any) -> Row:
        kind = self.say(f"objection_page.kind_{one.kind}")
        cells = (
            Cell(
                one.subject_name or one.query_no,
                one.document_no or self.say("objection_page.no_document"),
                strong=True,
            ),
            Cell(kind, tone="textSecondary"),
            Cell("", chip=ChipFace(self.say("objection_page.a_draft"), "neutral", "edit")),
            Cell(NOTHING, tone="textSecondary"),
            Cell(self.say("objection_page.go_on"), tone="accentText"),
        )
        return Row(DRAFT + one.draft_id, cells)

    def _filed_row(self, one: Any) -> Row:
        due = term_words(one, datetime.now(UTC), self.texts)
        brought = brought_words(one, self.texts)
        plain = month_day(one.due_on) if one.due_on else NOTHING
        if one.kind == DATA_ERROR:
            plain = self.say("objection_page.no_term")
        if one.state == "refused":
            due, plain = "", self.say("objection_page.go_on_refused")
        cells = (
            Cell(
                one.subject or one.query_no,
                joined(
                    one.number or step_words(one, self.texts) or self.say("objection_page.no_number"),
                    one.document_no,
                    brought,
                ),  # fmt: skip
                strong=True,
            ),
            Cell(self.say(f"objection_page.kind_{one.kind}"), tone="textSecondary"),
            Cell("", chip=state_chip(one.state, self.texts, one.kind)),
            Cell(short_minute(one.filed_at), tone="textSecondary"),
            Cell(due or plain, tone="warn" if due else "textSecondary"),
        )
        return Row(one.number or one.op_id, cells, one.number)

    def _state_now(self, view: ObjectionView, narrowed: bool) -> State:
        say = self.say
        if not view.loaded and view.notice is not None:
            made = state_of(self.texts, view.notice, ((say("shell.retry"), self.entered),))
        elif narrowed:
            clear = ((say("objection_page.clear"), self.words.clear),)
            why = say("objection_page.none_found_why")
            made = State("filter", "neutral", say("objection_page.none_found"), why, clear)
        else:
            where = "home" if self._online else "offline"  # where records are now: a query needs the platform
            way = ((say(f"objection_page.to_{where}"), lambda: self.page_wanted.emit(where)),)
            made = State(
                "objection", "neutral", say("objection_page.empty"), say("objection_page.empty_why"), way
            )
        made.setProperty("cls", "")
        return made

    def _open(self, key: str) -> None:
        if self.desk is None:
            return
        if key.startswith(DRAFT):
            self._go_on(key.removeprefix(DRAFT))
        elif any(one.refused == key for one in self._view.drafts):
            self._go_on(key)
        else:
            self.desk.show_filed(key)

    def _go_on(self, draft_id: str) -> None:
        if self.desk is not None:
            self.desk.resume(draft_id)
            self.form.statement.setFocus(Qt.FocusReason.OtherFocusReason)

    def _file(self) -> None:
        if self.desk is not None and self._view.draft is not None:
            self.desk.file()

    def _letter(self) -> None:
        """The letter that answers the objection beside the list, once there is one."""
        wanted = letter_of(self._view.shown) if self._view.draft is None else None
        if wanted is not None:
            self.paper_wanted.emit(wanted)

    def _keep(self) -> None:
        if self.desk is not None:
            self.desk.autosave()

    def _find(self) -> None:
        if self._view.draft is None:
            self.words.setFocus()
            self.words.selectAll()

    def _ask_discard(self) -> None:
        if self.desk is None:
            return
        say, draft = self.say, self._view.draft
        end = "_refused" if draft is not None and draft.refused else ""
        goes = say(f"objection_page.discard_goes{end}", count=len(self._view.proofs))
        self.question = Confirm(
            self, self.texts, say(f"objection_page.discard_ask{end}"), (goes,),
            (say(f"objection_page.discard_stays{end}"),), say(f"objection_page.discard_do{end}"),
            self.desk.discard,
        )  # fmt: skip
        self.question.open()


def spoken(row_: Row) -> str:
    """Everything a row says."""
    return joined(*(cell.spoken() for cell in row_.cells))
