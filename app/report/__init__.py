"""Reports on paper: `compose` makes the document from an answer, `render` the PDF from the document.

Client and server call the same two functions; nothing else in the product knows how a page looks.
"""

from app.report.composing import ReportFlaw, check_code_of, compose, document_sha256
from app.report.faces import FontSet, fonts_in
from app.report.rendering import render

__all__ = [
    "FontSet",
    "ReportFlaw",
    "check_code_of",
    "compose",
    "document_sha256",
    "fonts_in",
    "render",
]
