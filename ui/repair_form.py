"""The form of an application for repair: eligibility first, then what for, with what papers."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.desks.repair_desk import RepairView
from app.desks.words import joined
from app.texts import Texts
from ui.case_form import CaseForm
from ui.look import look
from ui.repair_papers import Papers
from ui.repair_standing import StandingCard
from ui.widgets.basics import Button, label, on_click, row
from ui.widgets.flow import Segments


class RepairForm(CaseForm):
    """With how the record stands, a kind of repair, and its papers."""

    exported = Signal()

    def __init__(self, texts: Texts) -> None:
        super().__init__(texts, "repair_page")
        say = texts.say
        self._kinds: tuple[str, ...] = ()
        self.standing = StandingCard(texts)
        self.kind = Segments(say("repair_page.kind"))
        self.kind_why = label("", "caption", "secondary", wrap=True)
        self.letter.setMaximumWidth(look().px(260))
        self.papers = Papers(texts)
        self._furnish(self._inner())
        self.kind.chosen.connect(lambda key: self.written.emit({"code": key}))

    def _inner(self) -> QWidget:
        say = self.texts.say
        inner, box = self._begin_inner()
        box.addWidget(label(say("repair_page.eligibility"), "strong"))
        box.addWidget(self.standing)
        box.addSpacing(6)
        self._kind = QWidget()
        kinds = QVBoxLayout(self._kind)
        kinds.setContentsMargins(0, 0, 0, 0)
        kinds.setSpacing(6)
        kinds.addLayout(row(label(say("repair_page.kind"), "strong"), None, self._letter))
        kinds.addWidget(self.kind)
        kinds.addWidget(self.kind_why)
        box.addWidget(self._kind)
        box.addSpacing(6)
        self._papers = label(say("repair_page.papers"), "strong")
        self.export = on_click(Button(say("repair_page.export"), "link", "export"), self.exported.emit)
        self.export.setToolTip("Ctrl+E")
        papers = row(self._papers, None, self.export)
        box.addLayout(papers)
        box.addWidget(self.limits_hint)
        box.addWidget(self.papers)
        box.addSpacing(6)
        self._add_statement(box)
        box.addStretch(1)
        return inner

    def show_view(self, view: RepairView) -> None:
        """Show the draft without disturbing what is being typed."""
        draft, say = view.draft, self.texts.say
        if draft is None:
            return
        number = say("paper_record.record", number=draft.rec_id) if draft.rec_id else draft.number
        self._show_record(view, "", number)
        self.standing.show_view(view)
        self._offer_kinds(view)
        self._show_letters(view, not draft.own)
        self.papers.show_view(view)
        shown = bool(self.papers.drops) or view.kind is not None
        for part in (self._papers, self.limits_hint, self.papers, self.export):
            part.setVisible(shown)
        self._say_limits(view)
        self._show_statement(draft.statement)
        self.submit.say(say("repair_page.submit_more" if draft.number else "repair_page.submit"))
        self.export.setEnabled(view.standing is not None)
        self._show_bottom(view, say("repair_page.submit_why"))
        self.submit.setEnabled(
            not view.busy and (bool(draft.number) or (view.kind is not None and view.kind.may))
        )

    def _offer_kinds(self, view: RepairView) -> None:
        """What the role may apply for; what this record does not allow today is dimmed, with the reason."""
        say, language = self.texts.say, self.texts.language
        kinds = view.standing.kinds if view.standing is not None and not view.draft.number else ()
        self._kind.setVisible(view.standing is not None and not view.draft.number)
        codes = tuple(one.code for one in kinds)
        if codes != self._kinds:
            self._kinds = codes
            self.kind.offer([(one.code, one.words.of(language)) for one in kinds])
        for one in kinds:
            button = self.kind.button(one.code)
            button.setEnabled(one.may)
            button.setToolTip("" if one.may else say("repair_page.may_not"))
            button.setAccessibleDescription(button.toolTip())
        self.kind.choose(view.draft.code)
        why = say("repair_page.no_kinds")
        if view.kind is not None:
            why = say(f"repair_page.effect_{view.kind.effect}")
            if not view.kind.may:
                why = joined(say("repair_page.may_not"), why)
        self.kind_why.setText(why)
