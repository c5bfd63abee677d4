"""What stands on the pages is held against copies and lease once more: does it hold, and as it is shown?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from app.field.records import Bundle
from app.services.opening import marked
from app.services.room import Opened, Room
from app.services.showing import LEASE_ENDED, LETTER_ENDED, WITHDRAWN, Showing
from app.trouble import VaultTrouble
from local_cache import answers, state
from local_cache.database import Connection

Hold = Literal["holds", "withdrawn", "letter", "gone", "shut"]

_HOLDS: dict[str, Hold] = {LETTER_ENDED: "letter", LEASE_ENDED: "gone"}


@dataclass(frozen=True)
class Shown:
    """An answer on a page. `of_copy`: a copy stands for it, and it may be seen for as long as that may be
    read; without one only a withdrawal takes it away."""

    bundle: Bundle
    of_copy: bool


@dataclass(frozen=True)
class Judged:
    """How it stands: "withdrawn" by the platform; ended with the official "letter" that its query stood on;
    its copy "gone" (ended, given back or taken away); "shut" with all copies, by lease or clock. `bundle` is
    what is to be shown while it holds, with the marks that came since."""

    bundle: Bundle
    hold: Hold

    @property
    def query_no(self) -> str:
        return self.bundle.query_no


class Watching:
    """Opens no copy: what is judged is on the screen already, and that it was opened is in the chain."""

    def __init__(self, room: Room, showing: Showing) -> None:
        self._room = room
        self._showing = showing

    def judge(self, shown: Sequence[Shown]) -> tuple[Judged, ...]:
        """How each of these stands now, in their order. Copies are shut on the spot when the lease is over.

        Raises:
            NotYou: vault.locked. VaultTrouble: for faults of the files.
        """
        return self._room.run(lambda opened: self._judge(opened, shown))

    def _judge(self, opened: Opened, shown: Sequence[Shown]) -> tuple[Judged, ...]:
        cache: Connection | None
        try:
            cache = opened.copies()
        except VaultTrouble as shut:
            if not shut.text.startswith("offline."):
                raise
            cache = None
        live = answers.readable(cache, opened.time.now_ms()) if cache is not None else set()
        return tuple(self._one(cache, live, one) for one in shown)

    def _one(self, cache: Connection | None, live: set[str], one: Shown) -> Judged:
        bundle, query_no = one.bundle, one.bundle.query_no
        went = self._showing.went(query_no)
        if went:
            return Judged(bundle, _HOLDS.get(went, "withdrawn"))
        if cache is None:
            return Judged(bundle, "shut" if one.of_copy else "holds")
        reason = state.get(cache, WITHDRAWN + query_no, part="cache")
        if reason:
            return Judged(bundle, _HOLDS.get(reason, "withdrawn"))
        if one.of_copy and query_no not in live:
            return Judged(bundle, "gone")
        return Judged(marked(bundle, answers.marks(cache, bundle.made_at)), "holds")
