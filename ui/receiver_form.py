"""Who is handed the report: chosen, and named where it is not the subject itself."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from app.field.limits import LONGEST
from app.field.receivers import KINDS, ReceiverKind
from app.texts import Texts
from ui.widgets.fields import Choice, Labelled


class ReceiverForm(QWidget):
    """`changed` says kind and name at each keystroke."""

    changed = Signal(str, str)

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        say = texts.say
        self._say = say
        self.kind = Choice(say("report_page.receiver"))
        self._offered: tuple[ReceiverKind, ...] = ()
        self.offer(KINDS)
        self.name = QLineEdit()
        self.name.setAccessibleName(say("report_page.receiver_name"))
        self.name.setMaxLength(LONGEST["receiver"])
        self._kind = Labelled(say("report_page.receiver"), self.kind)
        self._name = Labelled(say("report_page.receiver_name"), self.name, say("report_page.receiver_hint"))
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(8)
        box.addWidget(self._kind)
        box.addWidget(self._name)
        self.kind.activated.connect(lambda _: self._changed())
        self.name.textChanged.connect(lambda _: self._changed())

    def offer(self, kinds: tuple[ReceiverKind, ...]) -> None:
        """Who may be handed the paper, one of which is chosen then."""
        if kinds == self._offered:
            return
        self._offered = kinds
        self.kind.clear()
        for key in kinds:
            self.kind.addItem(self._say(f"report_page.receiver_{key}"), key)

    def show_receiver(self, kind: str, name: str, *, missing: bool, open_: bool) -> None:
        """What the desk holds; `missing`: issuing was tried without the name."""
        self.kind.choose(kind)
        if self.name.text() != name:
            self.name.setText(name)
        self._name.wrong(self._say("report_page.receiver_missing") if missing else "")
        self.setEnabled(open_)

    def _changed(self) -> None:
        self.changed.emit(str(self.kind.currentData()), self.name.text())
