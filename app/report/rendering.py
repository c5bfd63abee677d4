"""The renderer: a pure function of document and faces. The same input gives the same bytes.

Nothing is asked of the clock, the locale, the time zone or the environment: the file's date is the document's
own and its identifier is the digest of its content.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from reportlab.pdfgen.canvas import Canvas

from app.field.reportdoc import FactsDocument, Paper, ReportDocument
from app.field.templates import PartName
from app.report.archival import make_archival
from app.report.closing import rights, rules, verification, versions
from app.report.composing import ReportFlaw, document_sha256, require_sound
from app.report.cover import cover_marks
from app.report.details import details
from app.report.faces import SANS, FontSet, fonts_in
from app.report.flow import Flow
from app.report.forms import define_forms
from app.report.furniture import about_of, behind, foot, running_head, title_of
from app.report.heading import head, listed, stamp
from app.report.identity import alerts, identity, notes, summary
from app.report.ink import Bookmark, Ink, Mark
from app.report.labels import labels
from app.report.lettered import case, changes, finding, remedies
from app.report.looked import lookers, looks
from app.report.printed import attachment
from app.report.screened import entries, lists, results
from app.report.setting import Setter
from app.report.style import A4, LARGE, ONE_PAGE, PAGE_HEIGHT, PAGE_WIDTH, Sheet
from app.report.templates import layout_of
from app.report.words import Words, in_beijing, words_in

# a function sets a part from the given number of headings on and gives the next free number
SHARED: dict[PartName, Callable[[Paper, Setter, Flow, int], int]] = {
    "head": head, "notes": notes, "versions": versions, "verify": verification, "stamp": stamp,
}  # fmt: skip
PARTS: dict[PartName, Callable[[ReportDocument, Setter, Flow, int], int]] = {
    "labels": labels, "identity": identity, "alerts": alerts, "listed": listed, "summary": summary,
    "records": details, "rights": rights, "rules": rules,
}  # fmt: skip
OWN_PARTS: dict[PartName, Callable[[FactsDocument, Setter, Flow, int], int]] = {
    "results": results, "entries": entries, "lists": lists, "lookers": lookers, "looks": looks,
    "case": case, "finding": finding, "changes": changes, "remedies": remedies,
}  # fmt: skip


def render(document: Paper, fonts: Path | FontSet) -> bytes:
    """The document as PDF/A-3b: A4, every face embedded, text that copies and searches as written; an
    official report carries itself as data, in report.json.

    Raises:
        ReportFlaw: when the document would mislead (see `compose`).
        FileNotFoundError: when a face is missing.
    """
    return set_pages(document, fonts).whole()


@dataclass(frozen=True)
class Pages:
    """A document set on pages and not yet written."""

    document: Paper
    faces: FontSet
    sheet: Sheet
    marks: Sequence[Sequence[Mark]]

    def whole(self) -> bytes:
        """The file, as `render` says."""
        document, out, words = self.document, BytesIO(), words_in(self.document.language)
        canvas = _canvas(out, document, self.faces, words)
        self._draw(canvas, self.marks)
        make_archival(canvas, in_beijing(document.times.issued), _attached(document, words))
        canvas.save()
        return out.getvalue()

    def first(self) -> bytes:
        """The first page in a file of its own, to be looked at and thrown away: the same marks, with the
        characters of that page alone, nothing packed, nothing for the archive. It takes a third of the
        time."""
        out = BytesIO()
        canvas = _canvas(out, self.document, self.faces, words_in(self.document.language))
        canvas.setPageCompression(0)
        self._draw(canvas, self.marks[:1])
        canvas.save()
        return out.getvalue()

    def _draw(self, canvas: Any, pages: Sequence[Sequence[Mark]]) -> None:
        ink, scale = Ink(canvas, self.faces, self.sheet), self.sheet.scale
        define_forms(ink, self.faces, words_in(self.document.language), self.document)
        for marks in pages:
            if scale != 1:
                canvas.scale(scale, scale)
            ink.draw(marks)
            canvas.showPage()


def set_pages(document: Paper, fonts: Path | FontSet) -> Pages:
    """The document on pages, to be written in part or whole.

    Raises:
        ReportFlaw, FileNotFoundError: as `render`.
    """
    require_sound(document)
    if document.copy == "official" and not (document.key_id and document.sig_b64):
        raise ReportFlaw("an official report is set with the platform's signature only")
    faces = fonts if isinstance(fonts, FontSet) else fonts_in(fonts)
    pages, sheet = laid_out(document, faces, words_in(document.language))
    return Pages(document, faces, sheet, pages)


def laid_out(document: Paper, faces: FontSet, words: Words) -> tuple[list[list[Mark]], Sheet]:
    """The pages on the sheet that the paper wants.

    Raises:
        ReportFlaw: when a paper of one page does not fit on one.
    """
    if document.large or not layout_of(document).one_page:
        sheet = LARGE if document.large else A4
        return lay_out(document, Setter(faces, words, sheet)), sheet
    for sheet in ONE_PAGE:
        pages = lay_out(document, Setter(faces, words, sheet))
        if len(pages) == 1:
            return pages, sheet
    raise ReportFlaw("a paper of one page does not fit on one")


def lay_out(document: Paper, setter: Setter) -> list[list[Mark]]:
    """All pages as marks: watermark first, then head, content and foot."""
    flow = Flow(setter.sheet)
    flow.new_page()
    number = 1
    for part in layout_of(document).parts:
        if part in SHARED:
            number = SHARED[part](document, setter, flow, number)
        elif isinstance(document, ReportDocument) and part in PARTS:
            number = PARTS[part](document, setter, flow, number)
        elif isinstance(document, FactsDocument) and part in OWN_PARTS:
            number = OWN_PARTS[part](document, setter, flow, number)

    covered = "cover" in layout_of(document).parts
    count = len(flow.pages) + covered
    pages: list[list[Mark]] = []
    if covered:
        cover = [*cover_marks(document, setter), Bookmark(title_of(document, setter.words), 0.0)]
        pages.append([*behind(setter), *cover, *foot(document, setter, 1, count, cover=True)])
    for place, marks in enumerate(flow.pages, len(pages) + 1):
        pages.append(
            [*behind(setter), *running_head(document, setter), *marks, *foot(document, setter, place, count)]
        )
    return pages


def _attached(document: Paper, words: Words) -> tuple[bytes, str] | None:
    """Only what is sealed is handed on as data."""
    return (attachment(document), words.say("paper.attached")) if document.copy == "official" else None


def _canvas(out: BytesIO, document: Paper, fonts: FontSet, words: Words) -> Any:
    canvas = Canvas(
        out,
        pagesize=(PAGE_WIDTH, PAGE_HEIGHT),
        pageCompression=1,
        invariant=1,
        initialFontName=fonts.font_name(SANS),
        initialFontSize=9,
        initialLeading=12,
        lang="zh-CN" if words.chinese else "en",
        pdfVersion=(1, 7),
    )
    digest = document_sha256(document)
    canvas.setTitle(f"{title_of(document, words)} {about_of(document)}".strip())
    canvas.setAuthor(words.city["centre"])
    canvas.setSubject(document.number or words.say(f"paper_copy.{document.copy}"))
    canvas.setCreator(words.city["platform"])
    canvas.setProducer("HengXin")
    if document.number:
        canvas.setKeywords(
            words.say(
                "paper.keywords", number=document.number, document_sha256=digest, issued=document.times.issued
            )
        )
    canvas.setViewerPreference("DisplayDocTitle", "true")
    canvas.showOutline()
    issued = in_beijing(document.times.issued)
    canvas._doc._timeStamp = SimpleNamespace(YMDhms=tuple(issued.timetuple())[:6], dhh=8, dmm=0, t=0.0)
    canvas._doc._ID = f"[<{digest[:32]}> <{digest[32:]}>]\n".encode("ascii")
    return canvas
