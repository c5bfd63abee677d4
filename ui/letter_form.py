"""The letter of authorisation: the row that says which one is in force, and the inline form for a new one."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QGridLayout, QLineEdit, QWidget

from app.desks.home_desk import NEW_LETTER, HomeView
from app.desks.words import joined
from app.field.identifier_kinds import exact_kind
from app.field.identifiers import fold_number
from app.field.masks import mask_id
from app.letters import Letter, LetterCard
from app.services.lettering import BegunLetter
from app.texts import Texts
from ui.notices import Inline
from ui.widgets.basics import Button, Card, Elided, Mark, column, on_click, row
from ui.widgets.fields import Choice, Labelled
from ui.widgets.id_field import IdNumberField
from ui.widgets.panels import TwoLines


class LetterRow(Card):
    """Which letter the next query stands on; change it, or add one."""

    chosen = Signal(str)
    adding = Signal(bool)
    dropped = Signal()

    def __init__(self, texts: Texts) -> None:
        super().__init__("inset", (12, 8, 8, 8), 12, row=True)
        self.texts = texts
        self._mark = Mark("letter", "textTertiary", 20)
        self._lines = TwoLines("", "", "table", "secondary")
        self.pick = Choice(texts.say("home.letter_choose"))
        self.pick.setMaximumWidth(220)
        self.add = on_click(Button(texts.say("home.letter_add"), "small"), lambda: self.adding.emit(True))
        self.drop = on_click(Button(texts.say("home.letter_drop"), "small"), self.dropped.emit)
        for part in (self._mark, self._lines, self.drop, self.pick, self.add):
            self.box.addWidget(part, 1 if part is self._lines else 0)
        self.pick.activated.connect(lambda _: self.chosen.emit(str(self.pick.currentData())))

    def show_view(self, view: HomeView) -> None:
        say, letter = self.texts.say, view.letter
        if isinstance(letter, Letter):
            self._mark.draw("letter-filled", "accentText")
            self._lines.upper.say(say("home.letter_new"))
            until = say("home.letter_until", date=letter.card.valid_to)
            self._lines.under.say(joined(letter.card.authoriser_name, until))
        elif letter is not None:
            self._mark.draw("letter-filled", "good")
            self._lines.upper.say(say("home.letter_used", number=letter.letter_no))
            until = say("home.letter_until", date=letter.valid_to) if letter.valid_to else ""
            self._lines.under.say(joined(letter.authoriser_name, until))
        else:
            self._mark.draw("letter", "warn" if view.letter_needed else "textTertiary")
            self._lines.upper.say(say("home.letter_needed" if view.letter_needed else "home.letter_none"))
            chosen = view.chosen_purpose()
            evidence = ""
            if chosen is not None:
                evidence = getattr(
                    chosen, "evidence_en" if self.texts.language == "en" else "evidence_zh", ""
                )
            self._lines.under.say(evidence or say("home.letter_hint"))
        numbers = [(one.letter_no, one.letter_no) for one in view.letters]
        if view.new_letter is not None:
            numbers.insert(0, (NEW_LETTER, say("home.letter_new_short")))
        self.pick.setVisible(bool(numbers) and not view.adding_letter)
        known = [self.pick.itemData(place) for place in range(1, self.pick.count())]
        if known != [number for number, _ in numbers]:
            self.pick.clear()
            self.pick.addItem(say("home.letter_without"), "")
            for number, words in numbers:
                self.pick.addItem(words, number)
        new = isinstance(letter, Letter)
        self.drop.setVisible(new)
        self.pick.choose(NEW_LETTER if new else letter.letter_no if letter is not None else "")


class LetterForm(Card):
    """Inline form for a new letter. What was typed stays until it is taken."""

    sent = Signal(object, object)
    closed = Signal()

    def __init__(self, texts: Texts, id_types: tuple[tuple[str, str], ...]) -> None:
        super().__init__("inset", (14, 12, 14, 12), 10)
        self.texts = texts
        self.scan: Path | None = None
        self.fields = {
            name: IdNumberField(self._masked) if name == "number" else QLineEdit()
            for name in ("name", "number", "institution", "scope", "signed", "starts", "ends")
        }
        for name in ("signed", "starts", "ends"):
            self.fields[name].setPlaceholderText("2026-11-22")
        self.id_type, self.kind = Choice(texts.say("home.id_type")), Choice(texts.say("home.letter_kind"))
        self.id_type.shorten()
        for key, words in (*id_types, ("uscc", texts.say("home.id_uscc"))):
            self.id_type.addItem(words, key)
        for key in ("single", "continuous"):
            self.kind.addItem(texts.say(f"home.letter_{key}"), key)
        grid = QGridLayout()
        grid.setSpacing(10)
        places = ("name", "id_type", "number", "institution", "scope", "kind", "signed", "starts", "ends")
        for place, name in enumerate(places):
            field: QWidget = {"id_type": self.id_type, "kind": self.kind}.get(name) or self.fields[name]
            words = texts.say("home.id_type" if name == "id_type" else f"home.letter_{name}")
            if isinstance(field, QLineEdit):
                field.setAccessibleName(words)
            grid.addWidget(Labelled(words, field), place // 3, place % 3)
        for place in range(3):
            grid.setColumnStretch(place, 1)
        self._file = Elided(texts.say("home.letter_no_scan"), "caption", "tertiary")
        self.notice = Inline(texts)
        choose = on_click(Button(texts.say("home.letter_scan"), "small", "attachment"), self._choose)
        self.save = on_click(Button(texts.say("home.letter_save"), "primary"), self._send)
        close = on_click(Button(texts.say("shell.cancel")), self.closed.emit)
        self.box.addLayout(grid)
        self.box.addWidget(self.notice)
        self.box.addLayout(row(choose, column(self._file), None, close, self.save))
        self._filled: BegunLetter | None = None
        self.hide()

    def _fill(self, begun: BegunLetter) -> None:
        """What was typed before a lock or a crash, unless something is typed already."""
        if self.scan is not None or any(field.text() for field in self.fields.values()):
            return
        card = begun.card
        values = {
            "name": card.authoriser_name, "number": card.id_number, "institution": card.institution,
            "scope": card.scope, "signed": card.signed_on, "starts": card.valid_from, "ends": card.valid_to,
        }  # fmt: skip
        number = fold_number(card.id_number)
        for kind in (str(self.id_type.itemData(place)) for place in range(self.id_type.count())):
            if exact_kind(kind, number) == card.id_type:  # one word of the form means both formats of a card
                self.id_type.choose(kind)
        self.kind.choose(card.kind)
        for name, text in values.items():
            self.fields[name].setText(text)
        if begun.scan.path:
            self.take(Path(begun.scan.path))

    def _masked(self, number: str) -> str:
        """A person's number masked; the code of a unit is no secret."""
        kind = str(self.id_type.currentData())
        return number if kind == "uscc" else mask_id(number, kind)

    def _choose(self) -> None:
        path, _ = QFileDialog.getOpenFileName(
            self, self.texts.say("home.letter_scan"), "", "PDF, JPG, PNG (*.pdf *.jpg *.jpeg *.png)"
        )
        if path:
            self.take(Path(path))

    def take(self, path: Path) -> None:
        """Use this scan."""
        self.scan = path
        self._file.say(path.name)

    def card(self, purpose: str) -> LetterCard:
        """What was typed."""
        text = {name: field.text().strip() for name, field in self.fields.items()}
        return LetterCard(
            authoriser_name=text["name"],
            id_type=str(self.id_type.currentData()),
            id_number=text["number"],
            institution=text["institution"],
            purposes=(purpose,) if purpose else (),
            scope=text["scope"],
            signed_on=text["signed"],
            valid_from=text["starts"] or text["signed"],
            valid_to=text["ends"],
            kind=self.kind.currentData(),
        )

    def _send(self) -> None:
        self.sent.emit(self.scan or Path(), self)

    def show_view(self, view: HomeView) -> None:
        if view.begun is not None and view.begun is not self._filled:
            self._filled = view.begun
            self._fill(view.begun)
        self.setVisible(view.adding_letter)
        self.notice.tell(view.letter_notice)
        self.save.setEnabled(not view.letter_busy)
