"""A list in its place: a skeleton while it is first read, then its rows, or why there are none."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QStackedWidget, QWidget

from ui.widgets.basics import empty_out, row
from ui.widgets.panels import Skeleton, State


class StatePlace(QWidget):
    """Where a state stands; it is made anew only when there is another to tell."""

    def __init__(self) -> None:
        super().__init__()
        self._box = row(into=self)
        self._told: object = None

    def tell(self, key: object, make: Callable[[], State]) -> None:
        """`key` is another whenever what `make` makes is."""
        if key == self._told and self._box.count():
            return
        self._told = key
        empty_out(self._box)
        self._box.addWidget(make())


class Listed(QStackedWidget):
    """Rows, skeleton and state, one of them at a time."""

    def __init__(self, rows: QWidget) -> None:
        super().__init__()
        self.rows, self.skeleton, self.why_none = rows, Skeleton(), StatePlace()
        for part in (self.rows, self.skeleton, self.why_none):
            self.addWidget(part)

    def wait(self) -> None:
        """The list is being read."""
        self.setCurrentWidget(self.skeleton)
        self.skeleton.begin()

    def leave(self) -> None:
        """Nobody looks any more."""
        self.skeleton.end()

    def show_rows(self) -> None:
        self.skeleton.end()
        self.setCurrentWidget(self.rows)

    def show_why_none(self, key: object, make: Callable[[], State]) -> None:
        """`key` and `make` as of a StatePlace."""
        self.skeleton.end()
        self.why_none.tell(key, lambda: _without_card(make()))
        self.setCurrentWidget(self.why_none)


def _without_card(state: State) -> State:
    """The list stands on a card already."""
    state.setProperty("cls", "")
    return state
