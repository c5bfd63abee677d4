"""Credit query: purpose and authorisation, one field, candidates; at the right what waits."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.desks.home_desk import HomeDesk, HomeView
from app.desks.words import joined, recently, refused_words
from app.field.identifier_kinds import exact_kind
from app.field.identifiers import fold_number
from app.field.masks import mask_id
from app.texts import Texts
from ui.candidates import Candidates
from ui.letter_form import LetterForm, LetterRow
from ui.look import look
from ui.notices import state_of
from ui.page import Page, Width
from ui.widgets.basics import Button, Card, Mark, empty_out, label, on_click, row, rule
from ui.widgets.chips import Chip, PressableChip
from ui.widgets.columns import hold_width, stand
from ui.widgets.fields import Choice, Labelled, SearchField
from ui.widgets.flow import Segments
from ui.widgets.id_field import IdNumberField
from ui.widgets.panels import Skeleton, TwoLines
from ui.widgets.steps import StepNumber
from ui.widgets.tick import Tick

ID_TYPES = ("resident_id", "resident_id_15", "residence_permit", "pr_card", "passport", "hm_pass", "tw_pass")


class HomePage(Page):
    """The page of J1."""

    page_wanted = Signal(str)

    def __init__(self, texts: Texts) -> None:
        super().__init__(texts, texts.say("home.title"))
        self.body.setContentsMargins(24, 21, 24, 16)
        self.desk: HomeDesk | None = None
        types = tuple((key, texts.say(f"home.id_{key}")) for key in ID_TYPES)
        self.segments = Segments(texts.say("home.purpose"))
        self.case = QLineEdit()
        self.case.setAccessibleName(texts.say("home.case_no"))
        self.case.setPlaceholderText(texts.say("home.case_hint"))
        self.case.setMaximumWidth(200)
        self.case.setProperty("kind", "small")
        self.letter, self.form = LetterRow(texts), LetterForm(texts, types)
        self.field = SearchField(texts.say("home.subject"), "huge")
        self.field.setPlaceholderText(texts.say("home.subject_placeholder"))
        self.go = Button(texts.say("home.query"), "huge")
        self.id_type = Choice(texts.say("home.id_type"))
        self.id_type.shorten()
        self.number = IdNumberField(
            lambda number: mask_id(number, exact_kind(str(self.id_type.currentData()), fold_number(number)))
        )
        self.name = QLineEdit()
        for key, words in types:
            self.id_type.addItem(words, key)
        self.recognised = label("", "caption", "good", wrap=True)
        self.toggle = Button(texts.say("home.to_person"), "link", "person")
        self.query_card = self._query_card()
        self.candidates = Candidates(texts)
        self.skeleton_card = Card("card", (0, 0, 0, 8), 0)
        self.skeleton = Skeleton()
        self.cancel = Button(texts.say("shell.cancel"), "link")
        self.skeleton_card.box.addWidget(self.skeleton)
        self.skeleton_card.box.addLayout(row(None, self.cancel, 12))
        self.told = QVBoxLayout()
        self._todo, self._recent = Card("card", (16, 12, 16, 8), 0), Card("card", (16, 12, 16, 8), 0)
        left = QVBoxLayout()
        left.setSpacing(14)
        for part in (self.query_card, self.skeleton_card, self.candidates):
            left.addWidget(part)
        left.addLayout(self.told)
        left.addStretch(1)
        self._side = QWidget()
        side = QVBoxLayout(self._side)
        side.setContentsMargins(0, 0, 0, 0)
        side.setSpacing(14)
        side.addWidget(self._todo)
        side.addWidget(self._recent)
        side.addStretch(1)
        self._columns: QBoxLayout = QHBoxLayout()
        self._columns.setSpacing(20)
        self._columns.addLayout(left, 1)
        self._columns.addWidget(self._side)
        self.body.addLayout(self._columns, 1)
        self.body.setSpacing(14)
        self._told_now: object = None
        self._beside_now: object = None

    def _query_card(self) -> Card:
        card = Card("card", (20, 12, 20, 18), 12)
        say = self.texts.say
        head = row(
            StepNumber(1),
            label(say("home.purpose"), "strong"),
            label(say("home.purpose_hint"), "caption", "tertiary", wrap=True),
        )
        case = label(say("home.case_no"), "smallstrong")
        case.setBuddy(self.case)
        head.addWidget(case)
        head.addWidget(self.case)
        card.box.addLayout(head)
        card.box.setSpacing(11)
        card.box.addWidget(self.segments)
        card.box.addWidget(self.letter)
        card.box.addWidget(self.form)
        card.box.addWidget(rule())
        hint = label(say("home.subject_hint"), "caption", "tertiary", wrap=True)
        card.box.addLayout(row(StepNumber(2), label(say("home.subject"), "strong"), hint, self.toggle))
        self._one = QWidget()
        row(self.field, self.go, gap=10, into=self._one)
        self._three = QWidget()
        number, name = (
            Labelled(say("home.id_number"), self.number),
            Labelled(say("home.person_name"), self.name),
        )
        for field, words in ((self.number, "home.id_number"), (self.name, "home.person_name")):
            field.setAccessibleName(say(words))
        self.seen = Tick(say("home.document_seen"))
        self.go_person = Button(say("home.query"), "primary")
        line = row(Labelled(say("home.id_type"), self.id_type), number, name, gap=10, into=self._three)
        line.setStretch(1, 3)
        line.setStretch(2, 2)
        line.addWidget(self.go_person, 0, Qt.AlignmentFlag.AlignBottom)
        card.box.addWidget(self._one)
        card.box.addWidget(self._three)
        card.box.addWidget(self.seen)
        card.box.addWidget(self.recognised)
        return card

    def bind(self, desk: HomeDesk) -> None:
        """Give the widgets their verbs."""
        self.desk = desk
        self.segments.chosen.connect(desk.choose_purpose)
        self.case.editingFinished.connect(lambda: desk.name_case(self.case.text()))
        self.letter.chosen.connect(desk.choose_letter)
        self.candidates.table.copied.connect(self.copied.emit)
        self.letter.adding.connect(desk.open_letter_form)
        self.letter.dropped.connect(desk.drop_letter)
        self.form.closed.connect(lambda: desk.open_letter_form(False))
        self.form.sent.connect(lambda scan, form: desk.add_letter(scan, form.card(desk.view.purpose)))
        self.field.textEdited.connect(desk.typed)
        self.field.returnPressed.connect(lambda: desk.search(self.field.text()))
        on_click(self.go, lambda: desk.search(self.field.text()))
        on_click(self.toggle, lambda: desk.person_mode(not desk.view.person))
        on_click(self.cancel, desk.cancel)
        self.number.textEdited.connect(desk.typed)

        def person() -> None:
            desk.open_person(str(self.id_type.currentData()), self.number.text(), self.name.text())

        self.seen.clicked.connect(desk.see_document)
        self.id_type.activated.connect(
            lambda _: desk.see_document(False)
        )  # of another document nobody said so
        on_click(self.go_person, person)
        self.name.returnPressed.connect(person)
        self.number.returnPressed.connect(self.name.setFocus)
        self.candidates.opened.connect(desk.open_candidate)
        self.candidates.other.connect(self._other_terms)

    def ask_for(self, text: str) -> None:
        """What the omnibox hands over."""
        self.field.setText(text)
        if self.desk is not None:
            self.desk.search(text)

    def _other_terms(self) -> None:
        self.field.setFocus()
        self.field.selectAll()

    def entered(self) -> None:
        if self.desk is not None:
            self.desk.start()

    def purpose_focus(self) -> QWidget | None:
        chosen = self.desk.view.purpose if self.desk is not None else ""
        keys = self.segments.keys()
        return self.segments.button(chosen if chosen in keys else keys[0]) if keys else None

    def first_focus(self) -> QWidget | None:
        if self.desk is not None and self.desk.view.person:
            return self.number
        return self.field

    def arrange(self, width: Width) -> None:
        super().arrange(width)
        stand(self._columns, width != "narrow")
        hold_width(self._side, look().px({"full": 288, "medium": 248}.get(width, 0)))

    def show_view(self, view: HomeView) -> None:
        self._purposes(view)
        self.letter.show_view(view)
        self.form.show_view(view)
        if not self.case.hasFocus() and self.case.text() != view.case_no:
            self.case.setText(view.case_no)
        self._one.setVisible(not view.person)
        self._three.setVisible(view.person)
        self.seen.setVisible(view.document_needed)
        self.seen.setChecked(view.document_seen)
        self.toggle.say(self.say("home.to_enterprise" if view.person else "home.to_person"))
        self.toggle.draw_as("enterprise" if view.person else "person")
        if (
            view.person
            and view.recognised is not None
            and view.recognised.kind == "id_card"
            and not self.number.text()
        ):
            self.number.setText(view.recognised.value)
            self.field.clear()  # there it would stand in full
            self.name.setFocus()
        self._recognition(view)
        for button in (self.go, self.go_person):
            button.setEnabled(not view.busy)
        if view.waiting != self.skeleton_card.isVisibleTo(self):
            self.skeleton_card.setVisible(view.waiting)
            if view.waiting:
                self.skeleton.begin()
            else:
                self.skeleton.end()
        self.candidates.show_rows(view.searched, view.candidates, view.more)
        self._tell(view)
        beside = (view.todo, view.recent, datetime.now(UTC).replace(second=0, microsecond=0))
        if beside != self._beside_now:
            self._beside_now = beside
            self._fill_todo(view)
            self._fill_recent(view)

    def _purposes(self, view: HomeView) -> None:
        english = self.texts.language == "en"
        offered = [(one.code, one.en if english else one.zh) for one in view.shown_purposes]
        if len(view.shown_purposes) < len(view.purposes):
            offered.append(("*", self.say("home.other_purposes")))
        if self.segments.keys() != tuple(key for key, _ in offered):
            self.segments.offer(offered)
        self.segments.choose(view.purpose)

    def _recognition(self, view: HomeView) -> None:
        found = view.recognised
        words, tone = "", "good"
        if found is not None and found.kind not in ("empty", "name"):
            words = self.say(f"home.is_{found.kind}")
            if not found.ok:
                tone = "warn"
                reason = self.say(f"home.fault_{found.fault_code or 'check'}", position=found.fault_position)
                words = joined(words, reason)
            else:
                words = joined(words, self.say("home.check_ok"))
        self.recognised.setText(words)
        self.recognised.setVisible(bool(words))
        if self.recognised.property("tone") != tone:
            self.recognised.setProperty("tone", tone)
            self.recognised.style().polish(self.recognised)

    def _tell(self, view: HomeView) -> None:
        if view.notice is self._told_now:
            return
        self._told_now = view.notice
        empty_out(self.told)
        if view.notice is None:
            return
        actions: tuple[tuple[str, Callable[[], None]], ...] = ()
        if view.notice.retry and self.desk is not None:
            again = self.desk
            actions = ((self.say("shell.retry"), lambda: again.search(self.field.text())),)
        self.told.addWidget(state_of(self.texts, view.notice, actions))

    def _fill_todo(self, view: HomeView) -> None:
        box = self._todo.box
        empty_out(box)
        box.addWidget(label(self.say("home.todo"), "strong"))
        box.addSpacing(4)
        if not view.todo:
            box.addWidget(label(self.say("home.todo_none"), "table", "tertiary", wrap=True))
            box.addSpacing(8)
        for place, one in enumerate(view.todo):
            if place:
                box.addWidget(rule())
            go = Button("", "bare", "chevron_right", "textSecondary")
            words = self.say(one.text, **dict(one.values))
            go.setAccessibleName(words)
            go.clicked.connect(lambda _checked=False, page=one.page: self.page_wanted.emit(page))
            tone = "warn" if one.icon == "attention" else "accentText"
            line = row(
                Mark(one.icon, tone, 18),
                TwoLines(words, joined(one.detail, refused_words(one, self.texts))),
                go,
                gap=10,
            )
            line.setContentsMargins(0, 8, 0, 8)
            line.setStretch(1, 1)
            box.addLayout(line)

    def _fill_recent(self, view: HomeView) -> None:
        box = self._recent.box
        empty_out(box)
        box.addLayout(
            row(
                label(self.say("home.recent"), "strong"),
                None,
                label(self.say("home.only_you"), "caption", "tertiary"),
            )
        )
        box.addSpacing(4)
        if not view.recent:
            box.addWidget(label(self.say("home.recent_none"), "table", "tertiary", wrap=True))
            box.addSpacing(8)
        now = datetime.now(UTC)
        for place, one in enumerate(view.recent):
            if place:
                box.addWidget(rule())
            name = one.name + (self.say("home.a_person") if one.kind == "person" else "")
            lines = TwoLines(name, joined(recently(one.at, now, self.texts), one.purpose_zh))
            line = row(lines, gap=10)
            line.setContentsMargins(0, 8, 0, 8)
            line.setStretch(0, 1)
            if one.cached and not one.ended:
                chip = PressableChip(self.say("home.kept"), "info")
                chip.setAccessibleName(joined(name, self.say("home.kept")))
                chip.clicked.connect(lambda _checked=False, query_no=one.query_no: self._reopen(query_no))
                line.addWidget(chip)
            elif one.ended:
                line.addWidget(Chip(self.say("home.ended"), "neutral"))
            box.addLayout(line)

    def _reopen(self, query_no: str) -> None:
        if self.desk is not None:
            self.desk.open_recent(query_no)
