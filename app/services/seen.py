"""The newest checkpoint of the log that this vault has verified: read, and moved forward only."""

from __future__ import annotations

from app.services.entries import SEEN_NOTE, SEEN_ROOT, SEEN_SIZE
from app.services.room import Opened
from app.wire.receipts import Seen
from local_cache import state


def seen_of(opened: Opened) -> Seen:
    """The newest checkpoint this vault has verified."""
    return Seen(
        int(state.get(opened.work, SEEN_SIZE, "0")),
        bytes.fromhex(state.get(opened.work, SEEN_ROOT)),
        state.get(opened.work, SEEN_NOTE),
    )


def as_state(seen: Seen) -> dict[str, str]:
    """A checkpoint as `state` keeps it; for those who write it together with something else."""
    return {SEEN_SIZE: str(seen.size), SEEN_ROOT: seen.root.hex(), SEEN_NOTE: seen.note}


def keep_newest(opened: Opened, seen: Seen) -> None:
    """Remember a checkpoint that was verified, unless a larger one is known: answers may overtake each
    other."""
    if seen.size >= seen_of(opened).size:
        state.put(opened.work, as_state(seen))
