"""The one voice: a notice becomes a banner, a line beside a field, a line in the status bar, or a state."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from app.desks.desk import Notice
from app.desks.window_desk import SIGN_IN
from app.texts import Texts
from ui.widgets.basics import Button, Card, Mark, label, retone
from ui.widgets.panels import State

# level -> (banner class, inset class, icon, tone)
FACES = {
    "info": ("bannerInfo", "info", "info", "info"),
    "good": ("bannerInfo", "good", "good-filled", "good"),
    "warning": ("bannerWarn", "warn", "attention", "warn"),
    "error": ("bannerWarn", "warn", "error-filled", "warn"),
    "security": ("bannerSeal", "warn", "unsafe-filled", "seal"),
}


def sentence(texts: Texts, notice: Notice) -> str:
    """The words of a notice; a code that has no sentence yet is told as a fault with its code."""
    values = notice.facts()
    for text_id in (notice.text, f"problem.{notice.code}", f"problem.{notice.text}"):
        if texts.has(text_id):
            said = texts.say(text_id, **values)
            break
    else:
        said = texts.say("shell.unknown", code=notice.code or notice.text)
    if notice.kept and texts.has(notice.kept):
        said += ("" if texts.language == "zh_CN" else " ") + texts.say(notice.kept, **values)
    return said


def face_of(notice: Notice) -> tuple[str, str, str, str]:
    return FACES["security" if notice.move == "not_trusted" else notice.level]


def announce(widget: QWidget, words: str, assertive: bool = False) -> None:
    """Have a screen reader say it, politely unless it is about security."""
    event = QAccessibleAnnouncementEvent(widget, words)
    if assertive:
        event.setPoliteness(QAccessible.AnnouncementPoliteness.Assertive)
    QAccessible.updateAccessibility(event)


class Banner(QFrame):
    """The slot below the top bar: one banner at most."""

    acted = Signal()

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        self._texts = texts
        self._said = ""
        self.setProperty("cls", "bannerWarn")
        box = QHBoxLayout(self)
        box.setContentsMargins(24, 8, 24, 8)
        box.setSpacing(10)
        self._mark = Mark("cloud_off", "warn", 20)
        self._words = label("", "table", wrap=True)
        self._button = Button(texts.say("shell.retry"), "small", "retry")
        self._button.clicked.connect(lambda _checked=False: self.acted.emit())
        self._code = label("", "caption", "tertiary")
        for part in (self._mark, self._words, self._code, self._button):
            box.addWidget(part, 1 if part is self._words else 0)
        self.hide()

    def tell(self, notice: Notice | None) -> None:
        """Show a notice, or nothing."""
        self.setVisible(notice is not None)
        if notice is None:
            self._said = ""
            return
        cls, _, icon, tone = face_of(notice)
        if notice.text.startswith(("shell.offline", "net.offline")):
            icon = "cloud_off"
        retone(self, cls=cls)
        self._mark.draw(icon, tone)
        words = sentence(self._texts, notice)
        self._words.setText(words)
        self._code.setText(notice.code)
        self._code.setVisible(bool(notice.code))
        self._button.setVisible(notice.retry or bool(notice.act))
        self._button.say(self._texts.say(notice.act or "shell.retry"))
        icons = {"": "retry", SIGN_IN: "authorisation"}
        self._button.draw_as(icons.get(notice.act, "chevron_right"))
        if words != self._said:
            self._said = words
            announce(self, words, notice.move == "not_trusted")


class Inline(Card):
    """A notice where the result would be, between the fields it concerns."""

    def __init__(self, texts: Texts) -> None:
        super().__init__("warn", (12, 9, 12, 9), 10, row=True)
        self._texts = texts
        self._said = ""
        self._mark = Mark("attention", "warn", 18)
        self.words = label("", "table", wrap=True)
        self._code = label("", "caption", "tertiary")
        self.box.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        self.box.addWidget(self.words, 1)
        self.box.addWidget(self._code, 0, Qt.AlignmentFlag.AlignTop)
        self.hide()

    def tell(self, notice: Notice | None) -> None:
        """Show a notice, or nothing."""
        self.setVisible(notice is not None)
        if notice is None:
            self._said = ""
            return
        _, cls, icon, tone = face_of(notice)
        retone(self, cls=cls)
        self._mark.draw(icon, tone)
        words = sentence(self._texts, notice)
        self.words.setText(words)
        self._code.setText(notice.code)
        self._code.setVisible(bool(notice.code))
        if words != self._said:
            self._said = words
            announce(self, words)


def state_of(texts: Texts, notice: Notice, actions: tuple[tuple[str, Callable[[], None]], ...] = ()) -> State:
    """A notice in place of a result."""
    _, _, icon, tone = face_of(notice)
    title, text = sentence(texts, notice), ""
    for stop in ("。", ". "):
        head, found, rest = title.partition(stop)
        if found and rest.strip():
            title, text = head, rest.strip()
            break
    if notice.text == "query.none":
        icon = "empty"
    elif notice.text.startswith("net."):
        icon = "connection_lost"
    return State(icon, tone, title, text, actions, notice.code)
