"""Objections: a draft that saves itself, the filing, and the way each filed one has gone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.desks.case_desk import LONGEST, CaseDesk, CaseView, marks_of, not_as_picked, replace_fields
from app.desks.desk import LanesLike, Notice
from app.field.objections import GROUNDS, WISHES
from app.policy import EvidenceLimits
from app.services.picked_files import CHANGED, AsPicked, Found, look_for
from app.services.posting import GONE

__all__ = ["GROUNDS", "KINDS", "WISHES", "ObjectionDesk", "ObjectionView"]
KINDS = ("objection", "data_error")


@dataclass(frozen=True)
class ObjectionView(CaseView):
    """`files` are the draft's attachments here with their `sizes` in bytes."""

    files: tuple[Path, ...] = ()
    sizes: tuple[int, ...] = ()

    def goes_along(self) -> tuple[Any, ...]:
        """The kept evidence that the draft does not leave out."""
        left_out = self.draft.left_out if self.draft is not None else ()
        return tuple(one for one in self.proofs if one.place not in left_out)


class ObjectionDesk(CaseDesk[ObjectionView]):
    """Verbs of the objection page."""

    def __init__(self, client: Any, lanes: LanesLike, show: Callable[[ObjectionView], None]) -> None:
        super().__init__(client, lanes, show, ObjectionView())

    @property
    def _service(self) -> Any:
        return self.client.objecting

    def start(self) -> None:
        """Read drafts and filed objections."""
        self.ask("vault", self._read, then=self._listed)
        self._ask_around()

    def _read(self) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
        return tuple(self.client.objecting.drafts()), tuple(self.client.objecting.list())

    def _listed(self, found: tuple[tuple[Any, ...], tuple[Any, ...]]) -> None:
        self.put(drafts=found[0], filed=found[1], loaded=True)
        self._follow(found[0])
        number = found[1][0].number or found[1][0].op_id if found[1] else ""
        if number and self.view.shown is None:
            self.show_filed(number)

    def _follow(self, drafts: tuple[Any, ...]) -> None:
        """What is being written stays what it is; that its objection has gone on is told."""
        draft = self.view.draft
        known = next((one for one in drafts if draft is not None and one.draft_id == draft.draft_id), None)
        if known is None or self.view.filing or (known.turn, known.rev) == (draft.turn, draft.rev):
            return
        self.put(draft=replace_fields(draft, {"turn": known.turn, "rev": known.rev}))
        if self.view.draft.moved:
            self.put(notice=moved(self.view.draft))

    def use_words(self) -> None:
        """Use what was written for another act for the one that may be done now; asked before."""
        if self.view.draft is not None and not self.view.busy:
            job = self.client.objecting.turned
            self.ask("vault", job, self.view.draft, then=lambda made: self.put(draft=made, notice=None))

    def begin(self, query_no: str, record: Any) -> None:
        """A draft about one record; the one being written is kept first."""
        self.autosave()
        self.put(record=record, files=(), sizes=(), proofs=(), notice=None, busy=True)
        self.ask("vault", self.client.objecting.draft, query_no, record.rec_id, then=self._drafted)

    def _drafted(self, draft: Any) -> None:
        ready = draft if draft.wish else replace_fields(draft, {"wish": WISHES[0]})
        self.put(draft=ready, dirty=False, saved_at="", busy=False, notice=refusal(ready), **named(ready))
        self._fetch_proofs(ready)
        self._find_picked(ready)

    def resume(self, draft_id: str) -> None:
        """Go on with a kept draft, of a refused filing with what became of it; the one being written is kept
        first."""
        self.autosave()
        draft = next((one for one in self.view.drafts if one.draft_id == draft_id), None)
        if draft is not None:
            self._take_up(draft, None, moved(draft) or refusal(draft))

    def take_step(self, number: str) -> None:
        """Go on with a filed objection where it is the officer's turn: supplement, add, or ask for the
        recheck; the draft being written is kept first."""
        self.autosave()
        job = self.client.objecting.step
        self.ask(
            "vault",
            job,
            number,
            then=lambda draft: self._take_up(draft, None, moved(draft) or refusal(draft)),
        )

    def take_up(self, draft_id: str) -> None:
        """Go on with a kept draft from another page: the list is read first."""

        def listed(found: tuple[tuple[Any, ...], tuple[Any, ...]]) -> None:
            self._listed(found)
            self.resume(draft_id)

        self.ask("vault", self._read, then=listed)

    def _take_up(self, draft: Any, record: Any, notice: Notice | None) -> None:
        self.put(
            draft=draft, record=record, proofs=(), dirty=False, saved_at="", notice=notice, **named(draft)
        )
        self._fetch_proofs(draft)
        self._find_picked(draft)

    def _find_picked(self, draft: Any) -> None:
        """Look whether the files that a kept draft names are still there, and still what was picked."""
        if draft.picked:
            paths = tuple(Path(one) for one in draft.picked)
            job, marks = look_for, draft.as_picked
            self.ask("courier", job, paths, marks, then=lambda found: self._picked(found, paths, draft))

    def _picked(self, found: Found, named_: tuple[Path, ...], draft: Any) -> None:
        if not self._writes(draft) or self.view.filing:
            return
        lost, notice = not_as_picked(found, named_)
        pairs = zip(self.view.files, self.view.sizes, strict=True)
        here = [(path, found.sizes.get(path, size)) for path, size in pairs if path not in lost]
        self._put_files(here, dirty=self.view.dirty or bool(lost))
        if notice is not None:
            self.put(notice=notice)

    def _put_files(self, pairs: Sequence[tuple[Path, int]], *fresh: AsPicked, **more: Any) -> None:
        """The files that go along; the draft remembers where they lie, and how they were."""
        files, sizes = tuple(path for path, _ in pairs), tuple(size for _, size in pairs)
        marks = marks_of(self.view.draft, files, *fresh)
        picked = tuple(str(one) for one in files)
        draft = replace_fields(self.view.draft, {"picked": picked, "as_picked": marks})
        self.put(draft=draft, files=files, sizes=sizes, **more)

    def _fetch_proofs(self, draft: Any) -> None:
        def fetched(found: tuple[Any, ...]) -> None:
            if self.view.draft is not None and self.view.draft.draft_id == draft.draft_id:
                self.put(proofs=tuple(found))

        if draft.refused:
            self.ask("vault", self.client.objecting.proofs, draft, then=fetched)

    def write(self, **fields: str) -> None:
        """Change fields of the draft: kind, ground, wish, statement, should_be, letter_no. What it should be
        chooses the ground where none was chosen."""
        if self.view.draft is None or self.view.filing:
            return
        if fields.get("should_be", "").strip() and not self.view.draft.ground:
            fields["ground"] = GROUNDS[0]  # who says what it should be says that the content is wrong
        super().write(**fields)

    def attach(self, path: Path) -> None:
        """Add a proof; its kind and size are checked before anything else."""
        self._weigh(path, lambda seen, limits: self._sized(path, seen, limits))

    def _sized(self, path: Path, seen: AsPicked, limits: EvidenceLimits) -> None:
        if (
            len(self.view.files) + len(self.view.goes_along()) >= limits.files_max
            and path not in self.view.files
        ):
            much = (("file", path.name), ("limit", limits.files_max))
            self.put(notice=Notice("objection_page.too_many", much, "warning"))
        else:  # picked again, it counts as it is now
            sizes = dict(zip(self.view.files, self.view.sizes, strict=True)) | {path: seen.size}
            self._put_files(tuple(sizes.items()), seen, dirty=True, notice=None)

    def detach(self, path: Path) -> None:
        """Take a proof away again."""
        pairs = [pair for pair in zip(self.view.files, self.view.sizes, strict=True) if pair[0] != path]
        self._put_files(pairs, dirty=True, notice=None)

    def discard(self) -> None:
        """Drop the draft for good; asked before."""
        if self.view.draft is None:
            return
        self.ask("vault", self.client.objecting.discard, self.view.draft.draft_id, then=self._gone)

    def _gone(self, _: object) -> None:
        self.put(draft=None, record=None, files=(), sizes=(), proofs=(), dirty=False, shown=None, notice=None)
        self.start()
        self.settled()

    def put_away(self) -> None:
        """Back to the list; the draft is kept."""
        self.autosave()
        self.put(draft=None, record=None, files=(), sizes=(), proofs=(), notice=None)
        self.start()

    def file(self) -> None:
        """Hand the objection in, or into the outbox when there is no connection. What was typed is kept
        first: the filing may have to wait for the courier, and a lock may come before it."""
        draft = self.view.draft
        if draft is None or self.view.busy:
            return
        self.autosave()
        if draft.moved:
            self.put(notice=moved(draft))
            return
        missing = self._missing(draft)
        if missing:
            self.put(notice=Notice(missing, (), "warning"))
            return
        if len(draft.statement) > LONGEST:
            self.put(notice=Notice("objection_page.too_long", (("limit", LONGEST),), "warning"))
            return
        self.put(busy=True, filing=True, notice=None, brought=(0, 0))
        self.ask(
            "courier",
            self.client.objecting.file,
            draft,
            then=lambda item: self._filed(item, draft),
            failed=lambda notice: self._unfiled(notice, draft),
        )

    def _missing(self, draft: Any) -> str:
        """Which sentence says what a draft lacks; empty when it can go."""
        if draft.number:
            if draft.act == "add" and not (self.view.files or self.view.goes_along()):
                return "objection_page.incomplete_add"
            return "" if draft.statement.strip() else "objection_page.incomplete_step"
        if draft.ground and draft.wish and draft.statement.strip():
            return ""
        return f"objection_page.incomplete{'_data_error' if draft.kind == 'data_error' else ''}"

    def _filed(self, item: Any, draft: Any) -> None:
        sent = item.state == "sent"
        about = "_data_error" if draft.kind == "data_error" else ""
        about = f"_{draft.act}" if draft.number else about
        said = (
            Notice(f"objection_page.sent{about}", (("number", item.number),), "good")
            if sent
            else Notice("objection_page.queued", (), "info")
        )
        self.put(busy=False, filing=False, notice=said, shown=None)
        if self._writes(draft):
            self.put(draft=None, record=None, files=(), sizes=(), proofs=(), dirty=False)
        self.start()
        self.settled()

    def _unfiled(self, notice: Notice, draft: Any) -> None:
        """Not filed: the draft is as it was. Refused by the server: it is back under the name of the filing,
        and the form goes on with that one."""
        self.put(busy=False, filing=False, notice=notice)
        if notice.code == "objection.moved-on":
            self.start()
        if notice.code == CHANGED:
            self._find_picked(draft)
        op_id = str(notice.facts().get("op_id", ""))
        if op_id:
            self.ask("vault", self._read, then=lambda found: self._came_back(found, op_id, draft, notice))

    def _came_back(
        self, found: tuple[tuple[Any, ...], tuple[Any, ...]], op_id: str, draft: Any, notice: Notice
    ) -> None:
        self.put(drafts=found[0], filed=found[1], shown=None)
        back = next((one for one in found[0] if one.refused == op_id), None)
        if back is not None and self._writes(draft):
            self._take_up(back, self.view.record, notice)
        self.settled()

    def show_filed(self, number: str) -> None:
        """How far one has come; looked at, it is no news any more."""
        self.ask("vault", self._look_at, number, then=lambda found: self.put(shown=found))


def refusal(draft: Any) -> Notice | None:
    """Why the filing that a draft was made of was not taken; None for a new draft."""
    if not draft.refused:
        return None
    text, values = ("objection.dup", (("number", draft.other),)) if draft.other else (draft.why, ())
    if draft.file is not None:
        text, values = draft.file.text, (("file", draft.file.name),)
    kept = "kept.draft" if draft.why == GONE else "kept.returned"
    return Notice(text, values, "warning", draft.why, "refused", kept=kept)


def moved(draft: Any) -> Notice | None:
    """That a step was written for another act than may be done now, and which; None where it was not."""
    return Notice(f"objection_page.moved_{draft.turn}", (), "warning") if draft.moved else None


def named(draft: Any) -> dict[str, Any]:
    """The files that a kept draft names, before anybody has looked at them."""
    return {"files": tuple(Path(one) for one in draft.picked), "sizes": (0,) * len(draft.picked)}
