"""For papers without a title page: the head, the short list of what weighs, and how to check the paper."""

from __future__ import annotations

from app.field.records import Standing
from app.field.reportdoc import Paper, ReportDocument
from app.report.cover import issuer_of, verify_head
from app.report.faces import MEDIUM, SANS, SERIF, TITLE
from app.report.facts import gravest_first, kind_and_list
from app.report.flow import Flow
from app.report.forms import QR, SEAL_FORM, SEAL_RADIUS, qr_side
from app.report.furniture import title_of
from app.report.heads import cover_rows, subtitle_of
from app.report.ink import Block, Bookmark, Form, Mark, Rule, Text, stacked
from app.report.printed import LISTED
from app.report.registered import TO_COME, Registered, registered, room_for
from app.report.setting import Cell, Column, Setter, space
from app.report.style import BODY, INK, LEADING, SEAL, SOFT
from app.report.templates import layout_of
from app.report.words import Words

_SEAL_FIELD = 2 * SEAL_RADIUS + 34


def head(document: Paper, setter: Setter, flow: Flow, number: int) -> int:
    """What the paper is, about whom, for whom and on what ground."""
    words, sheet = setter.words, setter.sheet
    title = title_of(document, words)
    brand = words.say("paper.brand_line", brand=words.city["brand"], platform=words.city["platform"])
    size = 17.0 if sheet.narrow else 21.0
    size = min(size, size * sheet.inner / setter.fonts.width(title, TITLE, size))
    name = setter.text(title, face=TITLE, size=size, leading=size * 1.5, align="c")
    sub = setter.text(subtitle_of(document, words), face=SERIF, size=10.4, leading=17, colour=SOFT, align="c")
    middle = sheet.width / 2
    line = Block(10.0, (Rule(middle - 30, 3, middle + 30, 3, 1.0, SEAL),))
    rows = cover_rows(document, words)
    subject = document.bundle.subject if isinstance(document, ReportDocument) else None
    if subject is not None and subject.state and "identity" not in layout_of(document).parts:
        rows.insert(2, (words.say("paper_identity.state"), subject.state))
    marked = Block(name.height, (*name.marks, Bookmark(title, 0)))
    flow.keep(
        [
            setter.note(brand),
            marked,
            sub,
            line,
            setter.edge(),
            *setter.pairs(rows, tinted=True),
            setter.edge(),
        ]
    )
    return number


def listed(document: ReportDocument, setter: Setter, flow: Flow, number: int) -> int:
    """The gravest entries on lists, a line each and no more than LISTED; the summary counts all."""
    words = setter.words
    heading = setter.heading(words.section_number(number, words.say("paper_part.alerts")))
    entries = gravest_first(document.bundle.standing)
    if not entries:
        flow.keep([heading, setter.text(words.say("paper_alert.none"), colour=SOFT)])
        return number + 1
    columns = [
        Column(words.say("paper_listed.entry"), 44),
        Column(words.say("paper_listed.authority"), 30),
        Column(words.say("paper_listed.since"), 13, "c"),
        Column(words.say("paper_listed.until"), 13, "c"),
    ]
    rows = [setter.table_row(columns, _cells(entry, words)) for entry in entries[:LISTED]]
    more = len(entries) - LISTED
    rest = [setter.note(words.say("paper_listed.more", count=more))] if more > 0 else []
    flow.keep([heading, setter.table_head(columns), *rows, *rest])
    return number + 1


def _cells(entry: Standing, words: Words) -> list[Cell]:
    grave = entry.kind == "serious"
    ends = words.day(entry.until)
    return [
        Cell(kind_and_list(entry, words), MEDIUM if grave else SANS, SEAL if grave else INK),
        Cell(entry.authority),
        Cell(entry.listed_on),
        Cell(ends),
    ]


def stamp(document: Paper, setter: Setter, flow: Flow, number: int) -> int:
    """How to check the paper, its digest, the issuer and the seal; of other copies that there is nothing to
    check.
    """
    words = setter.words
    if document.copy == "official":
        flow.keep(_stamped(document, setter, registered(document, words)))
        return number
    blocks = [space(8), setter.note(words.say("paper_verify.not_official"))]
    if document.copy == "preview":
        blocks.append(room_for(_stamped(document, setter, TO_COME), blocks))
    flow.keep(blocks)
    return number


def _stamped(document: Paper, setter: Setter, known: Registered) -> list[Block]:
    words, sheet = setter.words, setter.sheet

    def say(key: str, **values: object) -> str:
        return words.say(f"paper_{key}", **values)

    side = qr_side(sheet)
    left = sheet.left + side + 12
    wide = sheet.edge - left - (0 if sheet.narrow else _SEAL_FIELD + 8)
    said = ("" if words.chinese else " ").join((say("cover.verify_scan"), say("cover.verify_file")))
    lines = stacked(
        setter.text(words.say(verify_head(document)), left, wide, face=MEDIUM, size=BODY, leading=LEADING),
        setter.note(said, left, wide),
        setter.note(say("cover.check_code", code=known.check_code), left, wide),
        setter.note(say("stamp.valid_until", day=known.valid_until), left, wide),
        setter.note(say("stamp.digest", digest=known.digest), left, wide),
    )
    code: tuple[Mark, ...] = (Form(QR, sheet.left, 0),) if document.verify_link else ()
    check = Block(max(lines.height, side + 2), (*lines.marks, *code))
    issued = _issuer(document, setter)
    if not sheet.narrow:
        check = Block(max(check.height, issued.height), (*check.marks, *issued.marks))
    standing = setter.note(words.say("paper.specimen_line" if document.specimen else "paper.official_line"))
    return [space(9), check, *([space(4), issued] if sheet.narrow else []), space(3), standing]


def _issuer(document: Paper, setter: Setter) -> Block:
    """The issuer's name and the day, with the picture of the seal above them, at the right edge."""
    fonts, sheet = setter.fonts, setter.sheet
    name, day = issuer_of(document, setter.words)
    room = sheet.inner if sheet.narrow else _SEAL_FIELD
    size = min(9.0, room / max(fonts.width(name, SERIF, 1), 1))
    middle = sheet.edge - max(_SEAL_FIELD, fonts.width(name, SERIF, size)) / 2
    marks: list[Mark] = [Form(SEAL_FORM, middle, SEAL_RADIUS - 4)] if document.specimen else []
    for text, row in ((name, 2 * SEAL_RADIUS - 18.0), (day, 2 * SEAL_RADIUS - 5.0)):
        marks.append(Text(middle - fonts.width(text, SERIF, size) / 2, row, text, SERIF, size, INK))
    return Block(2 * SEAL_RADIUS, tuple(marks))
