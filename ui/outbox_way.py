"""The right column of the outbox: one item closely, what to do about it, and the button that does it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from PySide6.QtCore import Qt, Signal

from app.desks.outbox_desk import SEALED, act_of
from app.desks.outbox_words import TONES, facts, kind_words, place_words, why_words
from app.desks.words import minute
from app.texts import Texts
from ui.widgets.basics import Button, Card, Elided, label, on_click, row
from ui.widgets.chips import Chip, ChipFace
from ui.widgets.panels import Facts

ICONS = {
    "send": "send", "mend": "edit", "dismiss": "delete", "open": "screening", "fetch": "recovery", "wait": "",
}  # fmt: skip


def place_chip(place: str, texts: Texts) -> ChipFace:
    return ChipFace(place_words(place, texts), *TONES[place])


class OutboxWay(Card):
    """`acted` and `dismissed` name the item by its key."""

    acted = Signal(str)
    dismissed = Signal(str)

    def __init__(self, texts: Texts) -> None:
        super().__init__("card", (18, 16, 18, 16), 8)
        self.texts, self._key = texts, ""
        self.kind = Elided("", "subtitle")
        self.chip = Chip("", "neutral")
        self.why_box = Card("inset", (12, 9, 12, 9), 2)
        self.why = label("", "table", wrap=True)
        self.why.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.why_box.box.addWidget(label(texts.say("outbox_page.why"), "smallstrong"))
        self.why_box.box.addWidget(self.why)
        self.facts = Facts(66, gap=6)
        self.todo = label("", "caption", "secondary", wrap=True)
        self.main = Button("", "primary", "send")
        on_click(self.main, lambda: self.acted.emit(self._key))
        self.end = on_click(
            Button(texts.say("outbox_page.act_dismiss"), "plain", "delete"),
            lambda: self.dismissed.emit(self._key),
        )
        self.box.addLayout(row(self.kind, None))
        self.box.addLayout(row(self.chip, None))
        for part in (self.why_box, self.facts):
            self.box.addWidget(part)
        self.box.addStretch(1)
        self.box.addWidget(self.todo)
        for button in (self.main, self.end):
            self.box.addLayout(row(button, None))

    def show_row(self, key: str, row_: Any, busy: bool) -> None:
        """Show one item; without a row the key says when something was sealed."""
        say = self.texts.say
        self._key = key
        act = act_of(row_)
        place = row_.place if row_ is not None else SEALED
        self.kind.say(kind_words(row_.kind if row_ is not None else SEALED, self.texts))
        face = place_chip(place, self.texts)
        self.chip.say(face.text, face.tone, face.icon)
        if row_ is None:
            self.why.setText(say("outbox_page.place_sealed_why"))
            pairs: tuple[tuple[str, str], ...] = (
                (say("outbox_page.sealed_on"), minute(key.partition(":")[2])),
            )
        else:
            self.why.setText(why_words(row_, self.texts))
            pairs = facts(row_, datetime.now(UTC), self.texts)
        self.facts.say(pairs)
        self.todo.setText(say(f"outbox_page.todo_{act}"))
        self.main.setVisible(act != "wait")
        if act != "wait":
            self.main.say(say(f"outbox_page.act_{act}"))
            self.main.draw_as(ICONS[act])
        self.main.setEnabled(not busy)
        self.end.setVisible(act == "mend")
        self.end.setEnabled(not busy)
