"""One subject in the order of decision: identity, lists, tiles, records with their source, timeline."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QApplication, QBoxLayout, QHBoxLayout, QLayout, QVBoxLayout, QWidget

from app.desks.desk import Notice
from app.desks.subject_desk import SubjectDesk, SubjectView
from app.desks.subject_view import TileFace
from app.desks.words import NOTHING, month_day
from app.texts import Texts
from ui.look import look
from ui.notices import Inline, announce, sentence, state_of
from ui.page import Page, Width
from ui.subject_header import Header, StandingBanner
from ui.subject_panel import RecordPanel, Timeline
from ui.subject_records import RecordsCard
from ui.widgets.basics import Button, Mark, empty_out, label, on_click, row
from ui.widgets.columns import hold_width, stand
from ui.widgets.flow import Flow
from ui.widgets.panels import Tile

ICONS = {"serious": "serious-filled", "honour": "honour-filled", "objected": "flag-filled"}


class SubjectPage(Page):
    """The page of a signed answer."""

    back_wanted = Signal()
    report_wanted = Signal()
    objection_wanted = Signal(object)
    repair_wanted = Signal(object)
    beside_wanted = Signal()
    again_wanted = Signal(str)

    def __init__(self, texts: Texts) -> None:
        super().__init__(texts, "", bare=True)
        self.body.setContentsMargins(24, 14, 24, 14)
        say = texts.say
        self.desk: SubjectDesk | None = None
        self.is_beside = False
        self.again: QWidget | None = None
        back = self._back = on_click(Button(say("shell.page_home"), "link"), self.back_wanted.emit)
        self.object_button = on_click(Button(say("subject.object"), "plain", "objection"), self._object)
        self.copy_button = Button(say("subject.release"), "plain", "offline")
        self.beside_button = on_click(Button("", "bare", "open", "textSecondary"), self.beside_wanted.emit)
        self.beside_button.setAccessibleName(say("subject.beside"))
        self.beside_button.setToolTip(f"{say('subject.beside')}  Ctrl+N")
        self.report_button = on_click(
            Button(say("subject.report"), "primary", "report"), self.report_wanted.emit
        )
        crumbs = row(
            back,
            Mark("chevron_right", "textTertiary", 14),
            label(say("subject.crumb"), "table", "secondary"),
            None,
            gap=6,
        )
        for button in (self.beside_button, self.object_button, self.copy_button, self.report_button):
            crumbs.addWidget(button)
            crumbs.setSpacing(8)
        self.crumbs = crumbs
        self.notice = Inline(texts)
        self.header, self.banners = Header(texts), QVBoxLayout()
        self.banners.setSpacing(8)
        self._tiles_box = QWidget()
        self._tiles = QHBoxLayout(self._tiles_box)
        self._tiles.setContentsMargins(0, 0, 0, 0)
        self._tiles.setSpacing(10)
        self._tiles_flow_box = QWidget()
        self._tiles_flow = Flow(self._tiles_flow_box, 10)
        self.changes = Inline(texts)
        self.records, self.timeline, self.panel = RecordsCard(texts), Timeline(texts), RecordPanel(texts)
        self._lower: QBoxLayout = QHBoxLayout()
        self._lower.setSpacing(14)
        self._lower.addWidget(self.records, 1)
        self._lower.addWidget(self.timeline)
        self._lower.addWidget(self.panel)
        self.body.addLayout(crumbs)
        for part in (self.notice, self.header):
            self.body.addWidget(part)
        self.body.addLayout(self.banners)
        self.body.addWidget(self.changes)
        self.body.addWidget(self._tiles_box)
        self.body.addWidget(self._tiles_flow_box)
        self.body.addLayout(self._lower, 1)
        self._taken_box = QVBoxLayout()
        self.body.addLayout(self._taken_box)
        self._parts = (self.header, self.records)
        self._answer: object = None
        self.on_keys(
            ("Ctrl+J", self._object),
            ("Ctrl+R", self._repair),
            ("Ctrl+N", self._beside),
            ("Ctrl+P", self.report_wanted.emit),
            ("Ctrl+F", self._filter),
        )

    def stand_beside(self) -> None:
        """In a window of its own: read and compare, nothing is begun from here."""
        self.is_beside = True
        for part in (
            self._back,
            self.beside_button,
            self.object_button,
            self.copy_button,
            self.report_button,
        ):
            part.hide()
        self.panel.hide_acts()

    def _beside(self) -> None:
        if self.beside_button.isEnabled() and not self.is_beside:
            self.beside_wanted.emit()

    def bind(self, desk: SubjectDesk) -> None:
        """Give the widgets their verbs."""
        self.desk = desk
        on_click(self.copy_button, desk.release)
        self.records.turned.connect(desk.turn)
        self.records.narrowed.connect(desk.narrow)
        self.records.table.picked.connect(desk.select)
        self.records.table.spaced.connect(lambda _: desk.panel(not desk.view.panel_open))
        self.records.table.opened.connect(lambda _: desk.panel(True))
        self.records.details.clicked.connect(lambda _checked=False: desk.panel(True))
        self.panel.closed.connect(self._close_panel)
        self.panel.objection.connect(self._object)
        self.panel.repair.connect(self._repair)
        self.timeline.opened.connect(self._open_event)
        self.header.copied.connect(self.copied.emit)
        self.records.table.copied.connect(self.copied.emit)
        self.records.number.copied.connect(self.copied.emit)
        self.panel.copied.connect(self.copied.emit)

    def _close_panel(self) -> None:
        if self.desk is not None:
            self.desk.panel(False)
        self.records.table.setFocus()

    def _open_event(self, rec_id: str) -> None:
        if self.desk is None or self.desk.view.bundle is None:
            return
        self.desk.turn("all")
        self.desk.select(rec_id)
        self.desk.panel(True)

    def _object(self) -> None:
        if not self.is_beside and self.desk is not None and self.desk.view.selected is not None:
            self.objection_wanted.emit(self.desk.view.selected)

    def _repair(self) -> None:
        if not self.is_beside and self.desk is not None and self.desk.view.selected is not None:
            self.repair_wanted.emit(self.desk.view.selected)

    def _filter(self) -> None:
        self.records.words.setFocus()

    def first_focus(self) -> QWidget | None:
        return self._first_in_taken()

    def arrange(self, width: Width) -> None:
        super().arrange(width)
        beside = width == "full"
        stand(self._lower, beside)
        for card in (self.timeline, self.panel):
            hold_width(card, look().px(288) if beside else 0)
        self.records.setMinimumHeight(look().px(270 if beside else 300))
        self._lay_tiles()

    def _lay_tiles(self) -> None:
        one_row = self.width_mode != "narrow"
        self._tiles_box.setVisible(one_row)
        self._tiles_flow_box.setVisible(not one_row)
        if self.desk is not None and self.desk.view.bundle is not None:
            self._fill_tiles(self.desk.view)

    def show_view(self, view: SubjectView) -> None:
        if view.taken is not None:
            self._show_taken(view, view.taken)
            return
        bundle = view.bundle
        if bundle is None:
            return
        if self.again is not None:
            self._lay_again()
        self.report_button.setEnabled(True)
        self.notice.tell(view.notice)
        self.copy_button.setEnabled(view.kept and not view.busy)
        self.copy_button.say(self.say("subject.release" if view.kept else "subject.not_kept"))
        self.object_button.setEnabled(view.selected is not None)
        self.beside_button.setEnabled(view.kept)
        if view.answer is not self._answer:
            before, self._answer = self._answer, view.answer
            self.header.show_answer(view.answer)
            self._fill_banners(view)
            self._fill_tiles(view)
            self.timeline.show_events(view.events)
            self._tell_changes(view)
            if getattr(before, "query_no", "") != view.answer.query_no:
                self.area.verticalScrollBar().setValue(0)
        self.records.show_view(view)
        self.panel.show_view(view)
        self.timeline.setVisible(not view.panel_open)

    def _show_taken(self, view: SubjectView, why: Notice) -> None:
        """Nothing of the answer stays on the page; why that is so, and the way to a new one, instead."""
        focus = QApplication.focusWidget()
        held = focus is not None and self.isAncestorOf(focus)
        self._answer = None
        self.notice.tell(None)
        self.changes.tell(None)
        for box in (self.banners, self._tiles, self._tiles_flow, self._taken_box):
            empty_out(box)
        self.timeline.show_events(())
        self.records.show_view(view)
        self.panel.show_view(view)
        for part in (*self._parts, self.timeline):
            part.hide()
        for button in (self.beside_button, self.object_button, self.copy_button, self.report_button):
            button.setEnabled(False)
        self.again = state_of(self.texts, why, ((self.say("subject.ask_again"), self._ask_again),))
        self._taken_box.addWidget(self.again)
        self._stretch(self._taken_box)
        announce(self, sentence(self.texts, why), assertive=True)
        if held:
            self._first_in_taken().setFocus()

    def _lay_again(self) -> None:
        empty_out(self._taken_box)
        self.again = None
        self._stretch(self._lower)
        for part in self._parts:
            part.show()

    def _stretch(self, filled: QLayout) -> None:
        """Which part takes the room of the page."""
        for part in (self._lower, self._taken_box):
            self.body.setStretchFactor(part, int(part is filled))

    def _first_in_taken(self) -> QWidget:
        return self.again.findChildren(Button)[0] if self.again is not None else self.records.table

    def _ask_again(self) -> None:
        self.again_wanted.emit(self.desk.view.about if self.desk is not None else "")

    def _fill_banners(self, view: SubjectView) -> None:
        empty_out(self.banners)
        if view.standing:
            banner = StandingBanner(self.texts, view.standing)
            banner.basis_wanted.connect(self.panel.show_measures)
            banner.basis_wanted.connect(lambda *_: self.timeline.hide())
            self.banners.addWidget(banner)

    def _fill_tiles(self, view: SubjectView) -> None:
        empty_out(self._tiles)
        empty_out(self._tiles_flow)
        flow = self._tiles_flow_box.isVisibleTo(self)
        for face in view.tiles:
            tile = self._tile(face)
            if flow:
                self._tiles_flow.addWidget(tile)
            else:
                self._tiles.addWidget(tile, 1)

    def _tile(self, face: TileFace) -> Tile:
        count = str(face.count)
        tone = face.key if face.count and face.key in ICONS else "plain"
        last = NOTHING
        if face.latest:
            date = month_day(face.latest) if face.key == "objected" else face.latest
            last = self.say(f"subject.last_{face.key}" if face.key in ICONS else "subject.last", date=date)
        unit = self.say(f"subject.unit_{face.key}" if face.count else "subject.unit_none")
        tile = Tile(
            self.say(f"subject.tile_{face.key}"),
            count,
            unit,
            last,
            tone,
            ICONS.get(face.key, "") if face.count else "",
        )
        tile.clicked.connect(lambda _checked=False, tab=face.tab: self._to_tab(tab))
        return tile

    def _to_tab(self, tab: str) -> None:
        if self.desk is not None:
            self.desk.turn(tab)
            self.records.table.setFocus()

    def _tell_changes(self, view: SubjectView) -> None:
        self.changes.tell(self.records.changes_of(view.answer))
