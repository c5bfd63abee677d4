"""Forms that unfold in the settings: another passphrase, and what an earlier vault left sealed."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from app.desks.desk import Notice
from app.texts import Texts
from ui.look import look
from ui.notices import Inline
from ui.widgets.basics import Button, column, label, on_click, row
from ui.widgets.fields import Labelled, SecretField


class SecretForm(QWidget):
    """A button that unfolds hidden fields. Enter goes on and sends from the last field, Esc folds.

    `sent` carries what was typed, in the order of the fields; `wanted` and `folded` ask for the form to open
    and to close. Text ids are `settings_page.<about>_…`.
    """

    sent = Signal(tuple)
    wanted = Signal()
    folded = Signal()

    def __init__(self, texts: Texts, about: str, icon: str, fields: tuple[str, ...]) -> None:
        super().__init__()
        self.texts, self._about = texts, about
        self._said: Notice | None = None
        self.open = on_click(Button(self._say("open"), "plain", icon), self.wanted.emit)
        self.nothing = label(self._say("nothing") if self._has("nothing") else "", "table", "secondary", True)
        self.nothing.hide()
        self.fields = tuple(SecretField(self._say(name)) for name in fields)
        self._lines = tuple(
            Labelled(self._say(name), field, self._say(f"{name}_hint") if self._has(f"{name}_hint") else "")
            for name, field in zip(fields, self.fields, strict=True)
        )
        self.go = on_click(Button(self._say("do"), "primary"), self._send)
        self.cancel = on_click(Button(texts.say("confirm.cancel")), self.folded.emit)
        self.form = QWidget()
        column(*self._lines, row(self.go, self.cancel, None), gap=10, into=self.form)
        self.form.setMaximumWidth(look().px(360))
        self.form.hide()
        self.notice = Inline(texts)
        opener, beside = row(self.open, None), row(self.form, None)
        beside.setStretch(0, 100)
        column(opener, self.nothing, beside, self.notice, gap=8, into=self)
        for place, field in enumerate(self.fields):
            field.returnPressed.connect(lambda place=place: self._next(place))
            field.caps.connect(
                lambda on, place=place: self._lines[place].wrong(texts.say("unlock.caps") if on else "")
            )
        folds = QShortcut(QKeySequence("Esc"), self.form, self.folded.emit)
        folds.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)

    def _say(self, name: str) -> str:
        return self.texts.say(f"settings_page.{self._about}_{name}")

    def _has(self, name: str) -> bool:
        return self.texts.has(f"settings_page.{self._about}_{name}")

    def _next(self, place: int) -> None:
        if place + 1 < len(self.fields):
            self.fields[place + 1].setFocus()
        else:
            self._send()

    def _send(self) -> None:
        if self.go.isEnabled():
            self.sent.emit(tuple(field.text() for field in self.fields))

    def show_state(self, unfolded: bool, busy: bool, notice: Notice | None, there: bool = True) -> None:
        """`there`: whether there is anything to open the form for."""
        was = self.form.isVisibleTo(self)
        self.open.setVisible(there and not unfolded)
        self.nothing.setVisible(not there and not unfolded)
        self.form.setVisible(unfolded)
        self.go.setEnabled(not busy)
        self.notice.tell(notice)
        news, self._said = notice is not self._said, notice
        if unfolded and (not was or (news and notice is not None)):
            self.fields[0].setFocus()
            self.fields[0].selectAll()
        elif was and not unfolded:
            for field in self.fields:
                field.clear()
            if there and self.isVisible():
                self.open.setFocus()
