"""Offline files: the copies on this computer, searched word by word, one open at the right."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal, SignalInstance
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from app.desks.lease_words import lease_notice
from app.desks.offline_desk import OfflineDesk, OfflineView
from app.desks.words import short_minute
from app.texts import Texts
from ui.copy_detail import CopyDetail
from ui.copy_list import KINDS, ORDERS, CopyList, copy_lines
from ui.look import look
from ui.notices import Inline, state_of
from ui.page import Page, Width
from ui.widgets.basics import Button, Card, Elided, Mark, empty_out, label, on_click, row, rule
from ui.widgets.columns import UNBOUND, hold_width, stand
from ui.widgets.confirm import Confirm
from ui.widgets.fields import Choice, SearchField
from ui.widgets.panels import Skeleton, State

TICK_MS = 60_000


class OfflinePage(Page):
    """The page of J4. `objection_wanted` and `repair_wanted` hand over query number and record;
    `connect_wanted`: sync."""

    page_wanted = Signal(str)
    objection_wanted = Signal(str, object)
    repair_wanted = Signal(str, object)
    connect_wanted = Signal()

    def __init__(self, texts: Texts) -> None:
        super().__init__(texts, texts.say("offline_page.title"), bare=True)
        self.desk: OfflineDesk | None = None
        self._view = OfflineView()
        self._told: object = None
        self.question: Confirm | None = None
        say = texts.say
        self.field = SearchField(say("offline_page.search_name"))
        self.field.setPlaceholderText(say("offline_page.search"))
        self.field.setClearButtonEnabled(True)
        self.field.setMinimumWidth(180)
        self.field.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.kind, self.order = Choice(say("offline_page.kind")), Choice(say("offline_page.order"))
        for key in KINDS:
            self.kind.addItem(say(f"offline_page.kind_{key or 'all'}"), key)
        for key in ORDERS:
            self.order.addItem(say(f"offline_page.order_{key}"), key)
        self.count = Elided("", "caption", "secondary")
        self.count.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        tools = QWidget()
        self._tools = row(self.title, 8, self.field, self.kind, self.order, self.count, into=tools)
        self._tools.setStretchFactor(self.field, 3)
        self._tools.setStretchFactor(self.count, 2)
        self.body.addWidget(tools)
        self.notice = Inline(texts)
        self.body.addWidget(self.notice)
        self.lease = Inline(texts)
        self.body.addWidget(self.lease)
        self._left, self._right = QStackedWidget(), QStackedWidget()
        self._panes: QBoxLayout = QHBoxLayout()
        self._panes.setSpacing(14)
        self._panes.addWidget(self._left)
        self._panes.addWidget(self._right, 1)
        self.body.addLayout(self._panes, 1)
        self._whole = QVBoxLayout()
        self.body.addLayout(self._whole)
        self._fill_left()
        self._fill_right()
        self._minute = QTimer(self, interval=TICK_MS)
        self._typing = QTimer(self, singleShot=True, interval=200)
        self._typing.timeout.connect(self._search)
        self.field.installEventFilter(self)
        self.on_keys(
            ("Ctrl+F", self._find), ("Ctrl+J", self._object),
            ("Ctrl+R", self._repair), ("Alt+Down", lambda: self._step(1)),
            ("Alt+Up", lambda: self._step(-1)),
        )  # fmt: skip

    def _fill_left(self) -> None:
        say = self.texts.say
        card = Card("card", (1, 1, 1, 1), 0)
        self.list = CopyList(say("offline_page.copies"))
        self.none_found = State(
            "empty", "neutral", say("offline_page.none_found"), say("offline_page.none_found_why"),
            ((say("offline_page.clear"), self._clear),),
        )  # fmt: skip
        self.none_found.setProperty("cls", "")
        self._lines = QStackedWidget()
        self._lines.addWidget(self.list)
        self._lines.addWidget(self.none_found)
        self.skeleton = Skeleton()
        self._lines.addWidget(self.skeleton)
        self.locked = QWidget()
        self._locked = label("", "table", "secondary", wrap=True)
        words = row(Mark("lock", "textTertiary", 18), self._locked, gap=10, into=self.locked)
        words.setContentsMargins(17, 10, 14, 10)
        foot = QWidget()
        self.kept = label("", "caption", "secondary", wrap=True)
        manage = on_click(
            Button(say("offline_page.manage"), "link"), lambda: self.page_wanted.emit("settings")
        )
        line = row(self.kept, manage, into=foot)
        line.setContentsMargins(16, 6, 11, 6)
        line.setStretch(0, 1)
        card.box.addWidget(self._lines, 1)
        card.box.addWidget(self.locked)
        card.box.addWidget(rule())
        card.box.addWidget(foot)
        self._left.addWidget(card)

    def _fill_right(self) -> None:
        say = self.texts.say
        self.choose = State("offline", "info", say("offline_page.choose"), say("offline_page.choose_why"))
        self.opening = Card("card", (0, 0, 0, 0), 0)
        self._opening = Skeleton()
        self.opening.box.addWidget(self._opening)
        self.detail = CopyDetail(self.texts)
        self.shut = QWidget()
        self._shut = QVBoxLayout(self.shut)
        self._shut.setContentsMargins(0, 0, 0, 0)
        for part in (self.choose, self.opening, self.detail, self.shut):
            self._right.addWidget(part)
        self.detail.stepped.connect(self._step)
        self.detail.copied.connect(self.copied.emit)
        self.detail.objected.connect(self._object)
        self.detail.repair_wanted.connect(self._repair)
        self.detail.released.connect(self._ask_release)

    def bind(self, desk: OfflineDesk) -> None:
        """Give the widgets their verbs."""
        self.desk = desk
        self.field.textChanged.connect(lambda _: self._typing.start())
        self.field.returnPressed.connect(self._to_list)
        self.kind.currentIndexChanged.connect(lambda _: self.show_view(self._view))
        self.order.currentIndexChanged.connect(lambda _: self.show_view(self._view))
        self.list.opened.connect(self._open)
        self.list.copied.connect(self.copied.emit)
        self._minute.timeout.connect(desk.tick)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Down leads from the words to what they found."""
        pressed = watched is self.field and event.type() == QEvent.Type.KeyPress
        if pressed and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Down:
            self._to_list()
            self.list.walk_into()
            return True
        return super().eventFilter(watched, event)

    def _open(self, query_no: str) -> None:
        opened = self._view.opened
        if self.desk is not None and (opened is None or opened.query_no != query_no):
            self.desk.open(query_no)

    def entered(self) -> None:
        if self.desk is not None:
            if not self._view.loaded:
                self._lines.setCurrentWidget(self.skeleton)
                self.skeleton.begin()
            self.desk.start()
            self._minute.start()

    def left(self) -> None:
        self._minute.stop()
        self.skeleton.end()

    def first_focus(self) -> QWidget | None:
        return self.field

    def arrange(self, width: Width) -> None:
        super().arrange(width)
        beside = width != "narrow"
        stand(self._panes, beside)
        hold_width(self._left, look().px({"full": 400, "medium": 330}.get(width, 0)))
        self.count.setVisible(width == "full")
        if beside:
            self._left.setMaximumHeight(UNBOUND)
        else:
            self._left.setMinimumHeight(260)
        self._right.setMinimumHeight(0 if beside else 420)

    def show_view(self, view: OfflineView) -> None:
        self._view = view
        if view.loaded:
            self.skeleton.end()
        lines = copy_lines(
            view, self.texts, str(self.kind.currentData() or ""), str(self.order.currentData())
        )
        pending = view.words.strip() != view.searched
        if not pending:
            self._show_lines(view, lines)
        told = lease_notice(view.lease_now(), self.texts)
        self.lease.tell(told)
        self.kept.setText(self._kept_words(view, told is not None))
        self._counts(view, len(lines))
        self._show_right(view)
        quiet = view.notice is not None and view.notice.level == "good"
        self.notice.tell(view.notice if quiet else None)
        self._show_whole(view)

    def _show_lines(self, view: OfflineView, lines: tuple) -> None:
        self.list.fill(lines, view.selected, self.say("offline_page.copies_count", count=len(lines)))
        if view.loaded:
            self._lines.setCurrentWidget(self.list if lines else self.none_found)

    def _counts(self, view: OfflineView, shown: int) -> None:
        live = sum(copy.state == "live" for copy in view.copies)
        locked = sum(copy.state == "locked" for copy in view.copies)
        ended = sum(copy.state == "ended" for copy in view.copies)
        key = "found" if view.words.strip() else "held"
        self.count.say(self.say(f"offline_page.count_{key}", copies=live, count=shown))
        words = []
        if locked:
            words.append(self.say("offline_page.locked", count=locked))
        if ended:
            words.append(self.say("offline_page.ended", count=ended))
        self._locked.setText("".join(words))
        self.locked.setVisible(bool(words))

    def _kept_words(self, view: OfflineView, told: bool) -> str:
        """Until when copies open is said once: here, or above the list where there is more to say."""
        live = sum(copy.state == "live" for copy in view.copies)
        if view.lease is None or view.lease.state != "live" or told:
            return self.say("offline_page.kept", count=live)
        return self.say("offline_page.kept_until", count=live, time=short_minute(view.lease.until))

    def _show_right(self, view: OfflineView) -> None:
        opened = view.opened if view.opened is not None and view.opened.query_no == view.selected else None
        wrong = view.notice if view.notice is not None and view.notice.level != "good" else None
        if wrong is not self._told:
            self._told = wrong
            empty_out(self._shut)
            if wrong is not None and view.loaded:
                again = ((self.say("offline_page.connect"), self.connect_wanted.emit),)
                self._shut.addWidget(state_of(self.texts, wrong, again))
        if opened is not None:
            self.detail.show_answer(opened, view.record, view.words)
            self._right.setCurrentWidget(self.detail)
        elif view.busy:
            if self._right.currentWidget() is not self.opening:
                self._right.setCurrentWidget(self.opening)
                self._opening.begin()
        else:
            self._right.setCurrentWidget(self.shut if wrong is not None else self.choose)
        if not view.busy:
            self._opening.end()
        self.detail.release.setEnabled(not view.busy)

    def _show_whole(self, view: OfflineView) -> None:
        """Nothing kept, everything locked, or the list cannot be read: one state for the whole page."""
        whole: State | None = None
        connect = ((self.say("offline_page.connect"), self.connect_wanted.emit),)
        live = any(copy.state == "live" for copy in view.copies)
        locked = any(copy.state == "locked" for copy in view.copies)
        if not view.loaded and view.notice is not None:
            whole = state_of(self.texts, view.notice, ((self.say("offline_page.retry"), self.entered),))
        elif view.loaded and not live and locked:
            whole = self._state("lock", "warn", "all_locked", connect)
        elif view.loaded and not live:
            query = ((self.say("offline_page.to_query"), lambda: self.page_wanted.emit("home")),)
            whole = self._state("offline", "neutral", "empty", query)
        empty_out(self._whole)
        for pane in (self._left, self._right):
            pane.setVisible(whole is None)
        for tool in (self.field, self.kind, self.order):
            tool.setEnabled(whole is None)
        if whole is not None:
            self._whole.addWidget(whole, 1)

    def _state(self, icon: str, tone: str, key: str, actions: tuple) -> State:
        title, why = self.say(f"offline_page.{key}"), self.say(f"offline_page.{key}_why")
        return State(icon, tone, title, why, actions)

    def _search(self) -> None:
        if self.desk is not None:
            self.desk.search(self.field.text())

    def _to_list(self) -> None:
        self._typing.stop()
        self._search()
        self.list.setFocus(Qt.FocusReason.TabFocusReason)

    def _clear(self) -> None:
        self.kind.setCurrentIndex(0)
        self.field.clear()
        self.field.setFocus()

    def _find(self) -> None:
        self.field.setFocus()
        self.field.selectAll()

    def _step(self, by: int) -> None:
        if self.desk is not None:
            self.desk.step(by)

    def _object(self) -> None:
        self._hand_over(self.objection_wanted)

    def _repair(self) -> None:
        self._hand_over(self.repair_wanted)

    def _hand_over(self, wanted: SignalInstance) -> None:
        """The record on the screen, with the query that it was shown by."""
        opened = self._view.opened
        if opened is not None and opened.bundle.records:
            records = opened.bundle.records
            wanted.emit(opened.query_no, records[self._view.record % len(records)])

    def _ask_release(self) -> None:
        opened = self._view.opened
        if opened is None or self.desk is None:
            return
        say, desk = self.texts.say, self.desk
        self.question = Confirm(
            self, self.texts, say("offline_page.release_ask"),
            (say("offline_page.release_goes"),), (say("offline_page.release_stays"),),
            say("offline_page.release_do"), lambda: desk.release(opened.query_no),
        )  # fmt: skip
        self.question.open()
