"""The lock: a card on the dark ground, and nothing of any subject behind it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QSpacerItem, QVBoxLayout, QWidget

from app.desks.unlock_desk import UnlockDesk, UnlockView
from app.desks.words import joined
from app.texts import Texts
from ui.city import City
from ui.look import look
from ui.notices import Inline
from ui.widgets.basics import Button, Card, Elided, column, label, on_click, row
from ui.widgets.brand import BrandGround, BrandMark
from ui.widgets.fields import Labelled, SecretField
from ui.widgets.well import Well

LOW = 600
USUAL, WIDE = 432, 560


class UnlockPage(BrandGround):
    """Who, on which computer, why locked, what is kept; one field."""

    def __init__(self, texts: Texts, names: City, other_user: Callable[[], None]) -> None:
        super().__init__()
        self.texts = texts
        self._who, self._where = Elided("", "subtitle"), Elided("", "table", "secondary")
        self._title = label(texts.say("unlock_page.title"), "title")
        self._why = label("", "table", "secondary", wrap=True)
        self.field = SecretField(texts.say("unlock_page.passphrase"))
        self.line = Labelled(texts.say("unlock_page.passphrase"), self.field)
        self.field.caps.connect(lambda on: self.line.wrong(texts.say("unlock.caps") if on else ""))
        self.notice = Inline(texts)
        self.go = Button(texts.say("unlock_page.unlock"), "big")
        self.other = on_click(Button(texts.say("unlock_page.other_user"), "link"), other_user)
        self.again = on_click(Button(texts.say("unlock_page.sign_in_again"), "big"), other_user)
        self.again.hide()
        self.card = Card("card", (36, 32, 36, 32), 0)
        self.card.setFixedWidth(min(look().px(USUAL), 640))
        self.card.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Minimum)
        box = self.card.box
        box.addLayout(row(BrandMark(names.letter, 40), column(self._who, self._where, gap=0), gap=12))
        self._gaps: list[tuple[QSpacerItem, int]] = []
        for part in (
            28, self._title, 4, self._why, 20, self.line, 14, self.notice,
            8, self.go, self.again, 12,
        ):  # fmt: skip
            if isinstance(part, int):
                gap = QSpacerItem(0, part, QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
                self._gaps.append((gap, part))
                box.addSpacerItem(gap)
            else:
                box.addWidget(part)
        box.addLayout(row(None, self.other))
        self._tries = label("", "caption", "onBrandSoft", wrap=True)
        self._tries.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        inner = QWidget()
        outer = QVBoxLayout(inner)
        outer.setContentsMargins(24, 16, 24, 22)
        outer.addStretch(5)
        # Not by alignment: the height would be reckoned for the width of the window, one line too low.
        outer.addLayout(row(None, self.card, None))
        outer.addStretch(5)
        outer.addWidget(self._tries)
        whole = QVBoxLayout(self)  # at the largest text sizes a low window has no room for all of the card
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(Well(inner))

    def bind(self, desk: UnlockDesk) -> None:
        """Give the widgets their verbs."""

        def send() -> None:
            desk.unlock(self.field.text())
            self.field.clear()

        on_click(self.go, send)
        self.field.returnPressed.connect(send)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a low window the card is wider and closer set, so that its reason is not cut."""
        super().resizeEvent(event)
        low = self.height() < LOW
        self.card.setFixedWidth(min(look().px(WIDE if low else USUAL), 640))
        self.card.box.setContentsMargins(36, 18 if low else 32, 36, 16 if low else 28)
        for gap, height in self._gaps:
            wanted = height // 2 if low else height
            gap.changeSize(0, wanted, QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        self.card.box.invalidate()

    def who(self) -> str:
        """Whose vault this is; empty before the card is read."""
        return self._who.whole

    def show_view(self, view: UnlockView) -> None:
        self.notice.tell(view.notice)
        self.go.setEnabled(not view.busy)
        card = view.card
        if card is None:
            return
        self._who.say(card.name)
        self._where.say(joined(card.organisation_name, card.device_name))
        gone = card.tries_left == 0
        due = "_due" if card.why == "revoked" and not gone else ""
        why = self.texts.say(f"unlock_page.why_{card.why or 'start'}{due}")
        kept = self.texts.say("unlock_page.kept", count=card.kept_drafts) if card.kept_drafts else ""
        self._why.setText(why + kept)
        self._title.setText(self.texts.say("unlock_page.title_gone" if gone else "unlock_page.title"))
        for part in (self.line, self.go, self.other):
            part.setVisible(not gone)
        self.again.setVisible(gone)
        tries = self.texts.say("unlock_page.tries", tries=card.tries_left)
        self._tries.setText(self.texts.say("unlock_page.keys_gone") if gone else tries)
        if not view.busy:
            (self.again if gone else self.field).setFocus()
