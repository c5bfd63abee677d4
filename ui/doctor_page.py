"""Diagnostics: what was looked at, what was found, what to do. Nothing is sent anywhere."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.desks.doctor_words import finding
from app.desks.settings_desk import SettingsDesk, SettingsView
from app.services.doctoring import Check
from app.texts import Texts
from ui.look import look
from ui.notices import Inline
from ui.page import Page, Width
from ui.widgets.basics import Button, Card, Mark, column, empty_out, label, on_click, row, rule
from ui.widgets.chips import Chip
from ui.widgets.panels import Skeleton

# verdict -> (chip's tone, icon, icon's tone)
FACES = {
    "ok": ("good", "good-filled", "good"),
    "warn": ("warn", "attention", "warn"),
    "bad": ("warn", "error-filled", "warn"),
}
ORDER = ("bad", "warn", "ok")


class DoctorPage(Page):
    """Every check with its verdict and its remedy, the worst first. `closed`: back to the sign-in, when the
    page stands before the lock."""

    closed = Signal()

    def __init__(self, texts: Texts, before_lock: bool = False) -> None:
        say = texts.say
        super().__init__(texts, say("doctor_page.title"), say("doctor_page.subtitle"))
        self.desk: SettingsDesk | None = None
        self._checks: tuple[Any, ...] | None = None
        self.copy = Button(say("doctor_page.copy"), "plain", "copy")
        self.again = Button(say("doctor_page.again"), "primary", "retry")
        self.tools.addWidget(self.copy)
        self.tools.addWidget(self.again)
        self.back = on_click(Button(say("doctor_page.back"), "plain", "chevron_left"), self.closed.emit)
        self.tools.addWidget(self.back)
        self.back.setVisible(before_lock)
        self.subtitle.setVisible(not before_lock)  # three buttons leave no room for it
        if before_lock:
            self.back.setShortcut("Esc")
        self.notice = Inline(texts)
        self.sum = label("", "body", "secondary", wrap=True)
        self.skeleton_card = Card("card", (0, 0, 0, 8), 0)
        self.skeleton = Skeleton()
        self.skeleton_card.box.addWidget(self.skeleton)
        self.list = Card("card", (1, 1, 1, 1), 0)
        for part in (self.notice, self.sum, self.skeleton_card, self.list):
            self.body.addWidget(part)
        self.body.addStretch(1)
        self.list.hide()
        self.skeleton_card.hide()

    def bind(self, desk: SettingsDesk) -> None:
        """Give the widgets their verbs."""
        self.desk = desk
        on_click(self.again, desk.examine)
        on_click(self.copy, lambda: self.copied.emit(self.as_text()))

    def arrange(self, width: Width) -> None:
        super().arrange(width)
        self.subtitle.setVisible(width != "narrow")

    def entered(self) -> None:
        if self.desk is not None:
            self.desk.examine()

    def first_focus(self) -> QWidget | None:
        return self.again

    def show_view(self, view: SettingsView) -> None:
        self.again.setEnabled(not view.checking)
        self.notice.tell(view.notice)
        first = view.checking and not view.checks
        if first != self.skeleton_card.isVisibleTo(self):
            self.skeleton_card.setVisible(first)
            if first:
                self.skeleton.begin()
            else:
                self.skeleton.end()
        self.copy.setEnabled(bool(view.checks))
        self.list.setVisible(bool(view.checks))
        self.sum.setText(self._sum(view))
        self.sum.setVisible(bool(self.sum.text()))
        if view.checks != self._checks:
            self._checks = view.checks
            self._fill(self._all(view.checks))

    def _all(self, checks: tuple[Any, ...] | None) -> tuple[Any, ...]:
        """What the services found, and the screen, which only the window knows."""
        return (*checks, screen_found(self)) if checks else ()

    def _sum(self, view: SettingsView) -> str:
        if view.checking:
            return self.say("doctor_page.checking")
        if not view.checks:
            return ""
        wrong = sum(check.verdict != "ok" for check in view.checks)
        return self.say(
            "doctor_page.sum_wrong" if wrong else "doctor_page.sum_ok",
            count=wrong or len(self._all(view.checks)),
        )

    def _fill(self, checks: tuple[Any, ...]) -> None:
        empty_out(self.list.box)
        ordered = sorted(checks, key=lambda check: ORDER.index(check.verdict))
        for place, check in enumerate(ordered):
            if place:
                self.list.box.addWidget(rule())
            self.list.box.addWidget(self._row(check))

    def _row(self, check: Any) -> QWidget:
        tone, icon, ink = FACES[check.verdict]
        holder = QWidget()
        name, detail, remedy = self.words(check)
        lines = QVBoxLayout()
        lines.setSpacing(2)
        lines.addWidget(label(name, "medium", wrap=True))
        if detail:
            found = label(detail, "caption", "secondary", wrap=True)
            found.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            lines.addWidget(found)
        if remedy:
            lines.addWidget(label(remedy, "table", "warn", wrap=True))
        chip = Chip(self.say(f"doctor_page.verdict_{check.verdict}"), tone)
        box = row(Mark(icon, ink, 18), column(lines), chip, gap=14, into=holder)
        box.setContentsMargins(20, 11, 20, 11)
        box.setStretch(1, 1)
        holder.setMinimumHeight(look().px(44))
        holder.setAccessibleName(" ".join(part for part in (name, chip.face.text, detail, remedy) if part))
        return holder

    def words(self, check: Any) -> tuple[str, str, str]:
        """Name, finding and remedy of a check in words; what has none is told as it came."""
        texts = self.texts
        name_id = f"doctor_page.check_{check.name}"
        name = texts.say(name_id) if texts.has(name_id) else check.name
        detail = finding(check, texts)
        remedy = check.remedy
        for text_id in (check.remedy, f"problem.{check.remedy}"):
            if texts.has(text_id):
                remedy = texts.say(text_id)
                break
        return name, detail, remedy

    def as_text(self) -> str:
        """All checks as lines, for a mail to whoever helps. Checks hold no personal data."""
        lines = []
        for check in self._all(self._checks):
            name, detail, remedy = self.words(check)
            verdict = self.say(f"doctor_page.verdict_{check.verdict}")
            lines.append("\t".join(part for part in (name, verdict, detail, remedy) if part))
        return "\n".join(lines)


def screen_found(page: QWidget) -> Check:
    """By which window system the page is drawn, on how many pixels and at which scale, fractions kept."""
    screen, ratio = page.screen(), page.devicePixelRatioF()
    size = screen.size()
    wide, high = round(size.width() * ratio), round(size.height() * ratio)
    return Check("screen", "ok", f"{QGuiApplication.platformName()} {wide}×{high} {round(ratio * 100)}%")
