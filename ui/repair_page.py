"""Repair: own records with their countdown, drafts and applications; the form; the way each goes."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QBoxLayout, QFileDialog, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.desks.repair_desk import LONGEST, RepairDesk, RepairView
from app.desks.repair_words import checklist
from app.desks.words import clock_time, file_name
from app.texts import Texts
from ui.look import look
from ui.notices import Inline, state_of
from ui.page import Page, Width
from ui.reasoned import Reasoned
from ui.repair_form import RepairForm
from ui.repair_rows import DRAFT, OWN, draft_row, filed_row, is_open, own_row, spoken
from ui.repair_way import RepairWay, is_here
from ui.tables import Column, Table
from ui.widgets.basics import Button, Card, Elided, empty_out, label, on_click, row, rule
from ui.widgets.confirm import Confirm
from ui.widgets.fields import SearchField
from ui.widgets.panels import Skeleton, State
from ui.widgets.well import Well

SAVE_EVERY_MS, LOOK_EVERY_MS = 5000, 1000


class RepairPage(Page):
    """Kept every five seconds, on Ctrl+S and whenever the page is left; Ctrl+E writes the checklist."""

    page_wanted = Signal(str)

    def __init__(self, texts: Texts) -> None:
        super().__init__(texts, texts.say("repair_page.title"), bare=True)
        self.desk: RepairDesk | None = None
        self._view = RepairView()
        self._told: object = None
        self._online = True
        self.question: Confirm | None = None
        self.reason: Reasoned | None = None
        say = texts.say
        self.back = Button(say("objection_page.back"), "link", "chevron_left")
        self.saved = label("", "caption", "secondary")
        head = row(self.title, self.subtitle, None, self.saved, self.back, gap=10)
        head.setStretchFactor(self.subtitle, 10)
        self.notice = Inline(texts)
        self.form = RepairForm(texts)
        self.way = RepairWay(texts)
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
            ("Ctrl+F", self._find), ("Ctrl+E", self._export),
        ):  # fmt: skip
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)

    def _list(self) -> Card:
        say = self.texts.say
        card = Card("card", (1, 1, 1, 1), 0)
        self.words = SearchField(say("repair_page.filter"), "search", "filter")
        self.words.setPlaceholderText(say("objection_page.filter_hint"))
        self.words.setClearButtonEnabled(True)
        self.words.setFixedWidth(look().px(230))
        self.hint = Elided(say("repair_page.how"), "caption", "tertiary")
        tools = QWidget()
        line = row(self.words, 8, self.hint, None, into=tools)
        line.setContentsMargins(16, 10, 16, 10)
        line.setStretchFactor(self.hint, 10)
        columns = (
            Column(say("objection_page.col_number"), 2),
            Column(say("repair_page.col_kind")),
            Column(say("objection_page.col_state")),
            Column(say("objection_page.col_filed")),
            Column(say("repair_page.col_due")),
        )
        self.table = Table(say("repair_page.list"), columns, 52)
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

    def bind(self, desk: RepairDesk) -> None:
        """Give the widgets their verbs."""
        self.desk = desk
        form = self.form
        on_click(self.back, desk.put_away)
        form.written.connect(lambda fields: desk.write(**fields))
        form.standing.asked.connect(desk.ask_standing)
        form.papers.attached.connect(desk.attach)
        form.papers.detached.connect(desk.detach)
        form.papers.left_out.connect(desk.leave_out)
        form.filed.connect(self._file)
        form.kept.connect(self._keep)
        form.exported.connect(self._export)
        form.discarded.connect(self._ask_discard)
        self.way.supplemented.connect(desk.supplement)
        self.way.given_up.connect(desk.give_up)
        self.table.opened.connect(self._open)
        self.table.copied.connect(self.copied.emit)
        self.table.picked.connect(self._picked)
        self.words.textChanged.connect(lambda _: self.show_view(self._view))
        self.words.returnPressed.connect(self.table.setFocus)
        self._save.timeout.connect(desk.autosave)
        self._look.timeout.connect(desk.look)

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
            if online and self.desk is not None and self._view.unasked is not None:
                self.desk.ask_standing()

    def first_focus(self) -> QWidget | None:
        return self.form.standing.again if self._view.draft is not None else self.words

    def arrange(self, width: Width) -> None:
        super().arrange(width)
        beside = width != "narrow"
        way = QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom
        self._columns.setDirection(way)
        wide = look().px({"full": 324, "medium": 270}.get(width, 0))
        self.side.setMinimumWidth(wide)
        self.side.setMaximumWidth(wide or 16777215)
        self.side.setMinimumHeight(0 if beside else look().px(520))
        self._room_for_form()

    def _room_for_form(self) -> None:
        """In one column the form needs a height of its own; the list in the same stack does not."""
        alone = self.width_mode == "narrow" and self._view.draft is not None
        self.form.setMinimumHeight(look().px(620) if alone else 0)

    def show_view(self, view: RepairView) -> None:
        before, self._view = self._view.draft, view
        self._room_for_form()
        draft = view.draft
        writing = draft is not None
        new = "repair_page.title_more" if writing and draft.number else "repair_page.title_new"
        self.title.setText(self.say(new if writing else "repair_page.title"))
        self.subtitle.say(draft.subject_name if writing else "")
        self.back.setVisible(writing)
        self.saved.setVisible(writing)
        if writing:
            self.saved.setText(self._saved_words(view))
            self.form.show_view(view)
        self.stack.setCurrentIndex(1 if writing else 0)
        if writing and (before is None or before.draft_id != draft.draft_id):
            self.form.standing.again.setFocus(Qt.FocusReason.OtherFocusReason)  # eligibility is read first
        elif before is not None and not writing:
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)
        if view.loaded:
            self.skeleton.end()
        self._rows(view)
        same = (
            next((one for one in view.filed if one.rec_id == draft.rec_id), None) if writing else view.shown
        )
        self.way.show_row(same)
        self._show_reason(view)
        unread = view.notice is not None and not view.loaded and not writing
        self.notice.tell(None if unread or view.giving_up else view.notice)

    def _saved_words(self, view: RepairView) -> str:
        if view.dirty:
            return self.say("objection_page.unsaved")
        return self.say("objection.saved", time=clock_time(view.saved_at)[:5]) if view.saved_at else ""

    def _rows(self, view: RepairView) -> None:
        now = datetime.now(UTC)
        begun = (one for one in view.drafts if not one.refused)
        written = {(one.rec_id) for one in view.drafts} | {one.rec_id for one in view.filed if is_open(one)}
        fresh = (one for one in view.outlooks if one.rec_id not in written)
        rows = [
            *(draft_row(one, now, self.texts) for one in begun),
            *(filed_row(one, now, self.texts) for one in view.filed),
            *(own_row(one, now, self.texts) for one in fresh),
        ]
        words = self.words.text().casefold().split()
        found = [one for one in rows if all(word in spoken(one).casefold() for word in words)]
        if view.loaded and found:
            shown = view.shown.op_id or view.shown.number if view.shown is not None else ""
            keep = self.table.current_key() or shown
            self.table.blockSignals(True)
            self.table.fill(found, keep, self.say("repair_page.list_count", count=len(found)))
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

    def _state_now(self, view: RepairView, narrowed: bool) -> State:
        say = self.say
        if not view.loaded and view.notice is not None:
            made = state_of(self.texts, view.notice, ((say("shell.retry"), self.entered),))
        elif narrowed:
            clear = ((say("objection_page.clear"), self.words.clear),)
            made = State(
                "filter",
                "neutral",
                say("repair_page.none_found"),
                say("objection_page.none_found_why"),
                clear,
            )
        else:
            where = "home" if self._online else "offline"
            way = ((say(f"objection_page.to_{where}"), lambda: self.page_wanted.emit(where)),)
            made = State("repair", "neutral", say("repair_page.empty"), say("repair_page.empty_why"), way)
        made.setProperty("cls", "")
        return made

    def _picked(self, key: str) -> None:
        if self.desk is not None and not key.startswith((DRAFT, OWN)):
            self.desk.show_filed(key)

    def _open(self, key: str) -> None:
        if self.desk is None:
            return
        row_ = next((one for one in self._view.filed if key == (one.op_id or one.number)), None)
        if key.startswith(DRAFT):
            self._go_on(key.removeprefix(DRAFT))
        elif key.startswith(OWN):
            found = next(one for one in self._view.outlooks if one.rec_id == key.removeprefix(OWN))
            self.desk.begin(found.query_no, found.rec_id)
        elif any(one.refused == key for one in self._view.drafts):
            self._go_on(key)
        elif row_ is not None and is_here(row_) and row_.state == "refused":
            self._ask_dismiss(row_)
        elif row_ is not None and row_.state == "returned":
            self.desk.supplement(row_.number)
        else:
            self.desk.show_filed(key)

    def _go_on(self, draft_id: str) -> None:
        if self.desk is not None:
            self.desk.resume(draft_id)

    def _file(self) -> None:
        if self.desk is not None and self._view.draft is not None:
            self.desk.file()

    def _keep(self) -> None:
        if self.desk is not None:
            self.desk.autosave()

    def _find(self) -> None:
        if self._view.draft is None:
            self.words.setFocus()
            self.words.selectAll()

    def _export(self) -> None:
        view = self._view
        if self.desk is None or view.standing is None:
            return
        name = self.say("repair_page.list_file", name=file_name(view.draft.document_no or view.draft.rec_id))
        title = self.form.export.accessibleName()
        path, _ = QFileDialog.getSaveFileName(self, title, f"{name}.txt", "TXT (*.txt)")
        if path:
            now = datetime.now(UTC)
            said = checklist(view.draft, view.standing, view.kind, self.texts.language, now, self.texts)
            self.desk.export(Path(path), said)

    def _ask_discard(self) -> None:
        if self.desk is None:
            return
        say, draft = self.say, self._view.draft
        end = "_refused" if draft is not None and draft.refused else ""
        goes = say(f"objection_page.discard_goes{end}", count=len(self._view.proofs))
        self.question = Confirm(
            self, self.texts, say(f"objection_page.discard_ask{end}"), (goes,),
            (say(f"repair_page.discard_stays{end}"),), say(f"objection_page.discard_do{end}"),
            self.desk.discard,
        )  # fmt: skip
        self.question.open()

    def _ask_dismiss(self, row_: Any) -> None:
        """A withdrawal that was not taken has nothing to mend: it is told, and let go."""
        desk = self.desk
        if desk is None:
            return
        say = self.say
        self.question = Confirm(
            self, self.texts, say("repair_page.dismiss_ask"), (say("repair_page.dismiss_goes"),),
            (say("repair_page.dismiss_stays"),), say("repair_page.dismiss_do"),
            lambda: desk.dismiss(row_.op_id),
        )  # fmt: skip
        self.question.open()

    def _show_reason(self, view: RepairView) -> None:
        """Asked while the desk wants to know why; what was typed stays until the platform has answered."""
        if not view.giving_up:
            if self.reason is not None:
                self.reason.close_done()
                self.reason = None
            return
        if self.reason is None:
            say = self.say
            goes = say("repair_page.withdraw_goes", number=view.giving_up)
            self.reason = Reasoned(
                self, self.texts, say("repair_page.withdraw_ask"), (goes,),
                (say("repair_page.withdraw_stays"),),
                say("repair_page.withdraw"), (say("repair_page.withdraw_why"), ""), LONGEST,
            )  # fmt: skip
            self.reason.stated.connect(lambda why: self.desk.withdraw(why) if self.desk is not None else None)
            self.reason.rejected.connect(self._kept_on)
            self.reason.open()
        self.reason.tell(view.notice, view.busy)

    def _kept_on(self) -> None:
        self.reason = None
        if self.desk is not None:
            self.desk.keep_on()
        self.table.setFocus()
