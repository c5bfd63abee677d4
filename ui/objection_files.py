"""The evidence of a filing in its form: files that were picked, and those kept from a refused filing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.desks.objection_desk import ObjectionView
from app.desks.words import size_of
from app.texts import Texts
from ui.widgets.basics import Button, Card, Elided, Mark, empty_out, label

LEFT_OUT = "objection_page.left_out"


class Proofs(QWidget):
    """One line a file. A kept one goes again unless it is left out."""

    detached = Signal(object)
    left_out = Signal(int)

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        self.texts = texts
        self._shown: object = None
        self._lines = QVBoxLayout(self)
        self._lines.setContentsMargins(0, 0, 0, 0)
        self._lines.setSpacing(8)

    def show_view(self, view: ObjectionView) -> None:
        """Show the files, anew only when they are others."""
        picked = tuple(zip(view.files, view.sizes, strict=True))
        left_out, refused = view.draft.left_out, view.draft.file
        if (picked, view.proofs, left_out, refused) == self._shown:
            return
        self._shown = (picked, view.proofs, left_out, refused)
        empty_out(self._lines)
        for one in view.proofs:
            mark = refused.mark if refused is not None and one.place in refused.places else ""
            self._lines.addWidget(self._kept(one, one.place in left_out, mark))
        for path, size in picked:
            self._lines.addWidget(self._picked(path, size))
        self.setVisible(bool(picked or view.proofs))

    def _picked(self, path: Path, size: int) -> Card:
        away = Button("", "bare", "close", "textSecondary")
        away.clicked.connect(lambda _checked=False: self.detached.emit(path))
        return self._line(path.name, size, "objection_page.ready", away, "take_away")

    def _kept(self, one: Any, out: bool, mark: str) -> Card:
        """A file of the refused filing, kept with its draft; `mark` says why the server did not take it."""
        way = Button("", "bare", "retry" if out else "close", "textSecondary")
        way.clicked.connect(lambda _checked=False: self.left_out.emit(one.place))
        state, act = (LEFT_OUT, "put_back") if out else (mark or "objection_page.kept_along", "take_away")
        return self._line(one.name, one.size, state, way, act)

    def _line(self, name: str, size: int, state: str, button: Button, act: str) -> Card:
        say, refused = self.texts.say, state.startswith("attachment.")
        tone = "tertiary" if state == LEFT_OUT else "warn" if refused else "good"
        line = Card("inset", (12, 4, 6, 4), 10, row=True)
        line.box.addWidget(Mark("pdf" if name.lower().endswith(".pdf") else "attachment", "accentText", 18))
        line.box.addWidget(Elided(name, "table"))
        line.box.addWidget(label(size_of(size), "caption", "tertiary"))
        line.box.addStretch(1)
        if state != LEFT_OUT:
            line.box.addWidget(Mark("attention" if refused else "good-filled", tone, 14))
        line.box.addWidget(label(say(state), "table", tone))
        button.setAccessibleName(say(f"objection_page.{act}", file=name))
        button.setToolTip(button.accessibleName())
        line.box.addWidget(button)
        return line
