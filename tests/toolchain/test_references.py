"""PySide6 keeps its count of True and None.

One release of the binding dropped a reference to a constant at each call, and on Python 3.11 the process died
after some hundred signals (docs/adr/001-qt-6-11.md). The test would have seen it; keep it when the pin moves.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject, Signal

CALLS = 20_000
MAY_DRIFT = 5_000  # what other tests left behind may die meanwhile; one lost at each call would be 20,000
CONSTANTS = (True, False, None)


class Bell(QObject):
    rang = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.heard = 0

    def hear(self, _: object) -> None:
        self.heard += 1

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.User:
            self.heard += 1
            return True
        return super().event(event)


def drift(work: Callable[[], None]) -> list[int]:
    """How far the reference counts of the constants move while the work is done."""
    work()  # caches fill in the first round
    gc.collect()
    before = [sys.getrefcount(constant) for constant in CONSTANTS]
    work()
    return [sys.getrefcount(constant) - count for constant, count in zip(CONSTANTS, before, strict=True)]


@pytest.mark.parametrize("value", [True, None, "x"])
def test_emit_keeps_the_counts(qapp: QCoreApplication, value: object) -> None:
    bell = Bell()
    bell.rang.connect(bell.hear)

    def ring() -> None:
        for _ in range(CALLS):
            bell.rang.emit(value)

    moved = drift(ring)
    assert bell.heard == 2 * CALLS
    assert max(map(abs, moved)) <= MAY_DRIFT, moved


def test_events_keep_the_counts(qapp: QCoreApplication) -> None:
    bell = Bell()

    def post() -> None:
        for _ in range(CALLS):
            QCoreApplication.postEvent(bell, QEvent(QEvent.Type.User))
        QCoreApplication.sendPostedEvents(bell)

    moved = drift(post)
    assert bell.heard == 2 * CALLS
    assert max(map(abs, moved)) <= MAY_DRIFT, moved


def test_control_a_drift_would_be_seen() -> None:
    kept: list[object] = []

    def hold() -> None:
        kept.extend([None] * (MAY_DRIFT + 1))

    assert max(map(abs, drift(hold))) > MAY_DRIFT
