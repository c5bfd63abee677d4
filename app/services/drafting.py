"""Texts being written: kept in work.db at every pause, so that a lock or a crash loses nothing typed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec

from app.services.room import Opened, Room
from app.trouble import NotRight
from local_cache import drafts
from local_cache.drafts import Body

LARGEST = 256 * 1024


@dataclass(frozen=True)
class KeptDraft:
    """A draft as it was saved; `changed_at` is trusted time (wire text)."""

    kind: str
    key: str
    body: dict[str, Any]
    changed_at: str


class Drafts:
    """Drafts of any page; `kind` names the page's form, `key` the thing written about."""

    def __init__(self, room: Room) -> None:
        self._room = room

    def save(self, kind: str, key: str, body: dict[str, Any]) -> None:
        """Keep or replace a draft; it is on the disk when this returns.

        Raises:
            NotRight: draft.large beyond 256 KiB; text-unfit for halves of characters.
            NotYou: vault.locked.
            VaultTrouble: vault.disk-full, vault.read-only: the draft before is still there.
        """
        try:
            raw = msgspec.json.encode(body)
        except UnicodeEncodeError as flaw:
            raise NotRight("text-unfit", "problem.text-unfit", {"field": "draft"}) from flaw
        if len(raw) > LARGEST:
            raise NotRight("draft.large", context={"kib": LARGEST // 1024})

        def put(opened: Opened) -> None:
            drafts.save(opened.work, "drafts", Body(kind, key, raw, opened.now_text()))

        self._room.run(put)

    def load(self, kind: str, key: str) -> KeptDraft | None:
        """The draft, None when there is none."""
        found = self._room.run(lambda opened: drafts.load(opened.work, "drafts", kind, key))
        return _read(found) if found else None

    def list(self, kind: str = "") -> tuple[KeptDraft, ...]:
        """All drafts of a kind, or of every kind, newest first."""
        found = self._room.run(lambda opened: drafts.listed(opened.work, "drafts", kind))
        return tuple(_read(item) for item in found)

    def discard(self, kind: str, key: str) -> bool:
        """Remove a draft; False when there was none."""
        return self._room.run(lambda opened: drafts.discard(opened.work, "drafts", kind, key))


def _read(item: Body) -> KeptDraft:
    return KeptDraft(item.kind, item.key, msgspec.json.decode(item.body, type=dict[str, Any]), item.at)
