"""The certificate of screening: what was found of each unit, the entries in force, and the lists."""

from __future__ import annotations

from collections import Counter

from app.field.paper_facts import EntryFact, ScreeningFacts, UnitFact
from app.field.reportdoc import FactsDocument
from app.report.faces import MEDIUM, SANS
from app.report.flow import Flow
from app.report.ink import stacked
from app.report.setting import Cell, Column, Setter, space
from app.report.style import AMBER, INK, SEAL, SOFT
from app.report.words import Words


def results(document: FactsDocument, setter: Setter, flow: Flow, number: int) -> int:
    """A line for each unit. Nothing found has the colour of the text: it says nothing about safety. A hit
    that is disputed says so and is not red.
    """
    facts, words = _facts(document), setter.words
    heading = setter.heading(words.section_number(number, words.say("paper_part.results")))
    lead = setter.note(
        words.say("paper_screened.extract", units=len(facts.units), asked=facts.asked, no=facts.screening_no)
    )
    columns = [
        Column(words.say("paper_screened.row"), 12 if setter.sheet.narrow else 8, "c"),
        Column(words.say("paper_screened.unit"), 36),
        Column(words.say("paper_screened.code"), 24),
        Column(words.say("paper_screened.finding"), 32),
    ]
    rows = [
        setter.table_row(
            columns,
            [
                Cell(str(unit.row)),
                Cell(unit.name or words.say("paper.none")),
                Cell(unit.code or words.say("paper.none")),
                _finding(unit, words),
            ],
        )
        for unit in facts.units
    ]
    flow.table([heading, lead, space(3)], setter.table_head(columns), rows)
    flow.keep([space(4), setter.note(words.say("paper_screened.reading"))])
    return number + 1


def _finding(unit: UnitFact, words: Words) -> Cell:
    found = _found(unit, words)
    if unit.otherwise is not True:
        return found
    return found._replace(text=words.say("paper_screened.otherwise", finding=found.text))


def _found(unit: UnitFact, words: Words) -> Cell:
    if unit.state != "hit":
        return Cell(words.say(f"paper_screened.{unit.state}", count=unit.namesakes))
    kinds = Counter(entry.kind for entry in unit.entries)
    disputed = Counter(entry.kind for entry in unit.entries if entry.objection is not None)
    parts = [
        words.say(
            "paper_screened.kind_disputed" if disputed[kind] else "paper_screened.kind_count",
            kind=words.say(f"paper_section.{kind}"),
            count=kinds[kind],
            disputed=disputed[kind],
        )
        for kind in ("serious", "abnormal", "honour")
        if kinds[kind]
    ]
    text = words.say("paper_screened.hit", found=words.say("paper.semicolon").join(parts))
    if kinds["serious"] > disputed["serious"]:
        return Cell(text, MEDIUM, SEAL)
    return Cell(text, MEDIUM, AMBER) if disputed else Cell(text, SANS, INK)


def entries(document: FactsDocument, setter: Setter, flow: Flow, number: int) -> int:
    """Every entry in force, under the unit that bears it."""
    facts, words = _facts(document), setter.words
    heading = setter.heading(words.section_number(number, words.say("paper_part.entries")))
    found = [(unit, entry) for unit in facts.units for entry in unit.entries]
    if not found:
        flow.keep([heading, setter.text(words.say("paper_screened.no_entries"), colour=SOFT)])
        return number + 1
    for place, (unit, entry) in enumerate(found, 1):
        colour = AMBER if entry.objection else SEAL if entry.kind == "serious" else INK
        title = f"{number}.{place} {unit.name}"
        state = words.say(f"paper_section.{entry.kind}")
        if entry.objection:
            state = words.say("paper.dot").join((state, words.say("paper_record.objected")))
        head = setter.record_head(title, state, colour)
        again = setter.record_head(title + words.say("paper.continued"), state, colour)
        lines = [
            setter.note(line, setter.sheet.left + 6, setter.sheet.inner - 12)
            for line in _origin(unit, entry, words)
        ]
        lead = [heading] if place == 1 else [space(10)]
        flow.keep([*lead, head, *setter.pairs(_said(entry, words)), stacked(space(3), *lines)], again)
    return number + 1


def _said(entry: EntryFact, words: Words) -> list[tuple[str, str]]:
    honour = entry.kind == "honour"
    rows = [
        (words.say("paper_screened.list"), entry.list_name),
        (words.say("paper_alert.authority"), entry.authority),
        (words.say("paper_screened.honoured" if honour else "paper_screened.listed"), entry.listed_on),
        (words.say("paper_listed.until"), words.day(entry.until)),
    ]
    if honour and entry.year:
        rows.append((words.say("paper_screened.year"), entry.year))
    for key, text in (("document", entry.document_no), ("grade" if honour else "reason", entry.reason)):
        if text:
            rows.append((words.say(f"paper_alert.{key}"), text))
    return rows


def _origin(unit: UnitFact, entry: EntryFact, words: Words) -> list[str]:
    lines = [
        words.say("paper.dot").join(
            (
                words.say("paper_screened.of_unit", row=unit.row, code=unit.code or words.say("paper.none")),
                words.say("paper_record.record", number=entry.record_no),
            )
        )
    ]
    if entry.objection is not None:
        mark = entry.objection
        key = "objection_due" if mark.due_on else "objection"
        said = {"number": mark.number, "accepted": mark.accepted_on, "due": mark.due_on}
        lines.append(words.say(f"paper_record.{key}", **said))
    return lines


def lists(document: FactsDocument, setter: Setter, flow: Flow, number: int) -> int:
    """Which lists were looked through, each with its ground and the version by which it was read."""
    words = setter.words
    heading = setter.heading(words.section_number(number, words.say("paper_part.lists")))
    columns = [
        Column(words.say("paper_screened.list"), 33),
        Column(words.say("paper_screened.manager"), 20),
        Column(words.say("paper_rules.basis"), 25),
        Column(words.say("paper_screened.since"), 22 if setter.sheet.narrow else 14, "c"),
        Column(words.say("paper_rules.version"), 16 if setter.sheet.narrow else 8, "c"),
    ]
    rows = [
        setter.table_row(
            columns,
            [Cell(one.name), Cell(one.manager), Cell(one.basis), Cell(one.since), Cell(str(one.version))],
        )
        for one in _facts(document).lists
    ]
    flow.table([heading], setter.table_head(columns), rows)
    return number + 1


def _facts(document: FactsDocument) -> ScreeningFacts:
    if not isinstance(document.facts, ScreeningFacts):
        raise TypeError("not the facts of a screening")
    return document.facts
