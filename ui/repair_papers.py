"""The checklist of an application: every condition, where its paper is to be had, and the files brought."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.desks.repair_desk import RepairView
from app.desks.repair_words import met_words
from app.desks.words import size_of
from app.texts import Texts
from app.wire.repair_messages import RepairCheck, Words
from ui.objection_files import LEFT_OUT
from ui.widgets.basics import Button, Card, Elided, Mark, empty_out, label, on_click, row
from ui.widgets.drop import Drop

MARKS = {True: ("good-filled", "good"), False: ("attention", "warn"), None: ("attachment", "accentText")}


class Papers(QWidget):
    """A row a condition; one that a paper proves takes files by drop, click, Enter or Space."""

    attached = Signal(str, object)
    detached = Signal(object)
    left_out = Signal(int)

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        self.texts = texts
        self._shown: object = None
        self.drops: dict[str, Drop] = {}
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(8)

    def show_view(self, view: RepairView) -> None:
        """Lay the rows out, anew only when they are others."""
        checks, papers = self._checks(view)
        key = (checks, papers, view.papers, view.proofs, view.draft.left_out, view.draft.file)
        if key == self._shown:
            return
        held = next((check for check, drop in self.drops.items() if drop.hasFocus()), "")
        self._shown, self.drops = key, {}
        empty_out(self._rows)
        for check in checks:
            self._rows.addWidget(self._row(check, check.check in papers, view))
        if held in self.drops:  # a file was added by keyboard: the next one goes to the same place
            self.drops[held].setFocus()

    def _checks(self, view: RepairView) -> tuple[tuple[RepairCheck, ...], tuple[str, ...]]:
        """The conditions, and which of them a paper proves. A supplement may bring any of its case."""
        if view.kind is not None and not view.draft.number:
            return view.kind.checks, view.kind.papers
        case = next((one.view for one in view.filed if one.number == view.draft.number and one.view), None)
        names = dict.fromkeys(one.check for one in case.papers) if case is not None else {}
        names |= dict.fromkeys(view.kind.papers) if view.kind is not None else {}
        known = {
            one.check: one for kind in (view.standing.kinds if view.standing else ()) for one in kind.checks
        }
        plain = Words(self.texts.say("repair_page.a_paper"))
        checks = tuple(known.get(name, RepairCheck(name, plain)) for name in names)
        return checks, tuple(names)

    def _row(self, check: RepairCheck, by_paper: bool, view: RepairView) -> Card:
        say, language = self.texts.say, self.texts.language
        name = check.words.of(language)
        card = Card("inset", (12, 8, 12, 9), 5)
        icon, tone = MARKS[check.met]
        state = label(met_words(check, self.texts), "caption", "good" if check.met else "secondary")
        line = row(Mark(icon, tone, 16), label(name, "smallstrong", wrap=True), state)
        line.setStretch(1, 1)
        card.box.addLayout(line)
        if where := check.where.of(language):
            card.box.addWidget(label(where, "caption", "tertiary", wrap=True))
        if not by_paper:
            return card
        checks = view.draft.checks
        for one in view.proofs:
            if one.place < len(checks) and checks[one.place] == check.check:
                out = one.place in view.draft.left_out
                act, words = ("put_back", LEFT_OUT) if out else ("take_away", "objection_page.kept_along")
                refused = view.draft.file
                if refused is not None and one.place in refused.places and not out:
                    words = refused.mark
                way = self._button("retry" if out else "close", act, one.name)
                way.clicked.connect(lambda _checked=False, place=one.place: self.left_out.emit(place))
                card.box.addLayout(self._file(one.name, one.size, words, way))
        for paper in view.papers:
            if paper.check == check.check:
                away = self._button("close", "take_away", paper.path.name)
                on_click(away, lambda path=paper.path: self.detached.emit(path))  # type: ignore[misc]
                card.box.addLayout(self._file(paper.path.name, paper.size, "objection_page.ready", away))
        drop = Drop(say("repair_page.drop", paper=name), say("objection_page.file_kinds"))
        drop.dropped.connect(lambda path: self.attached.emit(check.check, path))
        card.box.addWidget(drop)
        self.drops[check.check] = drop
        return card

    def _button(self, icon: str, act: str, file: str) -> Button:
        button = Button("", "bare", icon, "textSecondary")
        button.setAccessibleName(self.texts.say(f"objection_page.{act}", file=file))
        button.setToolTip(button.accessibleName())
        return button

    def _file(self, name: str, size: int, state: str, button: Button) -> QHBoxLayout:
        refused = state.startswith("attachment.")
        tone = "tertiary" if state == LEFT_OUT else "warn" if refused else "good"
        said = label(self.texts.say(state), "caption", tone)
        return row(
            Mark("attachment", "accentText", 15),
            Elided(name, "table"),
            label(size_of(size), "caption", "tertiary"),
            None,
            said,
            button,
        )
