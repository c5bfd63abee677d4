"""The outbox: where everything is that is not done, since when, why, and the one thing to do about it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.desks.outbox_desk import MENDED_ON, SEALED, OutboxDesk, OutboxView, act_of
from app.desks.outbox_words import about_words, kind_words, next_words, since, when, why_words
from app.desks.words import NOTHING, joined, short_minute
from app.texts import Texts
from ui.look import look
from ui.notices import Inline, state_of
from ui.outbox_way import OutboxWay, place_chip
from ui.page import Page, Width
from ui.table_rows import Cell, Column, Row
from ui.tables import Table
from ui.widgets.basics import Button, Card, on_click
from ui.widgets.columns import hold_width, stand
from ui.widgets.confirm import Confirm
from ui.widgets.listed import Listed
from ui.widgets.panels import State
from ui.widgets.well import Well

LOOK_EVERY_MS = 15_000  # what is tried again by itself changes without anybody's doing


class OutboxPage(Page):
    """Enter does what the chosen item needs, Delete dismisses a refused one, Ctrl+Enter sends all again.

    `mend_wanted` names the page and the draft, `fetch_wanted` the form that takes back what was sealed.
    """

    page_wanted = Signal(str)
    mend_wanted = Signal(str, str)
    fetch_wanted = Signal()

    def __init__(self, texts: Texts) -> None:
        super().__init__(texts, texts.say("outbox_page.title"), texts.say("outbox_page.subtitle"))
        self.desk: OutboxDesk | None = None
        self._view = OutboxView()
        self.question: Confirm | None = None
        say = texts.say
        self.all = on_click(Button(say("outbox_page.send_all"), "plain", "send"), self._send_all)
        self.tools.addWidget(self.all)
        self.notice = Inline(texts)
        columns = (
            Column(say("outbox_page.col_item"), 2),
            Column(say("outbox_page.col_place")),
            Column(say("outbox_page.col_since")),
            Column(say("outbox_page.col_next")),
        )
        self.table = Table(say("outbox_page.list"), columns, 52)
        self.table.setMinimumHeight(look().px(34 + 3 * 52))
        self.listed = Listed(self.table)
        card = Card("card", (1, 1, 1, 1), 0)
        card.box.addWidget(self.listed, 1)
        self.way = OutboxWay(texts)
        self.side = Well(self.way)
        left = QVBoxLayout()
        left.setSpacing(10)
        left.addWidget(self.notice)
        left.addWidget(card, 1)
        self._columns: QBoxLayout = QHBoxLayout()
        self._columns.setSpacing(16)
        self._columns.addLayout(left, 1)
        self._columns.addWidget(self.side)
        self.body.addLayout(self._columns, 1)
        self._look = QTimer(self, interval=LOOK_EVERY_MS)
        self.on_keys(
            ("Ctrl+Return", self._send_all), ("Ctrl+Enter", self._send_all),
            ("Delete", self._dismiss_chosen),
        )  # fmt: skip

    def bind(self, desk: OutboxDesk) -> None:
        """Give the widgets their verbs."""
        self.desk = desk
        self.table.picked.connect(desk.look_at)
        self.table.opened.connect(self._act)
        self.table.copied.connect(self.copied.emit)
        self.way.acted.connect(self._act)
        self.way.dismissed.connect(lambda key: self._ask_dismiss((key,)))
        self._look.timeout.connect(desk.start)

    def entered(self) -> None:
        self._look.start()
        if self.desk is not None:
            if not self._view.loaded:
                self.listed.wait()
            self.desk.start()

    def left(self) -> None:
        self._look.stop()
        self.listed.leave()

    def first_focus(self) -> QWidget | None:
        return self.table if self._view.keys() else None

    def arrange(self, width: Width) -> None:
        super().arrange(width)
        beside = width != "narrow"
        stand(self._columns, beside)
        hold_width(self.side, look().px({"full": 324, "medium": 270}.get(width, 0)))
        self.side.setMinimumHeight(0 if beside else look().px(420))
        self.subtitle.setVisible(width == "full")

    def show_view(self, view: OutboxView) -> None:
        self._view = view
        keys = view.keys()
        self.all.setVisible(any(act_of(one) == "send" for one in view.rows))
        self.all.setEnabled(not view.busy)
        self.side.setVisible(bool(keys))
        if keys:
            rows = [self._row(view, key) for key in keys]
            self.table.blockSignals(True)
            self.table.fill(rows, view.shown, self.say("outbox_page.list_count", count=len(rows)))
            self.table.blockSignals(False)
            self.listed.show_rows()
            if view.shown:
                self.way.show_row(view.shown, view.row(view.shown), view.busy)
        else:
            self._empty(view)
        self.notice.tell(view.notice if view.loaded else None)

    def _row(self, view: OutboxView, key: str) -> Row:
        one = view.row(key)
        if one is None:
            cells = (
                Cell(kind_words(SEALED, self.texts), self.say("outbox_page.place_sealed_why"), strong=True),
                Cell("", chip=place_chip(SEALED, self.texts)),
                Cell(short_minute(key.partition(":")[2]), tone="textSecondary"),
                Cell(self.say("outbox_page.next_sealed"), tone="textSecondary"),
            )
            return Row(key, cells)
        kind, tried = kind_words(one.kind, self.texts), when(one.tried_at)
        last = self.say("outbox_page.tried_short", time=tried) if tried != NOTHING else ""
        cells = (
            Cell(
                joined(kind, one.subject or one.query_no),
                why_words(one, self.texts),
                strong=True,
                why=joined(kind, about_words(one)),
            ),
            Cell("", chip=place_chip(one.place, self.texts)),
            Cell(since(one), last, tone="textSecondary"),
            Cell(next_words(one, datetime.now(UTC), self.texts), tone="textSecondary"),
        )
        return Row(key, cells, one.query_no)

    def _empty(self, view: OutboxView) -> None:
        unread = view.notice if not view.loaded else None
        if not view.loaded and unread is None:
            return
        self.listed.show_why_none(unread or "empty", lambda: self._state_now(unread))

    def _state_now(self, unread: Any) -> State:
        say = self.say
        if unread is not None:
            made = state_of(self.texts, unread, ((say("shell.retry"), self.entered),))
        else:
            way = ((say("outbox_page.to_home"), lambda: self.page_wanted.emit("home")),)
            made = State("good-filled", "good", say("outbox_page.empty"), say("outbox_page.empty_why"), way)
        return made

    def _act(self, key: str) -> None:
        if self.desk is None:
            return
        one = self._view.row(key)
        act = act_of(one)
        if act == "send":
            self.desk.send(key)
        elif act == "mend":
            self.mend_wanted.emit(MENDED_ON[one.kind], key)
        elif act == "dismiss":
            self._ask_dismiss((key,))
        elif act == "open":
            self.page_wanted.emit("screening")
        elif act == "fetch":
            self.fetch_wanted.emit()

    def _send_all(self) -> None:
        if self.desk is not None and self.all.isVisible():
            self.desk.send()

    def _dismiss_chosen(self) -> None:
        """Every refused one that is selected in the list."""
        self._ask_dismiss(tuple(one.key for one in self.table.selected_rows()))

    def _ask_dismiss(self, keys: tuple[str, ...]) -> None:
        desk = self.desk
        rows = [self._view.row(key) for key in keys]
        refused = [one for one in rows if one is not None and one.place == "refused"]
        if desk is None or not refused:
            return
        say, gone = self.say, tuple(one.op_id for one in refused)
        drafts = sum(one.draft for one in refused)
        goes = [say("outbox_page.dismiss_goes_bare", count=len(gone))]
        if drafts:
            goes.append(say("outbox_page.dismiss_goes", count=drafts))
        self.question = Confirm(
            self, self.texts, say("outbox_page.dismiss_ask", count=len(gone)), goes,
            (say("outbox_page.dismiss_stays"),), say("outbox_page.dismiss_do"), lambda: desk.dismiss(gone),
        )  # fmt: skip
        self.question.open()
