"""The officer's hand: real clicks and keys on the window, each counted, and nothing done behind its back.

What counts: a click, a key or chord, a file that is dropped. Apart, and bounded as well: a Tab that leads
from one field of a form to the next, an answer to a dialog of the system, a text that is typed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QMimeData, QObject, QPoint, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QInputMethodEvent, QKeyEvent, QKeySequence
from PySide6.QtPrintSupport import QPrintDialog
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QLineEdit, QWidget

from tests.officer.window import DidNotComeError, WindowOfficer

LOOK_MS = 30
PLAIN = Qt.KeyboardModifier.NoModifier


@dataclass(frozen=True)
class Effort:
    """What a job took."""

    clicks: int = 0
    keys: int = 0
    drops: int = 0
    texts: int = 0
    tabs: int = 0
    dialogs: int = 0  # of the system: where to save, which printer

    @property
    def acts(self) -> int:
        """Clicks, keys and dropped files: what the paths of the design count."""
        return self.clicks + self.keys + self.drops

    def __sub__(self, other: Effort) -> Effort:
        return Effort(*(getattr(self, name) - getattr(other, name) for name in self.__dataclass_fields__))


class Hand(QObject):
    """Works one window. `modal` collects every dialog that was not the system's own."""

    def __init__(self, officer: WindowOfficer) -> None:
        super().__init__()
        self.officer, self.effort = officer, Effort()
        self.modal: list[str] = []
        self._answers: list[Path | None] = []
        self._watch = QTimer(self, interval=LOOK_MS)
        self._watch.timeout.connect(self._answer)
        officer.app.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Note a dialog that comes up."""
        own = isinstance(watched, QDialog) and not isinstance(watched, QFileDialog | QPrintDialog)
        if own and event.type() == QEvent.Type.Show and not _inside_system(watched):
            self.modal.append(type(watched).__name__)
        return False

    def rest(self) -> None:
        """The hand is taken off the window."""
        self._watch.stop()
        self.officer.app.removeEventFilter(self)

    def _more(self, **counted: int) -> None:
        self.effort = replace(
            self.effort, **{name: getattr(self.effort, name) + more for name, more in counted.items()}
        )

    # ---- acts --------------------------------------------------------------------------------------------

    def click(self, target: QWidget, at: QPoint | None = None) -> None:
        """Press the left button where `target` is on the screen; something else lying there is an error."""
        self.officer.front()
        place = target.rect().center() if at is None else at
        window = target.window()
        under = window.childAt(target.mapTo(window, place))
        if under is None or not (under is target or target.isAncestorOf(under)):
            raise DidNotComeError(f"{target!r} cannot be clicked: there lies {under!r}")
        if not target.isEnabled():
            raise DidNotComeError(f"{target!r} cannot be clicked: it is dimmed")
        inside = under.mapFrom(window, target.mapTo(window, place))
        QTest.mouseClick(under, Qt.MouseButton.LeftButton, pos=inside)
        self._more(clicks=1)
        self.officer.settle(20)

    def click_row(self, table: Any, row: int) -> None:
        """Click a row of a list or table."""
        box = table.visualRect(table.model().index(row, 0))
        self.click(table.viewport(), box.center())

    def press(self, keys: str) -> None:
        """One key or chord, at whatever has the focus."""
        self._key(keys)
        self._more(keys=1)

    def tab(self) -> None:
        """To the next field of a form."""
        self._key("Tab")
        self._more(tabs=1)

    def _key(self, keys: str) -> None:
        chord = QKeySequence(keys)[0]
        QTest.keyClick(self.focus(), chord.key(), chord.keyboardModifiers())
        self.officer.settle(20)

    def focus(self) -> QWidget:
        """What has the keyboard.

        Raises:
            DidNotComeError: when nothing has: an officer would be lost here.
        """
        self.officer.front()
        found = QApplication.focusWidget()
        if found is None or not found.isVisible():
            raise DidNotComeError(f"nothing on the screen has the focus ({found!r})")
        return found

    def text(self, words: str) -> None:
        """Type into what has the focus: over what stands in a line, key by key where it is secret."""
        field = self.focus()
        if isinstance(field, QLineEdit):
            field.selectAll()
        elif not hasattr(field, "toPlainText"):
            raise DidNotComeError(f"the focus is at {field!r}, which takes no text")
        if isinstance(field, QLineEdit) and not field.testAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled):
            for sign in words:
                QApplication.sendEvent(field, QKeyEvent(QEvent.Type.KeyPress, 0, PLAIN, sign))
        else:
            committed = QInputMethodEvent()
            committed.setCommitString(words)
            QApplication.sendEvent(field, committed)
        self._more(texts=1)
        self.officer.settle(20)

    def paste(self, words: str) -> None:
        """What was copied elsewhere: one chord."""
        QApplication.clipboard().setText(words)
        self.press("Ctrl+V")

    def drop(self, target: QWidget, path: Path) -> None:
        """Let a file go over a place of the window."""
        dragged = QMimeData()
        dragged.setUrls([QUrl.fromLocalFile(str(path))])
        centre = QPointF(target.rect().center())
        way = (Qt.DropAction.CopyAction, dragged, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
        over = QDragEnterEvent(centre.toPoint(), *way)
        QApplication.sendEvent(target, over)
        if not over.isAccepted():
            raise DidNotComeError(f"{target!r} takes no file")
        QApplication.sendEvent(target, QDropEvent(centre, *way))
        self._more(drops=1)
        self.officer.settle(20)

    # ---- dialogs of the system ---------------------------------------------------------------------------

    def will_answer(self, path: Path | None = None) -> None:
        """The next dialog of the system is accepted, one for a file with this path."""
        self._answers.append(path)
        self._watch.start()

    def _answer(self) -> None:
        dialog = QApplication.activeModalWidget()
        if not self._answers or not isinstance(dialog, QFileDialog | QPrintDialog):
            return
        path = self._answers.pop(0)
        if isinstance(dialog, QFileDialog) and path is not None:
            dialog.findChild(QLineEdit).setText(str(path))
        self._more(dialogs=1)
        dialog.accept()


def _inside_system(dialog: QObject) -> bool:
    above = dialog.parent()
    while above is not None:
        if isinstance(above, QFileDialog | QPrintDialog):
            return True
        above = above.parent()
    return False
