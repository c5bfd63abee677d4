"""An answer in lines for a terminal. Text of the server is printed plain, without control characters."""

from __future__ import annotations

from app.cli.done import local_time
from app.desks.words import disputed
from app.field.names import printable
from app.field.records import Record, Standing
from app.field.shown import read_shown
from app.services.answer import Answer
from app.texts import Texts


def answer_lines(answer: Answer, texts: Texts) -> tuple[str, ...]:
    """Who, as of when, the counters, the lists, the records, the place in the log."""
    bundle, say = answer.bundle, texts.say
    lines: list[str] = []
    if bundle.specimen:
        lines.append(say("cli.specimen"))
    if bundle.no_information or bundle.subject is None:
        lines.append(say("query.none"))
    else:
        subject = bundle.subject
        lines.append(clean("  ".join(part for part in (subject.name, subject.code, subject.state) if part)))
        for counter in bundle.counters:
            name = say(f"section_name.{counter.section}")
            lines.append(say("cli.counter_line", name=name, active=counter.active, objected=counter.objected))
        lines += [_standing(one, texts) for one in bundle.standing]
        listed = {one.rec_id for one in bundle.standing}
        lines += [_record(one, texts) for one in bundle.records if one.rec_id not in listed]
        if answer.changed is not None and answer.changed.count:
            lines.append(
                say("data.changed", date=local_time(answer.changed.since), count=answer.changed.count)
            )
    lines.append(
        say(
            "cli.answer_line",
            query_no=answer.query_no,
            as_of=local_time(answer.as_of),
            source=say(f"cli.from_{answer.source}"),
        )
    )
    if bundle.basis.type == "letter":
        lines.append(say("cli.letter_line", letter_no=bundle.basis.ref))
    elif bundle.basis.type == "own" and (seen := read_shown(bundle.basis.ref)) is not None:
        kind = say(f"paper_document.{seen.kind}")
        lines.append(say("paper_cover.basis_shown", document=kind, number=seen.masked))
    if answer.released:
        lines.append(say("cli.released", count=answer.released))
    if answer.leaf_index >= 0:
        lines.append(say("cli.receipt_line", leaf=answer.leaf_index, size=answer.tree_size))
    return tuple(lines)


def _standing(one: Standing, texts: Texts) -> str:
    parts = [texts.say(f"section_name.{one.kind}"), one.list_name, one.authority, one.listed_on]
    if one.objection is not None:
        parts.append(texts.say("cli.objected", number=one.objection.number))
    return "· " + clean("  ".join(part for part in parts if part)) + f"  [{clean(one.rec_id)} r{one.rev}]"


def _record(one: Record, texts: Texts) -> str:
    parts = [
        texts.say(f"section_name.{one.section}"),
        one.title,
        one.document_no,
        one.provider,
        one.decided_on,
        disputed(one, texts),
    ]
    if one.objection is not None:
        parts.append(texts.say("cli.objected", number=one.objection.number))
    return "· " + clean("  ".join(part for part in parts if part)) + f"  [{clean(one.rec_id)} r{one.rev}]"


def clean(text: str) -> str:
    """One line, nothing invisible: a terminal would obey escape sequences."""
    return " ".join(printable(text).split())
