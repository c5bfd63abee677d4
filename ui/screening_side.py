"""Beside the result: the line that waits for a person, or what was found of the selected one."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from app.desks.screening_view import ScreeningView
from app.desks.words import day, joined, minute, spaced
from app.field.records import RegisterCard
from app.field.screening import ListEntry
from app.services.task_rows import TaskLine
from app.texts import Texts
from ui.look import look
from ui.screening_rows import CHIPS, state_words
from ui.widgets.basics import Button, Card, Mark, column, label, on_click, row, rule
from ui.widgets.chips import Chip
from ui.widgets.options import Option, Options
from ui.widgets.panels import Facts


class AskPanel(QWidget):
    """Who a name may mean: register identity only. `chosen` gives the subject's key (empty: none) and why."""

    chosen = Signal(str, str)
    skipped = Signal()

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        self.texts = texts
        say = texts.say
        self.title = label("", "strong")
        self.words = label("", "table", "secondary", wrap=True)
        self.options = Options(say("screening_page.candidates"))
        self.why = QLineEdit()
        self.why.setAccessibleName(say("screening_page.reason"))
        asked = joined(say("screening_page.reason"), say("screening_page.reason_hint"))
        self.why.setPlaceholderText(asked)
        self.why.setToolTip(asked)
        self.confirm = on_click(Button(say("screening_page.confirm"), "primary"), self._chosen)
        self.skip = on_click(Button(say("screening_page.skip"), "bare"), self.skipped.emit)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(10)
        box.addLayout(row(Mark("people", "accentText", 20), self.title, None))
        box.addWidget(self.words)
        box.addWidget(self.options)
        box.addWidget(self.why)
        box.addLayout(row(self.confirm, self.skip, None))
        box.addStretch(1)
        self.options.accepted.connect(lambda _key: self._chosen())
        self.why.returnPressed.connect(self._chosen)
        self._line = 0

    def show_line(self, line: TaskLine, why: str, online: bool) -> None:
        """Ask about a line; `why` is what the one before was settled by."""
        say = self.texts.say
        cards = line.candidates()
        self.title.setText(say("screening_page.ask_title", line=line.line))
        self.words.setText(
            say("screening_page.ask_why", name=line.name or spaced(line.code), count=len(cards))
        )
        none = Option("", say("screening_page.none_of_them"))
        self.options.fill((*(self._option(card) for card in cards), none))
        if self._line != line.line:
            self._line = line.line
            self.why.setText(why)
            self.options.setCurrentIndex(self.options.options_model.index(0))
        for part in (self.confirm, self.why, self.options):
            part.setEnabled(online)  # not while it is asked: the focus would go elsewhere

    def _option(self, card: RegisterCard) -> Option:
        return Option(
            card.subject_key,
            card.name,
            (spaced(card.code), joined(card.district, day(card.founded), card.state)),
        )

    def _chosen(self) -> None:
        key = self.options.current_key()
        if not self.why.text().strip():
            self.why.setFocus(Qt.FocusReason.OtherFocusReason)
        if key != "-":
            self.chosen.emit(key, self.why.text())


class DetailPanel(QScrollArea):
    """Everything the answer says of a line's unit: facts of the lists, never a verdict. It scrolls by itself,
    for one unit may be on many lists; it takes the focus, so that keys scroll it, too."""

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        self.texts = texts
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setProperty("cls", "detail")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMinimumHeight(look().px(200))
        self._box = QVBoxLayout()
        self._shown: object = self

    def show_line(self, line: TaskLine | None) -> None:
        """Show a line, or what to do to see one."""
        if (line, self.texts.language) == self._shown:
            return
        self._shown = (line, self.texts.language)
        inner = QWidget()  # anew for each line: filled before it is shown, it lies right at once
        inner.setProperty("cls", "clear")
        self._box = QVBoxLayout(inner)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(10)
        self._fill(line)
        self._box.addStretch(1)
        self.setWidget(inner)
        self.verticalScrollBar().setValue(0)

    def _fill(self, line: TaskLine | None) -> None:
        say = self.texts.say
        if line is None:
            self._box.addWidget(label(say("screening_page.no_line"), "strong"))
            self._box.addWidget(label(say("screening_page.no_line_why"), "table", "secondary", wrap=True))
            self.setAccessibleName(say("screening_page.no_line"))
            return
        self.setAccessibleName(say("screening_page.detail_title", line=line.line))
        head = row(label(say("screening_page.detail_title", line=line.line), "strong"), None)
        face = CHIPS.get(line.state)
        if face:
            head.addWidget(Chip(state_words(line, self.texts), *face))
        self._box.addLayout(head)
        name = line.name or (line.subject.name if line.subject else "")
        self._box.addWidget(label(name or spaced(line.code), "body", wrap=True))
        self._facts(self._of_row(line))
        if line.otherwise:
            said = say("screened.otherwise", name=line.otherwise)
            self._box.addWidget(label(said, "caption", "warn", wrap=True))
        if line.state in ("queued", "withdrawn"):
            self._box.addWidget(
                label(say(f"screening_page.detail_{line.state}"), "table", "secondary", wrap=True)
            )
        elif not line.entries:
            said = say("screening_page.detail_none", time=minute(line.as_of))
            self._box.addWidget(label(said, "table", "secondary", wrap=True))
        for entry in line.entries:
            self._box.addWidget(rule())
            self._entry(entry)

    def _of_row(self, line: TaskLine) -> list[tuple[str, str]]:
        say = self.texts.say
        facts = [(say("screening_page.by_code"), spaced(line.code or (line.pick.code if line.pick else "")))]
        if line.subject is not None and line.subject.name != line.name:
            facts.append((say("screening_page.registered"), line.subject.name))
        if line.pick is not None:
            facts.append((say("screening_page.picked"), joined(line.pick.why, minute(line.pick.at))))
        return facts

    def _entry(self, entry: ListEntry) -> None:
        say, one = self.texts.say, entry.standing
        self._box.addWidget(label(one.list_name, "smallstrong", wrap=True))
        own = [measure.text for measure in one.measures if measure.for_you]
        other = len(one.measures) - len(own)
        self._facts(
            [
                (say("screening_page.col_authority"), one.authority),
                (say("screening_page.document"), one.document_no),
                (say("screening_page.listed"), day(one.listed_on)),
                (say("screening_page.until"), say("screened.former") if entry.former else day(one.until)),
                (say("screening_page.reason_listed"), one.reason),
                (say("screening_page.basis"), entry.basis),
                (say("screening_page.manager"), entry.manager),
                (say("screening_page.measures"), "\n".join(own)),
            ]
        )
        notes = [say("screening_page.other_measures", count=other)] if other else []
        if one.objection is not None:
            notes.append(say("screening_page.objected", number=one.objection.number))
        notes += [entry.note] if entry.note else []
        for note in notes:
            self._box.addWidget(label(note, "caption", "warn" if one.objection else "tertiary", wrap=True))

    def _facts(self, facts: list[tuple[str, str]]) -> None:
        kept = [(name, value) for name, value in facts if value]
        if kept:
            shown = Facts(60, gap=5)
            shown.say(kept)
            self._box.addWidget(shown)


class Side(Card):
    """One of the two panels above the note on exports."""

    def __init__(self, texts: Texts) -> None:
        super().__init__("card", (16, 14, 16, 14), 12)
        self.ask, self.detail = AskPanel(texts), DetailPanel(texts)
        self.box.addWidget(self.ask, 1)
        self.box.addWidget(self.detail, 1)
        self.note = QWidget()
        heading = label(texts.say("screening_page.export_note"), "smallstrong")
        words = label(texts.say("screening_page.export_why"), "caption", "secondary", wrap=True)
        column(rule(), heading, words, into=self.note)
        self.box.addWidget(self.note)

    def show_view(self, view: ScreeningView, online: bool) -> None:
        """Show the selected line."""
        line = view.selected
        if line is not None and line.state == "similar":
            self.ask.show_line(line, view.why, online)
            self._turn(self.ask)
        else:
            self.detail.show_line(line)
            self._turn(self.detail)

    def _turn(self, panel: QWidget) -> None:
        for one in (self.ask, self.detail):
            one.setVisible(one is panel)
        self.note.setVisible(panel is self.detail)
