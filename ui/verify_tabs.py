"""The two parts of 报告核验: a file somebody hands in, and the reports issued on this computer."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from app.texts import Texts
from ui.widgets.tabs import Tabs

PARTS = ("verify", "reports")


def verify_tabs(texts: Texts, page: QWidget, here: str) -> Tabs:
    """Tabs that stand on both pages; `turned` says the page that is wanted. Ctrl+Tab turns to the other."""
    tabs = Tabs(texts.say("verify_page.tabs"))
    tabs.offer(tuple((part, texts.say(f"verify_page.tab_{part}")) for part in PARTS), here)
    other = next(part for part in PARTS if part != here)
    for keys in ("Ctrl+Tab", "Ctrl+PgDown", "Ctrl+PgUp"):
        shortcut = QShortcut(QKeySequence(keys), page)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(lambda: tabs.turned.emit(other))
    return tabs
