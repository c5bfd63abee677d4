"""An issued report that is open: its sealed pages, what it is by now, its two digests."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QWidget

from app.desks.reports_desk import ReportsView
from app.desks.words import (
    NOTHING,
    digests,
    joined,
    last_day,
    minute,
    paper_name,
    receiver,
    report_number,
    second,
    size_of,
    subject_of,
)
from app.texts import Texts
from ui.look import look
from ui.sheets import Reading
from ui.widgets.basics import Card, Mark, column, label, row, rule
from ui.widgets.chips import Chip, ChipFace
from ui.widgets.columns import hold_width, stand
from ui.widgets.panels import Facts

FACES = {
    "current": ("good", "good-filled"),
    "superseded": ("warn", "attention"),
    "expired": ("warn", "deadline"),
    "void": ("warn", "unsafe-filled"),
}


def state_chip(state: str, texts: Texts) -> ChipFace:
    """The state as a word with its icon."""
    tone, icon = FACES[state]
    return ChipFace(texts.say(f"my_reports.state_{state}"), tone, icon)


class ReportReader(QWidget):
    """Pages at the left, facts at the right; below each other in a narrow window."""

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        self.texts = texts
        say = texts.say
        self.area = Reading(say("report_page.pages"))
        self.sheets = self.area.sheets
        self._ground = Card("desk", (0, 0, 0, 0), 0)
        self._ground.box.addWidget(self.area, 1)
        self._side = Card("card", (16, 14, 16, 14), 12)
        seal = Card("good", (12, 10, 12, 10), 12, row=True)
        seal.box.addWidget(Mark("safe-filled", "good", 20))
        words = column(
            label(say("my_reports.seal_holds"), "smallstrong", "good", wrap=True),
            label(say("my_reports.seal_more"), "caption", "secondary", wrap=True),
            gap=2,
        )
        seal.box.addLayout(words, 1)
        self.state = Chip("")
        self.heard = label("", "caption", "secondary", wrap=True)
        self.facts = Facts(72)
        self._side.box.addWidget(seal)
        self._side.box.addLayout(row(self.state, None))
        self._side.box.addWidget(self.heard)
        self._side.box.addWidget(rule())
        self._side.box.addWidget(self.facts)
        self._side.box.addStretch(1)
        self._columns: QBoxLayout = QHBoxLayout(self)
        self._columns.setContentsMargins(0, 0, 0, 0)
        self._columns.setSpacing(16)
        self._columns.addWidget(self._ground, 1)
        self._columns.addWidget(self._side)
        self._shown: Any = None
        self._facts: tuple[tuple[str, str], ...] = ()

    def arrange(self, beside: bool) -> None:
        """Beside each other, or the pages above the facts."""
        stand(self._columns, beside)
        self._ground.setMinimumHeight(look().px(300 if beside else 420))
        hold_width(self._side, look().px(276) if beside else 0)

    def show_report(self, view: ReportsView) -> None:
        """Lay out the opened report."""
        found, say = view.opened, self.texts.say
        if view.pages is not self._shown:
            self._shown = view.pages
            name = subject_of(self.texts, found.row)
            self.sheets.show_pages(view.pages, say("report_page.pages_of", count=len(view.pages), name=name))
            self.area.verticalScrollBar().setValue(0)
        report = found.row
        face = state_chip(report.state, self.texts)
        self.state.say(face.text, face.tone, face.icon)
        heard = minute(report.heard_at) if report.heard_at else ""
        self.heard.setText(joined(say("my_reports.heard"), heard) if heard else say("my_reports.never_heard"))
        pages = say("report_page.pages_size", count=len(view.pages), size=size_of(len(found.pdf)))
        facts = (
            (say("report_page.number"), report_number(report.number)),
            (say("my_reports.col_subject"), subject_of(self.texts, report)),
            (say("report_page.template"), paper_name(self.texts, report) or NOTHING),
            (say("report_page.receiver"), receiver(self.texts, report)),
            (say("my_reports.query_no"), report.query_no or NOTHING),
            (say("my_reports.issued_at"), second(report.issued_at)),
            (say("my_reports.col_until"), last_day(report.valid_until, self.texts)),
            *digests(found.verdict.document_sha256, found.verdict.pdf_sha256, self.texts),
            (say("report_page.size"), pages),
        )
        if facts != self._facts:
            self._facts = facts
            self.facts.say(facts, frozenset({say("report_page.number")}))

    def forget(self) -> None:
        """Nothing of the report stays on the page."""
        if self._shown is not None:
            self._shown, self._facts = None, ()
            self.sheets.show_pages((), "")
            self.facts.say(())
