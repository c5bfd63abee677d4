"""One window for many looks: brought to a state, given another size, looked over with every check."""

from __future__ import annotations

import gc
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QLabel, QScrollArea, QWidget

from tests.shots import states
from tests.shots.checks import contrast, fitting, focus, heard, ink, overlaps
from tests.ui import fakes
from tests.ui.stage import Stage
from ui.look import RESOURCES, look
from ui.reading_order import ReadingOrder

ROUNDS = 20


class _Keeper:
    """In the place of pytest-qt's: the room closes its window itself."""

    def addWidget(self, widget: QWidget) -> None:  # noqa: N802 - Qt's name
        """Nothing to remember."""


class Room(Stage):
    """A stage for any state of `states.STATES`, outside a test too."""

    def __init__(self, language: str, size: tuple[int, int]) -> None:
        given = vars(states.client())
        super().__init__(_Keeper(), language, size, **given)  # type: ignore[arg-type]

    def open(self) -> None:
        """Behind the lock."""
        self.window.desk.opened(fakes.USER, device="HY-PC-0217")

    def settle(self) -> None:
        """Let layouts come to rest without waiting for the clock."""
        before: list[object] = []
        for _ in range(ROUNDS):
            QApplication.processEvents()
            QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
            places = [one.geometry() for one in self.window.findChildren(QWidget) if one.isVisible()]
            if places == before:
                return
            before = places

    def bring(self, state: str) -> None:
        """Show a state."""
        states.STATES[state](self)
        self.settle()

    def resize(self, width: int, height: int) -> None:
        self.window.resize(width, height)
        self.settle()

    def close(self) -> None:
        """Every window alive makes each new style sheet slower."""
        self.window.close()
        self.window.deleteLater()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        del self.window, self.client
        gc.collect()

    def top(self) -> QWidget:
        """What covers the window at the moment."""
        top = self.window.layout().currentWidget()  # type: ignore[union-attr]
        return top if isinstance(top, QWidget) else self.window

    def look_over(self) -> tuple[list[str], QImage]:
        """What is wrong with what is on the screen, and a picture of it."""
        return look_over(self.window, self.window.frame if self.top() is self.window.frame else None)


@dataclass(frozen=True)
class Surface:
    """Something with words: the window, or all of what scrolls in it."""

    root: QWidget
    inks: Sequence[ink.Ink]
    picture: QImage


def look_over(window: QWidget, frame: Any = None) -> tuple[list[str], QImage]:
    """Every check over a window that is shown; its picture comes along."""
    for order in window.findChildren(ReadingOrder):  # as it is once the window is calm
        order.lay()
    fixed = own_words(window.texts.language if hasattr(window, "texts") else "zh_CN")
    whole = Surface(window, ink.read(window), window.grab().toImage())
    found = []
    for surface in (whole, *_scrolled(window, whole.picture)):
        root, inks = surface.root, surface.inks
        found += fitting.clipped(root, inks)
        found += fitting.shortened(root, inks, fixed)
        found += overlaps.overlapping(inks)
        found += contrast.faint(inks, surface.picture, lambda one, root=root: unusable(root, one))
    found += fitting.squeezed(window) + fitting.stranded(window) + overlaps.crowded(window)
    found += heard.nameless(window) + heard.silent(window)
    found += focus.out_of_order(focus.stops(window, frame)) + focus.unreached(window)
    found += [f"read aloud: {one}" for one in focus.out_of_order(focus.stops(window, frame, heard.told))]
    found += [f"{len(rich)} labels read marks as format" for rich in [_formatted(window)] if rich]
    return list(dict.fromkeys(found)), whole.picture


def unusable(root: QWidget, one: ink.Ink) -> bool:
    """Of a control that cannot be used no contrast is asked (WCAG 1.4.3)."""
    holder: QWidget | None = fitting.under(root, one)
    disabled = look().colour("disabledText").rgb()
    return holder is not None and (not holder.isEnabled() or one.colour.rgb() == disabled)


def _scrolled(window: QWidget, picture: QImage) -> list[Surface]:
    """The whole of every part that is larger than what can be seen of it."""
    found = []
    for area in fitting.seen(window, QScrollArea):
        assert isinstance(area, QScrollArea)
        inner = area.widget()
        if inner is not None and inner.height() > area.viewport().height() + 1:
            found.append(Surface(inner, ink.read(inner), _on_its_ground(inner, area, window, picture)))
    return found


def _on_its_ground(inner: QWidget, area: QScrollArea, window: QWidget, picture: QImage) -> QImage:
    """A picture of all that scrolls; where it is clear, what is behind it on the window shows through."""
    ratio = picture.devicePixelRatio()
    corner = area.viewport().mapTo(window, QPoint(2, 2)) * ratio
    taken = QImage(inner.size() * ratio, QImage.Format.Format_RGB32)
    taken.setDevicePixelRatio(ratio)
    taken.fill(picture.pixelColor(corner) if picture.rect().contains(corner) else look().colour("surface"))
    inner.render(taken)
    return taken


def _formatted(window: QWidget) -> list[QWidget]:
    labels = fitting.seen(window, QLabel)
    return [one for one in labels if one.textFormat() != Qt.TextFormat.PlainText]  # type: ignore[attr-defined]


@cache
def own_words(language: str) -> frozenset[str]:
    """The sentences of the product that have no place for a value."""
    said: list[str] = []
    tables: list[dict[str, Any]] = [
        tomllib.loads(file.read_text("utf-8")) for file in (RESOURCES / "texts" / language).glob("*.toml")
    ]
    while tables:
        for value in tables.pop().values():
            tables.append(value) if isinstance(value, dict) else said.append(str(value))
    return frozenset(text.strip().partition("|")[0].replace("&", "") for text in said if "{" not in text)
