"""The form of an application for repair: eligibility first, then what for, with what papers."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.desks.objection_desk import MIB
from app.desks.repair_desk import LONGEST, RepairView
from app.desks.words import DOT, day, joined, size_of
from app.field.records import Record
from app.texts import Texts
from ui.look import look
from ui.objection_form import Statement
from ui.repair_papers import Papers
from ui.repair_standing import StandingCard
from ui.widgets.basics import Button, Card, Mark, label, on_click, retone, row, rule
from ui.widgets.fields import Choice
from ui.widgets.flow import Segments
from ui.widgets.panels import TwoLines
from ui.widgets.well import Well


class RepairForm(Card):
    """Everything that is typed goes to the desk at once; the desk keeps it."""

    written = Signal(dict)
    filed = Signal()
    kept = Signal()
    discarded = Signal()
    exported = Signal()

    def __init__(self, texts: Texts) -> None:
        super().__init__("card", (1, 1, 1, 1), 0)
        self.texts = texts
        say = texts.say
        self._kinds: tuple[str, ...] = ()
        self._wrote = False
        self.about = TwoLines("", "", "smallstrong")
        self.standing = StandingCard(texts)
        self.kind = Segments(say("repair_page.kind"))
        self.kind_why = label("", "caption", "secondary", wrap=True)
        self.letter = Choice(say("objection_page.letter"))
        self.letter.setMaximumWidth(look().px(260))
        self.papers = Papers(texts)
        self.papers_hint = label("", "caption", "tertiary", wrap=True)
        self.statement = Statement(say("repair_page.statement"))
        self.statement.setPlaceholderText(say("repair_page.statement_hint"))
        self.counter = label("", "caption", "tertiary")
        self.area = Well(self._inner())
        self.box.addWidget(self.area, 1)
        self.box.addWidget(rule())
        self.box.addWidget(self._bottom())
        self.kind.chosen.connect(lambda key: self.written.emit({"code": key}))
        self.letter.activated.connect(
            lambda _: self.written.emit({"letter_no": str(self.letter.currentData())})
        )
        self.statement.textChanged.connect(
            lambda: self.written.emit({"statement": self.statement.toPlainText()})
        )
        self.statement.installEventFilter(self)

    def _inner(self) -> QWidget:
        say = self.texts.say
        inner = QWidget()
        box = QVBoxLayout(inner)
        box.setContentsMargins(20, 16, 20, 16)
        box.setSpacing(8)
        about = Card("inset", (16, 9, 12, 9), 12, row=True)
        about.box.addWidget(Mark("court", "accentText", 20))
        about.box.addWidget(self.about, 1)
        box.addWidget(label(say("repair_page.about"), "strong"))
        box.addWidget(about)
        box.addSpacing(6)
        box.addWidget(label(say("repair_page.eligibility"), "strong"))
        box.addWidget(self.standing)
        box.addSpacing(6)
        letter = label(say("objection_page.letter"), "caption", "secondary")
        letter.setBuddy(self.letter)
        self._letter = QWidget()
        row(letter, self.letter, into=self._letter)
        self._kind = QWidget()
        kinds = QVBoxLayout(self._kind)
        kinds.setContentsMargins(0, 0, 0, 0)
        kinds.setSpacing(6)
        kinds.addLayout(row(label(say("repair_page.kind"), "strong"), None, self._letter))
        kinds.addWidget(self.kind)
        kinds.addWidget(self.kind_why)
        box.addWidget(self._kind)
        box.addSpacing(6)
        self._papers = label(say("repair_page.papers"), "strong")
        self.export = on_click(Button(say("repair_page.export"), "link", "export"), self.exported.emit)
        self.export.setToolTip("Ctrl+E")
        papers = row(self._papers, None, self.export)
        box.addLayout(papers)
        box.addWidget(self.papers_hint)
        box.addWidget(self.papers)
        box.addSpacing(6)
        head = label(say("repair_page.statement"), "strong")
        head.setBuddy(self.statement)
        box.addLayout(row(head, None, self.counter))
        box.addWidget(self.statement)
        box.addStretch(1)
        return inner

    def _bottom(self) -> QWidget:
        say = self.texts.say
        bottom = QWidget()
        self.why = label(say("repair_page.submit_why"), "caption", "secondary", wrap=True)
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

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Ctrl+Enter inside the text is the page's."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            ctrl = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
            if ctrl and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self.filed.emit()
                return True
        return super().eventFilter(watched, event)

    def show_view(self, view: RepairView) -> None:
        """Show the draft without disturbing what is being typed."""
        draft, say = view.draft, self.texts.say
        if draft is None:
            return
        self._about(view)
        self.standing.show_view(view)
        self._offer_kinds(view)
        self._letters(view)
        self.papers.show_view(view)
        shown = bool(self.papers.drops) or view.kind is not None
        for part in (self._papers, self.papers_hint, self.papers, self.export):
            part.setVisible(shown)
        self._say_limits(view)
        if self.statement.toPlainText() != draft.statement:
            self.statement.blockSignals(True)
            self.statement.setPlainText(draft.statement)
            self.statement.blockSignals(False)
        count = len(draft.statement)
        self.counter.setText(say("objection_page.counter", count=count, limit=f"{LONGEST:,}"))
        retone(self.counter, tone="warn" if count > LONGEST else "tertiary")
        sent, size = view.brought
        on_way = say("objection_page.bringing", sent=size_of(sent), size=size_of(size))
        self.why.setText(on_way if view.busy and size else say("repair_page.submit_why"))
        self.submit.say(say("repair_page.submit_more" if draft.number else "repair_page.submit"))
        self.discard.say(say(f"objection_page.discard{'_do_refused' if draft.refused else ''}"))
        self.export.setEnabled(view.standing is not None)
        self._hold(view.filing)
        self.submit.setEnabled(
            not view.busy and (bool(draft.number) or (view.kind is not None and view.kind.may))
        )

    def _about(self, view: RepairView) -> None:
        draft, record, say = view.draft, view.record, self.texts.say
        if isinstance(record, Record):
            self.about.upper.say(
                joined(say(f"paper_section.{record.section}"), record.document_no or record.title)
            )
            number = say("paper_record.record", number=record.rec_id)
            self.about.under.say(joined(record.provider, day(record.decided_on), number))
        else:
            self.about.upper.say(draft.document_no or say("objection_page.no_document"))
            number = say("paper_record.record", number=draft.rec_id) if draft.rec_id else draft.number
            self.about.under.say(joined(draft.subject_name, number))

    def _offer_kinds(self, view: RepairView) -> None:
        """What the role may apply for; what this record does not allow today is dimmed, with the reason."""
        say, language = self.texts.say, self.texts.language
        kinds = view.standing.kinds if view.standing is not None and not view.draft.number else ()
        self._kind.setVisible(view.standing is not None and not view.draft.number)
        codes = tuple(one.code for one in kinds)
        if codes != self._kinds:
            self._kinds = codes
            self.kind.offer([(one.code, one.words.of(language)) for one in kinds])
        for one in kinds:
            button = self.kind.button(one.code)
            button.setEnabled(one.may)
            button.setToolTip("" if one.may else say("repair_page.may_not"))
            button.setAccessibleDescription(button.toolTip())
        self.kind.choose(view.draft.code)
        why = say("repair_page.no_kinds")
        if view.kind is not None:
            why = say(f"repair_page.effect_{view.kind.effect}")
            if not view.kind.may:
                why = joined(say("repair_page.may_not"), why)
        self.kind_why.setText(why)

    def _letters(self, view: RepairView) -> None:
        numbers = [""] + [one.letter_no for one in view.letters]
        if [self.letter.itemData(place) for place in range(self.letter.count())] != numbers:
            self.letter.clear()
            self.letter.addItem(self.texts.say("objection_page.no_letter"), "")
            for one in view.letters:
                self.letter.addItem(f"{one.letter_no}{DOT}{one.authoriser_name}", one.letter_no)
        self.letter.choose(view.draft.letter_no)
        self._letter.setVisible(not view.draft.own)

    def _say_limits(self, view: RepairView) -> None:
        limits, say = view.limits, self.texts.say
        if limits is None:
            self.papers_hint.setText(say("objection_page.proofs_unknown"))
            return
        media = say("objection_page.comma").join(kind.upper() for kind in limits.media)
        size, key = limits.file_max // MIB, "proofs_kept" if view.proofs else "proofs_hint"
        self.papers_hint.setText(say(f"objection_page.{key}", media=media, size=size, count=limits.files_max))

    def _hold(self, filing: bool) -> None:
        """While it is handed in nothing of it can be changed."""
        if self.area.isEnabled() == (not filing):
            return
        wrote = self.statement.hasFocus()
        for part in (self.area, self.discard, self.keep):
            part.setEnabled(not filing)
        self._wrote = wrote if filing else self._wrote
        if not filing and self._wrote:
            self.statement.setFocus(Qt.FocusReason.OtherFocusReason)
