"""Files that a draft names by where they lie: how each was when it was picked, so that nothing else goes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import msgspec

from app.trouble import NotRight

CHANGED, MISSING = "attachment.changed", "attachment.missing"
P = TypeVar("P")


class AsPicked(msgspec.Struct, frozen=True):
    """A file as it was when it was picked: `size` in bytes, `changed_ns` its time of modification in
    nanoseconds since 1970, `sha256` in hexadecimal (empty where it was too large to be read)."""

    path: str
    size: int
    changed_ns: int
    sha256: str


@dataclass(frozen=True)
class Found:
    """Where the files of a draft stand now: the sizes of those that are as they were picked, and those in
    whose place another one lies."""

    sizes: Mapping[Path, int] = field(default_factory=dict)
    changed: tuple[Path, ...] = ()


def as_picked(path: Path, most: int) -> AsPicked:
    """How a file is now; one of more than `most` bytes is weighed only.

    Raises:
        NotRight: attachment.missing when it cannot be read.
    """
    try:
        with path.open("rb") as file:
            content = file.read(most + 1)
            known = path.stat()
    except OSError as flaw:
        raise NotRight(MISSING, context={"file": path.name}) from flaw
    if len(content) > most:
        return AsPicked(str(path), max(known.st_size, len(content)), known.st_mtime_ns, "")
    return AsPicked(str(path), len(content), known.st_mtime_ns, hashlib.sha256(content).hexdigest())


def look_for(paths: Sequence[Path], marks: Iterable[AsPicked]) -> Found:
    """Which of the files still are what was picked. Size and time are enough for a yes; where they differ the
    bytes decide, for a file may be copied or touched. One that nobody marked is told as another one."""
    known = {Path(one.path): one for one in marks}
    there = [path for path in paths if path.is_file()]
    same = {path: known[path].size for path in there if path in known and _is_same(path, known[path])}
    return Found(same, tuple(path for path in there if path not in same))


def require_as_picked(path: Path, sha256: str, marks: Iterable[AsPicked]) -> None:
    """The bytes that were read are those that were picked.

    Raises:
        NotRight: attachment.changed (context file).
    """
    if all((one.path, one.sha256) != (str(path), sha256) for one in marks):
        raise NotRight(CHANGED, context={"file": path.name}, kept="kept.draft")


def not_picked_anew(picked: Sequence[P], anew: Iterable[P]) -> tuple[P, ...]:
    """The files of a draft that were not just picked again: those count as they are now."""
    again = {_whole(one) for one in anew}
    return tuple(dict.fromkeys(one for one in picked if _whole(one) not in again))


def _whole(one: object) -> object:
    """A place, or a check and a place, however it was spelt."""
    if isinstance(one, tuple):
        return tuple(_whole(part) for part in one)
    return one.absolute() if isinstance(one, Path) else one


def _is_same(path: Path, mark: AsPicked) -> bool:
    try:
        known = path.stat()
        if known.st_size != mark.size:
            return False
        return known.st_mtime_ns == mark.changed_ns or as_picked(path, mark.size).sha256 == mark.sha256
    except (OSError, NotRight):
        return False  # gone or shut meanwhile: the filing names it
