"""The end of a report: what is contested, what may be repaired, how to check it, which rules applied."""

from __future__ import annotations

from collections.abc import Iterable

from app.field.fours import in_fours
from app.field.reportdoc import Paper, ReportDocument
from app.report.facts import name_of
from app.report.flow import Flow
from app.report.ink import Block
from app.report.printed import TABLE_SHOWN
from app.report.registered import TO_COME, Registered, registered, room_for
from app.report.setting import Cell, Column, Setter, space
from app.report.style import SOFT
from app.report.templates import layout_of
from app.report.words import words_in


def rights(document: ReportDocument, setter: Setter, flow: Flow, number: int) -> int:
    """Objections being examined, records with a day for repair, and the two ways open to the subject."""
    words = setter.words

    def say(key: str, **values: object) -> str:
        return words.say(f"paper_rights.{key}", **values)

    heading = setter.heading(words.section_number(number, words.say("paper_part.rights")))
    records = document.bundle.records
    day = 21 if setter.sheet.narrow else 15
    contested = [(record, record.objection) for record in records if record.objection is not None]
    title = setter.subheading(say("objections"))
    if contested:
        columns = [
            Column(say("objection_no"), 22),
            Column(say("record"), 76 - 2 * day),
            Column(say("accepted"), day + 1, "c"),
            Column(say("due"), day + 1, "c"),
        ]
        rows = [
            setter.table_row(
                columns,
                [
                    Cell(mark.number),
                    Cell(name_of(record, words)),
                    Cell(words.day(mark.accepted_on)),
                    Cell(words.day(mark.due_on)),
                ],
            )
            for record, mark in contested
        ]
        flow.table([heading, title], setter.table_head(columns), rows)
    else:
        flow.keep([heading, title, setter.text(say("no_objections"), colour=SOFT)])

    mendable = [(record, record.repair) for record in records if record.repair is not None]
    title = setter.subheading(say("repairs"))
    if mendable:
        columns = [
            Column(say("record"), 68 - 2 * day),
            Column(say("earliest"), day, "c"),
            Column(say("end"), day, "c"),
            Column(say("basis"), 32),
        ]
        rows = [
            setter.table_row(
                columns,
                [
                    Cell(name_of(record, words)),
                    Cell(words.day(outlook.earliest)),
                    Cell(words.day(outlook.end)),
                    Cell(outlook.rule.basis),
                ],
            )
            for record, outlook in mendable
        ]
        flow.table([title], setter.table_head(columns), rows)
    else:
        flow.keep([title, setter.text(say("no_repairs"), colour=SOFT)])
    flow.keep(
        [
            space(8),
            setter.note(say("how_object", centre=words.city["centre"])),
            space(3),
            setter.note(say("how_repair")),
        ]
    )
    return number + 1


def rules(document: ReportDocument, setter: Setter, flow: Flow, number: int) -> int:
    """The rules by which records are shown, in the words of the law; the next free number.

    How the platform names its rows is of no use to a reader and is not printed.
    """
    words = setter.words
    none = words.say("paper.none")
    said = dict.fromkeys(
        (rule.text or words.say("paper_rules.as_in_basis"), rule.basis or none, rule.version)
        for rule in document.bundle.rules
    )
    if not said:
        return number
    columns = [
        Column(words.say("paper_rules.rule"), 52),
        Column(words.say("paper_rules.basis"), 39),
        Column(words.say("paper_rules.version"), 9, "c"),
    ]
    rows = [
        setter.table_row(columns, [Cell(text), Cell(basis), Cell(str(version))])
        for text, basis, version in said
    ]
    heading = setter.heading(words.section_number(number, words.say("paper_part.rules")))
    flow.table([heading], setter.table_head(columns), rows)
    flow.keep(_own_rules([basis for _, basis, _ in said], setter))
    return number + 1


def _own_rules(bases: Iterable[str], setter: Setter) -> list[Block]:
    """What it means that a basis is the platform's own word; nothing where none is."""
    own = words_in("zh_CN").say("paper_rules.own_word")  # bases are quoted as they stand, in Chinese
    if not any(own in basis for basis in bases):
        return []
    return [space(5), setter.note(setter.words.say("paper_rules.own"))]


def versions(document: Paper, setter: Setter, flow: Flow, number: int) -> int:
    """Which version of the paper this is, and which editions of the tables decided what it shows."""
    words, layout = setter.words, layout_of(document)
    lines = [
        words.say(
            "paper_versions.layout",
            name=words.say(f"paper_template.{layout.paper}"),
            version=layout.version,
            since=layout.effective_from.isoformat(),
            basis=layout.basis,
        )
    ]
    if document.tables:
        named = (
            words.say(
                "paper_versions.table",
                name=words.say(f"paper_table.{one.table}"),
                sha256=in_fours(one.sha256[:TABLE_SHOWN].upper()),
            )
            for one in document.tables
        )
        lines.append(words.say("paper_versions.tables", tables=words.say("paper.semicolon").join(named)))
    flow.keep([space(5), *map(setter.note, lines)])
    if not (isinstance(document, ReportDocument) and document.bundle.rules):
        flow.keep(_own_rules([layout.basis], setter))
    return number


def verification(document: Paper, setter: Setter, flow: Flow, number: int) -> int:
    """Number, digest and place in the log; how to check; the limits of the seal. Stands on the last page. A
    preview leaves the room for it, so that it has the pages of what will be issued.
    """
    words = setter.words
    heading = setter.heading(words.section_number(number, words.say("paper_part.verify")))
    if document.copy == "official":
        blocks = _sealed(document, setter, registered(document, words))
    else:
        blocks = [setter.text(words.say("paper_verify.not_official"), colour=SOFT)]
    if document.copy == "preview":
        blocks.append(room_for(_sealed(document, setter, TO_COME), blocks))
    flow.keep([heading, *blocks])
    return number + 1


def _sealed(document: Paper, setter: Setter, said: Registered) -> list[Block]:
    words = setter.words

    def say(key: str, **values: object) -> str:
        return words.say(f"paper_verify.{key}", **values)

    rows = [
        (say("number"), said.number),
        (say("check_code"), said.check_code),
        (say("issued"), words.say("paper.beijing", time=said.issued)),
        (say("valid_until"), said.valid_until),
        (say("document"), said.digest),
    ]
    if said.log is not None:
        rows.append((say("log"), say("log_value", size=said.log[0], root=said.log[1])))
    facts = layout_of(document).facts  # what "superseded" means depends on what a paper states
    texts = [say("steps_1"), say("steps_2"), say(f"steps_3_{facts}" if facts else "steps_3"), say("legal")]
    return [
        setter.edge(),
        *setter.pairs(rows, tinted=True),
        setter.edge(),
        space(6),
        *[setter.note(f"{place}. {text}") for place, text in enumerate(texts, 1)],
    ]
