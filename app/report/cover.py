"""The title page: what the paper is, about whom, for whom, on what ground, and how to check it."""

from __future__ import annotations

from app.field.fours import in_fours
from app.field.records import Basis
from app.field.report_numbers import grouped
from app.field.reportdoc import ReportDocument
from app.report.composing import document_sha256
from app.report.faces import MEDIUM, SANS, SERIF, TITLE
from app.report.forms import QR, QR_SIDE, RIBBON, SEAL_FORM, SEAL_RADIUS
from app.report.furniture import chip_row, clipped, purpose_of, standing_box, title_of
from app.report.ink import Form, Mark, Rule, Text
from app.report.printed import EDITIONS
from app.report.setting import Setter
from app.report.style import BLUE, HAIR, INK, SEAL, SOFT
from app.report.words import Words, second

_TABLE_LEFT, _TABLE_RIGHT, _VALUE_LEFT = 104.7, 490.5, 221.0
_TABLE_TOP, _ROW, _TIGHT_ROW = 328.0, 32.3, 26.0
_LONGEST_NAME, _LONGEST_VALUE = 3, 2  # lines; what is longer stands in full on the next page
_SEAL_MIDDLE, _SEAL_CENTRE, _SEAL_FIELD = 441.0, 674.0, SEAL_RADIUS + 8


def cover_marks(document: ReportDocument, setter: Setter) -> list[Mark]:
    """All marks of the title page but the foot and the watermark."""
    marks = [*_top(document, setter), *_titles(document, setter), *_table(document, setter)]
    if document.copy == "official":
        marks.extend(_check_part(document, setter))
        marks.extend(_issuer(document, setter))
    else:
        marks.extend(standing_box(document, setter, 640.0).marks)
    return marks


def _top(document: ReportDocument, setter: Setter) -> list[Mark]:
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


def _titles(document: ReportDocument, setter: Setter) -> list[Mark]:
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


def subtitle_of(document: ReportDocument, words: Words) -> str:
    """About what kind of subject, for what kind of use."""
    kind = "legal" if document.bundle.subject and document.bundle.subject.kind == "legal" else "person"
    edition = EDITIONS.get(document.requester.organisation_kind, "centre")
    return words.say(
        "paper.subtitle",
        subject=words.say(f"paper.for_{kind}"),
        use=words.say(f"paper.for_{edition}"),
    )


def _table(document: ReportDocument, setter: Setter) -> list[Mark]:
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


def cover_rows(document: ReportDocument, words: Words) -> list[tuple[str, str]]:
    """About whom, for whom, for what, on what ground and when."""
    subject = document.bundle.subject
    legal = subject is not None and subject.kind == "legal"
    purpose = purpose_of(document, words)
    if document.case_no:
        purpose = words.say("paper_cover.purpose_case", purpose=purpose, case_no=document.case_no)
    rows = [
        (
            words.say("paper_cover.subject" if legal else "paper_cover.subject_person"),
            subject.name if subject else "",
        ),
        (
            words.say("paper_cover.code")
            if legal
            else (subject.id_type if subject and subject.id_type else words.say("paper_identity.id_number")),
            subject.code if subject else "",
        ),
        (words.say("paper_cover.applicant"), document.requester.organisation_name),
        (words.say("paper_cover.purpose"), purpose),
        (words.say("paper_cover.basis"), basis_text(document.bundle.basis, words)),
        *scope_rows(document, words),
        (words.say("paper_cover.queried"), words.say("paper.beijing", time=second(document.times.queried))),
        (words.say("paper_cover.as_of"), words.say("paper.beijing", time=second(document.times.as_of))),
    ]
    issued = "paper_cover.issued" if document.copy in ("official", "preview") else "paper_cover.printed"
    value = words.say("paper.beijing", time=second(document.times.issued))
    if document.copy == "preview":
        value = words.say("paper.none")
    if document.reprint:
        value += words.say("paper.dot") + words.say("paper.reprint", count=document.reprint)
    return [*rows, (words.say(issued), value)]


def scope_rows(document: ReportDocument, words: Words) -> list[tuple[str, str]]:
    """Of which days and of which field a special report is."""
    scope = document.scope
    if scope is None:
        return []
    name = (scope.zh if words.chinese else scope.en) or words.say("paper_cover.every_field")
    return [
        (words.say("paper_cover.period"), words.span(scope.start, scope.end)),
        (words.say("paper_cover.field"), name),
    ]


def basis_text(basis: Basis, words: Words) -> str:
    """The ground of the query in words."""
    text = words.say(f"paper_cover.basis_{basis.type}", ref=basis.ref).strip()
    return words.say("paper_cover.basis_until", basis=text, until=basis.until) if basis.until else text


def _check_part(document: ReportDocument, setter: Setter) -> list[Mark]:
    words = setter.words
    top, left = 660.0, _TABLE_LEFT
    shown = in_fours(document_sha256(document).upper()[:16])
    code = document.check_code
    lines = [
        (words.say("paper_cover.verify_head"), MEDIUM, 9.0, INK),
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


def issuer_of(document: ReportDocument, words: Words) -> tuple[str, str]:
    """Who issues, and the day in the form of a title page."""
    name = words.city["centre"]
    if document.specimen and words.say("paper.issuer_specimen", centre="") not in name:
        name = words.say("paper.issuer_specimen", centre=name)
    return name, words.formal_day(document.times.issued)


def _issuer(document: ReportDocument, setter: Setter) -> list[Mark]:
    fonts = setter.fonts
    name, day = issuer_of(document, setter.words)
    size = min(10.4, (setter.sheet.edge - _SEAL_MIDDLE) * 2 / max(fonts.width(name, SERIF, 1), 1))
    marks: list[Mark] = []
    if document.specimen:
        marks.append(Form(SEAL_FORM, _SEAL_MIDDLE, _SEAL_CENTRE))
    marks.append(Text(_SEAL_MIDDLE - fonts.width(name, SERIF, size) / 2, 742.0, name, SERIF, size, INK))
    marks.append(Text(_SEAL_MIDDLE - fonts.width(day, SERIF, 10.2) / 2, 760.0, day, SERIF, 10.2, INK))
    return marks
