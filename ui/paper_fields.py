"""Fields with which a paper is chosen, whatever paper it is: its language, and the days it is about."""

from __future__ import annotations

from PySide6.QtWidgets import QLineEdit

from app.texts import Texts
from ui.widgets.fields import Choice


def language_choice(texts: Texts) -> Choice:
    """The languages a paper is issued in, by their key."""
    made = Choice(texts.say("report_page.language"))
    for key in ("zh_CN", "en"):
        made.addItem(texts.say(f"report_page.language_{key}"), key)
    return made


def period_fields(texts: Texts) -> dict[str, QLineEdit]:
    """From which day to which, each typed as an ISO day, by the last part of its text's id."""
    made = {}
    for name in ("period_from", "period_to"):
        field = made[name] = QLineEdit()
        field.setPlaceholderText(texts.say(f"report_page.{name}_hint"))
        field.setAccessibleName(texts.say(f"report_page.{name}"))
        field.setMaxLength(10)
    return made
