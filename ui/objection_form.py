"""The form of an objection: about which record, what is wrong, what it should be, what proves it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from app.desks.objection_desk import GROUNDS, KINDS, WISHES, ObjectionView
from app.desks.words import joined, yuan
from app.field.records import Record
from app.texts import Texts
from ui.case_form import CaseForm
from ui.look import look
from ui.objection_files import Proofs
from ui.objection_step import fit, submit_words
from ui.record_facts import facts
from ui.widgets.basics import (
    Card,
    Elided,
    Mark,
    column,
    label,
    row,
)
from ui.widgets.drop import Drop
from ui.widgets.fields import Choice
from ui.widgets.flow import Segments


class ObjectionForm(CaseForm):
    """With a kind, a ground and a wish, and beside the words a value as it should be."""

    attached = Signal(object)

    def __init__(self, texts: Texts) -> None:
        super().__init__(texts, "objection_page")
        say = texts.say
        self._draft_id, self._record = "", None
        self._pairs: tuple[tuple[str, str], ...] = ()
        self.kind = Segments(
            say("objection_page.kind"), [(k, say(f"objection_page.kind_{k}")) for k in KINDS]
        )
        self.letter.setMaximumWidth(look().px(210))
        self.letter.setMinimumWidth(look().px(116))
        self.ground = Segments(
            say("objection_page.ground"), [(k, say(f"objection_page.ground_{k}")) for k in GROUNDS]
        )
        self.wish = Choice(say("objection_page.wish"))
        for key in WISHES:
            self.wish.addItem(say(f"objection_page.wish_{key}"), key)
        self.which = Choice(say("objection_page.which"))
        self.which.setMinimumWidth(look().px(160))
        self.now = Elided("", "strong")
        self.should = QLineEdit()
        self.should.setAccessibleName(say("objection_page.should_be"))
        self.should.setPlaceholderText(say("objection_page.should_be_hint"))
        self.drop = Drop(say("objection_page.drop"), say("objection_page.file_kinds"))
        self.proofs = Proofs(texts)
        self._furnish(self._inner())
        self._wire()

    def _inner(self) -> QWidget:
        say = self.texts.say
        inner, box = self._begin_inner()
        kinds = QWidget()
        kind_line = row(
            label(say("objection_page.kind"), "strong"), 4, self.kind, self._letter, gap=8, into=kinds
        )
        kind_line.setStretch(2, 1)
        box.addWidget(kinds)
        box.addSpacing(6)
        self._wish = label("", "caption", "secondary")
        self._wish.setBuddy(self.wish)
        self._ground = label("", "strong")
        grounds, pair = QWidget(), QWidget()
        row(self._ground, None, self._wish, self.wish, into=grounds)
        box.addWidget(grounds)
        box.addWidget(self.ground)
        box.addSpacing(6)
        self._add_statement(box)
        self._pair(pair)
        box.addWidget(pair)
        self._of_new = (kinds, grounds, self.ground, pair)
        box.addSpacing(6)
        proofs = row(label(say("objection_page.proofs"), "strong"), self.limits_hint)
        proofs.setStretch(1, 1)
        box.addLayout(proofs)
        box.addWidget(self.proofs)
        box.addWidget(self.drop)
        box.addStretch(1)
        return inner

    def _pair(self, inside: QWidget) -> None:
        """What is registered now and what it should be, side by side."""
        say = self.texts.say
        self._now = Card("inset", (12, 7, 12, 8), 4)
        self._now.box.addLayout(
            row(label(say("objection_page.now"), "caption", "secondary"), self.which, None)
        )
        self._now.box.addWidget(self.now)
        self._arrow = Mark("chevron_right", "textSecondary", 16)
        should = Card("good", (12, 7, 12, 8), 4)
        word = label(say("objection_page.should_be"), "caption", "good")
        word.setBuddy(self.should)
        should.box.addLayout(row(word, None))
        should.box.addWidget(self.should)
        line = row(self._now, self._arrow, should, gap=12)
        line.setStretch(0, 1)
        line.setStretch(2, 1)
        column(line, into=inside)

    def _wire(self) -> None:
        self.kind.chosen.connect(lambda key: self.written.emit({"kind": key}))
        self.ground.chosen.connect(lambda key: self.written.emit({"ground": key}))
        self.wish.activated.connect(lambda _: self.written.emit({"wish": str(self.wish.currentData())}))
        self.should.textEdited.connect(lambda _: self._should())
        self.which.activated.connect(lambda _: self._which())
        self.drop.dropped.connect(self.attached.emit)

    def _should(self) -> None:
        self.written.emit({"should_be": self._joined(self.should.text())})

    def _which(self) -> None:
        self.now.say(str(self.which.currentData() or ""))
        if self.should.text().strip():
            self._should()

    def _joined(self, value: str) -> str:
        """The value with the name of its field before it, so that whoever reads it knows which."""
        if not value.strip() or not self._pairs:
            return value
        return self.texts.say("objection_page.pair", field=self.which.currentText(), value=value)

    def show_view(self, view: ObjectionView) -> None:
        """Show the draft without disturbing what is being typed."""
        draft = view.draft
        if draft is None:
            return
        fresh = draft.draft_id != self._draft_id
        if fresh or view.record is not self._record:
            self._draft_id, self._record = draft.draft_id, view.record
            self._about(view)
            fresh = True
        self.kind.choose(draft.kind)
        self.ground.choose(draft.ground)
        self.wish.choose(draft.wish)
        self._show_statement(draft.statement)
        if fresh:
            self._parted(draft.should_be)
        self._show_letters(view, draft.kind == "objection")
        self._name_parts(draft.kind)
        self._say_limits(view)
        what, why = submit_words(draft, self.texts)
        self.submit.say(what)
        fit(draft, self._of_new)
        self._show_bottom(view, why)
        self.submit.setEnabled(not view.busy)
        self.proofs.show_view(view)

    def _name_parts(self, kind: str) -> None:
        """A data error is no objection: its parts have names of their own."""
        own = "_of_data_error" if kind == "data_error" else ""
        for part, widget, key in ((self._ground, self.ground, "ground"), (self._wish, self.wish, "wish")):
            part.setText(self.texts.say(f"objection_page.{key}{own}"))
            widget.setAccessibleName(part.text())

    def _about(self, view: ObjectionView) -> None:
        draft, record, say = view.draft, view.record, self.texts.say
        beside, self._pairs = "", ()
        if isinstance(record, Record):
            money = "" if record.amount_fen is None else say("paper.yuan", amount=yuan(record.amount_fen))
            beside = say("paper_record.disputed_amount") if record.amount_doubt else money
            self._pairs = facts(record, self.texts)
        self._show_record(view, beside, joined(draft.number, draft.query_no))
        self.which.clear()
        for name, value in self._pairs:
            self.which.addItem(name, value)
        self.now.say(self._pairs[0][1] if self._pairs else "")
        for part in (self._now, self._arrow):
            part.setVisible(bool(self._pairs))

    def _parted(self, should_be: str) -> None:
        """A kept value without the field's name before it."""
        for place, (name, value) in enumerate(self._pairs):
            lead = self.texts.say("objection_page.pair", field=name, value="")
            if should_be.startswith(lead):
                self.which.setCurrentIndex(place)
                self.now.say(value)
                self.should.setText(should_be.removeprefix(lead))
                return
        self.should.setText(should_be)
