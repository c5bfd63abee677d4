"""Repair: own records with their countdown, drafts and applications; the form; the way each goes."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QWidget

from app.desks.case_desk import LONGEST
from app.desks.repair_desk import RepairDesk, RepairView
from app.desks.repair_words import checklist
from app.desks.words import file_name
from app.texts import Texts
from ui.cases_page import CasesPage
from ui.reasoned import Reasoned
from ui.repair_form import RepairForm
from ui.repair_rows import DRAFT, OWN, about_same, draft_row, filed_row, is_open, own_row
from ui.repair_way import RepairWay, is_here
from ui.table_rows import Column
from ui.widgets.basics import label
from ui.widgets.confirm import Confirm


class RepairPage(CasesPage):
    """Ctrl+E writes the checklist."""

    def __init__(self, texts: Texts) -> None:
        say = texts.say
        super().__init__(
            texts, say("repair_page.title"), RepairForm(texts), RepairWay(texts), heights=(620, 520)
        )
        self._view = RepairView()
        self.reason: Reasoned | None = None
        columns = (
            Column(say("objection_page.col_number"), 2),
            Column(say("repair_page.col_kind")),
            Column(say("objection_page.col_state")),
            Column(say("objection_page.col_filed")),
            Column(say("repair_page.col_due")),
        )
        hint = label(say("repair_page.how"), "caption", "tertiary", wrap=True)
        self._without_rows = (
            say("repair_page.none_found"), "repair",
            say("repair_page.empty"), say("repair_page.empty_why"),
        )  # fmt: skip
        self._furnish(
            say("repair_page.filter"), hint, say("repair_page.list"), columns, ("Ctrl+E", self._export)
        )

    def bind(self, desk: RepairDesk) -> None:
        """Give the widgets their verbs."""
        self._bind_list(desk)
        self.table.opened.connect(self._open)
        self.form.discarded.connect(lambda: self._ask_discard("repair_page.discard_stays"))
        form = self.form
        form.standing.asked.connect(desk.ask_standing)
        form.papers.attached.connect(desk.attach)
        form.papers.detached.connect(desk.detach)
        form.papers.left_out.connect(desk.leave_out)
        form.exported.connect(self._export)
        self.way.supplemented.connect(desk.supplement)
        self.way.given_up.connect(desk.give_up)
        self.table.picked.connect(self._picked)

    def connected(self, online: bool) -> None:
        back = online and not self._online
        super().connected(online)
        if back and self.desk is not None and self._view.unasked is not None:
            self.desk.ask_standing()

    def first_focus(self) -> QWidget | None:
        return self.form.standing.again if self._view.draft is not None else self.words

    def show_view(self, view: RepairView) -> None:
        before = self._view.draft
        super().show_view(view)
        draft = view.draft
        writing = draft is not None
        new = "repair_page.title_more" if writing and draft.number else "repair_page.title_new"
        self._show_head(self.say(new if writing else "repair_page.title"), view)
        if writing and (before is None or before.draft_id != draft.draft_id):
            self.form.standing.again.setFocus(Qt.FocusReason.OtherFocusReason)  # eligibility is read first
        self._rows(view)
        self._lead_back(before, draft)
        self.way.show_row(about_same(draft, view.filed) if writing else view.shown)
        self._show_reason(view)
        unread = view.notice is not None and not view.loaded and not writing
        self._tell(None if unread or view.giving_up else view.notice)

    def _rows(self, view: RepairView) -> None:
        now = datetime.now(UTC)
        begun = (one for one in view.drafts if not one.refused)
        written = {(one.rec_id) for one in view.drafts} | {one.rec_id for one in view.filed if is_open(one)}
        fresh = (one for one in view.outlooks if one.rec_id not in written)
        rows = [
            *(draft_row(one, now, self.texts) for one in begun),
            *(filed_row(one, now, self.texts) for one in view.filed),
            *(own_row(one, now, self.texts) for one in fresh),
        ]
        shown = view.shown.op_id or view.shown.number if view.shown is not None else ""
        self._show_rows(view, rows, shown, "repair_page.list_count")

    def _picked(self, key: str) -> None:
        if self.desk is not None and not key.startswith((DRAFT, OWN)):
            self.desk.show_filed(key)

    def _open(self, key: str) -> None:
        if self.desk is None:
            return
        row_ = next((one for one in self._view.filed if key == (one.op_id or one.number)), None)
        if key.startswith(DRAFT):
            self._go_on(key.removeprefix(DRAFT))
        elif key.startswith(OWN):
            found = next(one for one in self._view.outlooks if one.rec_id == key.removeprefix(OWN))
            self.desk.begin(found.query_no, found.rec_id)
        elif any(one.refused == key for one in self._view.drafts):
            self._go_on(key)
        elif row_ is not None and is_here(row_) and row_.state == "refused":
            self._ask_dismiss(row_)
        elif row_ is not None and row_.state == "returned":
            self.desk.supplement(row_.number)
        else:
            self.desk.show_filed(key)

    def _go_on(self, draft_id: str) -> None:
        if self.desk is not None:
            self.desk.resume(draft_id)

    def _export(self) -> None:
        view = self._view
        if self.desk is None or view.standing is None:
            return
        draft = view.draft
        about = draft.document_no or draft.rec_id or draft.number
        name = self.say("repair_page.list_file", name=file_name(about))
        title = self.form.export.accessibleName()
        path, _ = QFileDialog.getSaveFileName(self, title, f"{name}.txt", "TXT (*.txt)")
        if path:
            now = datetime.now(UTC)
            said = checklist(view.draft, view.standing, view.kind, self.texts.language, now, self.texts)
            self.desk.export(Path(path), said)

    def _ask_dismiss(self, row_: Any) -> None:
        """A withdrawal that was not taken has nothing to mend: it is told, and let go."""
        desk = self.desk
        if desk is None:
            return
        say = self.say
        self.question = Confirm(
            self, self.texts, say("repair_page.dismiss_ask"), (say("repair_page.dismiss_goes"),),
            (say("repair_page.dismiss_stays"),), say("repair_page.dismiss_do"),
            lambda: desk.dismiss(row_.op_id),
        )  # fmt: skip
        self.question.open()

    def _show_reason(self, view: RepairView) -> None:
        """Asked while the desk wants to know why; what was typed stays until the platform has answered."""
        if not view.giving_up:
            if self.reason is not None:
                self.reason.close_done()
                self.reason = None
            return
        if self.reason is None:
            say = self.say
            goes = say("repair_page.withdraw_goes", number=view.giving_up)
            self.reason = Reasoned(
                self, self.texts, say("repair_page.withdraw_ask"), (goes,),
                (say("repair_page.withdraw_stays"),),
                say("repair_page.withdraw"), (say("repair_page.withdraw_why"), ""), LONGEST,
            )  # fmt: skip
            self.reason.stated.connect(lambda why: self.desk.withdraw(why) if self.desk is not None else None)
            self.reason.rejected.connect(self._kept_on)
            self.reason.open()
        self.reason.tell(view.notice, view.busy)

    def _kept_on(self) -> None:
        self.reason = None
        if self.desk is not None:
            self.desk.keep_on()
        self.table.setFocus()
