"""The records by section, in the order of the paper: blocks for what weighs, a table for what is many;
provenance under each.
"""

from __future__ import annotations

from app.field.records import Record, Section
from app.field.reportdoc import ReportDocument
from app.report.facts import columns_of, facts_of, more_of, name_of, provenance, state_of
from app.report.flow import Flow
from app.report.ink import Block, stacked
from app.report.setting import Cell, Column, Setter, space
from app.report.templates import layout_of


def details(document: ReportDocument, setter: Setter, flow: Flow, number: int) -> int:
    """Every section that has records, from `number` on; the next free number."""
    words, layout = setter.words, layout_of(document)
    for section in layout.sections:
        records = [record for record in document.bundle.records if record.section == section]
        if not records:
            continue
        name = words.say(f"paper_section.{section}")
        title = words.say("paper_part.section", name=name, count=len(records))
        heading = setter.heading(words.section_number(number, title))
        if section in layout.tables:
            _table(records, section, heading, setter, flow)
        else:
            _blocks(records, heading, setter, flow, number)
        number += 1
    return number


def _blocks(records: list[Record], heading: Block, setter: Setter, flow: Flow, number: int) -> None:
    words = setter.words
    for place, record in enumerate(records, 1):
        state, colour = state_of(record, words)
        title = f"{number}.{place} {name_of(record, words)}"
        if record.document_no and record.title:
            title += f"  {record.title}"
        head = setter.record_head(title, state, colour)
        again = setter.record_head(title + words.say("paper.continued"), state, colour)
        rows = setter.pairs(facts_of(record, words))
        lines = [
            setter.note(line, setter.sheet.left + 6, setter.sheet.edge - setter.sheet.left - 12)
            for line in provenance(record, words)
        ]
        lead = [heading] if place == 1 else [space(10)]
        flow.keep([*lead, head, *rows, stacked(space(3), *lines)], again)


def _table(records: list[Record], section: Section, heading: Block, setter: Setter, flow: Flow) -> None:
    words = setter.words

    def column(key: str, share: float, align: str = "l") -> Column:
        return Column(words.say(f"paper_record.{key}"), share, align)

    columns = [
        column("no", 6.2, "c"),
        column("named" if section == "honour" else "document", 21),
        column("grade" if section == "honour" else "matter", 20),
        column("provider", 22.6),
        column("decided", 11, "c"),
        column("valid_to", 11, "c"),
        column("state", 11.6, "c"),
    ]
    rows: list[Block] = []
    for place, record in enumerate(records, 1):
        _, colour = state_of(record, words)
        columns_said = columns_of(record, words)
        *plain, state = columns_said
        cells = [Cell(str(place)), *map(Cell, plain), Cell(state, colour=colour)]
        first, *rest = provenance(record, words, named=False)
        more = more_of(record, set(columns_said), words)
        below = [*setter.joined(more, first, setter.sheet.inner - 44), *rest]
        rows.append(setter.table_row(columns, cells, below=below))
    flow.table([heading], setter.table_head(columns), rows)
