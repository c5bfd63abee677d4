"""How an objection goes: the steps done, the one under way, those to come. Pure functions and the panel."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from app.desks.words import days_until, joined, month_day, short_minute
from app.texts import Texts
from ui.widgets.basics import Card, Elided, column, label, row
from ui.widgets.chips import Chip, ChipFace
from ui.widgets.steps import Point, Way

CONCLUDED = ("corrected", "removed", "kept", "noted")
UPHELD = ("corrected", "removed")
AHEAD = {"filed": ("accepting", "checking", "answering"), "accepted": ("checking", "answering"),
         "forwarded": ("checking", "answering")}  # fmt: skip
TONES = {"queued": ("neutral", "deadline"), "refused": ("warn", "attention"), "filed": ("info", "send"),
         "accepted": ("warn", "deadline"), "forwarded": ("warn", "deadline"), "corrected": ("good", "check"),
         "removed": ("good", "check"), "kept": ("neutral", "info"), "noted": ("neutral", "info")}  # fmt: skip


def state_words(state: str, texts: Texts) -> str:
    """A state in words; one that this version does not know is told as it came."""
    text_id = f"objection_page.state_{state}"
    return texts.say(text_id) if texts.has(text_id) else state


def past_words(state: str, texts: Texts) -> str:
    """What was done when an objection came into a state."""
    text_id = f"objection_page.past_{state}"
    return texts.say(text_id) if texts.has(text_id) else state_words(state, texts)


def state_chip(state: str, texts: Texts) -> ChipFace:
    return ChipFace(state_words(state, texts), *TONES.get(state, ("neutral", "")))


def term_words(row_: Any, now: datetime, texts: Texts) -> str:
    """When the answer is due and how long that is; empty without a term or after the end."""
    left = days_until(row_.due_on, now)
    if left is None or row_.state in CONCLUDED:
        return ""
    key = "due_today" if left == 0 else ("due_in" if left > 0 else "due_past")
    return texts.say(f"objection_page.{key}", date=month_day(row_.due_on), days=abs(left))


def points(row_: Any, texts: Texts) -> tuple[Point, ...]:
    """Every step of a filed objection; without one the way that any takes."""
    say = texts.say

    def ahead(keys: tuple[str, ...], state: str = "next") -> list[Point]:
        end = "_now" if state == "now" else ""
        return [
            Point(say(f"objection_page.step_{key}{end}"), say(f"objection_page.step_{key}_why"), state)
            for key in keys
        ]

    if row_ is None:
        return tuple(ahead(("filing", *AHEAD["filed"])))
    if row_.state == "queued":
        now = Point(state_words("queued", texts), say("objection_page.queued_why"), "now")
        return (now, *ahead(AHEAD["filed"]))
    if row_.state == "refused":
        problem = f"problem.{row_.why}"
        return (
            Point(state_words("refused", texts), say(problem) if texts.has(problem) else row_.why, "now"),
        )
    steps = tuple(row_.view.history) if row_.view is not None else ()
    done = [
        Point(past_words(one.state, texts), joined(short_minute(one.at), one.text), "done") for one in steps
    ]
    if not done:
        done = [Point(past_words(row_.state, texts), short_minute(row_.filed_at), "done")]
    coming = AHEAD.get(row_.state, ())
    if not coming:
        return tuple(done)
    holder = row_.view.holder if row_.view is not None else ""
    first = ahead(coming[:1], "now")[0]
    return (*done, Point(first.title, holder or first.detail, "now"), *ahead(coming[1:]))


class WayPanel(Card):
    """The right column: one objection's state, term, steps and answer; or how it goes in general."""

    def __init__(self, texts: Texts) -> None:
        super().__init__("card", (18, 16, 18, 16), 8)
        self.texts = texts
        say = texts.say
        self.head = label(say("objection_page.way"), "caption", "secondary")
        self.number = Elided("", "subtitle")
        self.chip = Chip("", "neutral")
        self.term = label("", "table", "warn", wrap=True)
        self.what = label("", "caption", "tertiary", wrap=True)
        self.way = Way()
        self.answer = Card("inset", (12, 9, 12, 9), 2)
        self._answer = label("", "table", wrap=True)
        self._answer.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.answer.box.addWidget(label(say("objection_page.answer"), "smallstrong"))
        self.answer.box.addWidget(self._answer)
        self.next = Card("info", (12, 9, 12, 11), 4)
        self._next_title = label("", "smallstrong", wrap=True)
        self._next = label("", "caption", "secondary", wrap=True)
        column(self._next_title, self._next, gap=4, into=self._inside(self.next))
        line = row(self.number, self.chip)
        line.setStretch(0, 1)
        self.box.addWidget(self.head)
        self.box.addLayout(line)
        for part in (self.term, self.what):
            self.box.addWidget(part)
        self.box.addSpacing(6)
        self.box.addWidget(self.way)
        self.box.addWidget(self.answer)
        self.box.addStretch(1)
        self.box.addWidget(self.next)

    def _inside(self, card: Card) -> QWidget:
        holder = QWidget()
        card.box.addWidget(holder)
        return holder

    def show_row(self, row_: Any) -> None:
        """Show one objection, or how it goes in general."""
        say, texts = self.texts.say, self.texts
        known = row_ is not None
        self.head.setText(say("objection_page.way" if known else "objection_page.way_general"))
        self.number.setVisible(known)
        self.chip.setVisible(known)
        term = term_words(row_, datetime.now(UTC), texts) if known else ""
        self.term.setText(say("objection_page.term", due=term))
        self.term.setVisible(bool(term))
        self.what.setVisible(known)
        answer = ""
        if known:
            face = state_chip(row_.state, texts)
            self.number.say(row_.number or say("objection_page.no_number"))
            self.chip.say(face.text, face.tone, face.icon)
            self.what.setText(joined(say(f"objection_page.kind_{row_.kind}"), row_.document_no))
            answer = row_.view.answer if row_.view is not None else ""
        self._answer.setText(answer)
        self.answer.setVisible(bool(answer))
        self.way.say(points(row_, texts), self.number.whole)
        key = "mark"
        if known and row_.state in CONCLUDED:
            key = "upheld" if row_.state in UPHELD else "unhappy"
        elif known and row_.state == "refused":
            key = "refused"
        elif known and row_.kind == "data_error":
            key = "data_error"
        self._next_title.setText(say(f"objection_page.next_{key}"))
        self._next.setText(say(f"objection_page.next_{key}_why"))
