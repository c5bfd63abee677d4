"""The records by section: blocks for what weighs, a table for what is many; provenance under each."""

from __future__ import annotations

from app.field.records import SECTIONS, Record, Section
from app.field.reportdoc import ReportDocument
from app.report.flow import Flow
from app.report.ink import Block, stacked
from app.report.setting import Cell, Column, Setter, space
from app.report.style import AMBER, EDGE, INK, LEFT
from app.report.words import minute

_TABULAR: frozenset[Section] = frozenset({"licence", "honour", "commitment"})


def details(document: ReportDocument, setter: Setter, flow: Flow, number: int) -> int:
    """Every section that has records, from `number` on; the next free number."""
    words = setter.words
    for section in SECTIONS:
        records = [record for record in document.bundle.records if record.section == section]
        if not records:
            continue
        title = words.say(
            "paper_part.section", name=words.say(f"paper_section.{section}"), count=len(records)
        )
        heading = setter.heading(words.section_number(number, title))
        if section in _TABULAR:
            _table(records, heading, setter, flow)
        else:
            _blocks(records, heading, setter, flow, number)
        number += 1
    return number


def _blocks(records: list[Record], heading: Block, setter: Setter, flow: Flow, number: int) -> None:
    for place, record in enumerate(records, 1):
        state, colour = state_of(record, setter)
        title = f"{number}.{place} {name_of(record, setter)}"
        if record.document_no and record.title:
            title += f"  {record.title}"
        head = setter.record_head(title, state, colour)
        again = setter.record_head(title + setter.words.say("paper.continued"), state, colour)
        rows = setter.pairs(_facts(record, setter))
        origin = stacked(
            space(3), *[setter.note(line, LEFT + 6, EDGE - LEFT - 12) for line in provenance(record, setter)]
        )
        lead = [heading] if place == 1 else [space(10)]
        flow.keep([*lead, head, *rows, origin], again)


def _facts(record: Record, setter: Setter) -> list[tuple[str, str]]:
    """The labelled values in printing order; a standard field is added where no value says it already."""
    words = setter.words

    def label(key: str) -> str:
        return words.say(f"paper_record.{key}")

    shown = list(record.fields)
    said = {value for _, value in shown} | {name for name, _ in shown}
    standard = [
        ("matter", record.matter),
        ("amount", _amount(record, setter)),
        ("decided", record.decided_on),
        ("valid", words.span(record.valid_from, record.valid_to)),
        ("publicity", words.day(record.publicity_end) if record.publicity_end else ""),
    ]
    extra = [
        (label(key), value)
        for key, value in standard
        if value and value not in said and label(key) not in said
    ]
    lead = [pair for pair in extra if pair[0] == label("matter")]
    return [*lead, *shown, *[pair for pair in extra if pair not in lead]]


def _amount(record: Record, setter: Setter) -> str:
    """The amount, unless a labelled value already states the figure."""
    if record.amount_fen is None:
        return ""
    figure = f"{record.amount_fen // 100:,}.{record.amount_fen % 100:02d}"
    stated = any(figure in value for _, value in record.fields)
    return "" if stated else setter.words.money(record.amount_fen)


def _table(records: list[Record], heading: Block, setter: Setter, flow: Flow) -> None:
    words = setter.words
    columns = [
        Column(words.say("paper_record.no"), 6.2, "c"),
        Column(words.say("paper_record.document"), 22.5),
        Column(words.say("paper_record.matter"), 18.5),
        Column(words.say("paper_record.provider"), 26.5),
        Column(words.say("paper_record.decided"), 11, "c"),
        Column(words.say("paper_record.valid_to"), 11, "c"),
        Column(words.say("paper_record.state"), 8.5, "c"),
    ]
    rows: list[Block] = []
    for place, record in enumerate(records, 1):
        state, colour = state_of(record, setter)
        matter = record.matter or record.title
        cells = [
            Cell(str(place)),
            Cell(name_of(record, setter)),
            Cell(matter),
            Cell(record.provider),
            Cell(words.day(record.decided_on)),
            Cell(words.day(record.valid_to)),
            Cell(state, colour=colour),
        ]
        said = {cell.text for cell in cells} | {record.valid_to}
        more = [
            words.say("paper_record.field", label=name, value=value)
            for name, value in record.fields
            if value and value not in said
        ]
        if record.matter and record.title and record.document_no:
            more.insert(0, record.title)
        first, *rest = provenance(record, setter, named=False)
        below = [words.say("paper.dot").join([*more, first]), *rest]
        rows.append(setter.table_row(columns, cells, below=below))
    flow.table([heading], setter.table_head(columns), rows)


def name_of(record: Record, setter: Setter) -> str:
    return record.document_no or record.title or setter.words.say("paper_record.untitled")


def state_of(record: Record, setter: Setter) -> tuple[str, str]:
    """The state in words, with the marks that must not be missed, and its colour."""
    words = setter.words
    parts = [record.status] if record.status else []
    repaired = words.say("paper_record.repaired")
    if record.display == "label" and repaired not in record.status:
        parts.append(repaired)
    marked = record.objection is not None or record.display == "mark"
    if marked:
        parts.append(words.say("paper_record.objected"))
    return words.say("paper.dot").join(parts) or words.say("paper.none"), AMBER if marked else INK


def provenance(record: Record, setter: Setter, *, named: bool = True) -> list[str]:
    """Where a record comes from and what happened to it, in small lines."""
    words = setter.words
    parts = [words.say("paper_record.source", provider=record.provider)] if named else []
    if record.received_at:
        time = minute(record.received_at) if "T" in record.received_at else record.received_at
        parts.append(words.say("paper_record.received", time=time))
    parts.append(words.say("paper_record.record", number=record.source_no or record.rec_id))
    if record.why is not None and record.display != "show":
        parts.append(words.say("paper_record.basis", basis=record.why.basis))
    lines = [words.say("paper.dot").join(parts)]
    if record.objection is not None:
        key = "objection_due" if record.objection.due_on else "objection"
        lines.append(
            words.say(
                f"paper_record.{key}",
                number=record.objection.number,
                accepted=record.objection.accepted_on,
                due=record.objection.due_on,
            )
        )
    lines.extend(
        words.say(
            "paper_record.correction",
            at=minute(change.at) if "T" in change.at else change.at,
            reason=change.reason,
            text=change.text,
        )
        for change in record.corrections
    )
    return lines
