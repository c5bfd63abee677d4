"""The field for a person's number: whole while it is typed, masked as soon as the focus is elsewhere."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QLineEdit

from app.field.masks import mask_id

Mask = Callable[[str], str]


class IdNumberField(QLineEdit):
    """`text` is the whole number at any time; what is painted, copied and read out is masked out of focus."""

    def __init__(self, mask: Mask = mask_id) -> None:
        super().__init__()
        self._mask, self._whole, self._hidden = mask, "", False

    def text(self) -> str:
        return self._whole if self._hidden else super().text()

    def setText(self, text: str | None) -> None:
        self._hidden = False
        super().setText(text or "")
        if not self.hasFocus():
            self._hide()

    def clear(self) -> None:
        self.setText("")

    def focusInEvent(self, event: QFocusEvent) -> None:
        if self._hidden:
            self._hidden = False
            super().setText(self._whole)
            self._whole = ""
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:  # its own menu, which acts on what is there
            self._hide()

    def _hide(self) -> None:
        if not self._hidden:
            self._whole, self._hidden = super().text(), True
            super().setText(self._mask(self._whole))
