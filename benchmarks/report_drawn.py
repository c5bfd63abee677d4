"""The child of the report's benchmark that draws with our own faces.

    python -m benchmarks.report_drawn ours|prepare|raw|lines mixed|table ROWS FOLDER

`prepare` leaves the finished marks and the bare cells in FOLDER; `raw` is handed those marks and draws them
on a ReportLab canvas by its public calls: the same ink, no setting, no data attached. `lines` draws the text
alone, in black.
"""

from __future__ import annotations

import json
import pickle
import sys
import time
from io import BytesIO
from pathlib import Path
from typing import Any

from reportlab.lib.colors import HexColor
from reportlab.pdfgen.canvas import Canvas

from app.field.reportdoc import ReportDocument
from app.report.faces import SANS, FontSet, fonts_in
from app.report.forms import define_forms
from app.report.ink import Bookmark, Box, Form, Ink, Mark, Rule, Text
from app.report.rendering import lay_out, render
from app.report.setting import Setter
from app.report.style import A4, PAGE_HEIGHT, PAGE_WIDTH
from app.report.words import words_in
from benchmarks import report_table

Line = tuple[Mark, tuple[tuple[str, str], ...]]
"""A mark and, of a text, its pieces by the name of their font."""


def main() -> None:
    way, what, rows, folder = sys.argv[1], sys.argv[2], int(sys.argv[3]), Path(sys.argv[4])
    document = getattr(report_table, what)(rows) if way != "lines" else None
    if way == "prepare":
        assert document is not None
        prepare(document, rows, folder)
    elif way == "ours":
        assert document is not None
        tell(_ours(document))
    else:
        pages = pickle.loads((folder / "marks").read_bytes())  # noqa: S301 - written by `prepare` just before
        document = document or report_table.mixed(2)
        tell(_raw(document, pages, ink=way == "raw"))


def prepare(document: ReportDocument, rows: int, folder: Path) -> None:
    faces = fonts_in(report_table.FONTS)
    setter = Setter(faces, words_in("zh_CN"))
    pages = [[_line(mark, faces) for mark in page] for page in lay_out(document, setter)]
    (folder / "marks").write_bytes(pickle.dumps(pages))
    said = json.dumps(report_table.cells(rows, setter), ensure_ascii=False)
    (folder / "cells.json").write_text(said, encoding="utf-8")


def _line(mark: Mark, faces: FontSet) -> Line:
    if not isinstance(mark, Text):
        return mark, ()
    return mark, tuple((faces.font_name(face), piece) for face, piece in faces.runs(mark.text, mark.face))


def tell(figures: dict[str, float]) -> None:
    print(json.dumps(figures), flush=True)


def _ours(document: ReportDocument) -> dict[str, float]:
    begun, wall = time.process_time(), time.perf_counter()
    faces = fonts_in(report_table.FONTS)
    loaded = time.process_time()
    pdf = render(document, faces)
    ended = time.process_time()
    return {
        "cpu_ms": (ended - loaded) * 1000,
        "with_fonts_ms": (ended - begun) * 1000,
        "wall_ms": (time.perf_counter() - wall) * 1000,
        "kb": len(pdf) / 1000,
        "pages": pdf.count(b"/Type /Page\n") or pdf.count(b"/Type /Page "),
    }


def _raw(document: ReportDocument, pages: list[list[Line]], *, ink: bool) -> dict[str, float]:
    wall, begun = time.perf_counter(), time.process_time()
    faces = fonts_in(report_table.FONTS)
    loaded = time.process_time()
    out = BytesIO()
    first = faces.font_name(SANS)
    canvas = Canvas(out, pagesize=(PAGE_WIDTH, PAGE_HEIGHT), pageCompression=1, initialFontName=first)
    draw = _Raw(canvas)
    if ink:
        define_forms(Ink(canvas, faces, A4), faces, words_in("zh_CN"), document)
    for page in pages:
        for mark, pieces in page:
            if isinstance(mark, Text):
                draw.text(mark, pieces, coloured=ink)
            elif ink:
                draw.other(mark)
        canvas.showPage()
    canvas.save()
    ended = time.process_time()
    return {
        "cpu_ms": (ended - loaded) * 1000,
        "with_fonts_ms": (ended - begun) * 1000,
        "wall_ms": (time.perf_counter() - wall) * 1000,
        "kb": len(out.getvalue()) / 1000,
        "pages": len(pages),
    }


class _Raw:
    """The public calls of a canvas, as one who knows the library would make them: colours made once."""

    def __init__(self, canvas: Any) -> None:
        self.canvas = canvas
        self.colours: dict[str, Any] = {}

    def colour(self, name: str) -> Any:
        if name not in self.colours:
            self.colours[name] = HexColor(name)
        return self.colours[name]

    def text(self, mark: Text, pieces: tuple[tuple[str, str], ...], *, coloured: bool) -> None:
        if coloured:
            self.canvas.setFillColor(self.colour(mark.colour))
        x = mark.x
        for font, piece in pieces:
            self.canvas.setFont(font, mark.size)
            self.canvas.drawString(x, PAGE_HEIGHT - mark.y, piece, charSpace=mark.spacing)
            if len(pieces) > 1:
                x += self.canvas.stringWidth(piece, font, mark.size)

    def other(self, mark: Mark) -> None:
        canvas = self.canvas
        if isinstance(mark, Rule):
            canvas.setStrokeColor(self.colour(mark.colour))
            canvas.setLineWidth(mark.thick)
            canvas.line(mark.x1, PAGE_HEIGHT - mark.y1, mark.x2, PAGE_HEIGHT - mark.y2)
        elif isinstance(mark, Box):
            canvas.setFillColor(self.colour(mark.fill))
            low = PAGE_HEIGHT - mark.y - mark.height
            canvas.rect(mark.x, low, mark.width, mark.height, stroke=0, fill=1)
        elif isinstance(mark, Form):
            canvas.saveState()
            canvas.translate(mark.x, PAGE_HEIGHT - mark.y)
            canvas.rotate(mark.angle)
            canvas.doForm(mark.name)
            canvas.restoreState()
        elif isinstance(mark, Bookmark):
            canvas.bookmarkPage(mark.title)
            canvas.addOutlineEntry(mark.title, mark.title, level=mark.level)


if __name__ == "__main__":
    main()
