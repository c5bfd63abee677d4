"""A record's number on the platform: what an officer reads out to the centre, to select and to copy."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from app.texts import Texts
from ui.widgets.basics import Button, label, on_click, row


class RecordNumber(QWidget):
    """Small, in one line, never cut short. `copied` carries the bare number for the clipboard."""

    copied = Signal(str)

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        self.texts, self.number = texts, ""
        self.words = label("", "caption", "tertiary")
        self.words.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.button = on_click(Button("", "bare", "copy", "textTertiary"), self._copy)
        self.button.setAccessibleName(texts.say("subject.copy_record_no"))
        self.button.setToolTip(texts.say("subject.copy_record_no"))
        row(self.words, self.button, gap=2, into=self)

    def say(self, number: str) -> None:
        """Show a number; it is written with its word before it."""
        self.number = number
        self.words.setText(self.texts.say("paper_record.record", number=number))

    def _copy(self) -> None:
        self.copied.emit(self.number)
