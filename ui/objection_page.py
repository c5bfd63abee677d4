"""Objections: drafts and filed ones in a list, the form of the one being written, the way each has gone."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from app.desks.objection_desk import ObjectionDesk, ObjectionView
from app.desks.paper_desk import letter_of
from app.desks.words import NOTHING, joined, month_day, short_minute
from app.texts import Texts
from ui.cases_page import CasesPage
from ui.objection_form import ObjectionForm
from ui.objection_step import ask_use, step_title, step_words
from ui.objection_way import DATA_ERROR, WayPanel, brought_words, state_chip, term_words
from ui.table_rows import Cell, Column, Row
from ui.widgets.basics import label, on_click
from ui.widgets.chips import ChipFace

DRAFT = "draft:"


class ObjectionPage(CasesPage):
    """The page of J5."""

    paper_wanted = Signal(object)

    def __init__(self, texts: Texts) -> None:
        say = texts.say
        super().__init__(
            texts, say("objection_page.title"), ObjectionForm(texts), WayPanel(texts), heights=(560, 470)
        )
        self._view = ObjectionView()
        self._led = ""
        columns = (
            Column(say("objection_page.col_number"), 2),
            Column(say("objection_page.col_kind")),
            Column(say("objection_page.col_state")),
            Column(say("objection_page.col_filed")),
            Column(say("objection_page.col_due"), 1),
        )
        hint = label(say("objection_page.how"), "caption", "tertiary", wrap=True)
        self._without_rows = (
            say("objection_page.none_found"), "objection",
            say("objection_page.empty"), say("objection_page.empty_why"),
        )  # fmt: skip
        self._furnish(
            say("objection_page.filter"), hint, say("objection_page.list"), columns, ("Ctrl+P", self._letter)
        )

    def bind(self, desk: ObjectionDesk) -> None:
        """Give the widgets their verbs."""
        self._bind_list(desk)
        self.table.opened.connect(self._open)
        self.form.discarded.connect(lambda: self._ask_discard("objection_page.discard_stays"))
        self.form.attached.connect(desk.attach)
        self.form.proofs.detached.connect(desk.detach)
        self.form.proofs.left_out.connect(desk.leave_out)
        self.way.offer.wanted.connect(desk.take_step)
        on_click(self.way.letter, self._letter)
        self.table.picked.connect(lambda key: None if key.startswith(DRAFT) else desk.show_filed(key))

    def begin(self, query_no: str, record: Any) -> None:
        """What a subject's page or an offline copy hands over."""
        if self.desk is not None:
            self.desk.begin(query_no, record)

    def first_focus(self) -> QWidget | None:
        return self.form.statement if self._view.draft is not None else self.words

    def show_view(self, view: ObjectionView) -> None:
        before = self._view.draft
        super().show_view(view)
        writing = view.draft is not None
        title = step_title(view.draft, self.texts) if writing else self.say("objection_page.title")
        self._show_head(title, view)
        if writing and view.draft.draft_id != self._led and self.isVisible():
            self.form.statement.setFocus(Qt.FocusReason.OtherFocusReason)
        self._led = view.draft.draft_id if writing else ""
        self._rows(view)
        self._lead_back(before, view.draft)
        if writing:
            self.way.show_row(self._about_same(view), view.draft.kind)
        else:
            self.way.show_row(view.shown)
        self.way.offer.show_row(None if writing else view.shown)
        unread = view.notice is not None and not view.loaded and not writing
        self._tell(None if unread else view.notice)

    def _about_same(self, view: ObjectionView) -> Any:
        """What was already filed, of the same kind, about the record being written about."""
        same, number = (view.draft.kind, view.draft.rec_id), view.draft.number
        if number:
            return next((one for one in view.filed if one.number == number), None)
        return next((one for one in view.filed if (one.kind, one.rec_id) == same), None)

    def _rows(self, view: ObjectionView) -> None:
        begun = (one for one in view.drafts if not one.refused)  # a refused filing stands among the filed
        rows = [self._draft_row(one) for one in begun] + [self._filed_row(one) for one in view.filed]
        shown = view.shown.number or view.shown.op_id if view.shown is not None else ""
        self._show_rows(view, rows, shown, "objection_page.list_count")

    def _draft_row(self, one: Any) -> Row:
        kind = self.say(f"objection_page.kind_{one.kind}")
        cells = (
            Cell(
                one.subject_name or one.query_no,
                one.document_no or self.say("objection_page.no_document"),
                strong=True,
            ),
            Cell(kind, tone="textSecondary"),
            Cell("", chip=ChipFace(self.say("objection_page.a_draft"), "neutral", "edit")),
            Cell(NOTHING, tone="textSecondary"),
            Cell(self.say("objection_page.go_on"), tone="accentText"),
        )
        return Row(DRAFT + one.draft_id, cells)

    def _filed_row(self, one: Any) -> Row:
        due = term_words(one, datetime.now(UTC), self.texts)
        brought = brought_words(one, self.texts)
        plain = month_day(one.due_on) if one.due_on else NOTHING
        if one.kind == DATA_ERROR:
            plain = self.say("objection_page.no_term")
        if one.state == "refused":
            due, plain = "", self.say("objection_page.go_on_refused")
        cells = (
            Cell(
                one.subject or one.query_no,
                joined(
                    one.number or step_words(one, self.texts) or self.say("objection_page.no_number"),
                    one.document_no,
                    brought,
                ),  # fmt: skip
                strong=True,
            ),
            Cell(self.say(f"objection_page.kind_{one.kind}"), tone="textSecondary"),
            Cell("", chip=state_chip(one.state, self.texts, one.kind)),
            Cell(short_minute(one.filed_at), tone="textSecondary"),
            Cell(due or plain, tone="warn" if due else "textSecondary"),
        )
        return Row(one.number or one.op_id, cells, one.number)

    def _open(self, key: str) -> None:
        if self.desk is None:
            return
        if key.startswith(DRAFT):
            self._go_on(key.removeprefix(DRAFT))
        elif any(one.refused == key for one in self._view.drafts):
            self._go_on(key)
        else:
            self.desk.show_filed(key)

    def _go_on(self, draft_id: str) -> None:
        if self.desk is not None:
            self.desk.resume(draft_id)
            self.form.statement.setFocus(Qt.FocusReason.OtherFocusReason)

    def _file(self) -> None:
        """Words for another act than may be done now are not sent; whether they are used for it is asked."""
        draft = self._view.draft
        if self.desk is not None and draft is not None and draft.moved:
            self.question = ask_use(self, self.texts, draft, self.desk.use_words)
        else:
            super()._file()

    def _letter(self) -> None:
        """The letter that answers the objection beside the list, once there is one."""
        wanted = letter_of(self._view.shown) if self._view.draft is None else None
        if wanted is not None:
            self.paper_wanted.emit(wanted)
