"""The ledger: every query, view, issue and print of this computer, and whether the chain holds."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from app.desks.ledger_desk import PAGE, LedgerDesk, LedgerView
from app.desks.words import NOTHING, joined, reason, report_number, second, short_number
from app.texts import Texts
from ui.look import look
from ui.notices import Inline, state_of
from ui.page import Page, Width
from ui.table_rows import Cell, Column, Row
from ui.tables import Table
from ui.widgets.basics import Button, Card, Elided, Mark, label, on_click, retone, row, rule
from ui.widgets.chips import ChipFace
from ui.widgets.columns import hold_width, stand
from ui.widgets.fields import Choice, SearchField
from ui.widgets.listed import Listed
from ui.widgets.panels import Facts, State

KINDS = (
    "query", "view", "open_cached", "issue", "save", "print", "export", "objection", "unmask", "screen",
    "void", "repair",
)  # fmt: skip
TONES = {"issue": "info", "print": "info", "save": "info", "objection": "warn", "unmask": "warn"}
LOGGED = {False: ("good", "check"), True: ("neutral", "")}  # an entry in the log is no success of the act
FLAWS = ("number", "link", "text", "digest", "device", "words", "signature", "receipt")


class LedgerPage(Page):
    """The officer's own entries; nothing here can be changed or removed."""

    page_wanted = Signal(str)

    def __init__(self, texts: Texts) -> None:
        say = texts.say
        super().__init__(texts, say("ledger_page.title"), say("ledger_page.subtitle"))
        self.desk: LedgerDesk | None = None
        self._view = LedgerView()
        self.recheck = Button(say("ledger_page.check"), "plain", "retry")
        self.tools.addWidget(self.recheck)
        self.notice = Inline(texts)
        self.body.addWidget(self.notice)
        self.words = SearchField(say("ledger_page.filter"), "search", "filter")
        self.words.setPlaceholderText(say("ledger_page.filter_hint"))
        self.words.setClearButtonEnabled(True)
        self.words.setFixedWidth(look().px(230))
        self.kind = Choice(say("ledger_page.kind"))
        self.kind.addItem(say("ledger_page.kind_all"), "")
        for key in KINDS:
            self.kind.addItem(say(f"ledger_page.kind_{key}"), key)
        self._chain_mark = Mark("verification", "textTertiary", 16)
        self.chain = Elided("", "table", "secondary")
        columns = (
            Column(say("ledger_page.col_time")),
            Column(say("ledger_page.col_kind")),
            Column(say("ledger_page.col_subject"), 4),
            Column(say("ledger_page.col_purpose"), 1),
            Column(say("ledger_page.col_number")),
            Column(say("ledger_page.col_receipt")),
        )
        self.table = Table(say("ledger_page.entries"), columns)
        self.listed = Listed(self.table)
        self.panel = self._panel()
        self.foot = label("", "caption", "tertiary", wrap=True)
        self.body.addWidget(self._card(), 1)
        self.on_keys(("Ctrl+F", self._find), ("Esc", self.close_panel))

    def _card(self) -> Card:
        card = Card("card", (1, 1, 1, 1), 0)
        tools = QWidget()
        chain = QWidget()
        row(None, self._chain_mark, self.chain, gap=6, into=chain)
        line = row(self.words, self.kind, chain, into=tools)
        line.setContentsMargins(16, 10, 14, 10)
        line.setStretchFactor(chain, 1)
        foot = QWidget()
        row(self.foot, into=foot).setContentsMargins(16, 7, 16, 7)
        self._middle = row(gap=0)
        self._middle.addWidget(self.listed, 1)
        self._middle.addWidget(self.panel)
        card.box.addWidget(tools)
        card.box.addWidget(rule())
        card.box.addLayout(self._middle, 1)
        card.box.addWidget(rule())
        card.box.addWidget(foot)
        return card

    def _panel(self) -> QWidget:
        """The whole entry in words; Space opens it, Esc closes it."""
        holder = QWidget()
        card = Card("inset", (16, 12, 12, 14), 8)
        self._panel_card = card
        self.entry = label("", "strong")
        close = on_click(Button("", "bare", "close", "textSecondary"), self.close_panel)
        close.setAccessibleName(self.texts.say("ledger_page.close"))
        close.setToolTip("Esc")
        card.box.addLayout(row(self.entry, None, close))
        self.facts = Facts(76, gap=6)
        card.box.addWidget(self.facts)
        card.box.addStretch(1)
        row(card, into=holder).setContentsMargins(12, 10, 12, 10)
        holder.hide()
        return holder

    def bind(self, desk: LedgerDesk) -> None:
        """Give the widgets their verbs."""
        self.desk = desk
        on_click(self.recheck, desk.check)
        self.words.textChanged.connect(desk.narrow)
        self.words.returnPressed.connect(self.table.setFocus)
        self.kind.currentIndexChanged.connect(lambda _: desk.only(str(self.kind.currentData())))
        self.table.opened.connect(self.open_panel)
        self.table.copied.connect(self.copied.emit)
        self.table.spaced.connect(self._toggle)
        self.table.picked.connect(lambda key: self._fill_panel(key) if self.panel.isVisible() else None)

    def entered(self) -> None:
        if self.desk is not None:
            if not self._view.loaded:
                self.listed.wait()
            self.desk.start()

    def left(self) -> None:
        self.listed.leave()

    def first_focus(self) -> QWidget | None:
        return self.words

    def arrange(self, width: Width) -> None:
        super().arrange(width)
        self.subtitle.setVisible(width != "narrow")
        beside = width != "narrow"
        stand(self._middle, beside)
        hold_width(self.panel, look().px(310) if beside else 0)
        self.table.setMinimumHeight(look().px(34 + 4 * 40))

    def show_view(self, view: LedgerView) -> None:
        self._view = view
        self.kind.choose(view.kind)
        rows = view.shown
        if view.loaded:
            self.table.fill(
                tuple(self._row(one) for one in rows),
                self.table.current_key(),
                self.say("ledger_page.entries_count", count=len(rows)),
            )
        self._chain(view)
        self._what_stands(view, len(rows))
        self.foot.setVisible(bool(rows))
        self.foot.setText(
            self.say(
                "ledger_page.foot_newest" if len(view.rows) >= PAGE else "ledger_page.foot", count=len(rows)
            )
        )

    def _row(self, one: Any) -> Row:
        say = self.say
        act = "open_report" if one.kind == "open_cached" and one.report_no else one.kind
        act = "data_error" if one.data_error else act
        known = self.texts.has(f"ledger_page.kind_{act}")
        kind = say(f"ledger_page.kind_{act}") if known else one.kind
        undone = one.fate in ("refused", "open")
        receipt = (
            ChipFace(say("ledger_page.waiting"), "neutral", "deadline")
            if one.leaf_index is None
            else ChipFace(say("ledger_page.receipted", place=one.leaf_index), *LOGGED[undone])
        )
        if undone:
            kind = say(f"ledger_page.{one.fate}", kind=kind)
        purpose = self._view.purpose_words(one.purpose, self.texts.language == "en")
        cells = (
            Cell(second(one.claimed_at)[5:], tone="textSecondary"),
            Cell("", chip=ChipFace(kind, "warn" if undone else TONES.get(one.kind, "neutral"))),
            Cell(self._subject(one)),
            Cell(purpose or NOTHING, tone="textSecondary"),
            Cell(short_number(one.report_no) or one.query_no or NOTHING, tone="accentText"),
            Cell("", chip=receipt),
        )
        return Row(str(one.n), cells, one.query_no)

    def _subject(self, one: Any) -> str:
        """Whose it was, as far as the vault knows, and that its copy is no longer here."""
        if one.copy != "gone":
            return one.subject or NOTHING
        return joined(one.subject or self.say("ledger_page.no_subject"), self.say("ledger_page.copy_gone"))

    def _chain(self, view: LedgerView) -> None:
        say, chain = self.say, view.chain
        if view.checking:
            words, icon, tone = say("ledger_page.checking"), "deadline", "textTertiary"
        elif chain is None:
            words, icon, tone = say("ledger_page.unchecked"), "info", "textTertiary"
        elif chain.ok:
            words = say("ledger_page.holds", length=chain.length, receipted=chain.receipted)
            icon, tone = "good-filled", "good"
        else:
            why = say(f"ledger_page.flaw_{chain.detail if chain.detail in FLAWS else 'other'}")
            words = say("ledger_page.broken", entry=chain.broken_at, why=why)
            icon, tone = "error-filled", "warn"
        self.chain.say(words)
        self._chain_mark.draw(icon, tone)
        retone(self.chain, tone=tone if tone in ("good", "warn") else "secondary")
        self.recheck.setEnabled(not view.checking)

    def _what_stands(self, view: LedgerView, count: int) -> None:
        """Table, skeleton or a state; a notice above when there are rows that stay readable."""
        unread = view.notice is not None and not view.loaded
        self.notice.tell(None if unread else view.notice)
        narrowed = bool(view.words or view.kind)
        key: object = view.notice if unread else (view.loaded, narrowed, count)
        if not view.loaded and not unread:
            return
        if view.loaded and count:
            self.listed.show_rows()
        else:
            self.listed.show_why_none(key, lambda: self._state_now(view))

    def _state_now(self, view: LedgerView) -> State:
        say = self.say
        if not view.loaded and view.notice is not None:
            made = state_of(self.texts, view.notice, ((say("shell.retry"), self.entered),))
        elif view.words or view.kind:
            clear = ((say("ledger_page.clear"), self.clear),)
            why = say("ledger_page.none_found_why")
            made = State("filter", "neutral", say("ledger_page.none_found"), why, clear)
        else:
            query = ((say("ledger_page.to_query"), lambda: self.page_wanted.emit("home")),)
            made = State("ledger", "neutral", say("ledger_page.empty"), say("ledger_page.empty_why"), query)
        return made

    def clear(self) -> None:
        """Show all entries again."""
        self.words.clear()
        if self.desk is not None and self._view.kind:
            self.desk.only("")
        self.words.setFocus()

    def _find(self) -> None:
        self.words.setFocus()
        self.words.selectAll()

    def _toggle(self, key: str) -> None:
        if self.panel.isVisible():
            self.close_panel()
        else:
            self.open_panel(key)

    def open_panel(self, key: str) -> None:
        """Show everything known about an entry."""
        self._fill_panel(key)
        self.panel.show()

    def close_panel(self) -> None:
        """Back to the row."""
        if self.panel.isVisible():
            self.panel.hide()
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _fill_panel(self, key: str) -> None:
        one = next((one for one in self._view.rows if str(one.n) == key), None)
        if one is None:
            return
        say = self.say
        self.entry.setText(say("ledger_page.entry", n=one.n))
        purpose = self._view.purpose_words(one.purpose, self.texts.language == "en")
        receipt = (
            say("ledger_page.waiting_why")
            if one.leaf_index is None
            else say("ledger_page.receipted_why", place=one.leaf_index)
        )
        cells = self._row(one).cells
        facts = (
            (say("ledger_page.col_time"), say("ledger_page.by_this_clock", time=second(one.claimed_at))),
            (say("ledger_page.col_kind"), cells[1].spoken()),
            (say("ledger_page.col_subject"), one.subject or NOTHING),
            (say("ledger_page.col_purpose"), purpose),
            (say("ledger_page.query_no"), one.query_no or NOTHING),
            *(((say("ledger_page.report_no"), report_number(one.report_no)),) if one.report_no else ()),
            *(((say("ledger_page.copy"), say(f"ledger_page.copy_{one.copy}")),) if one.copy else ()),
            (say("ledger_page.col_receipt"), receipt),
            *(((say("ledger_page.why"), reason(one.why, self.texts)),) if one.why else ()),
        )
        self.facts.say((name, value or NOTHING) for name, value in facts)
