"""Reports on paper: `compose` makes the document from an answer, `render` the PDF from the document.

Client and server call the same two functions; nothing else in the product knows how a page looks. ReportLab
is loaded at the first page, not at start-up.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from app.field.reportdoc import Paper
from app.report.composing import (
    ReportFlaw,
    check_code_of,
    compose,
    document_bytes,
    document_sha256,
    paper_for,
    papers_for,
)
from app.report.templates import law_fields

if TYPE_CHECKING:
    from app.report.faces import FontSet
    from app.report.rendering import Pages

__all__ = [
    "ReportFlaw", "check_code_of", "compose", "document_bytes", "document_sha256", "fonts_in",
    "law_fields", "make_ready", "paper_for", "papers_for", "render",
    "set_pages",
]  # fmt: skip


def render(document: Paper, fonts: Path | FontSet) -> bytes:
    """The document as PDF, byte for byte the same for the same document and faces (see `rendering`).

    Raises:
        ReportFlaw: when the document would mislead.
        FileNotFoundError: when a face is missing.
    """
    from app.report.rendering import render as draw

    return draw(document, fonts)


def set_pages(document: Paper, fonts: Path | FontSet) -> Pages:
    """The document on pages, of which the first can be written before the others (see `rendering`).

    Raises:
        ReportFlaw, FileNotFoundError: as `render`.
    """
    from app.report.rendering import set_pages as lay

    return lay(document, fonts)


def make_ready(fonts: Path) -> None:
    """Load ReportLab and the faces now, so that the first page does not wait for them.

    Raises:
        FileNotFoundError: when a face is missing.
    """
    import app.report.rendering  # noqa: F401 - loading it is what is wanted

    fonts_in(fonts)


def fonts_in(folder: Path) -> FontSet:
    """The faces of a folder, loaded once per process; may be called early to have them ready.

    Raises:
        FileNotFoundError: when a face is missing.
    """
    from app.report.faces import fonts_in as load

    return load(folder)
