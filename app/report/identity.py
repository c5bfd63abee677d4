"""The opening parts of a report: notes, the subject, points of attention, the summary."""

from __future__ import annotations

from app.field.records import Measure, Standing, SubjectCard
from app.field.reportdoc import FactsDocument, Paper, ReportDocument
from app.report.faces import MEDIUM, SANS, STRONG
from app.report.facts import gravest_first, kind_and_list
from app.report.flow import Flow
from app.report.ink import Block, Box, Mark, Rule, Text, stacked
from app.report.printed import labelled_in
from app.report.registered import TO_COME, room_for
from app.report.setting import Cell, Column, Setter, baseline, space
from app.report.style import (
    AMBER,
    AMBER_TINT,
    BLUE,
    BODY,
    INK,
    JADE,
    JADE_TINT,
    LEADING,
    SEAL,
    SEAL_TINT,
    SOFT,
    TINT,
)
from app.report.templates import layout_of

_ALERT_LOOK = {"serious": (SEAL, SEAL_TINT), "abnormal": (AMBER, AMBER_TINT), "honour": (JADE, JADE_TINT)}
_PAD = 10.0


def notes(document: Paper, setter: Setter, flow: Flow, number: int) -> int:
    """What the report is and is not, in the notes of the paper."""
    words = setter.words
    paper = words.say("paper.this_report" if document.copy in ("official", "preview") else "paper.this_copy")
    if isinstance(document, FactsDocument):
        paper = words.say(f"paper_this.{document.template}")
    kept = (*layout_of(document).notes, *(() if words.chinese else ("original",)))

    def blocks(valid_until: str) -> list[Block]:
        own = isinstance(document, ReportDocument) and document.bundle.basis.type == "own"
        open_ended = {"moment": "" if valid_until else "_open", "use": "_own" if own else ""}
        texts = (
            words.say(
                f"paper_note.{note}{open_ended.get(note, '')}",
                paper=paper,
                platform=words.city["platform"],
                valid_until=valid_until,
            )
            for note in kept
        )
        return [setter.note(f"{place}. {text}") for place, text in enumerate(texts, 1)]

    found = blocks(document.valid_until)
    head = "paper_note.head_facts" if isinstance(document, FactsDocument) else "paper_note.head"
    lead = [setter.subheading(words.say(head), bookmark=True)]
    if document.copy == "preview":  # it has the pages of what will be issued; its cover says what it is
        found.append(room_for(blocks(TO_COME.valid_until), found))
    elif document.copy != "official":
        lead.append(setter.note(words.say(f"paper_copy.{document.copy}_text"), colour=AMBER))
    flow.keep([*lead, *found])
    return number


def identity(document: ReportDocument, setter: Setter, flow: Flow, number: int) -> int:
    """Register data of an organisation, or the few lines that name a person."""
    subject = document.bundle.subject
    if subject is None:
        return number
    words = setter.words
    heading = setter.heading(words.section_number(number, words.say("paper_part.identity")))
    rows = setter.pairs(_identity_rows(subject, setter), tinted=True)
    flow.keep([heading, setter.edge(), *rows, setter.edge()])
    return number + 1


def _identity_rows(subject: SubjectCard, setter: Setter) -> list[tuple[str, str]]:
    words = setter.words

    def label(key: str) -> str:
        return words.say(f"paper_identity.{key}")

    if subject.kind == "person":
        return [
            (label("person_name"), subject.name),
            (label("id_type"), words.identity_kind(subject.id_type)),
            (label("id_number"), subject.code),
            *([(label("district"), subject.district)] if subject.district else []),
            *([(label("state"), subject.state)] if subject.state else []),
        ]
    rows = [
        (label("name"), subject.name),
        (label("state"), subject.state),
        (label("code"), subject.code),
        (label("representative"), subject.representative),
        (label("category"), subject.category),
        (label("founded"), subject.founded),
        (label("capital"), subject.capital),
        (label("registrar"), subject.registrar),
        (label("address"), subject.address),
        (label("industry"), subject.industry),
        (label("district"), subject.district),
    ]
    former = [
        words.say("paper_identity.former_until", name=old.name, until=old.until) if old.until else old.name
        for old in subject.former_names
    ]
    return [*rows, *([(label("former"), words.say("paper.semicolon").join(former))] if former else [])]


def alerts(document: ReportDocument, setter: Setter, flow: Flow, number: int) -> int:
    """List entries, the gravest first, each with reason, term, authority and measures."""
    words = setter.words
    heading = setter.heading(words.section_number(number, words.say("paper_part.alerts")))
    standing = gravest_first(document.bundle.standing)
    if not standing:
        flow.keep([heading, setter.text(words.say("paper_alert.none"), colour=SOFT)])
        return number + 1
    for place, entry in enumerate(standing):
        panel = _panel(entry, setter)
        flow.keep([*([heading] if place == 0 else [space(8)]), *panel])
    return number + 1


def _panel(entry: Standing, setter: Setter) -> list[Block]:
    words = setter.words
    colour, tint = _ALERT_LOOK[entry.kind]
    honour = entry.kind == "honour"
    title = kind_and_list(entry, words)
    right = [words.say("paper_alert.honoured" if honour else "paper_alert.listed", date=entry.listed_on)]
    if entry.until:
        right.append(words.say("paper_alert.until", date=words.day(entry.until)))
    elif not honour:
        right.append(words.say("paper_alert.until", date=words.say("paper_alert.open_end")))
    wide = max(setter.fonts.width(line, SANS, BODY) for line in right)
    head = setter.text(
        title,
        setter.sheet.left + _PAD,
        setter.sheet.inner - wide - 3 * _PAD,
        face=STRONG,
        size=10.2,
        leading=15,
        colour=colour,
    )
    dates: tuple[Mark, ...] = tuple(
        Text(
            setter.sheet.edge - _PAD - setter.fonts.width(line, SANS, BODY),
            row * LEADING + baseline(15, BODY),
            line,
            SANS,
            BODY,
            SOFT,
        )
        for row, line in enumerate(right)
    )
    height = max(head.height, len(right) * LEADING + 2)
    inner = [space(7), Block(height, (*head.marks, *dates)), space(2)]
    facts = [
        words.say("paper_record.field", label=words.say(f"paper_alert.{label}"), value=value)
        for label, value in (
            ("grade" if honour else "reason", entry.reason),
            ("authority", entry.authority),
            ("document", entry.document_no),
        )
        if value
    ]
    stop = words.say("paper.stop")
    fact = " ".join(text if text.endswith(stop) else text + stop for text in facts)
    inner.append(setter.text(fact, setter.sheet.left + _PAD, setter.sheet.inner - 2 * _PAD))
    if entry.objection:
        inner.append(
            setter.text(
                words.say(
                    "paper_alert.objection",
                    number=entry.objection.number,
                    accepted=entry.objection.accepted_on,
                ),
                setter.sheet.left + _PAD,
                setter.sheet.inner - 2 * _PAD,
                face=MEDIUM,
                colour=AMBER,
            )
        )
    inner.extend(_measures(entry.measures, setter))
    inner.append(space(7))
    return [_tinted(block, setter, colour, tint) for block in inner]


def _measures(measures: tuple[Measure, ...], setter: Setter) -> list[Block]:
    words = setter.words
    blocks: list[Block] = []
    if measures:
        blocks.append(space(3))
        blocks.append(
            setter.text(
                words.say("paper_alert.measures"),
                setter.sheet.left + _PAD,
                setter.sheet.inner - 2 * _PAD,
                face=STRONG,
            )
        )
    for group in ("I", "II", "III"):
        mine = [measure for measure in measures if measure.group == group]
        if not mine:
            continue
        blocks.append(
            setter.note(
                words.say(f"paper_alert.group_{group}"),
                setter.sheet.left + _PAD,
                setter.sheet.inner - 2 * _PAD,
            )
        )
        for place, measure in enumerate(mine):
            body = "" if measure.body in measure.text else measure.body
            basis = words.say("paper_alert.by", basis=measure.basis) if measure.basis else ""
            text = words.say("paper.dot").join(part for part in (measure.text, body, basis) if part)
            if measure.for_you:
                text = words.say("paper_alert.for_you") + text
            blocks.append(
                setter.text(
                    f"{chr(0x2460 + place) if place < 20 else str(place + 1) + '.'} {text}",
                    setter.sheet.left + _PAD + 8,
                    setter.sheet.inner - 2 * _PAD - 8,
                    face=MEDIUM if measure.for_you else SANS,
                )
            )
    return blocks


def _tinted(block: Block, setter: Setter, colour: str, tint: str) -> Block:
    """A part of a panel: its ground and the bar at its left; parts meet without a seam."""
    return Block(
        block.height,
        (
            Box(setter.sheet.left, 0, setter.sheet.inner, block.height, tint),
            Box(setter.sheet.left, 0, 3.2, block.height, colour),
            *block.marks,
        ),
    )


def summary(document: ReportDocument, setter: Setter, flow: Flow, number: int) -> int:
    """The matrix: what the rules show, by category; nothing else is counted."""
    words = setter.words
    layout = layout_of(document)
    ended = layout.report_type == "special"
    columns = [
        Column(words.say("paper_matrix.category"), 24 if setter.sheet.narrow and ended else 34),
        Column(words.say("paper_matrix.active"), 13, "r"),
        *([Column(words.say("paper_matrix.labelled"), 19, "r")] if ended else []),
        Column(words.say("paper_matrix.objected"), 15, "r"),
        Column(words.say("paper_matrix.latest"), 20, "c"),
        Column(words.say("paper_matrix.providers"), 18, "r"),
    ]
    counters = {counter.section: counter for counter in document.bundle.counters}
    counted = [counters[section] for section in layout.counters if section in counters]
    dash = words.say("paper.none")
    rows: list[Block] = []
    for section in layout.counters:
        counter = counters.get(section)
        loud = section == "serious" and counter is not None and counter.active > 0
        colour, face = (SEAL, STRONG) if loud else (INK, SANS)
        cells = [Cell(words.say(f"paper_section.{section}"), face, colour)]
        if counter is None:
            cells.extend(Cell(dash) for _ in columns[1:])
        else:
            cells += [
                Cell(str(counter.active), face, colour),
                *([Cell(str(labelled_in(document, section) or dash))] if ended else []),
                Cell(str(counter.objected) if counter.objected else dash),
                Cell(counter.latest or dash),
                Cell(str(counter.providers) if counter.providers else dash),
            ]
        rows.append(setter.table_row(columns, cells, size=BODY))
    providers = {record.provider for record in document.bundle.records}
    whole = setter.table_row(
        columns,
        [
            Cell(words.say("paper_matrix.total"), STRONG),
            Cell(str(sum(c.active for c in counted)), STRONG),
            *([Cell(str(sum(labelled_in(document, c.section) for c in counted)), STRONG)] if ended else []),
            Cell(str(sum(c.objected for c in counted)), STRONG),
            Cell(""),
            Cell(words.say("paper_matrix.distinct", count=len(providers)) if providers else dash),
        ],
        size=BODY,
        rule=False,
    )
    total = Block(
        whole.height,
        (
            Box(setter.sheet.left, 0, setter.sheet.inner, whole.height, TINT),
            *whole.marks,
            Rule(setter.sheet.left, whole.height, setter.sheet.edge, whole.height, 0.9, BLUE),
        ),
    )
    told = setter.note(words.say("paper_matrix.note"))
    note = space(2) if setter.sheet.tight else stacked(space(4), told)
    heading = setter.heading(words.section_number(number, words.say("paper_part.summary")))
    flow.keep([heading, setter.table_head(columns), *rows, total, note])
    return number + 1
