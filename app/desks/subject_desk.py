"""One subject: what the signed answer says, in the order of decision; its copy, report and objection."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from app.desks.desk import Desk, LanesLike, Notice
from app.desks.subject_view import (
    Event,
    Filters,
    TileFace,
    providers,
    record_of,
    rows,
    standing_worst_first,
    statuses,
    tabs,
    tiles,
    timeline,
)
from app.field.records import Bundle, Record, Standing


@dataclass(frozen=True)
class SubjectView:
    """`answer` is what querying returned; everything else is derived from its bundle."""

    answer: Any = None
    tiles: tuple[TileFace, ...] = ()
    tabs: tuple[tuple[str, int], ...] = ()
    tab: str = "all"
    filters: Filters = Filters()
    rows: tuple[Record, ...] = ()
    providers: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    standing: tuple[Standing, ...] = ()
    events: tuple[Event, ...] = ()
    selected: Record | None = None
    panel_open: bool = False
    kept: bool = False
    busy: bool = False
    notice: Notice | None = None

    @property
    def bundle(self) -> Bundle | None:
        return self.answer.bundle if self.answer is not None else None


class SubjectDesk(Desk[SubjectView]):
    """Verbs of the subject page."""

    def __init__(self, client: Any, lanes: LanesLike, show: Callable[[SubjectView], None]) -> None:
        super().__init__(client, lanes, show, SubjectView())

    def open(self, answer: Any) -> None:
        """Lay out an answer and note the view in the ledger."""
        self.leave()
        bundle: Bundle = answer.bundle
        first = "penalty" if any(record.section == "penalty" for record in bundle.records) else "all"
        self.view = SubjectView(
            answer=answer,
            tiles=tiles(bundle),
            tabs=tabs(bundle),
            standing=standing_worst_first(bundle),
            events=timeline(bundle),
            kept=bool(answer.cached),
        )
        self.turn(first)
        if answer.source == "server":
            self.ask("vault", self.client.querying.viewed, answer.query_no, then=lambda _: None)

    def turn(self, tab: str) -> None:
        """Show another tab; filters start anew."""
        bundle = self.view.bundle
        if bundle is None:
            return
        found = rows(bundle, tab, Filters())
        self.put(
            tab=tab,
            filters=Filters(),
            rows=found,
            providers=providers(bundle, tab),
            statuses=statuses(bundle, tab),
            selected=found[0] if found else None,
            panel_open=False,
        )

    def narrow(self, filters: Filters) -> None:
        """Filter the rows of the tab; the selection stays when its row does."""
        bundle = self.view.bundle
        if bundle is None:
            return
        found = rows(bundle, self.view.tab, filters)
        selected = self.view.selected if self.view.selected in found else (found[0] if found else None)
        self.put(filters=filters, rows=found, selected=selected)

    def select(self, rec_id: str) -> None:
        """Point at a record."""
        bundle = self.view.bundle
        record = record_of(bundle, rec_id) if bundle is not None else None
        if record != self.view.selected:
            self.put(selected=record)

    def panel(self, shown: bool) -> None:
        """Open or close the full record."""
        self.put(panel_open=shown and self.view.selected is not None)

    def release(self) -> None:
        """Give the offline copy back before its term."""
        if self.view.answer is None:
            return
        self.put(busy=True)
        job = self.client.offline_files.release
        self.ask("courier", job, self.view.answer.query_no, then=self._released)

    def _released(self, _: object) -> None:
        self.put(busy=False, kept=False, notice=Notice("subject.released", (), "good"))
