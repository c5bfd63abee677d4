"""The two parts of 报告核验: a file somebody hands in, and the reports issued on this computer."""

from __future__ import annotations

from app.texts import Texts
from ui.widgets.tabs import Tabs

PARTS = ("verify", "reports")


def verify_tabs(texts: Texts, here: str) -> Tabs:
    """Tabs that stand on both pages; `turned` says the page that is wanted."""
    tabs = Tabs(texts.say("verify_page.tabs"))
    tabs.offer(tuple((part, texts.say(f"verify_page.tab_{part}")) for part in PARTS), here)
    return tabs
