"""Rendering a report, beside a bare ReportLab canvas that writes the same lines at places known before."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from functools import partial
from importlib.resources import files
from io import BytesIO
from pathlib import Path

from benchmarks.measure import Figure, Run, child, figure, in_turns

ROWS = (90, 900)
ROUNDS = 3


def figures() -> Iterator[Figure]:
    """CPU of rendering alone (faces loaded, libraries imported), and the size of the file."""
    for rows in ROWS:
        ours, raw = in_turns(
            ROUNDS,
            partial(child, "benchmarks.report", "ours", str(rows)),
            partial(child, "benchmarks.report", "raw", str(rows)),
        )
        floor = "raw canvas, the same lines"
        yield figure(f"report.{rows}_rows.cpu", _of(ours, "cpu_ms"), floor, _of(raw, "cpu_ms"), "ms")
        yield figure(f"report.{rows}_rows.size", _of(ours, "kb"), floor, _of(raw, "kb"), "kB")
        yield figure(f"report.{rows}_rows.pages", _of(ours, "pages"), floor, _of(raw, "pages"), "pages")


def _of(runs: list[Run], name: str) -> list[float]:
    return [float(run.said[name]) for run in runs]


def measure(way: str, rows: int) -> dict[str, float]:
    """One rendering in this process: half penalties as blocks, half licences as a table."""
    from reportlab.pdfgen.canvas import Canvas

    from app.report.faces import fonts_in
    from app.report.ink import Text
    from app.report.rendering import lay_out, render
    from app.report.setting import Setter
    from app.report.style import PAGE_HEIGHT, PAGE_WIDTH
    from app.report.words import words_in
    from tests.app.report.samples import bundle, licence, other, penalty

    faces = fonts_in(Path(str(files("resources"))) / "fonts")
    half = rows // 2
    records = (*map(penalty, range(1, half + 1)), *map(licence, range(1, rows - half + 1)))
    document = other("working", bundle(records))
    pages = lay_out(document, Setter(faces, words_in("zh_CN")))
    began = time.process_time()
    if way == "ours":
        pdf = render(document, faces)
    else:
        out = BytesIO()
        canvas = Canvas(out, pagesize=(PAGE_WIDTH, PAGE_HEIGHT))
        for page in pages:
            for mark in page:
                if isinstance(mark, Text):
                    canvas.setFont(faces.font_name(mark.face), mark.size)
                    canvas.drawString(mark.x, PAGE_HEIGHT - mark.y, mark.text)
            canvas.showPage()
        canvas.save()
        pdf = out.getvalue()
    cpu = time.process_time() - began
    return {"cpu_ms": cpu * 1000, "kb": len(pdf) / 1000, "pages": len(pages)}


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1], int(sys.argv[2]))), flush=True)
