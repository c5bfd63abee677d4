"""Evidence handed in: told by its bytes, refused when it could act, kept by its digest as an inert file."""

from __future__ import annotations

import base64
import binascii
import hashlib
from pathlib import Path

import msgspec
from django.conf import settings

from app.field.file_marks import kind_by_mark
from app.field.limits import FILE_NAME
from app.field.names import printable
from server_stub.cases import errors
from server_stub.config.clock import today
from server_stub.config.keys import write_secret
from server_stub.inert import pdf_flaw
from server_stub.queries.policy import evidence_media, figure


class Handed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One attachment of a filing as it comes: named by its digest, or (from older clients) inside."""

    name: str
    sha256: str
    b64: str = ""
    size: int = 0


class Kept(msgspec.Struct, frozen=True):
    """One attachment as it is kept."""

    name: str
    sha256: str
    size: int
    media: str


def examine(handed: Handed) -> tuple[Kept, bytes]:
    """What was handed in inside a filing, if it may be kept at all.

    Raises:
        Problem: `attachment-refused` with the reason: type, size, digest, active, damaged,
            encrypted.
    """
    try:
        content = base64.b64decode(handed.b64, validate=True)
    except (binascii.Error, ValueError) as flaw:
        raise errors.refused_attachment(handed.name, handed.sha256, "damaged") from flaw
    return judge(handed.name, handed.sha256, content), content


def judge(name: str, sha256: str, content: bytes) -> Kept:
    """A whole file by its bytes: how long it is, what it is, and that it cannot act.

    Raises:
        Problem: as `examine`.
    """
    require_size(name, sha256, len(content))
    if hashlib.sha256(content).hexdigest() != sha256:
        raise errors.refused_attachment(name, sha256, "digest")
    media = media_of(content)
    if not media:
        raise errors.refused_attachment(name, sha256, "type")
    flaw = pdf_flaw(content) if media == "pdf" else ""
    if flaw:
        raise errors.refused_attachment(name, sha256, flaw)
    return Kept(shown_name(name, sha256), sha256, len(content), media)


def require_size(name: str, sha256: str, size: int) -> None:
    """Some bytes, and no more than the policy of today allows.

    Raises:
        Problem: `attachment-refused` (size).
    """
    if not 0 < size <= figure("evidence_file_max", today()):
        raise errors.refused_attachment(name, sha256, "size")


def media_of(start: bytes) -> str:
    """What a file is by its first bytes; empty for what is not taken today."""
    kind = kind_by_mark(start)
    return kind if kind in evidence_media(today()) else ""


def shown_name(name: str, sha256: str) -> str:
    """The file's own name without a path and without anything invisible."""
    return printable(name).replace("\\", "/").rpartition("/")[2][:FILE_NAME] or sha256[:12]


def folder() -> Path:
    """Where attachments lie."""
    path = Path(settings.HENGXIN_HOME) / "attachments"
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def keep(content: bytes, sha256: str) -> Path:
    """Write the bytes under their digest; the same bytes twice are one file."""
    path = folder() / sha256
    if not path.exists():
        write_secret(path, content)
    return path
