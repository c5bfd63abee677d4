"""What an enrolment file says, and the fingerprint to compare before anybody is asked."""

from __future__ import annotations

from PySide6.QtCore import Signal

from app.desks.sign_in_desk import SignInView
from app.texts import Texts
from ui.sign_in_steps import Step
from ui.widgets.basics import Button, Card, Mark, label, on_click, row
from ui.widgets.panels import Facts
from ui.widgets.tick import Tick


class EnrolmentStep(Step):
    """Address, organisation and account as the file has them; the eight groups; yes only after the tick."""

    confirmed = Signal()
    discarded = Signal()

    def __init__(self, texts: Texts) -> None:
        say = texts.say
        super().__init__(texts, say("enrolment.title"), say("enrolment.lead"))
        self.box.setSpacing(10)
        self.facts = Facts()
        self._shown: object = None
        card = Card("inset", (16, 12, 16, 12), 6)
        card.box.addWidget(label(say("enrolment.groups"), "table", "secondary"))
        self.groups = label("", "subtitle")
        self.groups.setAccessibleName(say("enrolment.groups"))
        card.box.addWidget(self.groups)
        card.box.addWidget(label(say("enrolment.how"), "caption", "secondary", wrap=True))
        self._beside = Card("info", (14, 10, 14, 10), 10, row=True)
        self._beside.box.addWidget(Mark("info", "info", 18))
        self.beside = label("", "table", wrap=True)
        self._beside.box.addWidget(self.beside, 1)
        self.tick = Tick(say("enrolment.compared"))
        self.go = on_click(Button(say("enrolment.confirm"), "big"), self.confirmed.emit)
        self.no = on_click(Button(say("enrolment.discard"), "link"), self.discarded.emit)
        self.no.setShortcut("Esc")
        self.go.setEnabled(False)
        self.tick.toggled.connect(self.go.setEnabled)
        for part in (self.facts, card, self._beside, self.tick, self.go):
            self.box.addWidget(part)
        self.box.addLayout(row(None, self.no))
        self.box.addStretch(1)

    def show_view(self, view: SignInView) -> None:
        offer = view.offer
        if offer is None or offer is self._shown:
            self._shown = offer
            return
        self._shown = offer
        say, said = self.texts.say, offer.enrolment
        city = say("enrolment.specimen", city=said.city) if said.specimen else said.city
        self.facts.say(
            (
                (say("enrolment.says_url"), said.url),
                (say("enrolment.says_city"), city),
                (say("enrolment.says_organisation"), said.organisation_name),
                (say("enrolment.says_user"), said.user or say("enrolment.everybody")),
            )
        )
        fours = offer.groups.split(" ")
        self.groups.setText("\n".join("  ".join(fours[at : at + 4]) for at in (0, 4)))
        told = self._told(offer.moves_from, offer.replaces, offer.known)
        self.beside.setText(told)
        self._beside.setVisible(bool(told))
        self.tick.setChecked(False)
        self.tick.setFocus()

    def _told(self, moves_from: str, replaces: str, known: bool) -> str:
        if replaces:
            return self.texts.say("enrolment.replaces", url=replaces)
        if moves_from:
            return self.texts.say("enrolment.moves", url=moves_from)
        return self.texts.say("enrolment.known") if known else ""
