"""The question before an act that cannot be taken back and needs a reason."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from app.desks.desk import Notice
from app.texts import Texts
from ui.notices import Inline
from ui.widgets.confirm import Confirm
from ui.widgets.fields import Labelled


class Reasoned(Confirm):
    """The reason has the focus; Enter in it leads to the act, which still has to be pressed. It stays open,
    with what was typed, until `close_done` says that the act was done; Esc gives up."""

    stated = Signal(str)

    def __init__(
        self,
        parent: QWidget,
        texts: Texts,
        title: str,
        goes: Iterable[str],
        stays: Iterable[str],
        act: str,
        why: tuple[str, str],
        longest: int,
        comes: Iterable[str] = (),
    ) -> None:
        super().__init__(parent, texts, title, goes, stays, act, lambda: None, comes)
        self.why = QLineEdit()
        self.why.setMaxLength(longest)
        self.why.setAccessibleName(why[0])
        self.notice = Inline(texts)
        place = self.box.count() - 2
        self.box.insertWidget(place, self.notice)
        self.box.insertWidget(place, Labelled(why[0], self.why, why[1]))
        self.cancel.setDefault(False)  # Enter after typing must not throw the typed away
        self.why.returnPressed.connect(lambda: self.act.setFocus(Qt.FocusReason.TabFocusReason))
        self.why.setFocus()

    def accept(self) -> None:
        self.stated.emit(self.why.text())

    def tell(self, notice: Notice | None, busy: bool) -> None:
        """What was said of the act; nothing can be pressed twice."""
        self.notice.tell(notice)
        for part in (self.act, self.why):
            part.setEnabled(not busy)

    def close_done(self) -> None:
        """The act was done, or waits to be."""
        super().accept()
