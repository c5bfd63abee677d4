"""The letter that answers an objection: the case and its days, the finding, what changed, what is open."""

from __future__ import annotations

from app.field.paper_facts import AnswerFacts, ChangeFact, EarlierFact
from app.field.reportdoc import FactsDocument
from app.report.faces import MEDIUM
from app.report.flow import Flow
from app.report.ink import Block
from app.report.setting import Cell, Column, Setter, space
from app.report.style import BLUE, SOFT
from app.report.words import Words


def case(document: FactsDocument, setter: Setter, flow: Flow, number: int) -> int:
    """What was objected to, and the days of the case, with the working days of its term."""
    words, facts = setter.words, _facts(document)
    heading = setter.heading(words.section_number(number, words.say("paper_part.case")))
    hidden = words.say("paper_answer.not_shown")
    rows = [
        (_label("record", words), facts.document_no or hidden),
        (_label("record_no", words), facts.record_no or hidden),
        (_label("asked", words), words.say("paper.semicolon").join(facts.asked)),
        (_label("filed", words), facts.filed_on),
        (_label("accepted", words), words.day(facts.accepted_on)),
        *([(_label("rechecked", words), facts.rechecked_on)] if facts.rechecked_on else []),
        *([(_label("earlier", words), _before(facts.earlier, words))] if facts.earlier else []),
        (_label("term", words), _term(facts, words)),
        (_label("concluded", words), _concluded(facts, words)),
        *([(_label("copy", words), _copy(facts, words))] if facts.copy_no > 1 else []),
        *([(_label("shown", words), words.say("paper_answer.ended"))] if facts.ended else []),
    ]
    flow.keep([heading, setter.edge(), *setter.pairs(rows, tinted=True), setter.edge()])
    return number + 1


def finding(document: FactsDocument, setter: Setter, flow: Flow, number: int) -> int:
    """The finding, once where the sentence of the result begins with it, then the reasons."""
    words, facts = setter.words, _facts(document)
    heading = setter.heading(words.section_number(number, words.say("paper_part.finding")))
    word = words.say(f"paper_answer.{facts.finding}")
    once = facts.result.startswith(word)
    head = setter.text(facts.result if once else word, face=MEDIUM, size=11.0, leading=18, colour=BLUE)
    blocks = [heading, head, *([] if once else [setter.text(facts.result)]), space(4)]
    reasons = facts.reasons if facts.reasons != facts.result else ""
    if reasons:
        blocks.append(setter.note(_label("reasons", words)))
        blocks += [setter.text(part) for part in reasons.splitlines() if part.strip()]
    flow.keep(blocks)
    return number + 1


def changes(document: FactsDocument, setter: Setter, flow: Flow, number: int) -> int:
    """What the platform's record says now, beside what it said."""
    words, facts = setter.words, _facts(document)
    heading = setter.heading(words.section_number(number, words.say("paper_part.changes")))
    if facts.changes:
        _table(facts.changes, [heading], setter, flow)
    else:
        flow.keep([heading, setter.text(words.say(f"paper_answer.{_unchanged(facts)}"), colour=SOFT)])
    if facts.earlier is not None and facts.earlier.changes:
        key = "earlier_stands" if facts.earlier.stands else "earlier_moved"
        said = setter.text(words.say(f"paper_answer.{key}", on=facts.earlier.concluded_on), face=MEDIUM)
        _table(facts.earlier.changes, [space(6), said, space(3)], setter, flow)
    return number + 1


def _unchanged(facts: AnswerFacts) -> str:
    if facts.finding in ("upheld", "partly"):
        return "changed_otherwise"
    return "unchanged_again" if facts.earlier is not None and facts.earlier.changes else "unchanged"


def _table(changed: tuple[ChangeFact, ...], lead: list[Block], setter: Setter, flow: Flow) -> None:
    words = setter.words
    shares = (("field", 22), ("before", 39), ("after", 39))
    columns = [Column(_label(key, words), share) for key, share in shares]
    none = words.say("paper.none")
    rows = [
        setter.table_row(columns, [Cell(one.label), Cell(one.before or none), Cell(one.after or none)])
        for one in changed
    ]
    flow.table(lead, setter.table_head(columns), rows)


def remedies(document: FactsDocument, setter: Setter, flow: Flow, number: int) -> int:
    """On what ground it was handled, and what is open to who is not content."""
    words, facts = setter.words, _facts(document)
    heading = setter.heading(words.section_number(number, words.say("paper_part.remedies")))
    lines = [setter.text(f"{place}. {one.text}") for place, one in enumerate(facts.remedies, 1)]
    if not lines:
        lines = [setter.text(words.say("paper_answer.no_remedies"), colour=SOFT)]
    basis = [setter.note(words.say("paper_answer.basis", basis=facts.basis))] if facts.basis else []
    flow.keep([heading, *lines, space(4), *basis])
    return number + 1


def _term(facts: AnswerFacts, words: Words) -> str:
    if not facts.term_until:
        return words.say("paper_answer.no_term")
    return words.say("paper_answer.term_value", days=facts.term_days, until=facts.term_until)


def _before(earlier: EarlierFact, words: Words) -> str:
    return words.say("paper_answer.earlier_value", on=earlier.concluded_on, result=earlier.result)


def _copy(facts: AnswerFacts, words: Words) -> str:
    """That it is not the only one: whoever holds two of them knows that they tell one answer. Who was handed
    another one is not told its number.
    """
    if not facts.first_copy:
        return words.say("paper_answer.copy_bare", count=facts.copy_no)
    return words.say("paper_answer.copy_value", count=facts.copy_no, first=facts.first_copy)


def _concluded(facts: AnswerFacts, words: Words) -> str:
    if not facts.accepted_on or facts.days_taken < 1:
        return facts.concluded_on
    return words.say("paper_answer.concluded_value", on=facts.concluded_on, days=facts.days_taken)


def _label(key: str, words: Words) -> str:
    return words.say(f"paper_answer.{key}")


def _facts(document: FactsDocument) -> AnswerFacts:
    if not isinstance(document.facts, AnswerFacts):
        raise TypeError("not the facts of an answer")
    return document.facts
