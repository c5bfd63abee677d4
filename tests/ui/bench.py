"""Where pages are looked at in tests: the application, a size, what is cut, outside or without a name."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QRect, Qt
from PySide6.QtWidgets import (
    QAbstractScrollArea,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLabel,
    QPushButton,
    QWidget,
)

from app.texts import Texts
from ui.look import load_fonts, look
from ui.widgets.basics import Elided

SHOTS = os.environ.get("HENGXIN_SHOTS", "")


def application() -> QApplication:
    """The one application of the tests, dressed."""
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        app = QApplication([])
        load_fonts()
        look().wear("light")
    return app


def texts(language: str = "zh_CN") -> Texts:
    return Texts(language)


def settle(rounds: int = 12) -> None:
    for _ in range(rounds):
        QApplication.processEvents()


def lay(page: Any, width: int = 1072, height: int = 668, mode: str = "full") -> None:
    """Show a page at the size that the frame leaves it in a window of 1280x800."""
    page.resize(width, height)
    page.arrange(mode)
    page.show()
    page.activateWindow()
    settle()


def lay_out(page: QWidget, width: int, height: int) -> None:
    """Show anything that is no page."""
    page.resize(width, height)
    page.show()
    settle()


def clean(theme: str = "light") -> None:
    """Forget the pages of the last test: every page alive makes each new style sheet slower."""
    app = application()
    for page in app.topLevelWidgets():
        page.close()
        page.deleteLater()
    app.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    if look().theme != theme:
        look().wear(theme)


def grab(page: QWidget, name: str) -> None:
    """A picture to look at beside the drawings of the design, kept where HENGXIN_SHOTS says."""
    settle()
    picture = page.grab()
    assert not picture.isNull()
    if SHOTS:
        Path(SHOTS).mkdir(parents=True, exist_ok=True)
        picture.save(str(Path(SHOTS) / f"{name}.png"))


def clipped(page: QWidget) -> list[str]:
    """Texts of labels, buttons and choices that are larger than the room they have."""
    found = []
    for part in page.findChildren(QLabel):
        if not part.isVisible() or not part.text():
            continue
        metrics = part.fontMetrics()
        if part.wordWrap():
            needed = metrics.boundingRect(
                QRect(0, 0, part.width(), 100_000), Qt.TextFlag.TextWordWrap, part.text()
            ).height()
            if needed > part.height() + 1:
                found.append(f"{part.text()} {needed}>{part.height()}")
        elif metrics.horizontalAdvance(part.text()) > part.width() + 1:
            found.append(part.text())
    for part in page.findChildren(QPushButton):
        if part.isVisible() and part.fontMetrics().horizontalAdvance(part.text()) > part.width():
            found.append(part.text())
    for part in page.findChildren(QComboBox):
        if part.isVisible() and part.fontMetrics().horizontalAdvance(part.currentText()) > part.width() - 30:
            found.append(part.currentText())
    return found


def outside(page: QWidget) -> list[str]:
    """Visible parts that stick out of what holds them, sideways."""
    found = []
    for part in page.findChildren(QWidget):
        holder = part.parentWidget()
        if not part.isVisible() or holder is None or part.isWindow() or part.width() < 2:
            continue
        if part.x() + part.width() > holder.width() + 1:
            found.append(f"{type(part).__name__} {part.accessibleName()} in {type(holder).__name__}")
    return found


def nameless(page: QWidget) -> list[str]:
    """Parts that take the focus and have nothing for a screen reader."""
    return [
        type(part).__name__
        for part in page.findChildren(QWidget)
        if part.isVisible()
        and part.focusPolicy() & Qt.FocusPolicy.TabFocus
        and not part.accessibleName()
        and not isinstance(part.parentWidget(), QAbstractSpinBox | QComboBox | QAbstractScrollArea)
    ]


class Lanes:
    """Does the work at once, or keeps it until `go` when `held`."""

    def __init__(self, held: bool = False) -> None:
        self.held = held
        self.waiting: list[Callable[[], None]] = []

    def submit(
        self, lane: str, job: Callable[..., Any], *args: Any, done: Callable[[Future], None] | None = None
    ) -> Future:
        future: Future = Future()

        def run() -> None:
            try:
                future.set_result(job(*args))
            except Exception as flaw:  # noqa: BLE001 - a lane hands every failure over
                future.set_exception(flaw)
            if done is not None:
                done(future)

        if self.held:
            self.waiting.append(run)
        else:
            run()
        return future

    def go(self) -> None:
        waiting, self.waiting = self.waiting, []
        for run in waiting:
            run()


def elided(page: QWidget) -> list[Elided]:
    """Every line that may be cut, with its whole text."""
    return page.findChildren(Elided)
