"""Ink writes operators itself; here ReportLab's own canvas draws the same marks, to the byte."""

from __future__ import annotations

import random
from io import BytesIO
from typing import Any

import pytest
from reportlab.lib.rl_accel import fp_str
from reportlab.pdfgen.canvas import Canvas

from app.report import fonts_in
from app.report.faces import MEDIUM, SANS, TITLE
from app.report.forms import waves
from app.report.ink import Box, Ink, Mark, Rule, Text
from app.report.operators import number, outline
from app.report.outlines import glyph_steps
from app.report.style import BLUE, PAGE_HEIGHT, PAGE_WIDTH, TINT
from tests.app.report.tools import FONTS

HAN = "".join(map(chr, range(0x4E00, 0x4E00 + 600)))  # more than two subsets of 256
MARKS: list[Mark] = [
    Box(56.7, 40, 200.125, 12.5, TINT),
    Text(56.69291, 100.3, "衡阳𬭊䶮 (示例) \\ 有限公司", SANS, 8.6),
    Text(20, 120, HAN, SANS, 7.6, BLUE),
    Text(20, 140, f"{HAN[:9]}{HAN[-9:]}{HAN[3:12]}", SANS, 7.6),
    Text(20, 160, "王㐀𠮷\u00a0\u202e李", TITLE, 9.4, BLUE, 4.4),
    Text(20, 170, "", SANS, 8),
    Rule(56.7, 200, 538.58, 200.0000001, 0.5, BLUE),
    Text(-0.25, 999.9999999, "2026-11-22 09:42", MEDIUM, 8),
]


def blank() -> Any:
    return Canvas(BytesIO(), pagesize=(PAGE_WIDTH, PAGE_HEIGHT), initialFontName=_name(SANS), invariant=1)


def _name(face: str) -> str:
    return fonts_in(FONTS).font_name(face)


def by_reportlab(marks: list[Mark]) -> list[str]:
    canvas = blank()
    for mark in marks:
        if isinstance(mark, Text) and mark.text:
            line = canvas.beginText(mark.x, PAGE_HEIGHT - mark.y)
            line.setFillColor(mark.colour)
            if mark.spacing:
                line.setCharSpace(mark.spacing)
            for face, piece in fonts_in(FONTS).runs(mark.text, mark.face):
                line.setFont(_name(face), mark.size)
                line.textOut(piece)
            if mark.spacing:
                line.setCharSpace(0)
            canvas.drawText(line)
        elif isinstance(mark, Rule):
            canvas.setStrokeColor(mark.colour)
            canvas.setLineWidth(mark.thick)
            canvas.line(mark.x1, PAGE_HEIGHT - mark.y1, mark.x2, PAGE_HEIGHT - mark.y2)
        elif isinstance(mark, Box):
            canvas.setFillColor(mark.fill)
            low = PAGE_HEIGHT - mark.y - mark.height
            canvas.rect(mark.x, low, mark.width, mark.height, stroke=0, fill=1)
    return list(canvas._code)


def by_ink(marks: list[Mark]) -> list[str]:
    canvas = blank()
    Ink(canvas, fonts_in(FONTS)).draw(marks)
    return list(canvas._code)


def test_ink_writes_what_reportlab_would() -> None:
    written = by_ink(MARKS)
    assert written == by_reportlab(MARKS)
    assert any(" /F1+2 " in line for line in written)


@pytest.mark.parametrize(
    "other", [MARKS[1]._replace(y=100.4), MARKS[1]._replace(colour=BLUE), MARKS[1]._replace(text="衡阳")]
)
def test_control_another_place_colour_or_text_is_seen(other: Mark) -> None:
    assert by_ink([MARKS[1]]) != by_reportlab([other])


def test_numbers_are_cut_as_reportlab_cuts_them() -> None:
    chance = random.Random(20261126)
    edges = [0, 1, -1, 0.5, -0.5, 1e-7, 4e-7, -4e-7, 0.9999999, 9.9999999, 10, 99.999999, 100, 1000, 841.889]
    drawn = [chance.uniform(-1, 1) * 10 ** chance.randrange(-8, 6) for _ in range(4000)]
    for value in [*edges, *drawn]:
        assert number(value) == fp_str(value), value


@pytest.mark.parametrize("sign", ["衡", "A", "𬭊", "i", " "])
def test_outlines_are_the_paths_that_reportlab_would_write(sign: str) -> None:
    face = fonts_in(FONTS).outline_source(SANS)
    path = blank().beginPath()
    draw = {"M": path.moveTo, "L": path.lineTo, "C": path.curveTo, "Z": lambda: path.close()}
    for step in glyph_steps(face, sign):
        draw[step.kind](*step.at)
    assert outline(face, sign) == path.getCode()


def test_the_band_of_the_cover_is_what_reportlab_would_write() -> None:
    first = [each.split() for each in waves()[0][2:].replace(" m ", "\n").replace(" l", "\n").splitlines()]
    path = blank().beginPath()
    path.moveTo(*map(float, first[0]))
    for x, y in first[1:]:
        path.lineTo(float(x), float(y))
    assert waves()[0] == path.getCode()
    assert len(set(waves())) == len(waves()) == 34
