"""What pages of sealed papers have in common: the number is copied, the file saved, its pages printed."""

from __future__ import annotations

from typing import Any

from app.desks.sealed_desk import SealedDesk
from app.texts import Texts
from ui import printing
from ui.notices import Inline
from ui.page import Page
from ui.widgets.basics import Button, on_click


class SealedPage(Page):
    """The page lays out buttons and notice; saving and printing do nothing while the file may not leave."""

    def __init__(self, texts: Texts, title: str, subtitle: str = "", strip: bool = False) -> None:
        super().__init__(texts, title, subtitle, strip)
        say = texts.say
        self.desk: SealedDesk[Any] | None = None
        self.copy_button = on_click(Button(say("report_page.copy_number"), "plain", "copy"), self._copy)
        self.save_button = on_click(Button(say("report_page.save"), "plain", "save"), self._save)
        self.print_button = on_click(Button(say("report_page.print"), "primary", "print"), self._print)
        self.notice = Inline(texts)
        self.on_keys(("Ctrl+S", self._save))

    def _copy(self) -> None:
        if self.desk is not None and (sealed := self.desk.view.sealed) is not None:
            self.copied.emit(sealed.number)

    def _save(self) -> None:
        if self.desk is None or not self.desk.view.can_leave_house:
            return
        desk, number = self.desk, self.desk.view.sealed.number
        path = printing.choose_file(self, self.texts, desk.suggested_name(), number)
        if path is not None:
            desk.save(path)

    def _print(self) -> None:
        desk = self.desk
        if desk is not None and desk.view.can_leave_house:
            number = desk.view.sealed.number
            desk.before_printing(lambda: printing.print_sealed(self, self.texts, desk, number))
