"""The slot for a platform that was put back from a backup: what it means, and the code to go on with."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QLineEdit

from app.desks.desk import Notice
from app.texts import Texts
from ui.look import look
from ui.notices import announce, sentence
from ui.widgets.basics import Button, Mark, column, label, look_width, on_click

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
        words = look_width(say("shell.restored_code"), 14, 400) + 44
        self.field.setMinimumWidth(max(look().px(210), words))  # a whole code is to be read at once
        self.wrong = label("", "caption", "seal", wrap=True)
        self.go = on_click(Button(say("shell.restored_go"), "small"), self._send)
        self.field.returnPressed.connect(self._send)
        box: QBoxLayout = QHBoxLayout(self)
        box.setContentsMargins(24, 8, 24, 8)
        box.setSpacing(10)
        box.addWidget(Mark("unsafe-filled", "seal", 20))
        box.addWidget(self.words, 3)
        box.addLayout(column(self.field, self.wrong, gap=2), 1)
        box.addWidget(self.go)
        self._box = box
        self.hide()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow window the field stands below the words."""
        super().resizeEvent(event)
        way = QBoxLayout.Direction
        self._box.setDirection(way.TopToBottom if self.width() < look().px(700) else way.LeftToRight)

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
