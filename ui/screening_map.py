"""A file before it is asked about: its columns, its first rows, what can be screened, why the rest cannot."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from app.desks.screening_sheet import flaw_words, masked_cell
from app.desks.screening_view import PREVIEW, ScreeningView
from app.desks.words import NOTHING
from app.field.person_numbers import mask_person_numbers
from app.field.text_sheets import column_letters
from app.lists.columns import cell_of
from app.lists.preparing import Told
from app.sheets.reading import Sheet
from app.texts import Texts
from ui.look import look
from ui.screening_rows import aside_columns
from ui.table_rows import Cell, Column, Row
from ui.tables import Table
from ui.widgets.basics import Button, Card, Mark, empty_out, label, on_click, row, rule
from ui.widgets.fields import Choice, Labelled
from ui.widgets.flow import Flow
from ui.widgets.tick import Tick

LONGEST_TITLE = 24
FLAWS_SHOWN = 500


class MapPanel(QWidget):
    """Emits what the officer says: the sheet, the columns, whether names stand in, purpose, case, start."""

    sheet_chosen = Signal(int)
    mapped = Signal(int, int)
    names_used = Signal(bool)
    purpose_stated = Signal(str)
    case_named = Signal(str)
    started = Signal()

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        self.texts = texts
        say = texts.say
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(12)
        box.addWidget(self._columns())
        box.addWidget(self._ground())
        self.flaws = Table(say("screening_page.flaws"), aside_columns(texts))
        self._flaws = Card("card", (1, 1, 1, 1), 0)
        head = QWidget()
        row(label(say("screening_page.flaws"), "strong"), None, into=head).setContentsMargins(16, 10, 16, 10)
        for part in (head, rule(), self.flaws):
            self._flaws.box.addWidget(part)
        box.addWidget(self._flaws)
        box.addStretch(1)
        self._known: object = None
        self._purposes: tuple[str, ...] = ()

    def _columns(self) -> Card:
        say = self.texts.say
        card = Card("card", (20, 14, 20, 14), 12)
        self.sheet = Choice(say("screening_page.sheet"))
        self.code, self.name = (
            Choice(say("screening_page.code_column")),
            Choice(say("screening_page.name_column")),
        )
        self._sheet = Labelled(say("screening_page.sheet"), self.sheet)
        fields = QWidget()
        flow = Flow(fields, gap=14)
        for part in (
            self._sheet, Labelled(say("screening_page.code_column"), self.code),
            Labelled(say("screening_page.name_column"), self.name),
        ):  # fmt: skip
            flow.addWidget(part)
        card.box.addWidget(fields)
        self.preview = Table(
            say("screening_page.preview", count=PREVIEW),
            (
                Column(say("screening_page.line")),
                Column(say("screening_page.code_column"), 1),
                Column(say("screening_page.name_column"), 1),
            ),
            34,
        )
        card.box.addWidget(label(say("screening_page.preview", count=PREVIEW), "caption", "secondary"))
        card.box.addWidget(self.preview)
        counts = QWidget()
        self._counts = Flow(counts, gap=18)
        self._counted: tuple[object, ...] = ()
        card.box.addWidget(counts)
        self.by_name = Tick(say("screening_page.by_name"))
        card.box.addWidget(self.by_name)
        self.sheet.activated.connect(self.sheet_chosen.emit)
        for choice in (self.code, self.name):
            choice.activated.connect(
                lambda _at: self.mapped.emit(self.code.currentData(), self.name.currentData())
            )
        self.by_name.toggled.connect(self.names_used.emit)
        return card

    def _ground(self) -> Card:
        say = self.texts.say
        card = Card("card", (20, 14, 20, 14), 12)
        self.purpose = Choice(say("screening_page.purpose"))
        self.case_no = QLineEdit()
        self.case_no.setAccessibleName(say("screening_page.case_no"))
        self.case_no.setMinimumWidth(look().px(220))
        self.start = on_click(Button(say("screening_page.start"), "primary", "play"), self.started.emit)
        fields = QWidget()
        flow = Flow(fields, gap=14)
        flow.addWidget(Labelled(say("screening_page.purpose"), self.purpose))
        flow.addWidget(Labelled(say("screening_page.case_no"), self.case_no, say("screening_page.case_hint")))
        card.box.addWidget(fields)
        why = label(say("screening_page.start_why"), "caption", "secondary", wrap=True)
        line = row(self.start, why, gap=12)
        line.setStretch(1, 1)
        card.box.addLayout(line)
        self.purpose.activated.connect(lambda _at: self.purpose_stated.emit(str(self.purpose.currentData())))
        self.case_no.textEdited.connect(self.case_named.emit)
        self.case_no.returnPressed.connect(self.started.emit)
        return card

    def show_view(self, view: ScreeningView, online: bool) -> None:
        """Show the file of the view."""
        sheet = view.sheet_now
        if view.table is None or sheet is None:
            return
        self._offer_purposes(view)
        if (view.table, view.sheet, view.columns.head) != self._known:
            self._known = (view.table, view.sheet, view.columns.head)
            self._offer_columns(view, sheet)
        _choose(self.code, view.columns.code)
        _choose(self.name, view.columns.name)
        self.by_name.blockSignals(True)
        self.by_name.setChecked(view.by_name)
        self.by_name.blockSignals(False)
        self._show_preview(view, sheet)
        self._show_counts(view)
        told = view.prepared.flawed[:FLAWS_SHOWN]
        self._flaws.setVisible(bool(told))
        self.flaws.fill(
            tuple(self._flaw(one) for one in told), name=self._flaws_name(len(view.prepared.flawed))
        )
        self.flaws.setFixedHeight(min(self.flaws.whole_height(), look().px(34 + 40 * 6)))
        self.start.setEnabled(online and not view.busy and bool(view.prepared.asked))

    def _flaws_name(self, count: int) -> str:
        return self.texts.say("screening_page.aside_rows", count=count)

    def _offer_purposes(self, view: ScreeningView) -> None:
        english = self.texts.language == "en"
        offered = tuple(one.code for one in view.purposes)
        if offered != self._purposes:
            self._purposes = offered
            self.purpose.clear()
            self.purpose.addItem(self.texts.say("screening_page.other_purpose"), "")
            for code in offered:
                self.purpose.addItem(view.purpose_words(code, english), code)
        self.purpose.choose(view.purpose)
        if self.case_no.text().strip() != view.case_no:
            self.case_no.setText(view.case_no)

    def _offer_columns(self, view: ScreeningView, sheet: Sheet) -> None:
        say = self.texts.say
        self.sheet.clear()
        for at, one in enumerate(view.table.sheets if view.table else ()):
            self.sheet.addItem(one.name or NOTHING, at)
        self.sheet.setCurrentIndex(view.sheet)
        self._sheet.setVisible(self.sheet.count() > 1)
        titles = view.columns.titles(sheet)
        width = max((len(line.cells) for line in sheet.lines[:200]), default=0)
        for choice in (self.code, self.name):
            choice.clear()
            choice.addItem(say("screening_page.no_column"), -1)
            for at in range(width):
                title = mask_person_numbers(titles[at])[:LONGEST_TITLE] if at < len(titles) else ""
                letters = column_letters(at)
                text = "column_named" if title else "column_place"
                choice.addItem(say(f"screening_page.{text}", letters=letters, title=title), at)

    def _show_preview(self, view: ScreeningView, sheet: Sheet) -> None:
        rows = []
        for line in view.columns.body(sheet)[:PREVIEW]:
            cells = (
                masked_cell(cell_of(line.cells, at), "person-number") or NOTHING
                for at in (view.columns.code, view.columns.name)
            )
            rows.append(
                Row(str(line.number), (Cell(str(line.number), tone="textSecondary"), *map(Cell, cells)))
            )
        self.preview.fill(tuple(rows))
        self.preview.setFixedHeight(self.preview.whole_height())

    def _show_counts(self, view: ScreeningView) -> None:
        say, seen = self.texts.say, view.prepared
        counts = (
            ("usable", len(seen.rows), "good-filled", "good"),
            ("units", len(seen.asked), "enterprise", "accentText"),
            ("repeated", seen.repeated, "copy", "textSecondary"),
            ("mended", len(seen.mended), "edit", "textSecondary"),
            ("aside_count", len(seen.flawed), "warning", "warn"),
        )  # fmt: skip
        if counts == self._counted:
            return
        self._counted = counts
        empty_out(self._counts)
        for name, count, icon, tone in counts:
            if count or name in ("usable", "units"):
                part = QWidget()
                row(
                    Mark(icon, tone, 16),
                    label(say(f"screening_page.{name}", count=count), "table"),
                    into=part,
                )
                self._counts.addWidget(part)

    def _flaw(self, told: Told) -> Row:
        seen = told.judged
        written = masked_cell(told.written, seen.why)
        shown = written or mask_person_numbers(seen.name) or NOTHING
        why = flaw_words(seen.why, seen.position, seen.sign, seen.hint, self.texts)
        cells = (Cell(str(told.line), tone="textSecondary"), Cell(shown), Cell(why, tone="warn"))
        return Row(str(told.line), cells)


def _choose(choice: Choice, column: int) -> None:
    """Show a column without telling anybody."""
    choice.blockSignals(True)
    choice.setCurrentIndex(max(choice.findData(column), 0))
    choice.blockSignals(False)
