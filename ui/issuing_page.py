"""What pages that issue a paper have in common: choices beside its pages, and what is done with it next."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QBoxLayout, QHBoxLayout, QPushButton, QWidget

from app.desks.issuing_desk import IssuingDesk, IssuingView
from app.texts import Texts
from ui.paper_ground import PaperGround
from ui.receiver_form import ReceiverForm
from ui.sealed_page import SealedPage
from ui.widgets.basics import Button, Card


class IssuingPage(SealedPage):
    """Ctrl+P issues, and prints what is issued."""

    def __init__(self, texts: Texts, title: str) -> None:
        super().__init__(texts, title, strip=True)
        self.desk: IssuingDesk[Any] | None = None
        self.issue_button = Button(texts.say("report_page.issue"), "primary", "signature")
        self.receiver = ReceiverForm(texts)
        self.ground = PaperGround(texts.say("report_page.pages"))
        self._columns: QBoxLayout = QHBoxLayout()
        self._columns.setSpacing(16)
        self._led = ""
        self.on_keys(("Ctrl+P", self._issue_or_print))

    def _stand(self, *columns: Card) -> None:
        """Below the notice the columns beside each other, the pages as wide as the others leave them."""
        for card in columns:
            self._columns.addWidget(card, 1 if card is self.ground else 0)
        self.body.addWidget(self.notice)
        self.body.addLayout(self._columns, 1)

    def connected(self, online: bool) -> None:
        if self.desk is not None:
            self.desk.connected(online)

    def _show_tools(self, view: IssuingView, issued: bool, why_not: str) -> None:
        """The way to issue, or what is done with what was `issued`; `why_not`: the tip while it cannot be."""
        if not view.can_issue and self.window().focusWidget() is self.issue_button:
            # a button that rests hands the focus on, to a choice that Enter would make
            self._pages_of(view).setFocus(Qt.FocusReason.OtherFocusReason)
        self.issue_button.setVisible(not issued)
        self.issue_button.setEnabled(view.can_issue)
        self.issue_button.setToolTip(why_not)
        for button in (self.copy_button, self.save_button, self.print_button):
            button.setVisible(issued)
            button.setEnabled(view.can_leave_house)

    def _pages_of(self, view: IssuingView | None) -> QWidget:
        """Where the pages are read, or will be."""
        return self.ground.area if view is not None and view.pages else self.ground

    def _show_receiver(self, view: IssuingView, open_: bool) -> None:
        to = view.receiver
        self.receiver.offer(view.receivers)
        self.receiver.show_receiver(to.kind, to.name, missing=view.unnamed, open_=open_)

    def _lead(self, stage: str, following: QPushButton | None, *choosing: Card) -> None:
        """When a paper has come to another stage the focus goes to what is done with it next, unless it is
        where somebody is `choosing`."""
        if stage == self._led:
            return
        self._led = stage
        here = QApplication.focusWidget()
        busy = here is not None and any(card.isAncestorOf(here) for card in choosing)
        if following is not None and following.isEnabled() and self.isVisible() and not busy:
            following.setFocus(Qt.FocusReason.OtherFocusReason)

    def _issue_or_print(self) -> None:
        if self.desk is None:
            return
        if self.desk.view.can_leave_house:
            self._print()
        else:
            self.desk.issue()
