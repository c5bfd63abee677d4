"""The lock: a card on the dark ground, and nothing of any subject behind it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout

from app.desks.unlock_desk import UnlockDesk, UnlockView
from app.desks.words import joined
from app.texts import Texts
from ui.city import City
from ui.look import look
from ui.notices import Inline
from ui.widgets.basics import Button, Card, Elided, column, label, on_click, row
from ui.widgets.brand import BrandGround, BrandMark
from ui.widgets.fields import Labelled, SecretField


class UnlockPage(BrandGround):
    """Who, on which computer, why locked, what is kept; one field."""

    def __init__(self, texts: Texts, names: City, other_user: Callable[[], None]) -> None:
        super().__init__()
        self.texts = texts
        self._who, self._where = Elided("", "subtitle"), Elided("", "table", "secondary")
        self._why = label("", "table", "secondary", wrap=True)
        self.field = SecretField(texts.say("unlock_page.passphrase"))
        self.line = Labelled(texts.say("unlock_page.passphrase"), self.field)
        self.field.caps.connect(lambda on: self.line.wrong(texts.say("unlock.caps") if on else ""))
        self.notice = Inline(texts)
        self.go = Button(texts.say("unlock_page.unlock"), "big")
        other = on_click(Button(texts.say("unlock_page.other_user"), "link"), other_user)
        self.card = Card("card", (36, 32, 36, 32), 0)
        self.card.setFixedWidth(min(look().px(432), 640))
        self.card.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Minimum)
        box = self.card.box
        box.addLayout(row(BrandMark(names.letter, 40), column(self._who, self._where, gap=0), gap=12))
        for part in (
            28,
            label(texts.say("unlock_page.title"), "title"),
            4,
            self._why,
            20,
            self.line,
            14,
            self.notice,
            8,
            self.go,
            12,
        ):
            box.addSpacing(part) if isinstance(part, int) else box.addWidget(part)
        box.addLayout(row(None, other))
        self._tries = label("", "caption", "onBrandSoft", wrap=True)
        self._tries.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(24, 16, 24, 22)
        outer.addStretch(5)
        outer.addWidget(self.card, 0, Qt.AlignmentFlag.AlignHCenter)
        outer.addStretch(5)
        outer.addWidget(self._tries)

    def bind(self, desk: UnlockDesk) -> None:
        """Give the widgets their verbs."""

        def send() -> None:
            desk.unlock(self.field.text())
            self.field.clear()

        on_click(self.go, send)
        self.field.returnPressed.connect(send)

    def show_view(self, view: UnlockView) -> None:
        self.notice.tell(view.notice)
        self.go.setEnabled(not view.busy)
        card = view.card
        if card is None:
            return
        self._who.say(card.name)
        self._where.say(joined(card.organisation_name, card.device_name))
        why = self.texts.say(f"unlock_page.why_{card.why or 'start'}")
        kept = self.texts.say("unlock_page.kept", count=card.kept_drafts) if card.kept_drafts else ""
        self._why.setText(why + kept)
        self._tries.setText(self.texts.say("unlock_page.tries", tries=card.tries_left))
        if not view.busy:
            self.field.setFocus()
