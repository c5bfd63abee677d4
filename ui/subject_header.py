"""Who the subject is, as of when; and the lists it stands on, with what each body must heed."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.desks.words import clock_time, joined, minute, spaced
from app.field.records import Measure, Standing
from app.texts import Texts
from ui.look import look
from ui.widgets.basics import Button, Card, Elided, Mark, column, label, on_click, row, rule
from ui.widgets.chips import Chip, PressableChip
from ui.widgets.flow import Flow

SHOWN_MEASURES = 2
SHOWN_OF_OTHERS = 1
WIDEST_OF_OTHERS = 260  # px: with the own body's measures in one row at 1280 px
TITLES = {
    "serious": ("serious-filled", "seal"),
    "abnormal": ("attention-filled", "warn"),
    "honour": ("honour-filled", "good"),
}


class Header(Card):
    """Name, state and code large; register facts beside; the answer's time and number at the right."""

    copied = Signal(str)

    def __init__(self, texts: Texts) -> None:
        super().__init__("card", (18, 12, 18, 12), 16, row=True)
        self.texts = texts
        ground = Card("tileIcon", (13, 13, 13, 13), 0, row=True)
        ground.setFixedSize(48, 48)
        self._icon = Mark("enterprise", "accentText", 22)
        ground.box.addWidget(self._icon)
        self.name = Elided("", "title")
        self._state, self._category = Chip("", "good"), Chip("", "neutral")
        self.code = label("", "medium")
        self.copy = on_click(Button("", "bare", "copy", "textTertiary"), self._copy)
        self.copy.setAccessibleName(texts.say("subject.copy_code"))
        self.copy.setToolTip(texts.say("subject.copy_code"))
        self._facts = Elided("", "table", "secondary")
        self._as_of, self._number = Elided("", "table"), Elided("", "caption", "tertiary")
        first = row(self.name, self._state, self._category, None)
        second = row(self.code, self.copy, self._facts, gap=6)
        second.setStretch(2, 1)
        line = rule(upright=True)
        line.setFixedHeight(40)
        self.box.addWidget(ground)
        self.box.addLayout(column(first, second, gap=4), 1)
        self.box.addWidget(line)
        right = QWidget()
        column(self._as_of, self._number, gap=2, into=right)
        right.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.box.addWidget(right)
        self._raw = ""

    def _copy(self) -> None:
        self.copied.emit(self._raw)

    def show_answer(self, answer: object) -> None:
        """Lay out identity and times."""
        bundle = answer.bundle  # type: ignore[attr-defined]
        subject, say = bundle.subject, self.texts.say
        person = subject.kind == "person"
        self._raw = subject.code
        self._icon.draw("person" if person else "enterprise", "accentText")
        self.name.say(subject.name)
        good = subject.state in say("home.states_good").split("/")
        self._state.setVisible(bool(subject.state))
        self._state.say(subject.state, "good" if good else "neutral")
        self._category.setVisible(bool(subject.category) or person)
        self._category.say(say("subject.a_person") if person else subject.category, "neutral")
        self.code.setText(spaced(subject.code))
        former = "、".join(one.name for one in subject.former_names)
        facts = joined(
            say("subject.representative", name=subject.representative) if subject.representative else "",
            say("subject.founded", date=subject.founded) if subject.founded else "",
            say("subject.capital", amount=subject.capital) if subject.capital else "",
            subject.industry,
            say("subject.former", names=former) if former else "",
            subject.district if person else "",
        )
        self._facts.say(facts)
        self._as_of.say(say("subject.as_of", time=minute(bundle.as_of)))
        kept = say("subject.from_copy") if answer.source == "cache" else ""  # type: ignore[attr-defined]
        self._number.say(
            joined(say("subject.query_no", number=bundle.query_no), clock_time(bundle.made_at), kept)
        )


class StandingBanner(Card):
    """All lists in one banner, worst first. It says what holds and what to heed, never what to decide."""

    basis_wanted = Signal(object)

    def __init__(self, texts: Texts, standing: tuple[Standing, ...]) -> None:
        kinds = tuple(dict.fromkeys(one.kind for one in standing))
        worst = kinds[0]
        super().__init__(worst, (16, 10, 16, 9), 7)
        self.texts = texts
        entries = tuple(one for one in standing if one.kind == worst)
        icon, tone = TITLES[worst]
        title = self._title(worst, len(entries))
        self.setAccessibleName("; ".join(self._title(kind, self._count(standing, kind)) for kind in kinds))
        detail = Elided(self._details(entries), "table", "secondary")
        more = on_click(
            Button(texts.say("subject.see_basis"), "small"), lambda: self.basis_wanted.emit(standing)
        )
        head = row(Mark(icon, tone, 20), label(title, "subtitle", tone), detail, more, gap=8)
        head.setStretch(2, 1)
        self.box.addLayout(head)
        measures = tuple(dict.fromkeys(one for entry in entries for one in entry.measures))
        if measures:
            self.box.addWidget(self._measures(worst, measures, entries))
        if len(kinds) > 1:
            self.box.addWidget(self._others(standing, kinds[1:]))

    def _title(self, kind: str, count: int) -> str:
        return joined(
            self.texts.say(f"subject.on_{kind}"), self.texts.say("subject.active_entries", count=count)
        )

    def _count(self, standing: tuple[Standing, ...], kind: str) -> int:
        return sum(one.kind == kind for one in standing)

    def _details(self, entries: tuple[Standing, ...]) -> str:
        """One entry with all that is known of it; of several the lists and days, for room."""
        if len(entries) == 1:
            return self._detail(entries[0])
        return self.texts.say("paper.semicolon").join(self._short(entry) for entry in entries)

    def _short(self, entry: Standing) -> str:
        marked = self.texts.say("subject.objected_short") if entry.objection else ""
        return " ".join(part for part in (entry.list_name, entry.listed_on, marked) if part)

    def _detail(self, entry: Standing) -> str:
        say = self.texts.say
        term = say("subject.term", start=entry.listed_on, end=entry.until) if entry.until else entry.listed_on
        marked = say("subject.objected", number=entry.objection.number) if entry.objection else ""
        return joined(entry.list_name, entry.authority, term, marked)

    def _others(self, standing: tuple[Standing, ...], kinds: tuple[str, ...]) -> QWidget:
        """A row for the milder lists: a chip each with the newest entry."""
        holder, flow = wrapping()
        for kind in kinds:
            entries = tuple(one for one in standing if one.kind == kind)
            newest = max(entries, key=lambda one: one.listed_on)
            icon, tone = TITLES[kind]
            words = joined(
                self._title(kind, len(entries)), newest.list_name, newest.authority, newest.listed_on
            )
            flow.addWidget(self._chip(words, tone, icon, entries))
        return holder

    def _measures(self, kind: str, measures: tuple[Measure, ...], entries: tuple[Standing, ...]) -> QWidget:
        say = self.texts.say
        holder, flow = wrapping()
        yours = [one for one in measures if one.for_you]
        others = [one for one in measures if not one.for_you]
        if yours:
            flow.addWidget(label(say("subject.for_you"), "smallstrong"))
        for place, one in enumerate(yours[:SHOWN_MEASURES]):
            tone = TITLES[kind][1] if place == 0 else "neutral"
            flow.addWidget(self._chip(one.text, tone, "measures" if place == 0 else "", entries))
        if others:
            flow.addWidget(label(say("subject.for_others"), "table", "secondary"))
        for one in others[:SHOWN_OF_OTHERS]:
            body = "" if one.body in one.text else one.body
            chip = self._chip(joined(one.text, body), "neutral", "", entries)
            chip.setMaximumWidth(look().px(WIDEST_OF_OTHERS))
            flow.addWidget(chip)
        everything = Button(say("subject.all_basis", count=len(measures)), "link")
        flow.addWidget(on_click(everything, lambda: self.basis_wanted.emit(entries)))
        return holder

    def _chip(self, text: str, tone: str, icon: str, entries: tuple[Standing, ...]) -> PressableChip:
        chip = PressableChip(text, tone, icon)
        chip.clicked.connect(lambda _checked=False: self.basis_wanted.emit(entries))
        return chip


def wrapping() -> tuple[QWidget, Flow]:
    """A widget whose contents wrap to further rows."""
    holder = QWidget()
    policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
    policy.setHeightForWidth(True)
    holder.setSizePolicy(policy)
    return holder, Flow(holder, 8)
