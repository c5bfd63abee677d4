"""Objections: a draft that saves itself, the filing, and the way each filed one has gone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from app.desks.desk import Desk, LanesLike, Notice
from app.trouble import NotRight

KINDS = ("objection", "data_error")
WISHES = ("correct", "add", "remove", "stop")
GROUNDS = ("content", "not_mine", "fulfilled", "overdue", "not_public", "missing")
LONGEST = 1000
LARGEST = 10 * 1024 * 1024
ALL_MOST = 700_000  # bytes of all proofs of one filing, as the service takes them
SUFFIXES = (".pdf", ".jpg", ".jpeg", ".png")


@dataclass(frozen=True)
class ObjectionView:
    """`draft` is being written (None: the list), `files` its attachments here with their `sizes` in bytes."""

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


class ObjectionDesk(Desk[ObjectionView]):
    """Verbs of the objection page. The page calls `autosave` every five seconds."""

    def __init__(self, client: Any, lanes: LanesLike, show: Callable[[ObjectionView], None]) -> None:
        super().__init__(client, lanes, show, ObjectionView())

    def start(self) -> None:
        """Read drafts and filed objections."""
        self.ask("vault", self._read, then=self._listed)
        job = self.client.querying.letters
        self.ask("vault", job, then=lambda found: self.put(letters=tuple(found)), failed=lambda _: None)

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
        if path.suffix.lower() not in SUFFIXES:
            self.put(notice=Notice("objection.type", (), "warning"))
            return
        self.ask("courier", weigh, path, then=lambda size: self._sized(path, size))

    def _sized(self, path: Path, size: int) -> None:
        if size > LARGEST:
            values = (("file", path.name), ("size", -(-size // 1048576)), ("limit", LARGEST // 1048576))
            self.put(notice=Notice("objection.size", values, "warning"))
        elif sum(self.view.sizes) + size > ALL_MOST:
            much = (("file", path.name), ("limit", ALL_MOST // 1024))
            self.put(notice=Notice("objection_page.too_much", much, "warning"))
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
            self.put(notice=Notice("objection_page.incomplete", (), "warning"))
            return
        if len(draft.statement) > LONGEST:
            self.put(notice=Notice("objection_page.too_long", (("limit", LONGEST),), "warning"))
            return
        self.put(busy=True, notice=None)
        self.ask("courier", self.client.objecting.file, draft, self.view.files, then=self._filed)

    def _filed(self, item: Any) -> None:
        sent = item.state == "sent"
        said = (
            Notice("objection_page.sent", (("number", item.number),), "good")
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
