"""What stands on every page: watermark, running head, foot, and the marks of a copy or specimen."""

from __future__ import annotations

from app.field.report_numbers import grouped
from app.field.reportdoc import FactsDocument, Paper, ReportDocument
from app.report.faces import MEDIUM, SANS, TITLE
from app.report.forms import WATERMARK
from app.report.ink import Block, Box, Form, Mark, Rule, Text
from app.report.setting import Setter, baseline
from app.report.style import AMBER, AMBER_TINT, BLUE, INK, SOFT
from app.report.words import Words, minute

_SMALL = 8.2


def title_of(document: Paper, words: Words) -> str:
    """The name of the paper: only a sealed report and its preview are called report."""
    suffix = {"working": "_working", "offline": "_offline"}.get(document.copy, "")
    if suffix or document.template == "standard":
        return words.say(f"paper.title{suffix}")
    return words.say(f"paper_title.{document.template}")


def about_of(document: Paper) -> str:
    """Whom the paper is about, as every head says it."""
    if isinstance(document, FactsDocument):
        return document.subject
    subject = document.bundle.subject if isinstance(document, ReportDocument) else None
    return subject.name if subject else ""


def behind(setter: Setter) -> list[Mark]:
    """The layer below all text."""
    return [Form(WATERMARK, 0, setter.sheet.height)]


def chips(document: Paper, words: Words) -> list[str]:
    """Words that must be read on every page, as real text."""
    found = []
    if document.copy != "official":
        found.append(words.say(f"paper_copy.{document.copy}"))
    if document.specimen:
        found.append(words.say("paper.specimen"))
    return found


def chip_row(document: Paper, setter: Setter, right: float, y: float) -> list[Mark]:
    """The marks as small boxes ending at `right`, with the baseline at `y`."""
    marks: list[Mark] = []
    x = right
    for text in reversed(chips(document, setter.words)):
        wide = setter.fonts.width(text, MEDIUM, 7.4) + 9
        x -= wide
        marks.append(Box(x, y - 8.8, wide, 12.2, AMBER_TINT))
        marks.append(Text(x + 4.5, y, text, MEDIUM, 7.4, AMBER))
        x -= 5
    return marks


def running_head(document: Paper, setter: Setter) -> list[Mark]:
    """Title, subject and number over a double rule."""
    words, fonts = setter.words, setter.fonts
    title, sheet = title_of(document, words), setter.sheet
    line = sheet.ceiling - 21.7
    marks: list[Mark] = [
        Text(sheet.left, line, title, TITLE, 9.6, INK),
        Rule(sheet.left, line + 7.9, sheet.edge, line + 7.9, 1.3, BLUE),
        Rule(sheet.left, line + 10.6, sheet.edge, line + 10.6, 0.6, BLUE),
    ]
    bare = sheet.narrow or not document.number
    number = "" if bare else words.say("paper.number", number=grouped(document.number))
    wide = fonts.width(number, SANS, _SMALL)
    marks.append(Text(sheet.edge - wide, line, number, SANS, _SMALL, SOFT))
    marks.extend(chip_row(document, setter, sheet.edge, line - 17.0))
    left = sheet.edge - wide - 6
    start = sheet.left + fonts.width(title, TITLE, 9.6) + 11
    name = clipped(setter, about_of(document), left - start - 6, SANS, _SMALL)
    marks.append(Text(start, line, name, SANS, _SMALL, SOFT))
    return marks


def foot(document: Paper, setter: Setter, page: int, pages: int, *, cover: bool = False) -> list[Mark]:
    """Applicant, purpose, data time and the page's place; on the cover the standing of the paper."""
    words, fonts = setter.words, setter.fonts
    place = words.say("paper.page", page=page, pages=pages)
    wide = fonts.width(place, SANS, _SMALL)
    if cover:
        text = words.say("paper.specimen_line" if document.specimen else "paper.official_line")
    elif setter.sheet.narrow and document.number:
        text = words.say("paper.number", number=grouped(document.number))
    else:
        text = words.say(
            "paper.foot",
            organisation=document.requester.organisation_name,
            purpose=purpose_of(document, words),
            as_of=minute(document.times.as_of),
        )
    marks: list[Mark] = [
        Rule(setter.sheet.left, setter.sheet.foot_rule, setter.sheet.edge, setter.sheet.foot_rule, 0.7, BLUE)
    ]
    if cover:
        marks.append(
            Rule(
                setter.sheet.left,
                setter.sheet.foot_rule - 3,
                setter.sheet.edge,
                setter.sheet.foot_rule - 3,
                1.3,
                BLUE,
            )
        )
    marks.append(
        Text(
            setter.sheet.left,
            setter.sheet.foot_rule + 13,
            clipped(setter, text, setter.sheet.inner - wide - 12, SANS, _SMALL),
            SANS,
            _SMALL,
            SOFT,
        )
    )
    marks.append(Text(setter.sheet.edge - wide, setter.sheet.foot_rule + 13, place, SANS, _SMALL, SOFT))
    return marks


def purpose_of(document: Paper, words: Words) -> str:
    return document.purpose.zh if words.chinese else document.purpose.en


def clipped(setter: Setter, text: str, width: float, face: str, size: float) -> str:
    """The text, shortened with … where the line is too short; the full words stand on the cover."""
    if setter.fonts.width(text, face, size) <= width:
        return text
    while text and setter.fonts.width(text + "…", face, size) > width:
        text = text[:-1]
    return text + "…" if text else ""


def standing_box(document: Paper, setter: Setter, top: float) -> Block:
    """On the cover of a copy that is no official report: what it is and what it is not."""
    words = setter.words
    head = words.say(f"paper_copy.{document.copy}_head")
    body = setter.text(
        words.say(f"paper_copy.{document.copy}_text"),
        setter.sheet.left + 64,
        setter.sheet.inner - 128,
        size=9,
        leading=15,
        colour=SOFT,
    )
    height = body.height + 46
    marks: list[Mark] = [
        Box(setter.sheet.left + 46, top, setter.sheet.inner - 92, height, AMBER_TINT),
        Box(setter.sheet.left + 46, top, 3, height, AMBER),
        Text(setter.sheet.left + 64, top + 12 + baseline(15, 10.5), head, MEDIUM, 10.5, AMBER),
    ]
    for mark in body.marks:
        if isinstance(mark, Text):
            marks.append(mark._replace(y=mark.y + top + 32))
    return Block(height, tuple(marks))
