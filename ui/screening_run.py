"""The task card: how far it has come, how long it will take, what it found so far, and pause and cancel."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.desks.screening_view import ScreeningView
from app.desks.words import joined, left, minute
from app.texts import Texts
from ui.look import look
from ui.screening_rows import MARKS
from ui.widgets.basics import Button, Card, Elided, label, on_click, row
from ui.widgets.count import Count
from ui.widgets.flow import Flow
from ui.widgets.progress import Progress


class RunCard(Card):
    """Emits what is wanted: paused, gone_on, cancelled, filtered by a state."""

    paused = Signal()
    gone_on = Signal()
    cancelled = Signal()
    filtered = Signal(str)

    def __init__(self, texts: Texts) -> None:
        super().__init__("card", (20, 14, 20, 14), 10)
        self.texts = texts
        say = texts.say
        self._held = ("", 0.0)
        self.title, self.count = label("", "subtitle"), label("", "subtitle")
        self.note = Elided("", "table", "secondary")
        self.pause = on_click(Button(say("screening_page.pause"), "plain", "pause"), self.paused.emit)
        self.go_on = on_click(Button(say("screening_page.go_on"), "plain", "play"), self.gone_on.emit)
        self.cancel = on_click(
            Button(say("screening_page.cancel"), "bare", "close", "textSecondary"), self.cancelled.emit
        )
        head = row(self.title, self.count, self.note, self.pause, self.go_on, self.cancel, gap=10)
        head.setStretchFactor(self.note, 1)
        self.box.addLayout(head)
        self.bar = Progress()
        self.box.addWidget(self.bar)
        holder = QWidget()
        flow = Flow(holder, gap=6)
        self._counts = {}
        for state, (icon, tone) in MARKS.items():
            count = Count(icon, tone, say(f"screening_page.state_{state}"))
            count.clicked.connect(lambda on, state=state: self.filtered.emit(state if on else ""))
            flow.addWidget(count)
            self._counts[state] = count
        self.box.addWidget(holder)

    def _hold_count(self, widest: str) -> None:
        """Room for the last count from the beginning: each new one would lay the whole page anew."""
        if (widest, look().scale) != self._held:
            self._held = (widest, look().scale)
            self.count.setText(widest)
            self.count.setFixedSize(self.count.sizeHint())

    def show_view(self, view: ScreeningView, online: bool) -> None:
        """Show the task of the view."""
        task, say = view.task, self.texts.say
        if task is None:
            return
        card = task.card
        word = "running" if view.running else {"open": "paused"}.get(card.state, card.state)
        self.title.setText(say(f"screening_page.{word}"))
        progress = say("screening_page.progress", done=card.done, total=card.total)
        self._hold_count(say("screening_page.progress", done=card.total, total=card.total))
        self.count.setText(progress)
        time = say("screening_page.left", left=left(view.left_s, self.texts)) if view.left_s else ""
        as_of = say("screening_page.as_of", time=minute(task.as_of)) if task.as_of else ""
        self.note.say(joined(time, say("screening_page.safe")) if view.running else as_of)
        self.bar.say(
            card.done,
            card.total,
            not view.running and card.state != "done",
            f"{self.title.text()} {progress}",
        )
        self.pause.setVisible(view.running)
        self.go_on.setVisible(not view.running and card.state != "done")
        self.go_on.setEnabled(online and not view.busy)
        self.cancel.setVisible(card.state == "open")
        for state, count in self._counts.items():
            count.say(view.count(state))
            count.setChecked(view.only == state)
