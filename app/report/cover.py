"""The title page: what the paper is, about whom, for whom, on what ground, and how to check it."""

from __future__ import annotations

from app.field.fours import in_fours
from app.field.report_numbers import grouped
from app.field.reportdoc import FactsDocument, Paper
from app.report.composing import document_sha256
from app.report.faces import MEDIUM, SANS, SERIF, TITLE
from app.report.forms import QR, QR_SIDE, RIBBON, SEAL_FORM, SEAL_RADIUS
from app.report.furniture import chip_row, clipped, standing_box, title_of
from app.report.heads import cover_rows, subtitle_of
from app.report.ink import Form, Mark, Rule, Text
from app.report.setting import Setter
from app.report.style import BLUE, HAIR, INK, SEAL, SOFT
from app.report.words import Words

_TABLE_LEFT, _TABLE_RIGHT, _VALUE_LEFT = 104.7, 490.5, 221.0
_TABLE_TOP, _ROW, _TIGHT_ROW = 328.0, 32.3, 26.0
_LONGEST_NAME, _LONGEST_VALUE = 3, 2  # lines; what is longer stands in full on the next page
_SEAL_MIDDLE, _SEAL_CENTRE, _SEAL_FIELD = 441.0, 674.0, SEAL_RADIUS + 8


def cover_marks(document: Paper, setter: Setter) -> list[Mark]:
    """All marks of the title page but the foot and the watermark."""
    marks = [*_top(document, setter), *_titles(document, setter), *_table(document, setter)]
    if document.copy == "official":
        marks.extend(_check_part(document, setter))
        marks.extend(_issuer(document, setter))
    else:
        marks.extend(standing_box(document, setter, 640.0).marks)
    return marks


def _top(document: Paper, setter: Setter) -> list[Mark]:
    words, fonts = setter.words, setter.fonts
    city = words.city
    number = (
        words.say("paper.number", number=grouped(document.number))
        if document.number
        else words.say("paper.no_number")
    )
    brand = words.say("paper.brand_line", brand=city["brand"], platform=city["platform"])
    fits = fonts.width(brand, SANS, 9) + fonts.width(number, SANS, 9) + 16 <= setter.sheet.inner
    row = chip_row(document, setter, setter.sheet.edge, 152.0 if fits else 166.0)
    return [
        Form(RIBBON, setter.sheet.left, 79.0),
        Rule(setter.sheet.left, 113.2, setter.sheet.edge, 113.2, 1.3, BLUE),
        Rule(setter.sheet.left, 117.2, setter.sheet.edge, 117.2, 0.6, BLUE),
        Text(setter.sheet.left, 135.0, brand, SANS, 9, SOFT),
        Text(
            setter.sheet.edge - fonts.width(number, SANS, 9), 135.0 if fits else 149.0, number, SANS, 9, SOFT
        ),
        *row,
    ]


def _titles(document: Paper, setter: Setter) -> list[Mark]:
    words, fonts = setter.words, setter.fonts
    title = title_of(document, words)
    size, spacing = (33.0, 4.4) if words.chinese else (25.0, 0.4)
    wide = fonts.width(title, TITLE, size) + spacing * (len(title) - 1)
    if wide > setter.sheet.inner:
        size, spacing, wide = (
            size * setter.sheet.inner / wide,
            spacing * setter.sheet.inner / wide,
            setter.sheet.inner,
        )
    subtitle = subtitle_of(document, words)
    middle = setter.sheet.width / 2
    return [
        Text(middle - wide / 2, 243.5, title, TITLE, size, INK, spacing),
        Text(middle - fonts.width(subtitle, SERIF, 12.6) / 2, 274.5, subtitle, SERIF, 12.6, SOFT),
        Rule(middle - 37, 294.5, middle + 37, 294.5, 1.0, SEAL),
    ]


def _table(document: Paper, setter: Setter) -> list[Mark]:
    """The rows, closer together where long values would reach into the field of the seal."""
    marks: list[Mark] = []
    rows: list[tuple[str, list[str], str, float]] = []
    for place, (label, value) in enumerate(cover_rows(document, setter.words)):
        face, size = (TITLE, 13.0) if place == 0 else (MEDIUM, 10.6)
        most = _LONGEST_VALUE if place else _LONGEST_NAME
        lines = setter.lines(value, _TABLE_RIGHT - _VALUE_LEFT, face, size)
        shown = lines[:most]
        if len(lines) > most:
            shown[-1] = clipped(setter, shown[-1] + "…", _TABLE_RIGHT - _VALUE_LEFT, face, size)
        rows.append((label, shown, face, size))
    further = sum((len(shown) - 1) * (size + 5) for _, shown, _, size in rows)
    loose = _TABLE_TOP + len(rows) * _ROW + further <= _SEAL_CENTRE - _SEAL_FIELD
    pitch = _ROW if loose else _TIGHT_ROW
    y = _TABLE_TOP
    for label, shown, face, size in rows:
        first = y + pitch - 10.3
        marks.append(Text(_TABLE_LEFT, first, label, SANS, 10.4, SOFT))
        for row, line in enumerate(shown):
            marks.append(Text(_VALUE_LEFT, first + row * (size + 5), line, face, size, INK))
        y += pitch + (len(shown) - 1) * (size + 5)
        marks.append(Rule(_TABLE_LEFT, y, _TABLE_RIGHT, y, 0.5, HAIR))
    return marks


def _check_part(document: Paper, setter: Setter) -> list[Mark]:
    words = setter.words
    top, left = 660.0, _TABLE_LEFT
    shown = in_fours(document_sha256(document).upper()[:16])
    code = document.check_code
    lines = [
        (words.say(verify_head(document)), MEDIUM, 9.0, INK),
        (words.say("paper_cover.verify_scan"), SANS, 8.0, SOFT),
        (words.say("paper_cover.verify_file"), SANS, 8.0, SOFT),
        (words.say("paper_cover.digest", digest=shown), SANS, 8.0, SOFT),
    ]
    if code:
        lines.append((words.say("paper_cover.check_code", code=in_fours(code)), SANS, 8.0, SOFT))
    marks: list[Mark] = [Form(QR, left, top)] if document.verify_link else []
    x = left + QR_SIDE + 14
    for row, (text, face, size, colour) in enumerate(lines):
        marks.append(Text(x, top + 11 + row * 14.6, text, face, size, colour))
    return marks


def verify_head(document: Paper) -> str:
    """Above the ways to check: a paper of facts is no report."""
    return (
        "paper_cover.verify_head_facts" if isinstance(document, FactsDocument) else "paper_cover.verify_head"
    )


def issuer_of(document: Paper, words: Words) -> tuple[str, str]:
    """Who issues, and the day in the form of a title page."""
    name = words.city["centre"]
    if document.specimen and words.say("paper.issuer_specimen", centre="") not in name:
        name = words.say("paper.issuer_specimen", centre=name)
    return name, words.formal_day(document.times.issued)


def _issuer(document: Paper, setter: Setter) -> list[Mark]:
    fonts = setter.fonts
    name, day = issuer_of(document, setter.words)
    size = min(10.4, (setter.sheet.edge - _SEAL_MIDDLE) * 2 / max(fonts.width(name, SERIF, 1), 1))
    marks: list[Mark] = []
    if document.specimen:
        marks.append(Form(SEAL_FORM, _SEAL_MIDDLE, _SEAL_CENTRE))
    marks.append(Text(_SEAL_MIDDLE - fonts.width(name, SERIF, size) / 2, 742.0, name, SERIF, size, INK))
    marks.append(Text(_SEAL_MIDDLE - fonts.width(day, SERIF, 10.2) / 2, 760.0, day, SERIF, 10.2, INK))
    return marks
