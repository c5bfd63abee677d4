"""Checking a report: a file that is dropped or chosen, or the number of a paper."""

from __future__ import annotations

import re
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.desks.verify_desk import VerifyDesk, VerifyView
from app.desks.words import NOTHING, check_words, digest, report_number, second
from app.field.fours import in_fours
from app.texts import Texts
from ui.notices import Inline
from ui.page import Page
from ui.verify_number import FACES, NumberCard, band, registered_card
from ui.verify_tabs import verify_tabs
from ui.widgets.basics import Card, Mark, column, empty_out, label, row, rule
from ui.widgets.drop_area import DropArea
from ui.widgets.panels import Facts, Skeleton

WIRE_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
TERSE = ("one_signature", "entire_file", "no_changes_allowed")  # their details are words for programs


class VerifyPage(Page):
    """Nobody has to be signed in for this. `page_wanted` names another page."""

    page_wanted = Signal(str)

    def __init__(self, texts: Texts) -> None:
        super().__init__(texts, texts.say("verify_page.title"), texts.say("verify_page.lead"))
        say = texts.say
        self.drop = DropArea(
            say("verify_page.drop"),
            say("verify_page.choose"),
            say("verify_page.title"),
            "PDF (*.pdf)",
            "verification",
        )
        self.number = NumberCard(texts)
        self.notice = Inline(texts)
        self.skeleton = Skeleton()
        self._place = QVBoxLayout()
        self.tabs = verify_tabs(texts, "verify")
        self.tabs.turned.connect(lambda part: self.page_wanted.emit(part) if part != "verify" else None)
        self.body.addWidget(self.tabs)
        self.body.addWidget(self.drop)
        self.body.addWidget(self.number)
        self.body.addWidget(self.notice)
        self.body.addWidget(self.skeleton)
        self.body.addLayout(self._place)
        self.body.addStretch(1)
        self.skeleton.hide()
        self._shown: object = None

    def bind(self, desk: VerifyDesk) -> None:
        """Give the widgets their verbs."""
        self.drop.taken.connect(desk.check)
        self.number.asked.connect(desk.look_up)

    def first_focus(self) -> QWidget | None:
        return self.drop.button

    def show_view(self, view: VerifyView) -> None:
        self.notice.tell(view.notice)
        if view.busy != self.skeleton.isVisibleTo(self):
            self.skeleton.setVisible(view.busy)
            if view.busy:
                self.skeleton.begin()
        shown = view.verdict or view.registered
        if shown is self._shown:
            return
        self._shown = shown
        empty_out(self._place)
        if view.verdict is not None:
            self._place.addWidget(self._card(view))
        elif view.registered is not None:
            self._place.addWidget(registered_card(self.texts, view.registered))

    def _card(self, view: VerifyView) -> Card:
        say, verdict = self.texts.say, view.verdict
        face = FACES[verdict.state] if verdict.genuine else ("warn", "unsafe-filled", "warn")
        card = Card("card", (0, 0, 0, 16), 14)
        words = (
            say(verdict.words)
            if self.texts.has(verdict.words)
            else say("verify.ok" if verdict.genuine else "verify.bad")
        )
        state = (
            say(f"verify_page.state_{verdict.state}") if verdict.genuine else say("verify_page.not_genuine")
        )
        card.box.addWidget(band(self.texts, face, state, words))
        covered = f"verify_page.coverage_{str(verdict.coverage).lower()}"
        coverage = say(covered) if self.texts.has(covered) else str(verdict.coverage) or NOTHING
        facts = Facts(96)
        facts.say(
            [
                (say("verify_page.file"), view.name),
                (say("report_page.number"), report_number(verdict.number) or NOTHING),
                (say("verify_page.issued_at"), second(verdict.issued_at)),
                (say("verify_page.signer"), verdict.signer or NOTHING),
                (say("verify_page.coverage"), coverage),
                *self._digests(verdict),
            ]
        )
        inner = QVBoxLayout()
        inner.setContentsMargins(20, 0, 20, 0)
        inner.setSpacing(10)
        inner.addWidget(facts)
        inner.addWidget(rule())
        inner.addWidget(label(say("verify_page.checks"), "strong"))
        for name, held, detail in verdict.checks:
            title = check_words(str(name), held, str(detail), self.texts)
            said = "" if name in TERSE else self._seen(str(detail))
            lines = column(label(title, "table"), label(said, "caption", "tertiary", wrap=True), gap=0)
            inner.addLayout(
                row(
                    Mark("good-filled" if held else "bad-filled", "good" if held else "warn", 18),
                    lines,
                    gap=10,
                )
            )
        for reason in verdict.reasons:
            known = f"verify_page.reason_{reason}"
            text = say(known) if self.texts.has(known) else str(reason)
            inner.addWidget(label(text, "table", "warn", wrap=True))
        card.box.addLayout(inner)
        card.setAccessibleName(state)
        return card

    def _seen(self, detail: str) -> str:
        """What was seen at a check: our words in words, our times in local time, anything else as it came."""
        known = f"verify_page.seen_{detail}"
        if self.texts.has(known):
            return self.texts.say(known)
        return second(detail) if WIRE_TIME.fullmatch(detail) else detail

    def _digests(self, verdict: Any) -> tuple[tuple[str, str], ...]:
        """Both in full, each under its own name; of a file that is no report there is only the file's."""
        say = self.texts.say
        file = say("verify_page.of_file", digest=digest(verdict.pdf_sha256, 16))
        found = [(say("report_page.file_digest"), file)]
        if verdict.document_sha256:
            content = say("verify_page.digest_on_paper", digest=digest(verdict.document_sha256, 16))
            found.insert(0, (say("report_page.document_digest"), content))
        if verdict.check_code:
            code = say("verify_page.on_paper", digest=in_fours(verdict.check_code))
            found.insert(1, (say("verify_page.check_code"), code))
        return tuple(found)
