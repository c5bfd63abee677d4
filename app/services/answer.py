"""What a page or the command line gets for a subject: the signed answer and where it came from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from app.field.masks import mask_name
from app.field.records import Bundle, Signed


@dataclass(frozen=True)
class Changes:
    """What is different since this officer's last query of the subject: record ids."""

    since: str
    query_no: str
    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]

    @property
    def count(self) -> int:
        return len(self.added) + len(self.changed) + len(self.removed)


@dataclass(frozen=True)
class Answer:
    """`cached`: a copy is kept on this computer. `leaf_index`, `tree_size`: the place in the log, -1 if
    unknown. `left_s`, `readable_until`, `of_lease`: the life of the copy shown (`leasing.Life`). `released`:
    how many subjects' copies made room for this one. `now_called`: another name that the unit of a copy bears
    by now; `called_until` (ISO day) was the last one of the copy's."""

    query_no: str
    bundle: Bundle
    signed: Signed
    cached: bool
    source: Literal["server", "cache"]
    as_of: str
    changed: Changes | None = None
    leaf_index: int = -1
    tree_size: int = 0
    replayed: bool = False
    left_s: int = 0
    released: int = 0
    readable_until: str = ""
    of_lease: bool = False
    now_called: str = ""
    called_until: str = ""


def label(bundle: Bundle) -> str:
    """The subject's name for the officer's own list; a person's is masked."""
    if bundle.subject is None:
        return ""
    return mask_name(bundle.subject.name) if bundle.subject.kind == "person" else bundle.subject.name
