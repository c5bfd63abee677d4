"""The statement who looked: the bodies with the count of their looks, then every look, the newest first. A
question that told nothing stands there as such, and counts as no look.
"""

from __future__ import annotations

from collections.abc import Iterable

from app.field.paper_facts import LookFact, LooksFacts
from app.field.records import Basis
from app.field.reportdoc import FactsDocument
from app.report.flow import Flow
from app.report.heads import basis_text
from app.report.setting import Cell, Column, Setter
from app.report.style import SOFT
from app.report.words import Words, minute


def lookers(document: FactsDocument, setter: Setter, flow: Flow, number: int) -> int:
    """A line for each body, who looked last first."""
    words, facts = setter.words, _facts(document)
    heading = setter.heading(words.section_number(number, words.say("paper_part.lookers")))
    if not facts.looks:
        flow.keep([heading, setter.text(words.say("paper_looks.nobody"), colour=SOFT)])
        return number + 1
    columns = [
        Column(words.say("paper_looks.body"), 46),
        Column(words.say("paper_looks.count"), 16, "c"),
        Column(words.say("paper_looks.papers"), 16, "c"),
        Column(words.say("paper_looks.latest"), 22, "c"),
    ]
    rows = []
    for body in dict.fromkeys(look.organisation for look in facts.looks):
        own = [look for look in facts.looks if look.organisation == body]
        papers = sum(look.papers for look in own)
        cells = [
            body,
            str(sum(look.times for look in own if not look.told_nothing)),
            str(papers or words.say("paper.none")),
            minute(own[0].at),
        ]
        rows.append(setter.table_row(columns, [Cell(text) for text in cells]))
    flow.table([heading], setter.table_head(columns), rows)
    return number + 1


def looks(document: FactsDocument, setter: Setter, flow: Flow, number: int) -> int:
    """Every look with its purpose, its ground and its number."""
    words, facts = setter.words, _facts(document)
    if not facts.looks:
        return number
    title = words.say(
        "paper_part.section",
        name=words.say("paper_part.looks"),
        count=sum(not look.told_nothing for look in facts.looks),
    )
    heading = setter.heading(words.section_number(number, title))
    columns = [
        Column(words.say("paper_looks.at"), 21 if not setter.sheet.narrow else 27),
        Column(words.say("paper_looks.body"), 29),
        Column(words.say("paper_looks.purpose"), 24),
        Column(words.say("paper_looks.ground"), 26),
    ]
    rows = [
        setter.table_row(
            columns,
            [
                Cell(minute(look.at)),
                Cell(look.organisation),
                Cell(look.purpose),
                Cell(_ground(look, words)),
            ],
            below=[words.say("paper.dot").join(_more(look, words))],
        )
        for look in facts.looks
    ]
    flow.table([heading], setter.table_head(columns), rows)
    return number + 1


def _ground(look: LookFact, words: Words) -> str:
    if look.ground == "official":
        return words.say("paper_looks.ground_official", number=look.letter_no)
    return basis_text(Basis(look.ground, look.letter_no or look.shown), words)


def _more(look: LookFact, words: Words) -> Iterable[str]:
    yield words.say(f"paper_looks.act_{look.act}", number=look.reference)
    if look.told_nothing:
        yield words.say("paper_looks.told_nothing")
    if look.times > 1:
        yield words.say("paper_looks.times", count=look.times)
    if look.papers:
        yield words.say("paper_looks.issued", count=look.papers)


def _facts(document: FactsDocument) -> LooksFacts:
    if not isinstance(document.facts, LooksFacts):
        raise TypeError("not the facts of a statement who looked")
    return document.facts
