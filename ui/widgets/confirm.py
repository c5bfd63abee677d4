"""The question before something that cannot be taken back: what goes, what comes of it, what stays."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from app.texts import Texts
from ui.look import look
from ui.reading_order import ReadingOrder
from ui.widgets.basics import Button, Mark, label, on_click, row


class Confirm(QDialog):
    """Cancel has the focus and is what Enter and Esc do; the act needs its own button."""

    def __init__(
        self,
        parent: QWidget,
        texts: Texts,
        title: str,
        goes: Iterable[str],
        stays: Iterable[str],
        act: str,
        then: Callable[[], None],
        comes: Iterable[str] = (),
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(min(look().px(440), 720))
        box = self.box = QVBoxLayout(self)
        box.setContentsMargins(24, 20, 24, 20)
        box.setSpacing(8)
        head = label(title, "subtitle", wrap=True)
        box.addLayout(row(Mark("warning", "warn", 22), head, gap=10))
        self.spoken = [title]
        for heading, lines, icon, tone in (
            (texts.say("confirm.goes"), tuple(goes), "delete", "warn"),
            (texts.say("confirm.comes"), tuple(comes), "info", "info"),
            (texts.say("confirm.stays"), tuple(stays), "safe", "good"),
        ):
            if not lines:
                continue
            box.addSpacing(6)
            box.addWidget(label(heading, "smallstrong"))
            for line in lines:
                self.spoken.append(line)
                mark = Mark(icon, tone, 16)
                words = row(mark, label(line, "table", wrap=True), gap=8)
                words.setAlignment(mark, Qt.AlignmentFlag.AlignTop)
                box.addLayout(words)
        box.addSpacing(12)
        self.cancel = on_click(Button(texts.say("confirm.cancel")), self.reject)
        self.act = on_click(Button(act, "danger"), self.accept)
        box.addLayout(row(None, self.act, self.cancel))
        self.cancel.setDefault(True)
        self.cancel.setFocus()
        self.accepted.connect(then)
        self.setAccessibleName("\n".join(self.spoken))
        self._order = ReadingOrder(self)
