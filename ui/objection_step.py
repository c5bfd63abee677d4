"""What may still be done about a filed objection: the offer beside its way, and its words in the form."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.desks.words import day
from app.texts import Texts
from ui.widgets.basics import Button, label, on_click
from ui.widgets.confirm import Confirm

ICONS = {"supplement": "upload", "add": "attachment", "recheck": "retry"}


def step_title(draft: Any, texts: Texts) -> str:
    """What is being written: an objection, a hint about wrong data, or a step on a filed one."""
    if draft.number:
        return texts.say(f"objection_page.title_{draft.act}")
    return texts.say(f"objection_page.title_{'data_error' if draft.kind == 'data_error' else 'new'}")


def step_words(row_: Any, texts: Texts) -> str:
    """Which step is on its way on which objection; empty for an objection itself."""
    return texts.say(f"objection_page.step_of_{row_.act}", number=row_.of) if row_.of else ""


def fit(draft: Any, parts: Iterable[QWidget]) -> None:
    """A step has words and files alone; the `parts` of a new objection are not asked for again."""
    for part in parts:
        part.setVisible(not draft.number)


def submit_words(draft: Any, texts: Texts) -> tuple[str, str]:
    """What the button of the form does, and what is said beside it. Words for another act are not sent."""
    if draft.moved:
        return texts.say(f"objection_page.use_for_{draft.turn}"), texts.say("objection_page.use_why")
    what = draft.act if draft.number else draft.kind
    why = f"submit_{draft.act}_why" if draft.number else f"kind_{draft.kind}_why"
    return texts.say(f"objection_page.submit_{what}"), texts.say(f"objection_page.{why}")


def ask_use(parent: QWidget, texts: Texts, draft: Any, then: Callable[[], None]) -> Confirm:
    """Ask before words are used for another act than they were written for."""
    say = texts.say
    asked = Confirm(
        parent, texts, say(f"objection_page.use_ask_{draft.turn}"), (), (say("objection_page.use_stays"),),
        say("objection_page.use_do"), then, (say(f"objection_page.use_comes_{draft.turn}"),),
    )  # fmt: skip
    asked.open()
    return asked


class StepOffer(QWidget):
    """One button with the number of the objection, and until when; hidden when it is nobody's turn here."""

    wanted = Signal(str)

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        self.texts = texts
        self._number = ""
        self.why = label("", "caption", "secondary", wrap=True)
        self.button = Button("", "plain")
        on_click(self.button, lambda: self.wanted.emit(self._number))
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 4, 0, 0)
        box.setSpacing(6)
        box.addWidget(self.why)
        box.addWidget(self.button)
        self.hide()

    def show_row(self, row_: Any) -> None:
        """Offer what may be done about a row; nothing for None."""
        act = row_.turn if row_ is not None else ""
        self.setVisible(bool(act))
        if not act:
            return
        until = row_.view.remedies.get("recheck_until", "") if act == "recheck" else row_.due_on
        self._number = row_.number
        dated = "_by" if until and act != "add" else ""
        self.why.setText(
            self.texts.say(f"objection_page.offer_{act}{dated}", day=day(until) if dated else "")
        )
        self.button.say(self.texts.say(f"objection_page.title_{act}"))
        self.button.draw_as(ICONS[act], "")
