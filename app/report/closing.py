"""The end of a report: what is contested, what may be repaired, how to check it, which rules applied."""

from __future__ import annotations

from app.field.records import RuleRef
from app.field.reportdoc import ReportDocument
from app.report.composing import document_sha256
from app.report.facts import name_of
from app.report.flow import Flow
from app.report.ink import Block
from app.report.setting import Cell, Column, Setter, edge, space
from app.report.style import SOFT
from app.report.words import second


def rights(document: ReportDocument, setter: Setter, flow: Flow, number: int) -> None:
    """Objections being examined, records with a day for repair, and the two ways open to the subject."""
    words = setter.words

    def say(key: str, **values: object) -> str:
        return words.say(f"paper_rights.{key}", **values)

    heading = setter.heading(words.section_number(number, words.say("paper_part.rights")))
    records = document.bundle.records
    contested = [(record, record.objection) for record in records if record.objection is not None]
    title = setter.subheading(say("objections"))
    if contested:
        columns = [
            Column(say("objection_no"), 22),
            Column(say("record"), 46),
            Column(say("accepted"), 16, "c"),
            Column(say("due"), 16, "c"),
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
            Column(say("record"), 38),
            Column(say("earliest"), 15, "c"),
            Column(say("end"), 15, "c"),
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


def verification(document: ReportDocument, setter: Setter, flow: Flow, number: int) -> None:
    """Number, digest and place in the log; how to check; the limits of the seal; the rules applied."""
    words = setter.words

    def say(key: str, **values: object) -> str:
        return words.say(f"paper_verify.{key}", **values)

    heading = setter.heading(words.section_number(number, words.say("paper_part.verify")))
    if document.copy != "official":
        flow.keep([heading, setter.text(say("not_official"), colour=SOFT)])
    else:
        code = document.check_code
        rows = [
            (say("number"), document.number),
            (say("check_code"), " ".join(code[i : i + 4] for i in range(0, len(code), 4))),
            (say("issued"), words.say("paper.beijing", time=second(document.times.issued))),
            (say("valid_until"), document.valid_until),
            (say("document"), document_sha256(document)),
        ]
        if document.checkpoint_root:
            value = say("log_value", size=document.checkpoint_size, root=document.checkpoint_root)
            rows.append((say("log"), value))
        texts = [say("steps_1"), say("steps_2"), say("steps_3"), say("legal")]
        flow.keep(
            [
                heading,
                edge(),
                *setter.pairs(rows, tinted=True),
                edge(),
                space(6),
                *[setter.note(f"{place}. {text}") for place, text in enumerate(texts, 1)],
            ]
        )
    _rules(document.bundle.rules, setter, flow)


def _rules(rules: tuple[RuleRef, ...], setter: Setter, flow: Flow) -> None:
    if not rules:
        return
    words = setter.words
    columns = [
        Column(words.say("paper_verify.rule"), 38),
        Column(words.say("paper_verify.row"), 24),
        Column(words.say("paper_verify.version"), 8, "c"),
        Column(words.say("paper_verify.rule_basis"), 30),
    ]
    rows: list[Block] = [
        setter.table_row(
            columns,
            [
                Cell(rule.text or rule.basis),
                Cell(f"{rule.table}/{rule.row}"),
                Cell(str(rule.version)),
                Cell(rule.basis if rule.text else words.say("paper.none")),
            ],
        )
        for rule in rules
    ]
    flow.table([setter.subheading(words.say("paper_verify.rules"))], setter.table_head(columns), rows)
