"""Drawings kept once in the file: watermark, large mark, specimen seal, cover ornament, QR.

Words inside them are outlines, so they never land in copied, searched or spoken text.
"""

from __future__ import annotations

import math
from functools import cache
from typing import Any

from reportlab.graphics.barcode import qrencoder

from app.field.reportdoc import Paper
from app.report.faces import SANS, STRONG, TITLE, FontSet
from app.report.ink import Ink
from app.report.operators import number, outline
from app.report.outlines import advance, units_per_em
from app.report.style import AMBER, BLUE, INK, INNER, MM, SEAL, Sheet, faded
from app.report.words import Words

WATERMARK, SEAL_FORM, RIBBON, QR = "watermark", "seal", "ribbon", "qr"
QR_SIDE = 29 * MM
SEAL_RADIUS = 46.0
_ANGLE = 32.0
_TINTS = {
    "official": (BLUE, 0.045),
    "preview": (BLUE, 0.075),
    "working": (INK, 0.07),
    "offline": (AMBER, 0.11),
}


def define_forms(ink: Ink, fonts: FontSet, words: Words, document: Paper) -> None:
    """Define every form the document uses; to be called before the first page is drawn."""
    _watermark(ink, fonts, words, document)
    _form(ink, RIBBON, (0, -40, INNER, 40), lambda: _ribbon(ink))
    if document.copy == "official":
        side = qr_side(ink.sheet)
        _form(ink, QR, (0, -side, side, 0), lambda: _qr(ink.canvas, document.verify_link, side))
        if document.specimen:
            reach = SEAL_RADIUS + 4
            _form(ink, SEAL_FORM, (-reach, -reach, reach, reach), lambda: _seal(ink, fonts, words))


def qr_side(sheet: Sheet) -> float:
    """The side of the code in units of the sheet: on paper never smaller than QR_SIDE."""
    return QR_SIDE / min(sheet.scale, 1.0)


def _form(ink: Ink, name: str, box: tuple[float, float, float, float], draw: Any) -> None:
    ink.canvas.beginForm(name, *box)
    draw()
    ink.canvas.endForm()


def _faces_for(fonts: FontSet, text: str, face: str) -> list[tuple[Any, str]]:
    return [(fonts.outline_source(role), sign) for role, piece in fonts.runs(text, face) for sign in piece]


def _word_path(ink: Ink, fonts: FontSet, text: str, face: str, size: float) -> float:
    """Draw text as one run of outlines from the origin; its width in points."""
    x = 0.0
    for source, sign in _faces_for(fonts, text, face):
        if outline(source, sign):
            ink.canvas.saveState()
            ink.canvas.translate(x, 0)
            scale = size / units_per_em(source)
            ink.canvas.scale(scale, scale)
            ink.outline(source, sign)
            ink.canvas.restoreState()
        x += advance(source, sign) * size / 1000
    return x


def _watermark(ink: Ink, fonts: FontSet, words: Words, document: Paper) -> None:
    text = words.say(
        "paper_copy.watermark",
        organisation=document.requester.organisation_name,
        purpose=document.purpose.zh if words.chinese else document.purpose.en,
    )
    if document.specimen:
        text = words.say("paper_copy.watermark_specimen", text=text)
    size = 13.5
    wide = fonts.width(text, SANS, size)
    colour, strength = _TINTS[document.copy]
    canvas = ink.canvas
    canvas.beginForm("phrase", -2, -size, wide + 2, size * 1.5)
    canvas.setFillColor(faded(colour, strength))
    _word_path(ink, fonts, text, SANS, size)
    canvas.endForm()
    if document.copy != "official":
        _large(ink, fonts, words.say(f"paper_copy.{document.copy}"), faded(colour, strength + 0.03))

    wide_page, high_page = ink.sheet.width, ink.sheet.height
    canvas.beginForm(WATERMARK, 0, 0, wide_page, high_page)
    canvas.saveState()
    canvas.rotate(_ANGLE)
    turn = math.radians(_ANGLE)
    step, row_gap = wide + 40.0, 88.0
    across = wide_page * math.cos(turn) + high_page * math.sin(turn)
    low, high = -wide_page * math.sin(turn), high_page * math.cos(turn)
    row, y = 0, low
    while y < high:
        x = -(row % 3) * step / 3
        while x < across:
            if _meets_page(ink.sheet, x, y, wide, size, turn):
                canvas.saveState()
                canvas.translate(x, y)
                canvas.doForm("phrase")
                canvas.restoreState()
            x += step
        row, y = row + 1, y + row_gap
    canvas.restoreState()
    if document.copy != "official":
        canvas.saveState()
        canvas.translate(wide_page / 2, high_page / 2)
        canvas.rotate(_ANGLE)
        canvas.doForm("large")
        canvas.restoreState()
    canvas.endForm()


def _meets_page(sheet: Sheet, x: float, y: float, wide: float, size: float, turn: float) -> bool:
    """Whether any corner of a phrase at (x, y) in turned coordinates can touch the page."""
    corners = [(x, y), (x + wide, y), (x, y + size), (x + wide, y + size)]
    xs = [a * math.cos(turn) - b * math.sin(turn) for a, b in corners]
    ys = [a * math.sin(turn) + b * math.cos(turn) for a, b in corners]
    return max(xs) > 0 and min(xs) < sheet.width and max(ys) > 0 and min(ys) < sheet.height


def _large(ink: Ink, fonts: FontSet, text: str, colour: str) -> None:
    """The word for the kind of copy, across the page."""
    size = min(150.0, 560.0 / fonts.width(text, STRONG, 1)) / ink.sheet.scale
    wide = fonts.width(text, STRONG, size)
    ink.canvas.beginForm("large", -wide, -size, wide, size)
    ink.canvas.setFillColor(colour)
    ink.canvas.translate(-wide / 2, -size * 0.38)
    _word_path(ink, fonts, text, STRONG, size)
    ink.canvas.endForm()


def _ribbon(ink: Ink) -> None:
    """A band of fine crossing waves for the cover."""
    ink.canvas.setLineWidth(0.25)
    ink.canvas.setStrokeColor(faded(BLUE, 0.5))
    ink.lines(waves())


@cache
def waves() -> tuple[str, ...]:
    """The lines of the band, the same on every cover."""
    lines, steps = 34, 60
    found = []
    for line in range(lines):
        phase = line / (lines - 1)
        path = ["n"]
        for step in range(steps + 1):
            x = INNER * step / steps
            at = step / steps * 2 * math.pi
            y = 15 * math.sin(at * 1.15 + phase * 2.7 + 0.3) + 7 * math.sin(at * 1.9 - phase * 3.1 + 2.0)
            path.append(f"{number(round(x, 2))} {number(round(y, 2))} {'l' if step else 'm'}")
        found.append(" ".join(path))
    return tuple(found)


def _qr(canvas: Any, link: str, whole: float) -> None:
    """The link as modules of one path, level M, with the quiet zone the standard asks for left outside."""
    code = qrencoder.QRCode(None, qrencoder.QRErrorCorrectLevel.M)
    code.addData(link)
    code.make()
    count = code.getModuleCount()
    side = whole / count
    canvas.setFillColor(INK)
    shape = canvas.beginPath()
    for row in range(count):
        column = 0
        while column < count:
            run = column
            while run < count and code.isDark(row, run):
                run += 1
            if run > column:
                shape.rect(column * side, -(row + 1) * side, (run - column) * side, side)
            column = run + 1
    canvas.drawPath(shape, stroke=0, fill=1)


def _seal(ink: Ink, fonts: FontSet, words: Words) -> None:
    """The round specimen seal: two rings, words on the arc, the word for specimen in the middle; no star."""
    canvas = ink.canvas
    colour = faded(SEAL, 0.82)
    canvas.setStrokeColor(colour)
    canvas.setFillColor(colour)
    canvas.setLineWidth(3.2)
    canvas.circle(0, 0, SEAL_RADIUS, stroke=1, fill=0)
    canvas.setLineWidth(0.5)
    canvas.circle(0, 0, SEAL_RADIUS - 6, stroke=1, fill=0)

    ring, size, radius = words.say("paper_seal.ring"), 8.4, SEAL_RADIUS - 16.0
    signs = _faces_for(fonts, ring, TITLE)
    widths = [advance(source, sign) * size / 1000 + 1.3 for source, sign in signs]
    sweep = math.radians(236)
    scale_arc = sweep / sum(widths)
    angle = math.pi / 2 + sweep / 2
    for (source, sign), wide in zip(signs, widths, strict=True):
        middle = angle - wide * scale_arc / 2
        canvas.saveState()
        canvas.translate(radius * math.cos(middle), radius * math.sin(middle))
        canvas.rotate(math.degrees(middle) - 90)
        canvas.scale(size / units_per_em(source), size / units_per_em(source))
        canvas.translate(-advance(source, sign) * units_per_em(source) / 2000, 0)
        ink.outline(source, sign)
        canvas.restoreState()
        angle -= wide * scale_arc

    middle_word, big = words.say("paper_seal.middle"), 19.0
    canvas.saveState()
    canvas.rotate(8)
    canvas.translate(-fonts.width(middle_word, TITLE, big) / 2, -big * 0.36)
    _word_path(ink, fonts, middle_word, TITLE, big)
    canvas.restoreState()
