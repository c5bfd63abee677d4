"""What the forms of objection and repair have in common: what is written, in whose name, what it becomes."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QPlainTextEdit, QVBoxLayout, QWidget

from app.desks.case_desk import LONGEST, MIB
from app.desks.words import DOT, day, joined, size_of
from app.field.records import Record
from app.texts import Texts
from ui.look import look
from ui.widgets.basics import Button, Card, Mark, label, on_click, retone, row, rule
from ui.widgets.fields import Choice
from ui.widgets.panels import TwoLines
from ui.widgets.well import Well


class Statement(QPlainTextEdit):
    """Several lines of text. Tab leaves it, Ctrl+Enter in it files."""

    filed = Signal()

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setTabChangesFocus(True)

    def sizeHint(self) -> QSize:
        return QSize(300, look().px(84))

    def minimumSizeHint(self) -> QSize:
        return QSize(160, look().px(84))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        ctrl = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if ctrl and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.filed.emit()
        else:
            super().keyPressEvent(event)


class CaseForm(Card):
    """Everything that is typed goes to the desk at once; the desk keeps it. `words` is the page whose texts
    say what the statement is."""

    written = Signal(dict)
    filed = Signal()
    kept = Signal()
    discarded = Signal()

    def __init__(self, texts: Texts, words: str) -> None:
        super().__init__("card", (1, 1, 1, 1), 0)
        self.texts = texts
        say = texts.say
        self._words, self._wrote = words, False
        self.about = TwoLines("", "", "smallstrong")
        self.letter = Choice(say("objection_page.letter"))
        self.statement = Statement(say(f"{words}.statement"))
        self.statement.setPlaceholderText(say(f"{words}.statement_hint"))
        self.counter = label("", "caption", "tertiary")
        self.limits_hint = label("", "caption", "tertiary", wrap=True)

    def _furnish(self, inner: QWidget) -> None:
        """What is `inner` scrolls above what is done with it."""
        self.area = Well(inner)
        self.box.addWidget(self.area, 1)
        self.box.addWidget(rule())
        self.box.addWidget(self._bottom())
        self.letter.activated.connect(
            lambda _: self.written.emit({"letter_no": str(self.letter.currentData())})
        )
        self.statement.textChanged.connect(
            lambda: self.written.emit({"statement": self.statement.toPlainText()})
        )
        self.statement.filed.connect(self.filed.emit)

    def _begin_inner(self) -> tuple[QWidget, QVBoxLayout]:
        """What every form begins with: which record it is about. The letter is placed by the page's own."""
        say = self.texts.say
        inner = QWidget()
        box = QVBoxLayout(inner)
        box.setContentsMargins(20, 16, 20, 16)
        box.setSpacing(8)
        about = Card("inset", (16, 9, 12, 9), 12, row=True)
        about.box.addWidget(Mark("court", "accentText", 20))
        about.box.addWidget(self.about, 1)
        box.addWidget(label(say(f"{self._words}.about"), "strong"))
        box.addWidget(about)
        box.addSpacing(6)
        letter = label(say("objection_page.letter"), "caption", "secondary")
        letter.setBuddy(self.letter)
        self._letter = QWidget()
        row(letter, self.letter, into=self._letter)
        return inner, box

    def _add_statement(self, box: QVBoxLayout) -> None:
        head = label(self.texts.say(f"{self._words}.statement"), "strong")
        head.setBuddy(self.statement)
        box.addLayout(row(head, None, self.counter))
        box.addWidget(self.statement)

    def _bottom(self) -> QWidget:
        say = self.texts.say
        bottom = QWidget()
        self.why = label("", "caption", "secondary", wrap=True)
        self.discard = Button(say("objection_page.discard"), "link")
        on_click(self.discard, self.discarded.emit)
        self.keep = on_click(Button(say("objection_page.keep"), "plain", "save"), self.kept.emit)
        self.keep.setToolTip("Ctrl+S")
        self.submit = Button("", "primary", "send")
        on_click(self.submit, self.filed.emit)
        self.submit.setToolTip("Ctrl+Enter")
        line = row(self.why, self.discard, self.keep, self.submit, into=bottom)
        line.setStretch(0, 1)
        line.setContentsMargins(20, 10, 20, 12)
        return bottom

    def _show_record(self, view: Any, beside: str, named: str) -> None:
        """Which record: `beside` stands with its provider and day, `named` where only its number is known."""
        draft, record, say = view.draft, view.record, self.texts.say
        if isinstance(record, Record):
            self.about.upper.say(
                joined(say(f"paper_section.{record.section}"), record.document_no or record.title)
            )
            number = say("paper_record.record", number=record.rec_id)
            self.about.under.say(joined(record.provider, day(record.decided_on), beside, number))
        else:
            self.about.upper.say(draft.document_no or say("objection_page.no_document"))
            self.about.under.say(joined(draft.subject_name, named))

    def _show_statement(self, statement: str) -> None:
        """What is being typed is not disturbed."""
        if self.statement.toPlainText() != statement:
            self.statement.blockSignals(True)
            self.statement.setPlainText(statement)
            self.statement.blockSignals(False)
        count = len(statement)
        self.counter.setText(self.texts.say("objection_page.counter", count=count, limit=f"{LONGEST:,}"))
        retone(self.counter, tone="warn" if count > LONGEST else "tertiary")

    def _show_letters(self, view: Any, wanted: bool) -> None:
        numbers = [""] + [one.letter_no for one in view.letters]
        if [self.letter.itemData(place) for place in range(self.letter.count())] != numbers:
            self.letter.clear()
            self.letter.addItem(self.texts.say("objection_page.no_letter"), "")
            for one in view.letters:
                self.letter.addItem(f"{one.letter_no}{DOT}{one.authoriser_name}", one.letter_no)
        self.letter.choose(view.draft.letter_no)
        self._letter.setVisible(wanted)

    def _say_limits(self, view: Any) -> None:
        """What files may be attached."""
        limits, say = view.limits, self.texts.say
        if limits is None:
            self.limits_hint.setText(say("objection_page.proofs_unknown"))
            return
        media = say("objection_page.comma").join(kind.upper() for kind in limits.media)
        size, key = limits.file_max // MIB, "proofs_kept" if view.proofs else "proofs_hint"
        self.limits_hint.setText(say(f"objection_page.{key}", media=media, size=size, count=limits.files_max))

    def _show_bottom(self, view: Any, why: str) -> None:
        """`why` says what filing this is; while it is under way, how far its files have come."""
        sent, size = view.brought
        if view.busy and size:
            why = self.texts.say("objection_page.bringing", sent=size_of(sent), size=size_of(size))
        self.why.setText(why)
        end = "_do_refused" if view.draft.refused else ""
        self.discard.say(self.texts.say(f"objection_page.discard{end}"))
        self._hold(view.filing)

    def _hold(self, filing: bool) -> None:
        """While it is filed nothing of it can be changed: what came too late would be lost."""
        if self.area.isEnabled() == (not filing):
            return
        wrote = self.statement.hasFocus()
        for part in (self.area, self.discard, self.keep):
            part.setEnabled(not filing)
        self._wrote = wrote if filing else self._wrote
        if not filing and self._wrote:
            self.statement.setFocus(Qt.FocusReason.OtherFocusReason)
