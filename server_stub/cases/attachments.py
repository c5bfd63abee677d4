"""Evidence handed in: told by its bytes, refused when it could act, kept by its digest as an inert file."""

from __future__ import annotations

import base64
import binascii
import hashlib
import io
from pathlib import Path

import msgspec
import pikepdf
from django.conf import settings

from app.field.file_marks import kind_by_mark
from app.field.limits import FILE_NAME
from app.field.names import printable
from server_stub.cases import errors
from server_stub.config.clock import today
from server_stub.config.keys import write_secret
from server_stub.queries.policy import evidence_media, figure

_ACTIVE_KEYS = frozenset({"/JS", "/JavaScript", "/AA", "/EmbeddedFiles", "/RichMediaContent", "/XFA"})
_ACTIVE_KINDS = frozenset(
    {"/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/Rendition", "/Movie", "/Sound", "/GoToE"}
)
_ACTIVE_TYPES = frozenset({"/EmbeddedFile", "/Filespec"})


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
    if media == "pdf":
        _require_inert(name, sha256, content)
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


def _require_inert(name: str, sha256: str, content: bytes) -> None:
    try:
        with pikepdf.open(io.BytesIO(content)) as pdf:
            encrypted = pdf.is_encrypted
            active = encrypted or any(_acts(thing) for thing in pdf.objects) or _acts(pdf.Root)
    except pikepdf.PasswordError as flaw:
        raise errors.refused_attachment(name, sha256, "encrypted") from flaw
    except pikepdf.PdfError as flaw:
        raise errors.refused_attachment(name, sha256, "damaged") from flaw
    if encrypted:
        raise errors.refused_attachment(name, sha256, "encrypted")
    if active:
        raise errors.refused_attachment(name, sha256, "active")


def _acts(thing: pikepdf.Object, depth: int = 0) -> bool:
    """Whether an object of a PDF runs, launches, sends or carries something, its direct children too."""
    if depth > 40:
        return True
    if isinstance(thing, pikepdf.Array):
        return any(_acts(part, depth + 1) for part in thing if _inside(part))
    if not isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
        return False
    keys = set(thing.keys())
    if keys & _ACTIVE_KEYS:
        return True
    if str(thing.get("/S", "")) in _ACTIVE_KINDS or str(thing.get("/Type", "")) in _ACTIVE_TYPES:
        return True
    return any(_acts(thing[key], depth + 1) for key in keys if _inside(thing[key]))


def _inside(part: object) -> bool:
    """A direct child; indirect objects are visited from the list of all objects."""
    return isinstance(part, pikepdf.Object) and not part.is_indirect


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
