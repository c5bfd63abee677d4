"""One subject: what the signed answer says, in the order of decision, for as long as it holds; its copy."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
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
from app.services.watching import Judged

TAKEN = {
    "withdrawn": Notice("subject.taken_back", (), "error"),
    "letter": Notice("subject.letter_ended", (), "error"),
    "gone": Notice("subject.copy_gone", (), "warning"),
    "shut": Notice("subject.copies_shut", (), "warning"),
}


@dataclass(frozen=True)
class SubjectView:
    """`answer` is what querying returned; everything else is derived from its bundle. `taken` says why
    nothing is shown any more of the answer that was here, `about` what to ask for anew (empty for
    a person)."""

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
    taken: Notice | None = None
    about: str = ""

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
        self.view = SubjectView(answer=answer, kept=bool(answer.cached), **_derived(bundle))
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

    def judged(self, now: Judged) -> None:
        """How the answer on the page stands: marks that came since are laid over it; what was taken back goes
        at once, and what can be read no longer, unless it is being given back here."""
        view = self.view
        if view.answer is None or view.answer.query_no != now.query_no:
            return
        if now.hold == "holds":
            if now.bundle != view.bundle:
                self._mark(now.bundle)
        elif now.hold in ("withdrawn", "letter") or (view.kept and not view.busy):
            self._take_away(TAKEN[now.hold])

    def _mark(self, bundle: Bundle) -> None:
        view = self.view
        chosen = record_of(bundle, view.selected.rec_id) if view.selected is not None else None
        self.put(
            answer=replace(view.answer, bundle=bundle),
            rows=rows(bundle, view.tab, view.filters),
            statuses=statuses(bundle, view.tab),
            selected=chosen,
            notice=Notice("subject.marks_moved", (), "warning"),
            **_derived(bundle),
        )

    def _take_away(self, why: Notice) -> None:
        subject = self.view.answer.bundle.subject
        self.leave()
        about = subject.code if subject is not None and subject.kind != "person" else ""
        self.view = SubjectView(taken=why, about=about)
        self.put()


def _derived(bundle: Bundle) -> dict[str, Any]:
    """What the view shows whatever the tab."""
    return {
        "tiles": tiles(bundle),
        "tabs": tabs(bundle),
        "standing": standing_worst_first(bundle),
        "events": timeline(bundle),
    }
