"""At the right of the records: the timeline, or the whole of one record, or the basis of the measures."""

from __future__ import annotations

from datetime import UTC, datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from app.desks.repair_words import countdown
from app.desks.subject_desk import SubjectView
from app.desks.subject_view import Event
from app.desks.words import NOTHING, day, disputed, joined, minute, yuan
from app.field.records import Record, Standing
from app.texts import Texts
from ui.look import look
from ui.widgets.basics import Button, Card, Elided, empty_out, label, on_click, row, rule
from ui.widgets.panels import Facts
from ui.widgets.record_number import RecordNumber
from ui.widgets.steps import TimelineRow

SHOWN_EVENTS = 40
REPAIRED = ("penalty", "serious", "abnormal")  # what a repair may be applied for, by some rule or other


class SidePanel(Card):
    """A heading, an action at its right, and a column that scrolls."""

    def __init__(self, name: str) -> None:
        super().__init__("card", (16, 12, 6, 8), 6)
        self.setAccessibleName(name)
        self.heading = Elided("", "strong")
        self.head = row(self.heading, None, gap=6)
        self.head.setContentsMargins(0, 0, 8, 0)
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._inner = QWidget()
        self.column = QVBoxLayout(self._inner)
        self.column.setContentsMargins(0, 0, 10, 4)
        self.column.setSpacing(0)
        self.area.setWidget(self._inner)
        self.area.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        self.area.viewport().setAutoFillBackground(False)
        self._inner.setAutoFillBackground(False)
        self.box.addLayout(self.head)
        self.box.addWidget(self.area, 1)
        self.setMinimumHeight(look().px(200))


class Timeline(SidePanel):
    """Newest first, a line for each year."""

    opened = Signal(str)

    def __init__(self, texts: Texts) -> None:
        super().__init__(texts.say("subject.timeline"))
        self.texts = texts
        self.heading.say(texts.say("subject.timeline"))
        self._count = label("", "table", "accent")
        self.head.addWidget(self._count)

    def show_events(self, events: tuple[Event, ...]) -> None:
        """Lay out the events."""
        empty_out(self.column)
        self._count.setText(self.texts.say("subject.timeline_count", count=len(events)))
        year = ""
        for event in events[:SHOWN_EVENTS]:
            if event.on[:4] != year:
                year = event.on[:4]
                line = rule()
                head = row(label(year, "caption", "secondary"), line, gap=8)
                head.setStretch(1, 1)
                head.setContentsMargins(0, 0 if self.column.count() == 0 else 2, 0, 3)
                self.column.addLayout(head)
            entry = TimelineRow(
                event.on[5:], self._words(event), event.detail, event.tone, bool(event.rec_id)
            )
            entry.clicked.connect(lambda _checked=False, rec_id=event.rec_id: self.opened.emit(rec_id))
            self.column.addWidget(entry)
        if len(events) > SHOWN_EVENTS:
            rest = len(events) - SHOWN_EVENTS
            self.column.addWidget(
                label(self.texts.say("subject.timeline_rest", count=rest), "caption", "tertiary", wrap=True)
            )
        self.column.addStretch(1)

    def _words(self, event: Event) -> str:
        """What happened, in a sentence that stands without the record."""
        say = self.texts.say
        if event.objected:
            return say("subject.event_objection", what=say(f"subject.tab_{event.section}"))
        words = say(f"subject.event_{event.section}", title=event.title)
        if event.section == "penalty" and event.amount_fen is not None:
            return say("subject.event_amount", what=words, amount=yuan(event.amount_fen))
        return words


class RecordPanel(SidePanel):
    """All fields of a record, why it is shown, its corrections and the outlook of a repair."""

    closed = Signal()
    copied = Signal(str)
    objection = Signal()
    repair = Signal()

    def __init__(self, texts: Texts) -> None:
        super().__init__(texts.say("subject.panel"))
        self.texts = texts
        self.close_button = on_click(Button("", "bare", "close", "textSecondary"), self.closed.emit)
        self.close_button.setAccessibleName(texts.say("shell.close"))
        self.head.addWidget(self.close_button)
        self._record: Record | None = None
        self._open, self._acts = False, True
        self.hide()

    def hide_acts(self) -> None:
        """To read alone: nothing is begun from here."""
        self._acts = False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
            return
        super().keyPressEvent(event)

    def show_view(self, view: SubjectView) -> None:
        appears = view.panel_open and not self._open
        self._open = view.panel_open
        self.setVisible(view.panel_open)
        if not view.panel_open or view.selected is None:
            self._record = None
            return
        if view.selected is not self._record:
            self._record = view.selected
            self._lay_out(view.selected)
        if appears:
            self.close_button.setFocus()

    def _section(self, text_id: str) -> None:
        self.column.addSpacing(10)
        self.column.addWidget(rule())
        self.column.addSpacing(8)
        self.column.addWidget(label(self.texts.say(text_id), "smallstrong"))
        self.column.addSpacing(4)

    def _facts(self, facts: list[tuple[str, str]]) -> None:
        shown = Facts(66, gap=6)
        shown.say([(word, value or NOTHING) for word, value in facts])
        self.column.addWidget(shown)

    def _lay_out(self, record: Record) -> None:
        say = self.texts.say
        empty_out(self.column)
        self.heading.say(record.document_no or record.title)
        number = RecordNumber(self.texts)
        number.say(record.rec_id)
        number.copied.connect(self.copied.emit)
        self.column.addLayout(row(number, None))
        self.column.addSpacing(4)
        fields = list(record.fields) or [
            (say("subject.col_document"), record.document_no),
            (say("subject.matter"), record.matter),
            (say("subject.col_amount"), disputed(record, self.texts) or yuan(record.amount_fen)),
            (say("subject.col_date"), record.decided_on),
            (say("subject.col_provider"), record.provider),
        ]
        self._facts(fields)
        self._section("subject.why")
        rule_row = record.why
        self._facts(
            [
                (
                    say("subject.rule"),
                    joined(rule_row.text, say("subject.rule_version", version=rule_row.version))
                    if rule_row
                    else "",
                ),
                (say("subject.basis"), rule_row.basis if rule_row else ""),
                (say("subject.publicity_end"), record.publicity_end),
                (say("subject.provenance"), joined(record.provider, minute(record.received_at))),
            ]
        )
        if record.objection:
            self._section("subject.objection")
            mark = record.objection
            self._facts(
                [
                    (say("subject.number"), mark.number),
                    (say("subject.accepted"), mark.accepted_on),
                    (say("subject.due"), mark.due_on),
                ]
            )
        if record.corrections:
            self._section("subject.corrections")
            for one in record.corrections:
                self.column.addWidget(label(joined(day(one.at), one.text), "table", "secondary", wrap=True))
        if record.repair:
            self._section("subject.repair")
            outlook = record.repair
            left = countdown(outlook.earliest, outlook.end, datetime.now(UTC), self.texts)
            self.column.addWidget(label(left, "smallstrong", wrap=True))
            self.column.addSpacing(4)
            self._facts(
                [
                    (say("subject.repair_from"), outlook.earliest),
                    (say("subject.repair_end"), outlook.end),
                    (say("subject.basis"), outlook.rule.basis),
                ]
            )
        if self._acts and record.section in REPAIRED:
            self.column.addSpacing(8)
            look_at = on_click(Button(say("subject.repair_look"), "small", "repair"), self.repair.emit)
            look_at.setToolTip("Ctrl+R")
            self.column.addLayout(row(look_at, None))
        self.column.addSpacing(12)
        if self._acts:
            act = on_click(Button(say("subject.object_this"), "small", "objection"), self.objection.emit)
            self.column.addLayout(row(act, None))
        self.column.addStretch(1)
        self.area.verticalScrollBar().setValue(0)

    def show_measures(self, entries: tuple[Standing, ...]) -> None:
        """The basis of every measure of these entries; the officer reads it, nothing is decided here."""
        say = self.texts.say
        self._record, self._open = None, False
        empty_out(self.column)
        self.heading.say(say("subject.basis_of_measures"))
        for entry in entries:
            self._facts(
                [
                    (say("subject.list"), entry.list_name),
                    (say("subject.authority"), entry.authority),
                    (say("subject.reason"), entry.reason),
                    (say("subject.document"), entry.document_no),
                ]
            )
            for measure in entry.measures:
                self.column.addSpacing(8)
                self.column.addWidget(rule())
                self.column.addSpacing(6)
                owner = say("subject.for_you") if measure.for_you else measure.body
                self.column.addWidget(label(measure.text, "smallstrong", wrap=True))
                self.column.addWidget(
                    label(
                        joined(say(f"subject.group_{measure.group}"), owner),
                        "caption",
                        "secondary",
                        wrap=True,
                    )
                )
                self.column.addWidget(label(measure.basis, "caption", "tertiary", wrap=True))
        self.column.addStretch(1)
        self.area.verticalScrollBar().setValue(0)
        self.show()
        self.close_button.setFocus()
