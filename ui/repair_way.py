"""How an application for repair goes: steps done, under way, to come. The platform's are two of them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from PySide6.QtCore import Qt, Signal

from app.desks.words import day, days_until, joined, month_day, refused_words, short_minute
from app.texts import Texts
from ui.objection_way import brought_words
from ui.widgets.basics import Button, Card, Elided, column, label, on_click, row
from ui.widgets.chips import Chip, ChipFace
from ui.widgets.panels import Facts
from ui.widgets.steps import Point, Way

TONES = {
    "queued": ("neutral", "deadline"), "refused_here": ("warn", "attention"), "submitted": ("info", "send"),
    "returned": ("warn", "attention"), "handed": ("info", "send"), "accepted": ("warn", "deadline"),
    "checking": ("warn", "deadline"), "granted": ("good", "check"), "noted": ("neutral", "info"),
    "shielded": ("neutral", "hide"), "resumed": ("neutral", "info"), "refused": ("neutral", "info"),
    "withdrawn": ("neutral", "info"), "synced": ("neutral", "check"),
}  # fmt: skip
AHEAD = {
    "submitted": ("handing", "accepting", "checking", "deciding"),
    "returned": ("handing", "accepting", "checking", "deciding"),
    "handed": ("accepting", "checking", "deciding"),
    "accepted": ("checking", "deciding"),
    "checking": ("deciding",),
    "granted": ("syncing",),
    "noted": ("syncing",),
    "refused": ("syncing",),
    "resumed": ("syncing",),
}
WAITS = ("queued", "refused")
MAY_WITHDRAW = ("submitted", "returned", "handed")
ENDED = ("granted", "noted", "refused", "resumed", "synced", "withdrawn")


def is_here(row_: Any) -> bool:
    """Whether a row is on its way from this computer, or came back to it, and is no case yet."""
    return bool(row_.op_id)


def state_words(row_: Any, texts: Texts) -> str:
    """The state in words: the server's own, of what is still here this program's."""
    if is_here(row_):
        return texts.say(f"repair_page.here_{row_.state}")
    told = row_.view.state_words.of(texts.language) if row_.view is not None else ""
    key = f"repair_page.state_{row_.state}"
    return texts.say(key) if texts.has(key) else told or row_.state


def state_chip(row_: Any, texts: Texts) -> ChipFace:
    key = "refused_here" if is_here(row_) and row_.state == "refused" else row_.state
    return ChipFace(state_words(row_, texts), *TONES.get(key, ("neutral", "")))


def term_words(row_: Any, now: datetime, texts: Texts) -> str:
    """When the answer is due and how long that is; empty without a term or after the end."""
    left = days_until(row_.due_on, now)
    if left is None or row_.state in ENDED:
        return ""
    key = "due_today" if left == 0 else ("due_in" if left > 0 else "due_past")
    return texts.say(f"objection_page.{key}", date=month_day(row_.due_on), days=abs(left))


def points(row_: Any, texts: Texts) -> tuple[Point, ...]:
    """Every step of an application; without one the way that any takes."""
    say = texts.say

    def ahead(keys: tuple[str, ...], state: str = "next") -> list[Point]:
        end = "_now" if state == "now" else ""
        return [
            Point(say(f"repair_page.step_{key}{end}"), say(f"repair_page.step_{key}_why"), state)
            for key in keys
        ]

    whole = ("applying", *AHEAD["submitted"])
    if row_ is None:
        return tuple(ahead(whole))
    if is_here(row_):
        detail = refused_words(row_, texts) if row_.state == "refused" else brought_words(row_, texts)
        if row_.other:
            detail = say("repair_page.duplicate", number=row_.other)
        now = Point(state_words(row_, texts), detail or say("objection_page.queued_why"), "now")
        return (now, *(ahead(whole[1:]) if row_.act == "apply" and row_.state == "queued" else ()))
    steps = row_.view.history if row_.view is not None else ()
    done = [Point(one.text or state_words(row_, texts), short_minute(one.at), "done") for one in steps]
    if not done:
        done = [Point(state_words(row_, texts), short_minute(row_.filed_at), "done")]
    coming = AHEAD.get(row_.state, ())
    if not coming:
        return tuple(done)
    first = ahead(coming[:1], "now")[0]
    view = row_.view
    holder = "" if view is None or row_.state in ("submitted", "returned") else view.handed_to
    detail = joined(holder, view.keeper_words.of(texts.language) if view and not holder else "")
    at_keeper = row_.state not in ("submitted", "returned")
    return (
        *done,
        Point(first.title, (detail if at_keeper else "") or first.detail, "now"),
        *ahead(coming[1:]),
    )


class RepairWay(Card):
    """The right column: one application's state, term, steps, result; or how they go in general."""

    supplemented = Signal(str)
    given_up = Signal(str)

    def __init__(self, texts: Texts) -> None:
        super().__init__("card", (18, 16, 18, 16), 8)
        self.texts = texts
        say = texts.say
        self._number = ""
        self.head = label("", "caption", "secondary")
        self.number = Elided("", "subtitle")
        self.chip = Chip("", "neutral")
        self.term = label("", "table", "warn", wrap=True)
        self.what = label("", "caption", "tertiary", wrap=True)
        self.way = Way()
        self.facts = Facts(66, gap=6)
        self.answer = Card("inset", (12, 9, 12, 9), 2)
        self._answer = label("", "table", wrap=True)
        self._answer.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.answer.box.addWidget(label(say("repair_page.answer"), "smallstrong"))
        self.answer.box.addWidget(self._answer)
        self.supplement = on_click(
            Button(say("repair_page.supplement"), "primary", "upload"),
            lambda: self.supplemented.emit(self._number),
        )
        self.withdraw = on_click(
            Button(say("repair_page.withdraw"), "plain", "reset"), lambda: self.given_up.emit(self._number)
        )
        self.next = Card("info", (12, 9, 12, 11), 4)
        self._next_title = label("", "smallstrong", wrap=True)
        self._next = label("", "caption", "secondary", wrap=True)
        self.next.box.addLayout(column(self._next_title, self._next, gap=4))
        line = row(self.number, self.chip)
        line.setStretch(0, 1)
        self.box.addWidget(self.head)
        self.box.addLayout(line)
        for part in (self.term, self.what):
            self.box.addWidget(part)
        self.box.addSpacing(6)
        for below in (self.way, self.facts, self.answer):
            self.box.addWidget(below)
        self.box.addLayout(row(self.supplement, self.withdraw, None))
        self.box.addStretch(1)
        self.box.addWidget(self.next)

    def show_row(self, row_: Any) -> None:
        """Show one application, or how they go in general."""
        say, texts = self.texts.say, self.texts
        known = row_ is not None
        self._number = row_.number if known else ""
        self.head.setText(say("repair_page.way") if known else say("repair_page.way_general"))
        for part in (self.number, self.chip, self.what):
            part.setVisible(known)
        term = term_words(row_, datetime.now(UTC), texts) if known else ""
        self.term.setText(say("repair_page.term", due=term))
        self.term.setVisible(bool(term))
        view = row_.view if known else None
        facts: tuple[tuple[str, str], ...] = ()
        if known:
            face = state_chip(row_, texts)
            self.number.say(row_.number or say("objection_page.no_number"))
            self.chip.say(face.text, face.tone, face.icon)
            kind = view.kind_words.of(texts.language) if view is not None else ""
            self.what.setText(joined(kind, row_.subject, row_.document_no))
        if view is not None:
            pairs = (
                ("handed_to", joined(view.handed_to, day(view.handed_on) if view.handed_on else "")),
                ("tracking", view.tracking_no),
                ("result", joined(view.result_no, day(view.result_on) if view.result_on else "")),
                ("next_on", day(view.next_on) if view.next_on else ""),
            )
            facts = tuple((say(f"repair_page.{key}"), value) for key, value in pairs if value)
        self.facts.say(facts)
        self.facts.setVisible(bool(facts))
        self._answer.setText(view.answer if view is not None else "")
        self.answer.setVisible(view is not None and bool(view.answer))
        case = known and not is_here(row_)
        self.supplement.setVisible(case and row_.state == "returned")
        self.withdraw.setVisible(case and row_.state in MAY_WITHDRAW)
        self.way.say(points(row_, texts), self.number.whole if known else say("repair_page.way_general"))
        key = "decides"
        if case and row_.state in ENDED:
            key = "ended"
        elif known and is_here(row_) and row_.state == "refused":
            key = "refused"
        self._next_title.setText(say(f"repair_page.next_{key}"))
        self._next.setText(say(f"repair_page.next_{key}_why"))
