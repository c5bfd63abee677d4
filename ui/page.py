"""What every page has: a title row, a scrolling body of cards, and three ways to lie for three widths."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QBoxLayout, QFrame, QScrollArea, QVBoxLayout, QWidget
from shiboken6 import isValid

from app.texts import Texts
from ui.widgets.basics import Elided, label, row
from ui.widgets.flow import Flow
from ui.widgets.tabs import Tabs

Width = Literal["full", "medium", "narrow"]


class Page(QWidget):
    """`body` is the column that scrolls; `strip` sets a white title strip above it instead of a title row.

    `copied`: a text for the clipboard, which the frame clears again.
    """

    copied = Signal(str)

    def __init__(
        self, texts: Texts, title: str, subtitle: str = "", strip: bool = False, bare: bool = False
    ) -> None:
        super().__init__()
        self.texts = texts
        self.width_mode: Width = "full"
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        self.title = label(title, "title")
        self.subtitle = Elided(subtitle, "body", "secondary")
        self.tools = Flow(rigid=True)
        self.head: QBoxLayout = row(self.title, 2, self.subtitle, None, self.tools, gap=8)
        self.head.setStretchFactor(self.subtitle, 10)
        if strip:
            holder = QFrame()
            holder.setProperty("cls", "strip")
            holder.setMinimumHeight(54)
            holder.setLayout(self.head)
            self.head.setContentsMargins(24, 8, 24, 8)
            outer.addWidget(holder)
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        content = QWidget()
        content.setProperty("cls", "page")
        content.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.body = QVBoxLayout(content)
        self.body.setContentsMargins(24, 16, 24, 16)
        self.body.setSpacing(12)
        self.area.setWidget(content)
        outer.addWidget(self.area, 1)
        if bare:
            unseen = QWidget(self)  # a layout outside any widget would outlive what it holds
            unseen.setLayout(self.head)
            unseen.hide()
        elif not strip:
            self.body.addLayout(self.head)
        content.installEventFilter(self)  # actions come and go with the state of the page

    def on_keys(self, *keys: tuple[str, Callable[[], object]]) -> None:
        """Answer to keys while the focus is on the page or on something in it."""
        for name, act in keys:
            QShortcut(QKeySequence(name), self, act, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)

    def arrange(self, width: Width) -> None:
        """Lie as the width allows."""
        self.width_mode = width

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_head()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self._fit_head()
        return False

    def _fit_head(self) -> None:
        """Where title and actions have no room beside each other, the actions stand below and may wrap."""
        needed = self.title.sizeHint().width() + self.tools.sizeHint().width() + 160
        beside = needed <= self.width()
        self.tools.keep_in_a_row(beside)
        way = QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom
        if self.head.direction() != way:
            self.head.setDirection(way)

    def say(self, text_id: str, **values: str | int) -> str:
        return self.texts.say(text_id, **values)

    def first_focus(self) -> QWidget | None:
        """Where the focus goes when the page is shown."""
        return None

    def purpose_focus(self) -> QWidget | None:
        """Where the purpose is changed, on the page that can."""
        return None

    def turn(self, step: int) -> None:
        """To the next tab, or the one before, where the page has tabs."""
        for tabs in self.findChildren(Tabs):
            if tabs.isVisible():
                tabs.turn(step)

    def connected(self, online: bool) -> None:
        """Whether the platform answers has become known, or has changed."""

    def on_screen(self) -> bool:
        """Whether who sits here can see the page: it is not behind another one, nor gone."""
        return isValid(self) and self.isVisible()

    def entered(self) -> None:
        """The page has come to the front."""

    def left(self) -> None:
        """The page has gone to the back."""
