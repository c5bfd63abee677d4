"""A record in labelled lines, the same words as on paper. Pure functions."""

from __future__ import annotations

from app.desks.words import day, disputed, joined, minute, yuan
from app.field.records import Record
from app.texts import Texts
from ui.widgets.chips import ChipFace


def facts(record: Record, texts: Texts) -> tuple[tuple[str, str], ...]:
    """Label and value in printing order; a standard field only where no value says it already."""

    def word(key: str) -> str:
        return texts.say(f"paper_record.{key}")

    said = {value for _, value in record.fields} | {name for name, _ in record.fields}
    first = (("document", record.document_no), ("title", record.title), ("matter", record.matter))
    last = (
        ("provider", record.provider),
        ("decided", day(record.decided_on) if record.decided_on else ""),
        ("valid", span(record.valid_from, record.valid_to, texts)),
        ("publicity", day(record.publicity_end) if record.publicity_end else ""),
        ("amount", amount(record, texts)),
    )

    def fresh(pairs: tuple[tuple[str, str], ...]) -> list[tuple[str, str]]:
        return [
            (word(key), value)
            for key, value in pairs
            if value and value not in said and word(key) not in said
        ]

    return (*fresh(first), *record.fields, *fresh(last))


def amount(record: Record, texts: Texts) -> str:
    """The amount in yuan, or why it is in doubt, unless a labelled value says so."""
    doubt = disputed(record, texts)
    if doubt:
        lead = texts.say("paper_record.disputed")
        return "" if any(value.startswith(lead) for _, value in record.fields) else doubt
    if record.amount_fen is None:
        return ""
    figure = yuan(record.amount_fen)
    stated = any(figure in value for _, value in record.fields)
    return "" if stated else texts.say("paper.yuan", amount=figure)


def span(start: str, end: str, texts: Texts) -> str:
    """From and to, in the paper's words."""
    if start and end:
        return texts.say("paper.span", **{"from": day(start), "to": day(end)})
    return day(start or end) if start or end else ""


def origin(record: Record, texts: Texts) -> str:
    """Who provided it and when it arrived."""
    received = (
        texts.say("paper_record.received", time=minute(record.received_at)) if record.received_at else ""
    )
    return joined(texts.say("paper_record.source", provider=record.provider), received)


def notes(record: Record, texts: Texts) -> tuple[str, ...]:
    """Marks that must not be missed: an open objection, corrections."""
    said = []
    if record.objection is not None:
        key = "objection_due" if record.objection.due_on else "objection"
        said.append(
            texts.say(
                f"paper_record.{key}",
                number=record.objection.number,
                accepted=day(record.objection.accepted_on),
                due=day(record.objection.due_on),
            )
        )
    said.extend(
        texts.say("paper_record.correction", at=minute(one.at), text=one.text).rstrip()
        for one in record.corrections
    )
    return tuple(said)


def status_chips(record: Record, texts: Texts) -> tuple[ChipFace, ...]:
    """The record's state and its marks as chips."""
    faces = []
    if record.status:
        faces.append(ChipFace(record.status, "serious" if record.section == "serious" else "neutral"))
    if record.objection is not None or record.display == "mark":
        faces.append(ChipFace(texts.say("paper_record.objected"), "warn", "attention"))
    if record.display == "label":
        faces.append(ChipFace(texts.say("paper_record.repaired"), "good"))
    return tuple(faces)
