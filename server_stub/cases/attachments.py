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

from app.field.limits import FILE_NAME
from app.field.names import printable
from server_stub.cases import errors
from server_stub.config.keys import write_secret

LARGEST = 10 * 1024 * 1024
_MARKS = (("pdf", b"%PDF-"), ("png", b"\x89PNG\r\n\x1a\n"), ("jpg", b"\xff\xd8\xff"))
_ACTIVE_KEYS = frozenset({"/JS", "/JavaScript", "/AA", "/EmbeddedFiles", "/RichMediaContent", "/XFA"})
_ACTIVE_KINDS = frozenset(
    {"/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/Rendition", "/Movie", "/Sound", "/GoToE"}
)
_ACTIVE_TYPES = frozenset({"/EmbeddedFile", "/Filespec"})


class Handed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One attachment of a filing as it comes."""

    name: str
    sha256: str
    b64: str


class Kept(msgspec.Struct, frozen=True):
    """One attachment as it is kept."""

    name: str
    sha256: str
    size: int
    media: str


def examine(handed: Handed) -> tuple[Kept, bytes]:
    """What was handed in, if it may be kept at all.

    Raises:
        Problem: `attachment-refused` with the reason: type, size, digest, active, damaged.
    """
    try:
        content = base64.b64decode(handed.b64, validate=True)
    except (binascii.Error, ValueError) as flaw:
        raise errors.refused_attachment(handed.name, "damaged") from flaw
    if not content or len(content) > LARGEST:
        raise errors.refused_attachment(handed.name, "size")
    digest = hashlib.sha256(content).hexdigest()
    if digest != handed.sha256:
        raise errors.refused_attachment(handed.name, "digest")
    media = next((name for name, mark in _MARKS if content.startswith(mark)), "")
    if not media:
        raise errors.refused_attachment(handed.name, "type")
    if media == "pdf":
        _require_inert(handed.name, content)
    name = printable(handed.name).replace("\\", "/").rpartition("/")[2][:FILE_NAME]
    return Kept(name or digest[:12], digest, len(content), media), content


def _require_inert(name: str, content: bytes) -> None:
    try:
        with pikepdf.open(io.BytesIO(content)) as pdf:
            active = pdf.is_encrypted or any(_acts(thing) for thing in pdf.objects) or _acts(pdf.Root)
    except pikepdf.PdfError as flaw:
        raise errors.refused_attachment(name, "damaged") from flaw
    if active:
        raise errors.refused_attachment(name, "active")


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
