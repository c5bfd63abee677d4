"""For those who hold a paper only: its number, typed or scanned, and what the register says of it."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout

from app.desks.words import NOTHING, last_day, report_number, second
from app.texts import Texts
from ui.widgets.basics import Button, Card, Mark, column, label, on_click, row
from ui.widgets.fields import SearchField
from ui.widgets.panels import Facts

FACES = {
    "current": ("good", "safe-filled", "good"),
    "superseded": ("warn", "attention-filled", "warn"),
    "expired": ("warn", "deadline", "warn"),
    "void": ("warn", "unsafe-filled", "warn"),
    "unknown": ("warn", "unsafe-filled", "warn"),
    "unchecked": ("info", "info", "info"),
}
LONGEST_SCAN = 400  # characters; a link has some 200


class NumberCard(Card):
    """A field that takes a number or the link of a QR code; a scanner ends it with Enter."""

    asked = Signal(str)

    def __init__(self, texts: Texts) -> None:
        super().__init__("card", (20, 14, 20, 16), 8)
        say = texts.say
        words = label(say("verify_page.number"), "table", "secondary", wrap=True)
        self.field = SearchField(say("verify_page.number"), "search", "verification")
        self.field.setPlaceholderText(say("verify_page.number_hint"))
        self.field.setMaxLength(LONGEST_SCAN)
        words.setBuddy(self.field)
        self.button = on_click(Button(say("verify_page.ask")), self._ask)
        self.field.returnPressed.connect(self._ask)
        line = row(self.field, self.button)
        line.setStretch(0, 1)
        self.box.addWidget(words)
        self.box.addLayout(line)

    def _ask(self) -> None:
        self.asked.emit(self.field.text())


def band(texts: Texts, face: tuple[str, str, str], state: str, words: str) -> Card:
    """The verdict as wide as the page: an icon, the state large, a sentence under it."""
    cls, icon, tone = face
    made = Card(cls, (20, 14, 20, 14), 14, row=True)
    made.box.addWidget(Mark(icon, tone, 30))
    lines = column(label(state, "title", tone, wrap=True), label(words, "body", "text", wrap=True), gap=2)
    made.box.addLayout(lines, 1)
    return made


def registered_card(texts: Texts, said: Any) -> Card:
    """What the register says, and that it says nothing about the paper's content."""
    say = texts.say
    state = say(f"verify_page.number_{said.state}")
    known = said.state != "unknown"
    card = Card("card", (0, 0, 0, 16), 14)
    advice = say("verify_page.number_known_advice" if known else "verify_page.number_unknown_advice")
    face = ("info", "info", "info") if said.state == "current" else FACES[said.state]
    card.box.addWidget(band(texts, face, state, advice))
    facts = Facts(96)
    shown = [(say("report_page.number"), report_number(said.number))]
    if known:
        shown += [
            (say("verify_page.subject"), said.subject_masked or NOTHING),
            (say("verify_page.issued_at"), second(said.issued_at) or NOTHING),
            (say("verify_page.valid_until"), last_day(said.valid_until, texts)),
        ]
    facts.say(shown)
    inner = QVBoxLayout()
    inner.setContentsMargins(20, 0, 20, 0)
    inner.addWidget(facts)
    card.box.addLayout(inner)
    card.setAccessibleName(state)
    return card
