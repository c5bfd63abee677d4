"""An open copy: whose, as of when, and one record at a time."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QVBoxLayout, QWidget

from app.desks.words import day, minute, spaced
from app.field.records import Bundle, Record
from app.texts import Texts
from ui.look import look
from ui.record_facts import facts, notes, origin, status_chips
from ui.widgets.basics import Button, Card, Mark, column, empty_out, label, on_click, row, rule
from ui.widgets.chips import Chip, ChipFace
from ui.widgets.flow import Flow
from ui.widgets.marked import Marked
from ui.widgets.record_number import RecordNumber
from ui.widgets.well import Well

STANDING = {
    "serious": ("serious", "serious-filled"),
    "abnormal": ("warn", "attention"),
    "honour": ("good", "honour"),
}


def standing_chips(bundle: Bundle, texts: Texts) -> tuple[ChipFace, ...]:
    """How many entries of each list, the worst first; never a verdict."""
    counted = {kind: sum(one.kind == kind for one in bundle.standing) for kind in STANDING}
    return tuple(
        ChipFace(texts.say(f"offline_page.list_{kind}", count=counted[kind]), *STANDING[kind])
        for kind in STANDING
        if counted[kind]
    )


def renamed_words(answer: Any, texts: Texts) -> str:
    """That the unit bears another name by now, and since when; empty when it does not."""
    if not answer.now_called:
        return ""
    key = "renamed_after" if answer.called_until else "renamed"
    until = day(answer.called_until) if answer.called_until else ""
    return texts.say(f"offline_page.{key}", name=answer.now_called, day=until)


class MarkedFacts(QWidget):
    """Label and value with a hairline between; found words are marked."""

    def __init__(self) -> None:
        super().__init__()
        self.grid = QGridLayout(self)
        self.grid.setContentsMargins(0, 0, 0, 0)
        self.grid.setVerticalSpacing(8)
        self.grid.setHorizontalSpacing(12)
        self.grid.setColumnStretch(1, 1)
        self.grid.setColumnMinimumWidth(0, look().px(80))

    def say(self, pairs: tuple[tuple[str, str], ...], words: str) -> None:
        empty_out(self.grid)
        for place, (name, value) in enumerate(pairs):
            word = label(name, "caption", "secondary", wrap=True)
            word.setMinimumWidth(look().px(80))
            word.setMaximumWidth(look().px(130))
            shown = Marked(value, words)
            shown.setAccessibleName(f"{name} {value}")
            self.grid.addWidget(word, place * 2, 0, Qt.AlignmentFlag.AlignTop)
            self.grid.addWidget(shown, place * 2, 1)
            self.grid.addWidget(rule(), place * 2 + 1, 0, 1, 2)


class CopyDetail(Card):
    """The right pane. `stepped` asks for the next or former record."""

    stepped = Signal(int)
    objected = Signal()
    repair_wanted = Signal()
    released = Signal()
    copied = Signal(str)

    def __init__(self, texts: Texts) -> None:
        super().__init__("card", (1, 1, 1, 1), 0)
        self.texts = texts
        say = texts.say
        self.name = label("", "subtitle", wrap=True)
        self.code = label("", "table", "secondary")
        self.code.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.chips = QWidget()
        self._flow = Flow(self.chips, 6)
        self.warning = label("", "table", wrap=True)
        box = Card("warn", (14, 9, 14, 9), 12, row=True)
        box.box.addWidget(Mark("ledger", "warn", 18))
        box.box.addWidget(self.warning, 1)
        self.section = label("", "strong")
        self.record_chips = QWidget()
        self._record_flow = Flow(self.record_chips, 6)
        self.place = label("", "caption", "tertiary")
        self.former = on_click(Button(say("offline_page.former"), "small"), lambda: self.stepped.emit(-1))
        self.next = on_click(Button(say("offline_page.next"), "small"), lambda: self.stepped.emit(1))
        self.facts = MarkedFacts()
        self.notes = QWidget()
        self._notes = QVBoxLayout(self.notes)
        self._notes.setContentsMargins(0, 0, 0, 0)
        self._notes.setSpacing(6)
        self.origin = label("", "caption", "tertiary", wrap=True)
        self.number = RecordNumber(texts)
        self.number.copied.connect(self.copied.emit)
        self.nothing = label(say("offline_page.no_records"), "body", "secondary", wrap=True)
        self.object = on_click(
            Button(say("offline_page.object"), "plain", "objection"), lambda: self.objected.emit()
        )
        self.object.setToolTip("Ctrl+J")
        self.repair = on_click(Button(say("subject.repair_look"), "plain", "repair"), self.repair_wanted.emit)
        self.repair.setToolTip("Ctrl+R")
        self.release = on_click(
            Button(say("offline_page.release"), "plain", "delete"), lambda: self.released.emit()
        )
        self.cannot = label(say("offline_page.cannot"), "caption", "tertiary", wrap=True)
        inner = QWidget()
        column_ = QVBoxLayout(inner)
        column_.setContentsMargins(20, 16, 20, 16)
        column_.setSpacing(12)
        head = row(column(self.name, self.code, gap=0), self.chips, gap=12)
        head.setStretch(0, 1)
        head.setAlignment(self.chips, Qt.AlignmentFlag.AlignTop)
        column_.addLayout(head)
        column_.addWidget(box)
        self.record = QWidget()
        record = QVBoxLayout(self.record)
        record.setContentsMargins(0, 0, 0, 0)
        record.setSpacing(12)
        line = row(self.section, self.record_chips, None, self.place, self.former, self.next)
        line.setAlignment(self.record_chips, Qt.AlignmentFlag.AlignVCenter)
        record.addLayout(line)
        record.addWidget(self.notes)
        record.addWidget(self.facts)
        came = row(self.origin, self.number)
        came.setStretch(0, 1)
        record.addLayout(came)
        column_.addWidget(self.record)
        column_.addWidget(self.nothing)
        column_.addStretch(1)
        self.area = Well(inner)
        self.box.addWidget(self.area, 1)
        self.box.addWidget(rule())
        self.box.addWidget(self._actions())
        self._shown: object = None

    def _actions(self) -> QWidget:
        """What may be done with a copy, always in sight."""
        buttons = QWidget()
        flow = Flow(buttons, 8)
        flow.addWidget(self.object)
        flow.addWidget(self.repair)
        flow.addWidget(self.release)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        buttons.setSizePolicy(policy)
        holder = QWidget()
        column(buttons, self.cannot, gap=6, into=holder).setContentsMargins(20, 10, 20, 10)
        return holder

    def show_answer(self, answer: Any, place: int, words: str) -> None:
        """Lay out a copy with one of its records."""
        shown = (answer.query_no, place, words, answer.as_of, answer.now_called)
        if shown == self._shown:
            return
        self._shown = shown
        bundle: Bundle = answer.bundle
        say, subject = self.texts.say, bundle.subject
        self.name.setText(subject.name if subject is not None else say("offline_page.no_subject"))
        self.code.setText(spaced(subject.code) if subject is not None else "")
        copy = ChipFace(say("offline_page.a_copy"), "warn", "cloud_off")
        self._fill(self._flow, (copy, *standing_chips(bundle, self.texts)))
        as_of = say("offline_page.as_of_warning", time=minute(answer.as_of))
        self.warning.setText("\n".join(part for part in (renamed_words(answer, self.texts), as_of) if part))
        records = bundle.records
        self.record.setVisible(bool(records))
        self.nothing.setVisible(not records)
        self.object.setVisible(bool(records))
        self.repair.setVisible(bool(records))
        if records:
            self._record(records[place % len(records)], place % len(records), len(records), words)
        self.area.verticalScrollBar().setValue(0)
        self.setAccessibleName(f"{self.name.text()} {self.warning.text()}")

    def _record(self, record: Record, place: int, count: int, words: str) -> None:
        say = self.texts.say
        self.section.setText(say(f"paper_section.{record.section}"))
        self._fill(self._record_flow, status_chips(record, self.texts))
        self.place.setText(say("offline_page.place", place=place + 1, count=count))
        for button in (self.former, self.next):
            button.setEnabled(count > 1)
        self.facts.say(facts(record, self.texts), words)
        empty_out(self._notes)
        for line in notes(record, self.texts):
            self._notes.addWidget(label(line, "table", "warn", wrap=True))
        self.notes.setVisible(bool(notes(record, self.texts)))
        self.origin.setText(origin(record, self.texts))
        self.number.say(record.rec_id)

    def _fill(self, flow: Flow, faces: tuple[ChipFace, ...]) -> None:
        empty_out(flow)
        for face in faces:
            flow.addWidget(Chip(face.text, face.tone, face.icon))
