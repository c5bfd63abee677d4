"""Objections: a draft that saves itself, the filing, and the way each filed one has gone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from app.desks.desk import Desk, LanesLike, Notice
from app.field.objections import GROUNDS, WISHES
from app.policy import EvidenceLimits
from app.trouble import NotRight

__all__ = ["GROUNDS", "KINDS", "LONGEST", "MIB", "WISHES", "ObjectionDesk", "ObjectionView"]
KINDS = ("objection", "data_error")
LONGEST = 1000
MIB = 1024 * 1024


@dataclass(frozen=True)
class ObjectionView:
    """`draft` is being written (None: the list), `files` its attachments here with their `sizes` in bytes.

    `limits` say what may be attached (None: not known before the next sign-in). `brought` are the bytes of
    evidence that have arrived, and all of them, while a filing is under way.
    """

    draft: Any = None
    record: Any = None
    files: tuple[Path, ...] = ()
    saved_at: str = ""
    dirty: bool = False
    drafts: tuple[Any, ...] = ()
    filed: tuple[Any, ...] = ()
    shown: Any = None
    busy: bool = False
    notice: Notice | None = None
    loaded: bool = False
    sizes: tuple[int, ...] = ()
    letters: tuple[Any, ...] = ()
    limits: EvidenceLimits | None = None
    brought: tuple[int, int] = (0, 0)


class ObjectionDesk(Desk[ObjectionView]):
    """Verbs of the objection page. The page calls `autosave` every five seconds and `look` every second."""

    def __init__(self, client: Any, lanes: LanesLike, show: Callable[[ObjectionView], None]) -> None:
        super().__init__(client, lanes, show, ObjectionView())

    def start(self) -> None:
        """Read drafts and filed objections."""
        self.ask("vault", self._read, then=self._listed)
        job = self.client.querying.letters
        self.ask("vault", job, then=lambda found: self.put(letters=tuple(found)), failed=lambda _: None)
        limits = self.client.objecting.limits
        self.ask("vault", limits, then=lambda found: self.put(limits=found), failed=lambda _: None)

    def _read(self) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
        return tuple(self.client.objecting.drafts()), tuple(self.client.objecting.list())

    def _listed(self, found: tuple[tuple[Any, ...], tuple[Any, ...]]) -> None:
        self.put(drafts=found[0], filed=found[1], loaded=True)
        number = found[1][0].number or found[1][0].op_id if found[1] else ""
        if number and self.view.shown is None:
            self.show_filed(number)

    def begin(self, query_no: str, record: Any) -> None:
        """A draft about one record; the one being written is kept first."""
        self.autosave()
        self.put(record=record, files=(), sizes=(), notice=None, busy=True)
        self.ask("vault", self.client.objecting.draft, query_no, record.rec_id, then=self._drafted)

    def _drafted(self, draft: Any) -> None:
        ready = draft if draft.wish else replace_fields(draft, {"wish": WISHES[0]})
        self.put(draft=ready, dirty=False, saved_at="", busy=False)

    def resume(self, draft_id: str) -> None:
        """Go on with a kept draft; the one being written is kept first."""
        self.autosave()
        draft = next((one for one in self.view.drafts if one.draft_id == draft_id), None)
        if draft is not None:
            self.put(draft=draft, record=None, files=(), sizes=(), dirty=False, saved_at="", notice=None)

    def write(self, **fields: str) -> None:
        """Change fields of the draft: kind, ground, wish, statement, should_be, letter_no."""
        if self.view.draft is None:
            return
        changed = replace_fields(self.view.draft, fields)
        if changed != self.view.draft:
            self.put(draft=changed, dirty=True, notice=None)

    def attach(self, path: Path) -> None:
        """Add a proof; its kind and size are checked before anything else."""
        limits = self.view.limits
        if limits is None:
            self.put(notice=Notice("attachment.limits", (), "warning"))
        elif path.suffix.lower().removeprefix(".").replace("jpeg", "jpg") not in limits.media:
            self.put(notice=Notice("objection.type", (), "warning"))
        else:
            self.ask("courier", weigh, path, then=lambda size: self._sized(path, size, limits))

    def _sized(self, path: Path, size: int, limits: EvidenceLimits) -> None:
        if size > limits.file_max:
            values = (("file", path.name), ("size", -(-size // MIB)), ("limit", limits.file_max // MIB))
            self.put(notice=Notice("objection.size", values, "warning"))
        elif len(self.view.files) >= limits.files_max and path not in self.view.files:
            much = (("file", path.name), ("limit", limits.files_max))
            self.put(notice=Notice("objection_page.too_many", much, "warning"))
        elif path not in self.view.files:
            files, sizes = (*self.view.files, path), (*self.view.sizes, size)
            self.put(files=files, sizes=sizes, dirty=True, notice=None)

    def detach(self, path: Path) -> None:
        """Take a proof away again."""
        pairs = [pair for pair in zip(self.view.files, self.view.sizes, strict=True) if pair[0] != path]
        files, sizes = tuple(one for one, _ in pairs), tuple(size for _, size in pairs)
        self.put(files=files, sizes=sizes, dirty=True, notice=None)

    def autosave(self) -> None:
        """Keep the draft if it changed since the last time."""
        if self.view.draft is None or not self.view.dirty or self.view.busy:
            return
        draft = self.view.draft
        self.put(dirty=False)
        self.ask("vault", self.client.objecting.save_draft, draft, then=self._saved, failed=self._unsaved)

    def _saved(self, _: object) -> None:
        self.put(saved_at=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))

    def _unsaved(self, notice: Notice) -> None:
        self.put(dirty=True, notice=notice)

    def discard(self) -> None:
        """Drop the draft for good; asked before."""
        if self.view.draft is None:
            return
        self.ask("vault", self.client.objecting.discard, self.view.draft.draft_id, then=self._gone)

    def _gone(self, _: object) -> None:
        self.put(draft=None, record=None, files=(), sizes=(), dirty=False)
        self.start()

    def put_away(self) -> None:
        """Back to the list; the draft is kept."""
        self.autosave()
        self.put(draft=None, record=None, files=(), sizes=())
        self.start()

    def file(self) -> None:
        """Hand the objection in, or into the outbox when there is no connection."""
        draft = self.view.draft
        if draft is None or self.view.busy:
            return
        if not (draft.ground and draft.wish and draft.statement.strip()):
            about = "_data_error" if draft.kind == "data_error" else ""
            self.put(notice=Notice(f"objection_page.incomplete{about}", (), "warning"))
            return
        if len(draft.statement) > LONGEST:
            self.put(notice=Notice("objection_page.too_long", (("limit", LONGEST),), "warning"))
            return
        self.put(busy=True, notice=None, brought=(0, 0))
        kind, job = draft.kind, self.client.objecting.file
        self.ask("courier", job, draft, self.view.files, then=lambda item: self._filed(item, kind))

    def look(self) -> None:
        """How far evidence on its way has come; nothing to do when none is."""
        if self.view.busy or any(row.evidence_size for row in self.view.filed):
            self.ask("vault", self.client.objecting.list, then=self._looked, failed=lambda _: None)

    def _looked(self, rows: tuple[Any, ...]) -> None:
        under_way = [(row.evidence_sent, row.evidence_size) for row in rows if row.evidence_size]
        brought = under_way[-1] if under_way and self.view.busy else (0, 0)
        if (tuple(rows), brought) != (self.view.filed, self.view.brought):
            self.put(filed=tuple(rows), brought=brought)

    def _filed(self, item: Any, kind: str) -> None:
        sent = item.state == "sent"
        about = "_data_error" if kind == "data_error" else ""
        said = (
            Notice(f"objection_page.sent{about}", (("number", item.number),), "good")
            if sent
            else Notice("objection_page.queued", (), "info")
        )
        self.put(
            busy=False, draft=None, record=None, files=(), sizes=(), dirty=False, notice=said, shown=None
        )
        self.start()

    def show_filed(self, number: str) -> None:
        """How far one has come."""
        self.ask("vault", self.client.objecting.show, number, then=lambda found: self.put(shown=found))


def weigh(path: Path) -> int:
    """Size of a file in bytes.

    Raises:
        NotRight: attachment.missing when it cannot be read.
    """
    try:
        return path.stat().st_size
    except OSError as flaw:
        raise NotRight("attachment.missing", context={"file": path.name}) from flaw


def replace_fields(draft: Any, fields: dict[str, str]) -> Any:
    """A copy of the draft with other fields, whether it is a dataclass or a struct of msgspec."""
    if hasattr(draft, "__struct_fields__"):
        return type(draft)(
            **{name: fields.get(name, getattr(draft, name)) for name in draft.__struct_fields__}
        )
    return replace(draft, **fields)
