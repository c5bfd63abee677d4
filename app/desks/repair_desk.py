"""Repair: how a record stands, an application that saves itself, and the way each one has gone. The platform
hands over; it decides nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from app.desks.case_desk import LONGEST, CaseDesk, CaseView, marks_of, not_as_picked, now, replace_fields
from app.desks.desk import LanesLike, Notice
from app.desks.words import days_until
from app.desks.written import write_noted
from app.policy import EvidenceLimits
from app.services.picked_files import CHANGED, AsPicked, Found, look_for
from app.services.posting import GONE
from app.wire.repair_messages import RepairKind, RepairStanding

APPLIES = "performance"  # what is applied for when nothing else is chosen, where the role may


@dataclass(frozen=True)
class Paper:
    """A file for a check; `size` in bytes."""

    check: str
    path: Path
    size: int


@dataclass(frozen=True)
class RepairView(CaseView):
    """`standing` is how the draft's record stands; `asking`: it is being asked for, `unasked` why it could
    not be. `papers` are the draft's files here. `outlooks` are the own unit's records with a day of repair.
    `giving_up` is the number of an application that is about to be withdrawn."""

    asking: bool = False
    unasked: Notice | None = None
    papers: tuple[Paper, ...] = ()
    outlooks: tuple[Any, ...] = ()
    giving_up: str = ""

    @property
    def standing(self) -> RepairStanding | None:
        return self.draft.standing if self.draft is not None else None

    @property
    def kind(self) -> RepairKind | None:
        """What is applied for, as the server offers it."""
        return self.standing.kind(self.draft.code) if self.standing is not None else None

    def along(self) -> tuple[tuple[str, str], ...]:
        """Check and name of every paper that goes: picked ones, and kept ones that are not left out."""
        left_out, checks = (self.draft.left_out, self.draft.checks) if self.draft is not None else ((), ())
        kept = [
            (checks[one.place] if one.place < len(checks) else "", one.name)
            for one in self.proofs
            if one.place not in left_out
        ]
        return (*kept, *((one.check, one.path.name) for one in self.papers))

    def missing(self) -> tuple[str, ...]:
        """The checks of the chosen kind that no paper is there for."""
        wanted = self.kind.papers if self.kind is not None and not self.draft.number else ()
        brought = {check for check, _ in self.along()}
        return tuple(check for check in wanted if check not in brought)


class RepairDesk(CaseDesk[RepairView]):
    """Verbs of the repair page."""

    def __init__(self, client: Any, lanes: LanesLike, show: Callable[[RepairView], None]) -> None:
        super().__init__(client, lanes, show, RepairView())

    @property
    def _service(self) -> Any:
        return self.client.repairing

    def start(self) -> None:
        """Read drafts, applications and the own records; then ask what is new of the applications."""
        self.ask("vault", self._read, then=self._listed)
        self._ask_around()
        self.ask("courier", self._fetched, then=self._listed, failed=lambda _: None)

    def _read(self) -> tuple[Any, Any, Any]:
        service = self.client.repairing
        return tuple(service.drafts()), tuple(service.list()), tuple(service.outlooks())

    def _fetched(self) -> tuple[Any, Any, Any]:
        self.client.repairing.fetch()
        return self._read()

    def _listed(self, found: tuple[Any, Any, Any]) -> None:
        drafts, filed, outlooks = found
        shown = self.view.shown
        if shown is not None:  # as it is by now
            shown = next((one for one in filed if _name(one) == _name(shown)), None)
        self.put(drafts=drafts, filed=filed, outlooks=outlooks, shown=shown, loaded=True)
        if filed and shown is None:
            self.show_filed(_name(filed[0]))

    def begin(self, query_no: str, rec_id: str, record: Any = None) -> None:
        """An application about one record; the one being written is kept first."""
        self.autosave()
        self._clear(record=record, busy=True)
        self.ask("vault", self.client.repairing.draft, query_no, rec_id, then=self._taken_up)

    def supplement(self, number: str) -> None:
        """Write what an application was given back for."""
        self.autosave()
        self._clear(busy=True)
        self.ask("vault", self.client.repairing.supplement_of, number, then=self._taken_up)

    def resume(self, draft_id: str) -> None:
        """Go on with a kept draft, also of what was refused."""
        draft = next((one for one in self.view.drafts if one.draft_id == draft_id), None)
        if draft is not None:
            self.autosave()
            self._clear()
            self._taken_up(draft)

    def take_up(self, draft_id: str) -> None:
        """Go on with a kept draft from another page: the list is read first."""

        def listed(found: tuple[Any, Any, Any]) -> None:
            self._listed(found)
            self.resume(draft_id)

        self.ask("vault", self._read, then=listed)

    def _clear(self, **more: Any) -> None:
        empty: dict[str, Any] = {"draft": None, "record": None, "papers": (), "proofs": (), "dirty": False}
        self.put(**(empty | {"saved_at": "", "notice": None, "asking": False, "unasked": None} | more))

    def _taken_up(self, draft: Any) -> None:
        papers = tuple(Paper(check, Path(path), 0) for check, path in draft.picked)
        self.put(draft=draft, papers=papers, busy=False, notice=refusal(draft))
        if draft.refused:
            self.ask(
                "vault", self.client.repairing.proofs, draft, then=lambda found: self._proven(found, draft)
            )
        self.ask_standing()
        self._find_picked(draft)

    def _find_picked(self, draft: Any) -> None:
        """Look whether the papers that a kept draft names are still there, and still what was picked."""
        if draft.picked:
            paths = tuple(Path(path) for _, path in draft.picked)
            job, marks = look_for, draft.as_picked
            self.ask("courier", job, paths, marks, then=lambda found: self._picked(found, paths, draft))

    def _picked(self, found: Found, named: tuple[Path, ...], draft: Any) -> None:
        if not self._writes(draft) or self.view.filing:
            return
        lost, notice = not_as_picked(found, named)
        here = [one for one in self.view.papers if one.path not in lost]
        weighed = [replace(one, size=found.sizes.get(one.path, one.size)) for one in here]
        self._put_papers(weighed, dirty=self.view.dirty or bool(lost))
        if notice is not None:
            self.put(notice=notice)

    def _put_papers(self, papers: Sequence[Paper], *fresh: AsPicked, **more: Any) -> None:
        """The papers that go along; the draft remembers where they lie, and how they were."""
        picked = tuple((one.check, str(one.path)) for one in papers)
        marks = marks_of(self.view.draft, [one.path for one in papers], *fresh)
        draft = replace_fields(self.view.draft, {"picked": picked, "as_picked": marks})
        self.put(draft=draft, papers=tuple(papers), **more)

    def _proven(self, found: tuple[Any, ...], draft: Any) -> None:
        if self._writes(draft):
            self.put(proofs=tuple(found))

    def ask_standing(self) -> None:
        """How the record stands today; without an answer what was told last stays, with its day."""
        draft = self.view.draft
        if draft is None or self.view.asking:
            return
        self.put(asking=True, unasked=None)
        self.ask(
            "wire",
            self.client.repairing.standing,
            draft.query_no,
            draft.rec_id,
            then=lambda found: self._stands(found, draft),
            failed=lambda notice: self._unasked(notice, draft),
        )

    def _stands(self, found: RepairStanding, asked: Any) -> None:
        if not self._writes(asked):
            return
        draft = self.view.draft
        codes = [one.code for one in found.kinds]
        usual = APPLIES if APPLIES in codes else next(iter(codes), "")
        fields = {"standing": found, "told_at": now(), "code": draft.code if draft.code in codes else usual}
        self.put(draft=replace_fields(draft, fields), asking=False, dirty=True)

    def _unasked(self, notice: Notice, asked: Any) -> None:
        if self._writes(asked):
            self.put(asking=False, unasked=notice)

    def attach(self, check: str, path: Path) -> None:
        """Add a paper for a check; kind and size are looked at before anything else."""
        self._weigh(path, lambda seen, limits: self._sized(Paper(check, path, seen.size), seen, limits))

    def _sized(self, paper: Paper, seen: AsPicked, limits: EvidenceLimits) -> None:
        others = tuple(one for one in self.view.papers if (one.check, one.path) != (paper.check, paper.path))
        same = any((one.path, one.sha256) == (seen.path, seen.sha256) for one in self.view.draft.as_picked)
        if len(others) < len(self.view.papers) and not same:  # picked again, it counts as it is now
            self._put_papers((*others, paper), seen, dirty=True, notice=None)
        elif any(one.path == paper.path for one in self.view.papers):
            self.put(notice=Notice("repair_page.twice", (("file", paper.path.name),), "warning"))
        elif len(self.view.along()) >= limits.files_max:
            much = (("file", paper.path.name), ("limit", limits.files_max))
            self.put(notice=Notice("objection_page.too_many", much, "warning"))
        else:
            self._put_papers((*self.view.papers, paper), seen, dirty=True, notice=None)

    def detach(self, path: Path) -> None:
        """Take a paper away again."""
        left = [one for one in self.view.papers if one.path != path]
        self._put_papers(left, dirty=True, notice=None)

    def discard(self) -> None:
        """Drop the draft for good; asked before."""
        if self.view.draft is not None:
            gone = self.view.draft.draft_id
            self.ask("vault", self.client.repairing.discard, gone, then=lambda _: self._back())

    def dismiss(self, op_id: str) -> None:
        """Done with a withdrawal that was not taken."""
        self.ask("vault", self.client.objecting.dismiss, op_id, then=lambda _: self._back())

    def _back(self) -> None:
        self._clear(shown=None)
        self.start()
        self.settled()

    def put_away(self) -> None:
        """Back to the list; the draft is kept."""
        self.autosave()
        self._clear()
        self.start()

    def file(self) -> None:
        """Hand the application in, or into the outbox when there is no connection; kept first."""
        view, draft = self.view, self.view.draft
        if draft is None or view.busy:
            return
        self.autosave()
        flaw = self._flaw(view)
        if flaw is not None:
            self.put(notice=flaw)
            return
        self.put(busy=True, filing=True, notice=None, brought=(0, 0))
        self.ask(
            "courier",
            self.client.repairing.file,
            draft,
            then=lambda item: self._filed(item, draft),
            failed=lambda notice: self._unfiled(notice, draft),
        )

    def _flaw(self, view: RepairView) -> Notice | None:
        """Why it cannot be handed in as it is; nothing was sent."""
        draft, standing, kind = view.draft, view.standing, view.kind
        if len(draft.statement) > LONGEST:
            return Notice("objection_page.too_long", (("limit", LONGEST),), "warning")
        if draft.number:
            return None if draft.statement.strip() else Notice("repair_page.say_what", (), "warning")
        if standing is None:
            return Notice("repair.standing", (), "warning", "repair.standing")
        if standing.open:
            return Notice("repair_page.duplicate", (("number", standing.number),), "warning")
        if (kind is None or not kind.may) and standing.standing == "not_yet":
            left = days_until(standing.earliest, datetime.now(UTC))
            return Notice("repair.early", (("days", left or 0),), "warning")
        if kind is None or not kind.may:
            return Notice("repair_page.may_not", (), "warning")
        if not draft.own and not draft.letter_no:
            return Notice("problem.repair-letter", (), "warning", "repair-letter")
        if view.missing():
            return Notice("repair_page.papers_missing", (("count", len(view.missing())),), "warning")
        return None

    def _filed(self, item: Any, draft: Any) -> None:
        word = "supplemented" if draft.number else "sent"
        said = (
            Notice(f"repair_page.{word}", (("number", item.number),), "good")
            if item.state == "sent"
            else Notice("repair_page.queued", (), "info")
        )
        self.put(busy=False, filing=False)
        if self._writes(draft):
            self._clear(shown=None)
        self.put(notice=said)
        self.start()
        self.settled()

    def _unfiled(self, notice: Notice, draft: Any) -> None:
        """Refused by the server: it is back under the name of the filing, and the form goes on with that."""
        self.put(busy=False, filing=False, notice=notice)
        if notice.code == CHANGED:
            self._find_picked(draft)
        op_id = str(notice.facts().get("op_id", ""))
        if op_id:
            self.ask("vault", self._read, then=lambda found: self._came_back(found, op_id, draft, notice))

    def _came_back(self, found: tuple[Any, Any, Any], op_id: str, draft: Any, notice: Notice) -> None:
        self.put(drafts=found[0], filed=found[1], outlooks=found[2], shown=None)
        back = next((one for one in found[0] if one.refused == op_id), None)
        if back is not None and self._writes(draft):
            record = self.view.record
            self._clear(record=record)
            self._taken_up(back)
            self.put(notice=notice)
        self.settled()

    def show_filed(self, number: str) -> None:
        """How far one has come; looked at, it is no news any more."""
        self.ask(
            "vault", self._look_at, number, then=lambda found: self.put(shown=found), failed=lambda _: None
        )

    def give_up(self, number: str) -> None:
        """Ask why an application is given up."""
        self.put(giving_up=number, notice=None)

    def keep_on(self) -> None:
        """It goes on after all."""
        self.put(giving_up="", notice=None)

    def withdraw(self, why: str) -> None:
        """Give it up; what was typed stays until the platform has answered."""
        number = self.view.giving_up
        if not number or self.view.busy:
            return
        if not why.strip():
            self.put(notice=Notice("repair_page.why_needed", (), "warning"))
            return
        self.put(busy=True, notice=None)
        self.ask(
            "courier",
            self.client.repairing.withdraw,
            number,
            why,
            then=self._withdrawn,
            failed=self._unwithdrawn,
        )

    def _withdrawn(self, item: Any) -> None:
        said = "repair_page.withdrawn" if item.state == "sent" else "repair_page.queued"
        level = "good" if item.state == "sent" else "info"
        self.put(busy=False, giving_up="", notice=Notice(said, (("number", item.number),), level))
        self.start()
        self.settled()

    def _unwithdrawn(self, notice: Notice) -> None:
        refused = bool(notice.facts().get("op_id"))
        self.put(busy=False, giving_up="" if refused else self.view.giving_up, notice=notice)
        self.start()

    def export(self, path: Path, text: str) -> None:
        """Write the checklist to a file of the officer's choice, and note it in the ledger."""
        if self.view.draft is not None:
            query_no, said = (
                self.view.draft.query_no,
                Notice("repair_page.exported", (("file", path.name),), "good"),
            )
            self.ask("courier", self._write, path, query_no, text, then=lambda _: self.put(notice=said))

    def _write(self, path: Path, query_no: str, text: str) -> None:
        self.client.reporting.require_leave()
        write_noted(path, query_no, text.encode("utf-8-sig"), self.client.repairing.exported)


def refusal(draft: Any) -> Notice | None:
    """Why what a draft was made of was not taken; None for a new draft."""
    if not draft.refused:
        return None
    text, values = f"problem.{draft.why}", ()
    if draft.other:
        text, values = "repair_page.duplicate", (("number", draft.other),)  # type: ignore[assignment]
    if draft.file is not None:
        text, values = draft.file.text, (("file", draft.file.name),)  # type: ignore[assignment]
    kept = "kept.draft" if draft.why == GONE else "kept.application"
    return Notice(text, values, "warning", draft.why, "refused", kept=kept)


def _name(row: Any) -> str:
    """A row on its way by its operation: its number is that of the case it concerns."""
    return str(row.op_id or row.number)
