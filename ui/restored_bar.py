"""The slot for a platform that was put back from a backup: what it means, and the code to go on with."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit

from app.desks.desk import Notice
from app.texts import Texts
from ui.look import look
from ui.notices import announce, sentence
from ui.widgets.basics import Button, Mark, column, label, on_click

LONGEST = 40  # characters; a code has 19 with its dashes, and people put blanks between


class RestoredBar(QFrame):
    """Stays until the code was right; what was typed stays while the notice is told again."""

    sent = Signal(str)

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        self._texts = texts
        self._said: Notice | None = None
        self.setProperty("cls", "bannerSeal")
        say = texts.say
        self.words = label("", "table", wrap=True)
        self.field = QLineEdit()
        self.field.setAccessibleName(say("shell.restored_code"))
        self.field.setPlaceholderText(say("shell.restored_code"))
        self.field.setMaxLength(LONGEST)
        self.field.setMinimumWidth(look().px(210))  # a whole code is to be read at once
        self.wrong = label("", "caption", "seal", wrap=True)
        self.go = on_click(Button(say("shell.restored_go"), "small"), self._send)
        self.field.returnPressed.connect(self._send)
        box = QHBoxLayout(self)
        box.setContentsMargins(24, 8, 24, 8)
        box.setSpacing(10)
        box.addWidget(Mark("unsafe-filled", "seal", 20))
        box.addWidget(self.words, 3)
        box.addLayout(column(self.field, self.wrong, gap=2), 1)
        box.addWidget(self.go)
        self.hide()

    def tell(self, notice: Notice | None, flaw: Notice | None, busy: bool) -> None:
        """Show what was found (`notice`), and why the last code did not do (`flaw`)."""
        news, self._said = notice is not None and self._said is None, notice
        self.setVisible(notice is not None)
        if notice is None:
            self.field.clear()
            return
        self.words.setText(sentence(self._texts, notice))
        said = sentence(self._texts, flaw) if flaw is not None else ""
        if said and said != self.wrong.text():
            announce(self, said, assertive=True)
        self.wrong.setText(said)
        self.wrong.setVisible(bool(said))
        self.go.setEnabled(not busy)
        if news:
            announce(self, self.words.text(), assertive=True)

    def _send(self) -> None:
        if self.go.isEnabled() and self.field.text().strip():
            self.sent.emit(self.field.text())
