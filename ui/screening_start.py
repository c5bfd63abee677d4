"""Where a screening begins: a file is dropped, or a task that is kept here is taken up again."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.clock import from_epoch_ms, utc_text
from app.desks.screening_view import ScreeningView
from app.desks.words import minute, short_minute
from app.services.task_reading import TaskCard
from app.texts import Texts
from ui.table_rows import Cell, Column, Row
from ui.tables import Table
from ui.widgets.basics import Button, Card, label, on_click, row, rule
from ui.widgets.chips import ChipFace
from ui.widgets.drop_area import DropArea

STATES = {"open": ("info", "pause"), "cancelled": ("neutral", "close"), "done": ("neutral", "check")}
WORDS = {"open": "paused", "cancelled": "cancelled", "done": "done"}


class StartPanel(QWidget):
    """`opened` and `resumed` name a task, `discarded` one to be erased."""

    opened = Signal(str)
    resumed = Signal(str)
    discarded = Signal(str)

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        self.texts = texts
        say = texts.say
        self.drop = DropArea(
            say("screening_page.drop"),
            say("screening_page.choose"),
            say("screening_page.title"),
            say("screening_page.file_filter"),
            "sheet",
        )
        columns = (
            Column(say("screening_page.col_file"), 2), Column(say("screening_page.col_purpose"), 1),
            Column(say("screening_page.col_progress")), Column(say("screening_page.col_made")),
            Column(say("screening_page.col_until")), Column(say("screening_page.col_task")),
        )  # fmt: skip
        self.table = Table(say("screening_page.tasks"), columns)
        self.open = on_click(Button(say("screening_page.open"), "plain", "open"), self._on(self.opened.emit))
        self.resume = on_click(
            Button(say("screening_page.resume"), "plain", "play"), self._on(self.resumed.emit)
        )
        self.discard = on_click(
            Button(say("screening_page.discard"), "bare", "delete", "textSecondary"),
            self._on(self.discarded.emit),
        )
        self.none = label(say("screening_page.no_tasks"), "table", "secondary")
        card = Card("card", (1, 1, 1, 1), 0)
        head, foot = QWidget(), QWidget()
        line = row(
            label(say("screening_page.tasks"), "strong"),
            None,
            self.open,
            self.resume,
            self.discard,
            into=head,
        )
        line.setContentsMargins(16, 8, 12, 8)
        row(self.none, into=foot).setContentsMargins(16, 14, 16, 14)
        note = QWidget()
        row(
            label(say("screening_page.tasks_why"), "caption", "tertiary", wrap=True), into=note
        ).setContentsMargins(16, 7, 16, 7)
        for part in (head, rule(), self.table, foot, rule(), note):
            card.box.addWidget(part)
        self._foot = foot
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(12)
        box.addWidget(self.drop)
        box.addWidget(card)
        box.addStretch(1)
        self.table.opened.connect(self.opened.emit)
        self.table.picked.connect(lambda _key: self._enable())
        self._cards: tuple[TaskCard, ...] = ()
        self._online = True

    def _on(self, act: Callable[[str], None]) -> Callable[[], None]:
        return lambda: act(self.table.current_key()) if self.table.current_key() else None

    def show_view(self, view: ScreeningView, online: bool) -> None:
        """Show the kept tasks."""
        self._cards, self._online = view.cards, online
        english = self.texts.language == "en"
        rows = tuple(self._row(card, view.purpose_words(card.purpose, english)) for card in view.cards)
        first = rows[0].key if rows else ""
        self.table.fill(rows, self.table.current_key() or first)
        self.table.setVisible(bool(rows))
        self.table.setFixedHeight(min(self.table.whole_height(), 40 * 8))
        self._foot.setVisible(not rows)
        self.drop.button.setEnabled(not view.busy)
        self._enable()

    def _enable(self) -> None:
        here = next((card for card in self._cards if card.task_no == self.table.current_key()), None)
        for button in (self.open, self.discard):
            button.setEnabled(here is not None)
        self.resume.setEnabled(here is not None and here.state != "done" and self._online)

    def _row(self, card: TaskCard, purpose: str) -> Row:
        say = self.texts.say
        state = say(f"screening_page.{WORDS[card.state]}")
        until = short_minute(utc_text(from_epoch_ms(card.expires_ms)))
        return Row(
            card.task_no,
            (
                Cell(card.file), Cell(purpose, tone="textSecondary"),
                Cell(say("screening_page.progress", done=card.done, total=card.total)),
                Cell(minute(card.made_at), tone="textSecondary"), Cell(until, tone="textSecondary"),
                Cell("", chip=ChipFace(state, *STATES[card.state])),
            ),
        )  # fmt: skip
