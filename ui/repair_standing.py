"""Eligibility: how the record stands, what is left of its publicity period, by which rule, who decides."""

from __future__ import annotations

from datetime import UTC, datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.desks.repair_desk import RepairView
from app.desks.repair_words import countdown, facts, rule_words, tone, version_words
from app.desks.words import joined, minute
from app.field.records import Record
from app.texts import Texts
from ui.notices import Inline
from ui.widgets.basics import Button, Card, label, on_click, row
from ui.widgets.chips import Chip
from ui.widgets.panels import Facts, Skeleton


class StandingCard(Card):
    """Asked anew each time; without an answer it shows what was told last, or what the copy says."""

    asked = Signal()

    def __init__(self, texts: Texts) -> None:
        super().__init__("inset", (16, 11, 16, 12), 6)
        self.texts = texts
        say = texts.say
        self.chip = Chip("", "neutral")
        self.left = label("", "smallstrong", wrap=True)
        self.told = label("", "caption", "tertiary", wrap=True)
        self.facts = Facts(84, gap=5)
        self.notice = Inline(texts)
        self.again = on_click(Button(say("repair_page.ask_again"), "small", "retry"), self.asked.emit)
        self.skeleton = Skeleton()
        self.said = QWidget()
        box = QVBoxLayout(self.said)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(6)
        line = row(self.chip, self.left)
        line.setStretch(1, 1)
        box.addLayout(line)
        box.addWidget(self.facts)
        self.skeleton.hide()
        self.box.addWidget(self.said)
        self.box.addWidget(self.skeleton)
        self.box.addWidget(self.notice)
        foot = row(self.told, self.again)
        foot.setStretch(0, 1)
        self.box.addLayout(foot)

    def show_view(self, view: RepairView) -> None:
        """What is known now: the answer of the platform, what it told last, or the copy's own outlook."""
        say, standing = self.texts.say, view.standing
        outlook = view.record.repair if isinstance(view.record, Record) else None
        waiting = view.asking and standing is None
        if waiting and self.skeleton.isHidden():
            self.skeleton.begin()
        elif not waiting:
            self.skeleton.end()
        self.skeleton.setVisible(waiting)
        self.said.setVisible(not waiting and (standing is not None or outlook is not None))
        self.notice.tell(view.unasked)
        now = datetime.now(UTC)
        self.chip.setVisible(standing is not None)
        if standing is not None:
            words = standing.words.of(self.texts.language)
            self.chip.say(words, *tone(standing.standing))
            self.left.setText(countdown(standing.earliest, standing.end, now, self.texts))
            pairs = facts(standing, self.texts.language, self.texts)
            moved = version_words(view.draft, standing, self.texts)
            self.facts.say((*pairs, *(((say("repair_page.version"), moved),) if moved else ())))
            self.again.setAccessibleDescription(joined(words, self.left.text()))
            told = minute(view.draft.told_at)
            self.told.setText(
                say("repair_page.asking") if view.asking else say("repair_page.told_at", time=told)
            )
        elif outlook is not None:
            self.left.setText(countdown(outlook.earliest, outlook.end, now, self.texts))
            self.facts.say(((say("repair_page.rule"), rule_words(outlook.rule, self.texts)),))
            self.told.setText(say("repair_page.from_copy"))
        else:
            self.told.setText(say("repair_page.asking") if view.asking else "")
