"""What the desks of objections and repairs have in common: a draft that saves itself, its files, and how far
what was filed has come."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from app.desks.desk import Desk, LanesLike, Notice
from app.field.limits import LONGEST as LENGTHS
from app.policy import EvidenceLimits
from app.services.picked_files import CHANGED, MISSING, AsPicked, Found, as_picked

LONGEST = LENGTHS["statement"]  # what the server takes
MIB = 1024 * 1024


@dataclass(frozen=True)
class CaseView:
    """`draft` is being written (None: the list). `limits` say what may be attached (None: not known before
    the next sign-in). `proofs` are the files that are kept with the draft of a refused filing. While a
    `filing` is under way nothing of the draft can be changed; `brought` are the bytes of its files that have
    arrived, and all of them."""

    draft: Any = None
    record: Any = None
    proofs: tuple[Any, ...] = ()
    saved_at: str = ""
    dirty: bool = False
    drafts: tuple[Any, ...] = ()
    filed: tuple[Any, ...] = ()
    shown: Any = None
    letters: tuple[Any, ...] = ()
    limits: EvidenceLimits | None = None
    brought: tuple[int, int] = (0, 0)
    busy: bool = False
    filing: bool = False
    loaded: bool = False
    notice: Notice | None = None


C = TypeVar("C", bound=CaseView)


class CaseDesk(Desk[C], ABC):
    """The page calls `autosave` every five seconds and `look` every second; `settled` is called when what
    waits or was refused has become more or less."""

    def __init__(self, client: Any, lanes: LanesLike, show: Callable[[C], None], first: C) -> None:
        super().__init__(client, lanes, show, first)
        self.settled: Callable[[], None] = lambda: None

    @property
    @abstractmethod
    def _service(self) -> Any:
        """Of the client, the one that keeps and files what this desk is about."""

    def _ask_around(self) -> None:
        """The letters that may be named, and what may be attached; without them the list is still one."""
        letters, limits = self.client.lettering.letters, self._service.limits
        self.ask("vault", letters, then=lambda found: self.put(letters=tuple(found)), failed=lambda _: None)
        self.ask("vault", limits, then=lambda found: self.put(limits=found), failed=lambda _: None)

    def write(self, **fields: str) -> None:
        """Change fields of the draft."""
        if self.view.draft is None or self.view.filing:
            return
        changed = replace_fields(self.view.draft, fields)
        if changed != self.view.draft:
            self.put(draft=changed, dirty=True, notice=None)

    def leave_out(self, place: int) -> None:
        """Have a kept file not go again, or go after all; it stays here until the filing is taken up anew."""
        draft = self.view.draft
        if draft is not None and not self.view.filing:
            changed = tuple(sorted(set(draft.left_out) ^ {place}))
            self.put(draft=replace_fields(draft, {"left_out": changed}), dirty=True, notice=None)

    def _weigh(self, path: Path, then: Callable[[AsPicked, EvidenceLimits], None]) -> None:
        """Look at a file's kind and size before anything else; `then` gets it as picked, and the limits."""
        limits, asked = self.view.limits, self.view.draft
        if limits is None:
            self.put(notice=Notice("attachment.limits", (), "warning"))
        elif path.suffix.lower().removeprefix(".").replace("jpeg", "jpg") not in limits.media:
            self.put(notice=Notice("objection.type", (), "warning"))
        else:
            job, most = as_picked, limits.file_max
            self.ask(
                "courier", job, path, most, then=lambda seen: self._weighed(path, seen, limits, asked, then)
            )

    def _weighed(
        self,
        path: Path,
        seen: AsPicked,
        limits: EvidenceLimits,
        asked: Any,
        then: Callable[[AsPicked, EvidenceLimits], None],
    ) -> None:
        if asked is None or not self._writes(asked):
            return  # put away meanwhile, or another one begun
        if seen.size > limits.file_max:
            values = (("file", path.name), ("size", -(-seen.size // MIB)), ("limit", limits.file_max // MIB))
            self.put(notice=Notice("objection.size", values, "warning"))
        else:
            then(seen, limits)

    def autosave(self) -> None:
        """Keep the draft if it changed since the last time."""
        if self.view.draft is None or not self.view.dirty or self.view.busy:
            return
        draft = self.view.draft
        self.put(dirty=False)
        save = self._service.save_draft
        self.ask("vault", save, draft, then=lambda _: self.put(saved_at=now()), failed=self._unsaved)

    def _unsaved(self, notice: Notice) -> None:
        self.put(dirty=True, notice=notice)

    def look(self) -> None:
        """How far files on their way have come; nothing to do when none are."""
        if self.view.busy or any(row.evidence_size for row in self.view.filed):
            self.ask("vault", self._service.list, then=self._looked, failed=lambda _: None)

    def _looked(self, rows: tuple[Any, ...]) -> None:
        under_way = [(row.evidence_sent, row.evidence_size) for row in rows if row.evidence_size]
        brought = under_way[-1] if under_way and self.view.busy else (0, 0)
        if (tuple(rows), brought) != (self.view.filed, self.view.brought):
            self.put(filed=tuple(rows), brought=brought)

    def _writes(self, draft: Any) -> bool:
        """Whether this draft is the one in the form: another may have been begun meanwhile."""
        return self.view.draft is not None and bool(self.view.draft.draft_id == draft.draft_id)

    def _look_at(self, number: str) -> Any:
        """What was filed, which is no news any more once it is looked at."""
        found = self._service.show(number)
        self._service.note_seen(found)
        return found


def now() -> str:
    """The moment, as wire text of whole seconds."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def not_as_picked(found: Found, paths: Sequence[Path]) -> tuple[tuple[Path, ...], Notice | None]:
    """The files of a draft that do not go along, and what tells it: those in whose place another one lies, or
    else those that are gone."""
    gone = tuple(path for path in paths if path not in found.sizes)
    out, text = (found.changed, CHANGED) if found.changed else (gone, MISSING)
    if not out:
        return (), None
    named = (("file", ", ".join(path.name for path in out)),)
    return out, Notice(text, named, "warning", text, "not_right", kept="kept.draft")


def marks_of(draft: Any, paths: Sequence[Path], *fresh: AsPicked) -> tuple[AsPicked, ...]:
    """How these files were when they were picked; what was picked last counts."""
    known = {one.path: one for one in (*draft.as_picked, *fresh)}
    return tuple(known[str(path)] for path in dict.fromkeys(paths) if str(path) in known)


def replace_fields(draft: Any, fields: dict[str, Any]) -> Any:
    """A copy of the draft with other fields, whether it is a dataclass or a struct of msgspec."""
    if hasattr(draft, "__struct_fields__"):
        return type(draft)(
            **{name: fields.get(name, getattr(draft, name)) for name in draft.__struct_fields__}
        )
    return replace(draft, **fields)
