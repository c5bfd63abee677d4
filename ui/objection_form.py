"""The form of an objection: about which record, what is wrong, what it should be, what proves it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from app.desks.objection_desk import GROUNDS, KINDS, LONGEST, MIB, WISHES, ObjectionView
from app.desks.words import DOT, day, joined, size_of, yuan
from app.field.records import Record
from app.texts import Texts
from ui.look import look
from ui.objection_files import Proofs
from ui.objection_step import fit, submit_words
from ui.record_facts import facts
from ui.widgets.basics import (
    Button,
    Card,
    Elided,
    Mark,
    column,
    label,
    on_click,
    retone,
    row,
    rule,
)
from ui.widgets.drop import Drop
from ui.widgets.fields import Choice
from ui.widgets.flow import Segments
from ui.widgets.panels import TwoLines
from ui.widgets.well import Well


class Statement(QPlainTextEdit):
    """Several lines of text. Tab leaves it; Ctrl+Enter belongs to the page."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setTabChangesFocus(True)

    def sizeHint(self) -> QSize:
        return QSize(300, look().px(84))

    def minimumSizeHint(self) -> QSize:
        return QSize(160, look().px(84))


class ObjectionForm(Card):
    """Everything that is typed goes to the desk at once; the desk keeps it."""

    written = Signal(dict)
    attached = Signal(object)
    filed = Signal()
    kept = Signal()
    discarded = Signal()

    def __init__(self, texts: Texts) -> None:
        super().__init__("card", (1, 1, 1, 1), 0)
        self.texts = texts
        say = texts.say
        self._draft_id, self._record, self._wrote = "", None, False
        self._pairs: tuple[tuple[str, str], ...] = ()
        self.about = TwoLines("", "", "smallstrong")
        self.kind = Segments(
            say("objection_page.kind"), [(k, say(f"objection_page.kind_{k}")) for k in KINDS]
        )
        self.letter = Choice(say("objection_page.letter"))
        self.letter.setMaximumWidth(look().px(210))
        self.letter.setMinimumWidth(look().px(116))
        self.ground = Segments(
            say("objection_page.ground"), [(k, say(f"objection_page.ground_{k}")) for k in GROUNDS]
        )
        self.wish = Choice(say("objection_page.wish"))
        for key in WISHES:
            self.wish.addItem(say(f"objection_page.wish_{key}"), key)
        self.statement = Statement(say("objection_page.statement"))
        self.statement.setPlaceholderText(say("objection_page.statement_hint"))
        self.counter = label("", "caption", "tertiary")
        self.which = Choice(say("objection_page.which"))
        self.which.setMinimumWidth(look().px(136))
        self.now = Elided("", "strong")
        self.should = QLineEdit()
        self.should.setAccessibleName(say("objection_page.should_be"))
        self.should.setPlaceholderText(say("objection_page.should_be_hint"))
        self.drop = Drop(say("objection_page.drop"), say("objection_page.file_kinds"))
        self.proofs = Proofs(texts)
        self.area = Well(self._inner())
        self.box.addWidget(self.area, 1)
        self.box.addWidget(rule())
        self.box.addWidget(self._bottom())
        self._wire()

    def _inner(self) -> QWidget:
        say = self.texts.say
        inner = QWidget()
        box = QVBoxLayout(inner)
        box.setContentsMargins(20, 16, 20, 16)
        box.setSpacing(8)
        about = Card("inset", (16, 9, 12, 9), 12, row=True)
        about.box.addWidget(Mark("court", "accentText", 20))
        about.box.addWidget(self.about, 1)
        box.addWidget(label(say("objection_page.about"), "strong"))
        box.addWidget(about)
        box.addSpacing(6)
        letter = label(say("objection_page.letter"), "caption", "secondary")
        letter.setBuddy(self.letter)
        self._letter = QWidget()
        row(letter, self.letter, into=self._letter)
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
        head = label(say("objection_page.statement"), "strong")
        head.setBuddy(self.statement)
        box.addLayout(row(head, None, self.counter))
        box.addWidget(self.statement)
        self._pair(pair)
        box.addWidget(pair)
        self._of_new = (kinds, grounds, self.ground, pair)
        box.addSpacing(6)
        self.proofs_hint = label("", "caption", "tertiary", wrap=True)
        proofs = row(label(say("objection_page.proofs"), "strong"), self.proofs_hint)
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

    def _bottom(self) -> QWidget:
        say = self.texts.say
        bottom = QWidget()
        self.kind_why = label("", "caption", "secondary", wrap=True)
        self.discard = Button(say("objection_page.discard"), "link")
        self.discard.clicked.connect(lambda _checked=False: self.discarded.emit())
        self.keep = on_click(Button(say("objection_page.keep"), "plain", "save"), lambda: self.kept.emit())
        self.keep.setToolTip("Ctrl+S")
        self.submit = Button("", "primary", "send")
        self.submit.clicked.connect(lambda _checked=False: self.filed.emit())
        self.submit.setToolTip("Ctrl+Enter")
        line = row(self.kind_why, self.discard, self.keep, self.submit, into=bottom)
        line.setStretch(0, 1)
        line.setContentsMargins(20, 10, 20, 12)
        return bottom

    def _wire(self) -> None:
        self.kind.chosen.connect(lambda key: self.written.emit({"kind": key}))
        self.ground.chosen.connect(lambda key: self.written.emit({"ground": key}))
        self.wish.activated.connect(lambda _: self.written.emit({"wish": str(self.wish.currentData())}))
        self.letter.activated.connect(
            lambda _: self.written.emit({"letter_no": str(self.letter.currentData())})
        )
        self.statement.textChanged.connect(self._stated)
        self.should.textEdited.connect(lambda _: self._should())
        self.which.activated.connect(lambda _: self._which())
        self.drop.dropped.connect(self.attached.emit)
        self.statement.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Ctrl+Enter and Ctrl+S inside the text are the page's."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            ctrl = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
            if ctrl and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self.filed.emit()
                return True
        return super().eventFilter(watched, event)

    def _stated(self) -> None:
        self.written.emit({"statement": self.statement.toPlainText()})

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
        if self.statement.toPlainText() != draft.statement:
            self.statement.blockSignals(True)
            self.statement.setPlainText(draft.statement)
            self.statement.blockSignals(False)
        if fresh:
            self._parted(draft.should_be)
        self._letters(view)
        count = len(draft.statement)
        self.counter.setText(self.texts.say("objection_page.counter", count=count, limit=f"{LONGEST:,}"))
        retone(self.counter, tone="warn" if count > LONGEST else "tertiary")
        self._name_parts(draft.kind)
        self._say_limits(view)
        self.kind_why.setText(self._why(view))
        self.submit.say(submit_words(draft, self.texts)[0])
        fit(draft, self._of_new)
        self.discard.say(self.texts.say(f"objection_page.discard{'_do_refused' if draft.refused else ''}"))
        self._hold(view.filing)
        self.submit.setEnabled(not view.busy)
        self.proofs.show_view(view)

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

    def _name_parts(self, kind: str) -> None:
        """A data error is no objection: its parts have names of their own."""
        own = "_of_data_error" if kind == "data_error" else ""
        for part, widget, key in ((self._ground, self.ground, "ground"), (self._wish, self.wish, "wish")):
            part.setText(self.texts.say(f"objection_page.{key}{own}"))
            widget.setAccessibleName(part.text())

    def _say_limits(self, view: ObjectionView) -> None:
        limits, say = view.limits, self.texts.say
        if limits is None:
            self.proofs_hint.setText(say("objection_page.proofs_unknown"))
            return
        media = say("objection_page.comma").join(kind.upper() for kind in limits.media)
        size, key = limits.file_max // MIB, "proofs_kept" if view.proofs else "proofs_hint"
        self.proofs_hint.setText(say(f"objection_page.{key}", media=media, size=size, count=limits.files_max))

    def _why(self, view: ObjectionView) -> str:
        """What a filing of this kind is; while one is under way, how far its evidence has come."""
        sent, size = view.brought
        if view.busy and size:
            return self.texts.say("objection_page.bringing", sent=size_of(sent), size=size_of(size))
        return submit_words(view.draft, self.texts)[1]

    def _about(self, view: ObjectionView) -> None:
        draft, record, say = view.draft, view.record, self.texts.say
        self.which.clear()
        if isinstance(record, Record):
            self.about.upper.say(
                joined(say(f"paper_section.{record.section}"), record.document_no or record.title)
            )
            number = say("paper_record.record", number=record.rec_id)
            money = "" if record.amount_fen is None else say("paper.yuan", amount=yuan(record.amount_fen))
            doubt = say("paper_record.disputed_amount") if record.amount_doubt else ""
            self.about.under.say(joined(record.provider, day(record.decided_on), doubt or money, number))
            self._pairs = facts(record, self.texts)
        else:
            self.about.upper.say(draft.document_no or say("objection_page.no_document"))
            self.about.under.say(joined(draft.subject_name, draft.number, draft.query_no))
            self._pairs = ()
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

    def _letters(self, view: ObjectionView) -> None:
        numbers = [""] + [one.letter_no for one in view.letters]
        if [self.letter.itemData(place) for place in range(self.letter.count())] != numbers:
            self.letter.clear()
            self.letter.addItem(self.texts.say("objection_page.no_letter"), "")
            for one in view.letters:
                self.letter.addItem(f"{one.letter_no}{DOT}{one.authoriser_name}", one.letter_no)
        self.letter.choose(view.draft.letter_no)
        self._letter.setVisible(view.draft.kind == "objection")
