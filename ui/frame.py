"""The frame of the open work: navigation, top bar, banner, pages, status bar, and the keys between them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QApplication, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.desks.desk import Notice
from app.desks.window_desk import OFFLINE_PAGES, WindowDesk, WindowView
from app.texts import Texts
from ui.city import City
from ui.help_page import HelpPage
from ui.look import look, tokens
from ui.navigation import KEYS, Navigation
from ui.notices import Banner
from ui.page import Page, Width
from ui.reading_order import as_read
from ui.restored_bar import RestoredBar
from ui.topbar import StatusBar, TopBar

HISTORY = 40
CLEAR_AFTER_MS = 30_000
UNDER = {
    "subject": "home",
    "report": "home",
    "paper": "verify",
    "reports": "verify",
    "outbox": "home",
}  # pages without an entry of their own


@dataclass(frozen=True)
class Shelf:
    """A page of the navigation: how to make it, and what has to happen when it is entered."""

    make: Callable[[], Page]


def width_of(pixels: int) -> Width:
    """How a window of this width lies; a larger text size makes every window narrower."""
    points = tokens()["size"]["breakpoints"]
    pixels = round(pixels / look().scale)
    if pixels >= points["full"]:
        return "full"
    return "medium" if pixels >= points["medium"] else "narrow"


class Frame(QWidget):
    """Holds the pages. They are made when they are first wanted and die with the frame."""

    def __init__(
        self, texts: Texts, desk: WindowDesk, names: City, version: str, shelves: dict[str, Shelf]
    ) -> None:
        super().__init__()
        self.texts, self.desk, self._shelves = texts, desk, shelves
        self.pages: dict[str, Page] = {}
        self.current = ""
        self.turned: Callable[[str], None] = lambda name: None
        self._past: list[str] = []
        self._ahead: list[str] = []
        shown = tuple(page for page in desk.view.pages if page in shelves)
        self.navigation = Navigation(texts, shown, names.brand, names.product, names.letter)
        self.top, self.status = TopBar(texts), StatusBar(texts, version)
        self.banner, self.restored = Banner(texts), RestoredBar(texts)
        self.stack = QStackedWidget()
        right = QVBoxLayout()
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(0)
        for part in (self.top, self.restored, self.banner, self.stack, self.status):
            right.addWidget(part, 1 if part is self.stack else 0)
        box = QHBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(self.navigation)
        box.addLayout(right, 1)
        self.navigation.wanted.connect(self.go)
        self.top.lock.connect(desk.lock)
        self.top.purpose_wanted.connect(self._purpose)
        self.banner.acted.connect(desk.act)
        self.restored.sent.connect(desk.follow)
        self._told: Notice | None = None
        self._clear = QTimer(self, singleShot=True, interval=CLEAR_AFTER_MS)
        self._clear.timeout.connect(self.clear_clipboard)
        self._copied = ""
        self._keys(shown)
        look().changed.connect(self._arrange_anew)

    def _keys(self, pages: tuple[str, ...]) -> None:
        keys: list[tuple[str, Callable[[], Any]]] = [
            ("Ctrl+K", self._search),
            ("Ctrl+L", self.desk.lock),
            ("F4", self._purpose),
            ("F5", self._refresh),
            ("Ctrl+Shift+S", lambda: self.go("outbox")),
            ("F6", lambda: self.pane(1)),
            ("Shift+F6", lambda: self.pane(-1)),
            ("Alt+Left", self.back),
            ("Alt+Right", self.forward),
            ("Ctrl+Tab", lambda: self.turn(1)),
            ("Ctrl+Shift+Tab", lambda: self.turn(-1)),
            ("Ctrl+PgDown", lambda: self.turn(1)),
            ("Ctrl+PgUp", lambda: self.turn(-1)),
        ]
        for page, key in KEYS.items():
            if page in pages:
                keys.append((key, lambda page=page: self.go(page)))  # type: ignore[misc]
        for key, act in keys:
            QShortcut(QKeySequence(key), self, act)

    def _search(self) -> None:
        self.top.omnibox.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.top.omnibox.selectAll()

    def _purpose(self) -> None:
        first = self.go("home").purpose_focus()
        if first is not None:
            first.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def turn(self, step: int) -> None:
        """To the next tab of the page, where it has tabs."""
        if self.current:
            self.pages[self.current].turn(step)

    def help(self, place: str = "") -> None:
        """The manual, at the chapter of a place or of the page on the screen."""
        here = self.current
        page = self.go("help")
        if isinstance(page, HelpPage) and (place or here != "help"):
            page.show_place(place or here)

    def _refresh(self) -> None:
        self.desk.sync()
        page = self.pages.get(self.current)
        if page is not None:
            page.entered()

    def page(self, name: str) -> Page:
        """The page, made now if it was never wanted before."""
        if name not in self.pages:
            made = self._shelves[name].make()
            made.copied.connect(self.copy)
            self.pages[name] = made
            self.stack.addWidget(made)
            made.arrange(width_of(self.width()))
            made.connected(self.desk.view.online)
        return self.pages[name]

    def go(self, name: str, remember: bool = True) -> Page:
        """Turn to a page."""
        item = self.navigation.items.get(name)
        if item is not None and item.why_not:
            self.desk.tell(Notice("shell.needs_server", (), "warning"))
            return self.page(self.current or name)
        page = self.page(name)
        if name != self.current:
            if self.current:
                self.pages[self.current].left()
                if remember:
                    self._past = [*self._past[-HISTORY:], self.current]
                    self._ahead = []
            self.current = name
        self.navigation.show_page(UNDER.get(name, name))
        self.stack.setCurrentWidget(page)
        self.top.on_page(name)
        page.entered()
        first = page.first_focus()
        if first is None or not first.isEnabled():  # else the focus would fall on the first entry of all
            first = item
        if first is not None:
            first.setFocus(Qt.FocusReason.OtherFocusReason)
        self.turned(name)
        return page

    def back(self) -> None:
        """To the page before."""
        if self._past:
            ahead, name = [*self._ahead, self.current], self._past.pop()
            self.go(name, remember=False)
            self._ahead = ahead

    def forward(self) -> None:
        """To the page one came back from."""
        if self._ahead:
            ahead = list(self._ahead)
            name = ahead.pop()
            past = [*self._past, self.current]
            self.go(name, remember=False)
            self._past, self._ahead = past, ahead

    def pane(self, step: int) -> None:
        """The next pane: navigation, top bar, banner, page, status bar, and round again."""
        every = (
            self.navigation,
            self.top,
            self.restored,
            self.banner,
            self.stack.currentWidget(),
            self.status,
        )
        panes = [pane for pane in every if pane is not None and pane.isVisible() and focusable(pane)]
        here = QApplication.focusWidget()
        at = next((n for n, pane in enumerate(panes) if here is not None and pane.isAncestorOf(here)), -1)
        target = panes[(at + step) % len(panes)] if at >= 0 else panes[0]
        page = self.pages.get(self.current)
        first = page.first_focus() if page is target and page is not None else None
        widget = first or focusable(target)
        if widget is not None:
            widget.setFocus(Qt.FocusReason.TabFocusReason)

    def show_view(self, view: WindowView) -> None:
        self.top.show_view(view)
        self.status.show_view(view)
        self.banner.tell(view.banner)
        self.restored.tell(view.restored, view.code_flaw, view.busy)
        open_offline = set(OFFLINE_PAGES) | {"home"} if view.connection is None else set(OFFLINE_PAGES)
        self.navigation.update_state(view.online, tuple(open_offline), view.counts)
        for page in self.pages.values():
            page.connected(view.online)
        if view.notice is not None and view.notice is not self._told:  # a view keeps it, and is shown often
            self.status.tell(view.notice)
        self._told = view.notice

    def copy(self, text: str) -> None:
        """Put a text on the clipboard for 30 s; it is taken away only if it is still ours."""
        self._copied = text
        QApplication.clipboard().setText(text)
        self._clear.start()
        self.status.tell(Notice("clip.copied", (("seconds", CLEAR_AFTER_MS // 1000),), "good"))

    def clear_clipboard(self) -> None:
        """Take back what was copied, unless somebody has put something else there."""
        self._clear.stop()
        if self._copied and QApplication.clipboard().text() == self._copied:
            QApplication.clipboard().clear()
        self._copied = ""

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        width = width_of(self.width())
        self.navigation.fold(width != "full")
        self.top.narrow(width == "narrow")
        for page in self.pages.values():
            if page.width_mode != width:
                page.arrange(width)

    def _arrange_anew(self) -> None:
        """Columns beside a page are as wide as the size of text asks for, in the same way of lying, too."""
        self._arrange()
        for page in self.pages.values():
            page.arrange(page.width_mode)


def focusable(pane: QWidget) -> QWidget | None:
    """The first widget of a pane, in the order of Tab, that takes the focus."""
    return next((one for one in as_read(pane) if one.isVisible() and one.isEnabled()), None)
