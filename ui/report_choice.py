"""What is to be on the report: the paper, its language, large print, and of a special one days and field."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.desks.report_desk import KINDS, ReportView
from app.field.law_fields import LawField
from app.texts import Texts
from ui.look import look
from ui.paper_fields import language_choice, period_fields
from ui.widgets.basics import Button, label, on_click, retone
from ui.widgets.fields import Choice, Labelled
from ui.widgets.panels import TwoLines


class ReportChoice(QWidget):
    """Buttons for the papers and the fields below them. `kind_chosen` carries a key of KINDS."""

    kind_chosen = Signal(str)
    language_chosen = Signal(str)
    large_chosen = Signal(bool)
    scope_chosen = Signal(str, str, str)

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        self._say = texts.say
        self._english = texts.language == "en"
        self._lines: dict[str, TwoLines] = {}
        self._known: tuple[LawField, ...] | None = None
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(8)
        box.addWidget(label(texts.say("report_page.template"), "strong"))
        self.kinds = {key: self._kind(key) for key in KINDS}
        for button in self.kinds.values():
            box.addWidget(button)
        days = period_fields(texts)
        self.start, self.end = days.values()
        for day in days.values():
            day.editingFinished.connect(self._scoped)
        self.field = Choice(texts.say("report_page.field"))
        self.field.activated.connect(lambda _: self._scoped())
        self.scope = QWidget()
        inner = QVBoxLayout(self.scope)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(6)
        for name, field in (*days.items(), ("field", self.field)):
            inner.addWidget(Labelled(texts.say(f"report_page.{name}"), field))
        box.addWidget(self.scope)
        self.language = language_choice(texts)
        self.language.activated.connect(lambda _: self.language_chosen.emit(str(self.language.currentData())))
        words = label(texts.say("report_page.language"), "strong")
        words.setBuddy(self.language)
        self.large = self._button("large")
        on_click(self.large, lambda: self.large_chosen.emit(self.large.isChecked()))
        for part in (words, self.language, self.large):
            box.addWidget(part)

    def _kind(self, key: str) -> Button:
        button = self._button(f"kind_{key}")
        on_click(button, lambda: self.kind_chosen.emit(key))
        return button

    def _button(self, words: str) -> Button:
        """A button of two lines that stays down while what it says is chosen."""
        name, more = self._say(f"report_page.{words}"), self._say(f"report_page.{words}_more")
        button = Button("", "choice")
        button.setCheckable(True)
        button.setAccessibleName(f"{name} {more}")
        button.setToolTip(more)
        lines = self._lines[words] = TwoLines(name, more, "smallstrong")
        lines.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        inner = QVBoxLayout(button)
        inner.setContentsMargins(11, 6, 11, 6)
        inner.addWidget(lines)
        button.setMinimumHeight(look().px(52))
        return button

    def _scoped(self) -> None:
        chosen = self.field.currentData() or ""
        self.scope_chosen.emit(self.start.text().strip(), self.end.text().strip(), str(chosen))

    def show_view(self, view: ReportView) -> None:
        for key, button in self.kinds.items():
            button.setChecked(key == view.kind)
        self.kinds["special"].setEnabled(view.offers_special)
        more = "kind_special_more" if view.offers_special else "kind_special_needs"
        self._lines["kind_special"].under.say(self._say(f"report_page.{more}"))
        retone(self._lines["kind_special"].upper, tone="text" if view.offers_special else "tertiary")
        why = "kind_special_more" if view.offers_special else "special_off"
        self.kinds["special"].setToolTip(self._say(f"report_page.{why}"))
        self.language.choose(view.language)
        self.large.setChecked(view.large)
        self.scope.setVisible(view.kind == "special")
        if self._known != view.fields:
            self._known = view.fields
            self.field.clear()
            self.field.addItem(self._say("report_page.every_field"), "")
            for row in view.fields:
                self.field.addItem(row.en if self._english else row.zh, row.id)
