"""That somebody is at the window: keys, the mouse, a touch, an input method."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QGuiApplication, QKeyEvent
from shiboken6 import isValid

_SIGNS = (
    QEvent.Type.KeyPress,
    QEvent.Type.ShortcutOverride,  # a key that is a shortcut comes to the focus as this, and to no window
    QEvent.Type.MouseButtonPress,
    QEvent.Type.MouseMove,
    QEvent.Type.Wheel,
    QEvent.Type.TouchBegin,
    QEvent.Type.InputMethod,
    QEvent.Type.DragEnter,
    QEvent.Type.DragMove,
    QEvent.Type.Drop,
)


class SignsOfLife(QObject):
    """Listens where they enter: at the windows of the system, and at what has the focus, to which alone an
    input method speaks. A filter of the whole program would see them, too, and would have every event of
    every widget wait for the interpreter, hundreds in one layout of a page."""

    def __init__(self, parent: QObject, noted: Callable[[], None]) -> None:
        super().__init__(parent)
        self._noted = noted
        self._focus: QObject | None = None
        self._watching = False

    def watch(self) -> None:
        """Begin; and again now and then, for windows that came since (menus, dialogs of the system)."""
        app = QGuiApplication.instance()
        if not isinstance(app, QGuiApplication):
            return
        for window in app.topLevelWindows():
            window.installEventFilter(self)  # of a filter that is there already Qt makes no second
        if not self._watching:
            self._watching = True
            app.focusWindowChanged.connect(self.watch)
            app.focusObjectChanged.connect(self._follow)
            self._follow(app.focusObject())

    def _follow(self, focus: QObject | None) -> None:
        if self._focus is not None and isValid(self._focus):
            self._focus.removeEventFilter(self)
        self._focus = focus
        if focus is not None:
            focus.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        repeats = isinstance(event, QKeyEvent) and event.isAutoRepeat()  # something lies on the keyboard
        if event.type() in _SIGNS and not repeats:
            self._noted()
        return False
