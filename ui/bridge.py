"""The only way from a lane to the window's thread."""

from __future__ import annotations

import sys
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal, Slot

TURN_S = 0.0005
"""So long a lane keeps the interpreter while the window waits for it. Each call of Qt gives it away, so that
a page painted beside a busy lane waits hundreds of times: with CPython's own 5 ms, for seconds."""


class Bridge(QObject):
    """Carries jobs into the thread it was made in, in the order they were handed over."""

    _arrived = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        sys.setswitchinterval(TURN_S)
        self._open = True
        self._arrived.connect(self._do, Qt.ConnectionType.QueuedConnection)

    def deliver(self, job: Callable[[], None]) -> None:
        """Have `job` called in the window's thread; from any thread, never blocking."""
        self._arrived.emit(job)

    def close(self) -> None:
        """Drop whatever still arrives: the window is going away."""
        self._open = False

    @Slot(object)
    def _do(self, job: Callable[[], None]) -> None:
        if self._open:
            job()
