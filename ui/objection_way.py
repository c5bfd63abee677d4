"""How an objection goes: the steps done, the one under way, those to come. Pure functions and the panel."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from app.desks.paper_desk import letter_of
from app.desks.words import days_until, joined, month_day, refused_words, short_minute, size_of
from app.field.objections import ENDED
from app.texts import Texts
from ui.objection_step import StepOffer, step_words
from ui.widgets.basics import Button, Card, Elided, column, label
from ui.widgets.chips import Chip, ChipFace
from ui.widgets.flow import Flow
from ui.widgets.steps import Point, Way

UPHELD = ("corrected", "supplemented", "removed")
DATA_ERROR = "data_error"
AHEAD = {"filed": ("accepting", "checking", "answering"), "returned": ("accepting", "checking", "answering"),
         "accepted": ("checking", "answering"), "forwarded": ("checking", "answering"),
         "answered": ("answering",), "rechecking": ("checking", "answering")}  # fmt: skip
COMPARING = ("comparing", "telling")  # what a data error has ahead once it was sent
TONES = {"queued": ("neutral", "deadline"), "refused": ("warn", "attention"), "filed": ("info", "send"),
         "accepted": ("warn", "deadline"), "forwarded": ("warn", "deadline"), "corrected": ("good", "check"),
         "removed": ("good", "check"), "returned": ("warn", "attention"), "answered": ("warn", "deadline"),
         "rechecking": ("warn", "deadline"), "supplemented": ("good", "check"),
         "declined": ("neutral", "info"), "closed": ("neutral", "check"),
         "kept": ("neutral", "info"), "noted": ("neutral", "info")}  # fmt: skip


def state_words(state: str, texts: Texts, kind: str = "objection") -> str:
    """A state in words, a data error's own where they differ; one that is not known is told as it came."""
    return _first(texts, kind, f"state_{state}") or state


def past_words(state: str, texts: Texts, kind: str = "objection") -> str:
    """What was done when an objection, or a data error, came into a state."""
    return _first(texts, kind, f"past_{state}") or state_words(state, texts, kind)


def _first(texts: Texts, kind: str, key: str) -> str:
    own = (f"objection_page.data_error_{key}",) if kind == DATA_ERROR else ()
    return next((texts.say(name) for name in (*own, f"objection_page.{key}") if texts.has(name)), "")


def state_chip(state: str, texts: Texts, kind: str = "objection") -> ChipFace:
    return ChipFace(state_words(state, texts, kind), *TONES.get(state, ("neutral", "")))


def brought_words(row_: Any, texts: Texts) -> str:
    """How much of the evidence has arrived; empty when none is on its way."""
    if not row_.evidence_size:
        return ""
    sent, size = size_of(row_.evidence_sent), size_of(row_.evidence_size)
    return texts.say("objection_page.evidence", sent=sent, size=size)


def term_words(row_: Any, now: datetime, texts: Texts) -> str:
    """When the answer is due and how long that is; empty without a term or after the end."""
    left = days_until(row_.due_on, now)
    if left is None or row_.state in ENDED or row_.kind == DATA_ERROR:
        return ""
    key = "due_today" if left == 0 else ("due_in" if left > 0 else "due_past")
    return texts.say(f"objection_page.{key}", date=month_day(row_.due_on), days=abs(left))


def points(row_: Any, texts: Texts, kind: str = "objection") -> tuple[Point, ...]:
    """Every step of a filed objection or data error; without one the way that any of its `kind` takes."""
    say = texts.say
    kind = row_.kind if row_ is not None else kind
    hint = kind == DATA_ERROR

    def ahead(keys: tuple[str, ...], state: str = "next") -> list[Point]:
        end = "_now" if state == "now" else ""
        return [
            Point(say(f"objection_page.step_{key}{end}"), say(f"objection_page.step_{key}_why"), state)
            for key in keys
        ]

    whole = ("hinting", "noting", *COMPARING) if hint else ("filing", *AHEAD["filed"])
    if row_ is None:
        return tuple(ahead(whole))
    if row_.state == "queued":
        detail = brought_words(row_, texts) or say("objection_page.queued_why")
        return (Point(state_words("queued", texts), detail, "now"), *ahead(() if row_.of else whole[1:]))
    if row_.state == "refused":
        detail = say("objection.dup", number=row_.other) if row_.other else refused_words(row_, texts)
        return (Point(state_words("refused", texts), detail, "now"),)
    steps = tuple(row_.view.history) if row_.view is not None else ()
    before = ("", *(one.state for one in steps))
    done = [_past(one, one.state == was, texts, kind) for was, one in zip(before, steps, strict=False)]
    if not done:
        done = [Point(past_words(row_.state, texts, kind), short_minute(row_.filed_at), "done")]
    coming = AHEAD.get(row_.state, ())
    if not coming:
        return tuple(done)
    if hint:
        coming = COMPARING if row_.state != "filed" else ("noting", *COMPARING)
    holder = row_.view.holder if row_.view is not None else ""
    first = ahead(coming[:1], "now")[0]
    return (*done, Point(first.title, holder or first.detail, "now"), *ahead(coming[1:]))


def _past(step: Any, same: bool, texts: Texts, kind: str) -> Point:
    """One step that was taken; where the state stayed the `same`, what happened is its name."""
    if same and step.text:
        return Point(step.text, short_minute(step.at), "done")
    return Point(past_words(step.state, texts, kind), joined(short_minute(step.at), step.text), "done")


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
        self._answer_title = label("", "smallstrong")
        self.answer.box.addWidget(self._answer_title)
        self.answer.box.addWidget(self._answer)
        self.next = Card("info", (12, 9, 12, 11), 4)
        self._next_title = label("", "smallstrong", wrap=True)
        self._next = label("", "caption", "secondary", wrap=True)
        column(self._next_title, self._next, gap=4, into=self._inside(self.next))
        line = Flow()  # the state stands below the number where there is no room beside it
        line.addWidget(self.number)
        line.addWidget(self.chip)
        self.box.addWidget(self.head)
        self.box.addLayout(line)
        for part in (self.term, self.what):
            self.box.addWidget(part)
        self.box.addSpacing(6)
        self.box.addWidget(self.way)
        self.box.addWidget(self.answer)
        self.letter = Button(say("objection_page.answer_letter"), "plain", "signature")
        self.letter.setToolTip(say("objection_page.answer_letter_why"))
        self.box.addWidget(self.letter)
        self.letter.hide()
        self.offer = StepOffer(texts)
        self.box.addWidget(self.offer)
        self.box.addStretch(1)
        self.box.addWidget(self.next)

    def _inside(self, card: Card) -> QWidget:
        holder = QWidget()
        card.box.addWidget(holder)
        return holder

    def show_row(self, row_: Any, kind: str = "objection") -> None:
        """Show one objection or data error, or how those of a kind go in general."""
        say, texts = self.texts.say, self.texts
        known = row_ is not None
        kind = row_.kind if known else kind
        hint = kind == DATA_ERROR
        general = "objection_page.way_data_error" if hint else "objection_page.way_general"
        self.head.setText(say("objection_page.way") if known else say(general))
        answer_title = "objection_page.answer_data_error" if hint else "objection_page.answer"
        self._answer_title.setText(say(answer_title))
        self.number.setVisible(known)
        self.chip.setVisible(known)
        term = term_words(row_, datetime.now(UTC), texts) if known else ""
        self.term.setText(say("objection_page.term", due=term))
        self.term.setVisible(bool(term))
        self.what.setVisible(known)
        answer = ""
        if known:
            face = state_chip(row_.state, texts, kind)
            self.number.say(row_.number or step_words(row_, texts) or say("objection_page.no_number"))
            self.chip.say(face.text, face.tone, face.icon)
            self.what.setText(joined(say(f"objection_page.kind_{row_.kind}"), row_.subject, row_.document_no))
            answer = row_.view.answer if row_.view is not None else ""
        self.letter.setVisible(letter_of(row_) is not None)
        self._answer.setText(answer)
        self.answer.setVisible(bool(answer))
        self.way.say(points(row_, texts, kind), self.number.whole)
        key = "data_error" if hint else "mark"
        if known and row_.state in UPHELD:
            key = "upheld"
        elif known and row_.state in ENDED:
            key = "told" if hint else "unhappy"
        elif known and row_.state == "refused":
            key = "refused"
        self._next_title.setText(say(f"objection_page.next_{key}"))
        self._next.setText(say(f"objection_page.next_{key}_why"))
