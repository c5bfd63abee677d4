"""Whether a PDF that is handed in can be read by everybody, and does nothing: evidence and letters alike."""

from __future__ import annotations

import io

import pikepdf

_ACTIVE_KEYS = frozenset({"/JS", "/JavaScript", "/AA", "/EmbeddedFiles", "/RichMediaContent", "/XFA"})
_ACTIVE_KINDS = frozenset(
    {"/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/Rendition", "/Movie", "/Sound", "/GoToE"}
)
_ACTIVE_TYPES = frozenset({"/EmbeddedFile", "/Filespec"})


def pdf_flaw(content: bytes) -> str:
    """Why a PDF is not taken: `encrypted`, `damaged` (one without a page, too), `active`; else empty."""
    try:
        with pikepdf.open(io.BytesIO(content)) as pdf:
            if pdf.is_encrypted:
                return "encrypted"
            if not len(pdf.pages):
                return "damaged"
            acts = any(_acts(thing) for thing in pdf.objects) or _acts(pdf.Root)
    except pikepdf.PasswordError:
        return "encrypted"
    except pikepdf.PdfError:
        return "damaged"
    return "active" if acts else ""


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
