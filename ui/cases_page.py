"""What is filed with the platform and answered in time: a list, the form of one, the way each has gone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.desks.desk import Notice
from app.desks.words import clock_time, joined
from app.texts import Texts
from ui.look import look
from ui.notices import Inline, state_of
from ui.page import Page, Width
from ui.table_rows import Column, Row
from ui.tables import Table
from ui.widgets.basics import Button, Card, label, on_click, row, rule
from ui.widgets.columns import hold_width, stand
from ui.widgets.confirm import Confirm
from ui.widgets.fields import SearchField
from ui.widgets.listed import Listed
from ui.widgets.panels import State
from ui.widgets.well import Well

SAVE_EVERY_MS, LOOK_EVERY_MS = 5000, 1000
Key = tuple[str, Callable[[], None]]


class CasesPage(Page):
    """What is written is kept every five seconds, on Ctrl+S and whenever the page is left.

    `form` and `way` are the page's own; `heights` are their least heights in one column, in logical pixels.
    """

    page_wanted = Signal(str)

    def __init__(self, texts: Texts, title: str, form: Any, way: Any, heights: tuple[int, int]) -> None:
        super().__init__(texts, title, bare=True)
        self.desk: Any = None
        self._view: Any = None
        self._online = True
        self.question: Confirm | None = None
        self.form, self.way = form, way
        self._form_high, self._way_high = heights
        self._without_rows = ("", "", "", "")
        self.back = Button(texts.say("objection_page.back"), "link", "chevron_left")
        self.saved = label("", "caption", "secondary")
        head = row(self.title, self.subtitle, None, self.saved, self.back, gap=10)
        head.setStretchFactor(self.subtitle, 10)
        self.notice = Inline(texts)
        self.stack = QStackedWidget()
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

    def _furnish(self, words: str, hint: QWidget, name: str, columns: Sequence[Column], key: Key) -> None:
        """The list with its filter before the form, and the keys; `key` is the page's own."""
        self.stack.addWidget(self._list(words, hint, name, columns))
        self.stack.addWidget(self.form)
        self.on_keys(
            ("Ctrl+Return", self._file), ("Ctrl+Enter", self._file), ("Ctrl+S", self._keep),
            ("Ctrl+F", self._find), key,
        )  # fmt: skip

    def _list(self, words: str, hint: QWidget, name: str, columns: Sequence[Column]) -> Card:
        card = Card("card", (1, 1, 1, 1), 0)
        self.words = SearchField(words, "search", "filter")
        self.words.setPlaceholderText(self.say("objection_page.filter_hint"))
        self.words.setClearButtonEnabled(True)
        self.words.setFixedWidth(look().px(230))
        self.hint = hint
        tools = QWidget()
        line = row(self.words, 8, self.hint, None, into=tools)
        line.setContentsMargins(16, 10, 16, 10)
        line.setStretchFactor(self.hint, 10)
        self.table = Table(name, columns, 52)
        self.table.setMinimumHeight(look().px(34 + 3 * 52))
        self.listed = Listed(self.table)
        card.box.addWidget(tools)
        card.box.addWidget(rule())
        card.box.addWidget(self.listed, 1)
        return card

    def _bind_list(self, desk: Any) -> None:
        """Give what both kinds of pages have its verbs."""
        self.desk = desk
        on_click(self.back, desk.put_away)
        self.form.written.connect(lambda fields: desk.write(**fields))
        self.form.filed.connect(self._file)
        self.form.kept.connect(self._keep)
        self.table.copied.connect(self.copied.emit)
        self.words.textChanged.connect(lambda _: self.show_view(self._view))
        self.words.returnPressed.connect(self.table.setFocus)
        self._save.timeout.connect(desk.autosave)
        self._look.timeout.connect(desk.look)

    def entered(self) -> None:
        self._save.start()
        self._look.start()
        if self.desk is not None:
            if not self._view.loaded:
                self.listed.wait()
            self.desk.start()

    def left(self) -> None:
        """Keep what is being written before another page comes."""
        self._save.stop()
        self._look.stop()
        self.listed.leave()
        if self.desk is not None:
            self.desk.autosave()

    def connected(self, online: bool) -> None:
        if online != self._online:
            self._online = online
            self.show_view(self._view)

    def arrange(self, width: Width) -> None:
        super().arrange(width)
        beside = width != "narrow"
        stand(self._columns, beside)
        hold_width(self.side, look().px({"full": 324, "medium": 270}.get(width, 0)))
        self.side.setMinimumHeight(0 if beside else look().px(self._way_high))
        self._room_for_form()

    def _room_for_form(self) -> None:
        """In one column the form needs a height of its own; the list in the same stack does not."""
        alone = self.width_mode == "narrow" and self._view.draft is not None
        self.form.setMinimumHeight(look().px(self._form_high) if alone else 0)

    def show_view(self, view: Any) -> None:
        """Paint what the desk shows now."""
        self._view = view
        self._room_for_form()

    def _show_head(self, title: str, view: Any) -> None:
        """The title row, and the form where something is being written."""
        writing = view.draft is not None
        self.title.setText(title)
        self.subtitle.say(view.draft.subject_name if writing else "")
        self.back.setVisible(writing)
        self.saved.setVisible(writing)
        if writing:
            self.saved.setText(self._saved_words(view))
            self.form.show_view(view)
        self.stack.setCurrentIndex(1 if writing else 0)

    def _tell(self, notice: Notice | None) -> None:
        """A notice above the list or the form. That the draft is kept stands in the head of the form."""
        if notice is not None and notice.kept == "kept.draft" and self._view.draft is not None:
            notice = replace(notice, kept="")
        self.notice.tell(notice)

    def _lead_back(self, before: Any, draft: Any) -> None:
        """Where a draft was and is none, the focus goes to the list again, or to what narrows it."""
        if before is not None and draft is None:
            back = self.table if self.table.isVisibleTo(self) else self.words
            back.setFocus(Qt.FocusReason.OtherFocusReason)

    def _saved_words(self, view: Any) -> str:
        if view.dirty:
            return self.say("objection_page.unsaved")
        return self.say("objection.saved", time=clock_time(view.saved_at)[:5]) if view.saved_at else ""

    def _show_rows(self, view: Any, rows: Iterable[Row], shown: str, counted: str) -> None:
        """The rows that hold the words of the filter, or why there are none; `shown` is chosen where nothing
        is, `counted` the sentence that says how many there are."""
        words = self.words.text().casefold().split()
        found = [one for one in rows if all(word in spoken(one).casefold() for word in words)]
        if view.loaded and found:
            keep = self.table.current_key() or shown
            self.table.blockSignals(True)
            self.table.fill(found, keep, self.say(counted, count=len(found)))
            self.table.blockSignals(False)
            self.listed.show_rows()
            return
        unread = view.notice if not view.loaded else None
        if not view.loaded and unread is None:
            return
        key: object = unread or (bool(words), self._online)
        self.listed.show_why_none(key, lambda: self._state_now(view, bool(words)))

    def _state_now(self, view: Any, narrowed: bool) -> State:
        say = self.say
        none_found, icon, empty, empty_why = self._without_rows
        if not view.loaded and view.notice is not None:
            made = state_of(self.texts, view.notice, ((say("shell.retry"), self.entered),))
        elif narrowed:
            clear = ((say("objection_page.clear"), self.words.clear),)
            made = State("filter", "neutral", none_found, say("objection_page.none_found_why"), clear)
        else:
            where = "home" if self._online else "offline"  # where records are now: a query needs the platform
            way = ((say(f"objection_page.to_{where}"), lambda: self.page_wanted.emit(where)),)
            made = State(icon, "neutral", empty, empty_why, way)
        return made

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

    def _ask_discard(self, stays: str) -> None:
        """Whether the draft is to go; `stays` is the sentence for what does not, another for one that came
        back."""
        if self.desk is None:
            return
        say, draft = self.say, self._view.draft
        end = "_refused" if draft is not None and draft.refused else ""
        goes = say(f"objection_page.discard_goes{end}", count=len(self._view.proofs))
        self.question = Confirm(
            self, self.texts, say(f"objection_page.discard_ask{end}"), (goes,),
            (say(f"{stays}{end}"),), say(f"objection_page.discard_do{end}"), self.desk.discard,
        )  # fmt: skip
        self.question.open()


def spoken(row_: Row) -> str:
    """Everything a row says."""
    return joined(*(cell.spoken() for cell in row_.cells))
