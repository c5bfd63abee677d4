"""The records of a tab: tabs, filters, table and, below it, where the chosen record comes from."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QWidget

from app.desks.desk import Notice
from app.desks.subject_desk import SubjectView
from app.desks.subject_view import Filters, status_of
from app.desks.words import NOTHING, day, disputed, joined, month_day, short_minute, yuan
from app.field.records import Record
from app.texts import Texts
from ui.look import look
from ui.table_rows import Cell, Column, Row
from ui.tables import Table
from ui.widgets.basics import Button, Card, Elided, Mark, label, row, rule
from ui.widgets.chips import ChipFace
from ui.widgets.fields import Choice, SearchField
from ui.widgets.flow import Flow
from ui.widgets.record_number import RecordNumber
from ui.widgets.tabs import Tabs

YEARS = (0, 1, 3, 5)


class RecordsCard(Card):
    """Everything between the tiles and the status bar."""

    turned = Signal(str)
    narrowed = Signal(object)

    def __init__(self, texts: Texts) -> None:
        super().__init__("card", (1, 1, 1, 1), 0)
        self.texts = texts
        say = texts.say
        self.tabs = Tabs(say("subject.tabs"))
        self.tabs.turned.connect(self.turned.emit)
        self.words = SearchField(say("subject.filter"), "search", "filter")
        self.words.setFixedWidth(look().px(168))
        self.status, self.years, self.provider = (
            Choice(say(f"subject.filter_{name}")) for name in ("status", "years", "provider")
        )
        for count in YEARS:
            self.years.addItem(
                say("subject.last_years", count=count) if count else say("subject.all_years"), str(count)
            )
        self.provider.setMaximumWidth(look().px(190))
        filters = QWidget()
        line = Flow()
        for filter_ in (self.words, self.status, self.years, self.provider):
            line.addWidget(filter_)
        row(line, into=filters).setContentsMargins(16, 5, 16, 6)
        columns = (
            Column(say("subject.col_document"), 4),
            Column(say("subject.col_amount"), 0, right=True),
            Column(say("subject.col_date")),
            Column(say("subject.col_provider"), 1),
            Column(say("subject.col_status")),
        )
        self.table = Table(say("subject.records"), columns, 52)
        self.table.setMinimumHeight(look().px(34 + 52))
        # what is free, and not a height of its own by which the whole page would begin to scroll
        self.table.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        self._none = label("", "table", "tertiary", wrap=True)
        self._none.setContentsMargins(16, 18, 16, 18)
        self._foot = QFrame()
        self._foot.setProperty("cls", "foot")
        self._foot.setMinimumHeight(look().px(34))
        foot = QHBoxLayout(self._foot)
        foot.setContentsMargins(16, 2, 8, 2)
        foot.setSpacing(10)
        self.source = Elided("", "caption", "secondary")
        self.number = RecordNumber(texts)
        self.details = Button(say("subject.details"), "link")
        self.details.setToolTip(say("subject.details_key"))
        foot.addWidget(Mark("source", "textTertiary", 14))
        foot.addWidget(self.source, 1)
        foot.addWidget(self.number)
        foot.addWidget(self.details)
        for part in (self.tabs, rule(), filters, rule(), self.table, self._none, self._foot):
            self.box.addWidget(part, 1 if part is self.table else 0)
        self.box.addStretch(0)
        self.words.textEdited.connect(lambda _: self._narrow())
        for choice in (self.status, self.years, self.provider):
            choice.activated.connect(lambda _: self._narrow())
        self._tab = ""

    def _narrow(self) -> None:
        self.narrowed.emit(
            Filters(
                self.words.text().strip(),
                str(self.status.currentData() or ""),
                str(self.provider.currentData() or ""),
                int(self.years.currentData() or 0),
            )
        )

    def show_view(self, view: SubjectView) -> None:
        say = self.texts.say
        faces = [
            (key, f"{say(f'subject.tab_{key}')} {count}" if key != "all" else say("subject.tab_all"))
            for key, count in view.tabs
            if count or key == "all"
        ]
        self.tabs.offer(faces, view.tab)
        total = dict(view.tabs).get(view.tab, 0)
        if self._tab != view.tab or not self.words.hasFocus():
            if self.words.text().strip() != view.filters.words:
                self.words.setText(view.filters.words)
            self.words.setPlaceholderText(say("subject.filter_in", count=total))
        if self._tab != f"{view.tab}{id(view.answer)}":
            self._tab = f"{view.tab}{id(view.answer)}"
            self._offer(view)
        name = say("subject.records_of", tab=say(f"subject.tab_{view.tab}"), count=len(view.rows))
        changed = view.answer.changed if view.answer is not None else None
        rows = tuple(self._row(record, self._change(record, changed)) for record in view.rows)
        self.table.fill(rows, view.selected.rec_id if view.selected else "", name)
        empty = not rows
        self._none.setText(say("subject.none_left" if total else "subject.none_here"))
        self._none.setVisible(empty)
        self._say_source(view.selected)

    def _offer(self, view: SubjectView) -> None:
        say = self.texts.say
        for choice, everything, values in (
            (self.status, "subject.all_statuses", [(one, self._status_word(one)) for one in view.statuses]),
            (self.provider, "subject.all_providers", [(one, one) for one in view.providers]),
        ):
            choice.clear()
            choice.addItem(say(everything), "")
            for key, words in values:
                choice.addItem(words, key)
        self.years.choose(str(view.filters.years))

    def _status_word(self, status: str) -> str:
        return self.texts.say("subject.objected_short") if status == "objected" else status

    def _change(self, record: Record, changed: Any) -> str:
        """What happened to a record since this officer last asked; empty for nothing."""
        if changed is None:
            return ""
        word = (
            "added"
            if record.rec_id in changed.added
            else "changed"
            if record.rec_id in changed.changed
            else ""
        )
        return self.texts.say(f"subject.change_{word}") if word else ""

    def _row(self, record: Record, change: str = "") -> Row:
        status = status_of(record)
        if record.objection:
            chip = ChipFace(self.texts.say("subject.objected_short"), "warn", "flag-filled")
        elif record.section == "serious":
            chip = ChipFace(status or self.texts.say("subject.tab_serious"), "serious", "serious-filled")
        elif record.section == "honour":
            chip = ChipFace(status or self.texts.say("subject.tab_honour"), "good")
        else:
            tone = {"label": "info", "mark": "warn"}.get(record.display, "neutral")
            chip = ChipFace(status or NOTHING, tone)
        return Row(
            record.rec_id,
            (
                Cell(record.document_no or record.title, record.matter or record.title),
                self._amount(record),
                Cell(record.decided_on or NOTHING, change, lower_tone="accentText"),
                Cell(record.provider or NOTHING, tone="textSecondary"),
                Cell(chip.text, chip=chip),
            ),
            record.document_no,
        )

    def _amount(self, record: Record) -> Cell:
        """The amount, or that it is in doubt and why; never the doubtful number."""
        why = disputed(record, self.texts)
        if not why:
            return Cell(yuan(record.amount_fen))
        if record.objection:
            why = joined(why, self.texts.say("subject.objected_short"), record.objection.number)
        return Cell(self.texts.say("paper_record.disputed"), tone="warn", why=why)

    def _say_source(self, record: Record | None) -> None:
        self._foot.setVisible(record is not None)
        if record is None:
            return
        say = self.texts.say
        marked = ""
        if record.objection:
            accepted = month_day(record.objection.accepted_on)
            marked = say("subject.objection_since", number=record.objection.number, date=accepted)
        corrected = (
            say("subject.corrected", date=day(record.corrections[-1].at)) if record.corrections else ""
        )
        received = (
            say("subject.received", time=short_minute(record.received_at)) if record.received_at else ""
        )
        self.source.say(joined(say("subject.source", name=record.provider), received, marked, corrected))
        self.number.say(record.rec_id)

    def changes_of(self, answer: Any) -> Notice | None:
        """What changed since the last look, as a notice; None when nothing did or this is the first look."""
        changed = answer.changed
        if changed is None:
            return None
        count = changed.count
        if not count:
            return None
        return Notice("data.changed", (("date", day(changed.since)), ("count", count)), "info")
