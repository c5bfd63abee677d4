"""Files that an officer attaches to a filing: read and held against what may be attached."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from app.field.file_marks import kind_by_mark
from app.field.limits import file_name
from app.policy import EvidenceLimits
from app.services.picked_files import AsPicked, require_as_picked
from app.trouble import NotRight, NotYou

MIB = 1024 * 1024
Named = tuple[str, bytes]


def read_attached(
    attach: Sequence[Path],
    kept: Sequence[Named],
    limits: EvidenceLimits | None,
    marks: Sequence[AsPicked] | None = None,
) -> tuple[Named, ...]:
    """Name and bytes of each file, without those among `kept`, which go already: the same bytes are the same
    evidence. `marks` say how the files of a draft were when they were picked; None for files picked just now.

    Raises:
        NotRight: attachment.missing, attachment.type, attachment.large, attachment.many; attachment.changed
            for one that is not what was picked.
        NotYou: attachment.limits when no limits are known here yet.
    """
    if not attach:
        return ()
    if limits is None:
        raise NotYou("attachment.limits", kept="kept.draft")
    if len(attach) > limits.files_max:
        raise NotRight("attachment.many", context={"limit": limits.files_max}, kept="kept.draft")
    known = {digest(content) for _, content in kept}
    read = (_read(path, limits, marks) for path in attach)
    fresh = tuple(one for one in read if digest(one[1]) not in known)
    if len(fresh) + len(kept) > limits.files_max:
        raise NotRight("attachment.many", context={"limit": limits.files_max}, kept="kept.draft")
    return fresh


def keepable(path: str) -> bool:
    """Whether a place can be kept in a draft: a name that is no text cannot."""
    try:
        path.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def digest(content: bytes) -> str:
    """SHA-256 as the wire names evidence by it."""
    return hashlib.sha256(content).hexdigest()


def _read(path: Path, limits: EvidenceLimits, marks: Sequence[AsPicked] | None) -> Named:
    if not path.is_file():
        raise NotRight("attachment.missing", context={"file": path.name}, kept="kept.draft")
    if path.stat().st_size > limits.file_max:
        large: dict[str, str | int] = {"file": path.name, "limit": limits.file_max // MIB}
        raise NotRight("attachment.large", context=large, kept="kept.draft")
    content = path.read_bytes()
    if marks is not None:
        require_as_picked(path, digest(content), marks)
    if kind_by_mark(content) not in limits.media:
        raise NotRight("attachment.type", context={"file": path.name}, kept="kept.draft")
    return file_name(path.name), content
