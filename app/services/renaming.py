"""A unit that bears another name by now: a copy stays what was answered, and says so."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from app.field.records import Bundle
from app.wire.messages import RenamedCopy
from local_cache import answers, state
from local_cache.database import Connection

RENAMED = "renamed."


class Renamed(msgspec.Struct, frozen=True):
    """The name that a unit bears now; `until` is the last day (ISO) of the one before, `seq` the place of the
    feed that told it (0: told of a copy itself)."""

    name: str
    until: str
    seq: int = 0


def note(cache: Connection, subject_key: str, body: dict[str, Any], seq: int) -> None:
    """The feed says that a unit was renamed; call inside the transaction of its page."""
    told = Renamed(str(body.get("name", "")), str(body.get("until", "")), seq)
    state.put(cache, {RENAMED + subject_key: msgspec.json.encode(told).decode()}, part="cache")


def note_copies(cache: Connection, renamed: Iterable[RenamedCopy]) -> None:
    """The server says so of copies that were held against it."""
    for one in renamed:
        copy = answers.get(cache, one.query_no)
        if copy is not None:
            note(cache, copy.subject_key, {"name": one.name, "until": one.until}, 0)


def renamed(cache: Connection, bundle: Bundle) -> Renamed | None:
    """What the unit of a copy is called by now, when that is another name than the copy's."""
    kept = state.get(cache, RENAMED + bundle.subject_key, part="cache") if bundle.subject_key else ""
    if not kept or bundle.subject is None:
        return None
    told = msgspec.json.decode(kept, type=Renamed)
    later = told.seq == 0 or bundle.as_of_seq < told.seq
    return told if later and told.name and told.name != bundle.subject.name else None
