"""The list of candidates: register identity only, nothing of credit."""

from __future__ import annotations

from PySide6.QtCore import QSize, Signal

from app.desks.words import NOTHING, spaced
from app.field.records import RegisterCard
from app.texts import Texts
from ui.look import look
from ui.table_rows import Cell, Column, Row
from ui.tables import Table
from ui.topbar import KeyCap
from ui.widgets.basics import Button, Card, Elided, Mark, label, look_width, on_click, row
from ui.widgets.chips import ChipFace


class HintCap(KeyCap):
    """A key and what it does."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._wide = text

    def sizeHint(self) -> QSize:
        return QSize(look_width(self._wide, 12, 400) + 22, look().px(34))


class Candidates(Card):
    """Arrows choose, Enter opens. Opening is what is counted."""

    opened = Signal(str)
    other = Signal()

    def __init__(self, texts: Texts) -> None:
        super().__init__("card", (1, 1, 1, 1), 0)
        self.texts = texts
        say = texts.say
        self._title = Elided("", "strong")
        head = row(
            Mark("people", "warn", 20),
            self._title,
            None,
            label(say("home.not_counted"), "caption", "tertiary"),
            gap=12,
        )
        head.setContentsMargins(16, 11, 16, 11)
        columns = (
            Column(say("home.col_name"), 3),
            Column(say("home.col_founded")),
            Column(say("home.col_representative"), 1),
            Column(say("home.col_district"), 1),
            Column(say("home.col_state")),
            Column(say("home.col_match"), 1),
        )
        self.table = Table(say("home.candidates"), columns, 52)
        self.table.opened.connect(self.opened.emit)
        none = on_click(Button(say("home.none_of_these"), "small"), self.other.emit)
        self.go = on_click(Button(say("home.open_chosen"), "primary"), self._open)
        self._hints = (HintCap(say("home.hint_arrows")), HintCap(say("home.hint_enter")))
        foot = row(*self._hints, None, none, self.go)
        foot.setContentsMargins(16, 12, 12, 12)
        self.box.addLayout(head)
        self.box.addWidget(self.table)
        self.box.addLayout(foot)
        self.hide()

    def _open(self) -> None:
        key = self.table.current_key()
        if key:
            self.opened.emit(key)

    def show_rows(self, searched: str, cards: tuple[RegisterCard, ...], more: bool) -> None:
        """Show the list, or go away when it is empty."""
        appears = bool(cards) and self.isHidden()
        self.setVisible(bool(cards))
        if not cards:
            self.table.fill(())
            return
        count = f"{len(cards)}+" if more else str(len(cards))
        self._title.say(self.texts.say("home.candidates_title", name=searched, count=count))
        rows = tuple(self._row(card) for card in cards)
        self.table.fill(rows, self.table.current_key() or cards[0].subject_key)
        self.table.setFixedHeight(min(self.table.whole_height(), look().px(34 + 52 * 6)))
        if appears:
            self.table.setFocus()

    def _row(self, card: RegisterCard) -> Row:
        tone = "good" if card.state in self.texts.say("home.states_good").split("/") else "neutral"
        match = self.texts.say(f"home.match_{card.match}")
        if card.match == "former" and card.matched_name:
            match = self.texts.say("home.match_former_name", name=card.matched_name)
        return Row(
            card.subject_key,
            (
                Cell(card.name, spaced(card.code), strong=True),
                Cell(card.founded or NOTHING),
                Cell(card.representative or NOTHING),
                Cell(card.district or NOTHING),
                Cell("", chip=ChipFace(card.state or NOTHING, tone)),
                Cell(match, tone="textSecondary"),
            ),
            card.code,
        )
