"""What is said about one record: its labelled values once each, its state, where it comes from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from app.field.records import AMOUNT_DOUBTS, Record, Standing
from app.field.reportdoc import ReportDocument
from app.report.style import AMBER, INK
from app.report.words import Words, minute, words_in


def name_of(record: Record, words: Words) -> str:
    """How a record is called in headings and lists."""
    return record.document_no or record.title or words.say("paper_record.untitled")


def facts_of(record: Record, words: Words) -> list[tuple[str, str]]:
    """The labelled values in printing order, without what the record's head and its origin say already.

    A standard field (matter, amount, dates) is added where no labelled value says it.
    """
    shown = fields_under(record)
    labels = {name for name, _ in record.fields}
    values = {value for _, value in record.fields}

    def said(key: str, *parts: str) -> bool:
        return words.say(f"paper_record.{key}") in labels or all(part in values for part in parts if part)

    extra: list[tuple[str, str]] = []
    for key, text, parts in (
        ("amount", amount_of(record, words), ("",)),
        ("decided", record.decided_on, (record.decided_on,)),
        ("valid", words.span(record.valid_from, record.valid_to), (record.valid_from, record.valid_to)),
        ("publicity", words.day(record.publicity_end), (record.publicity_end,)),
    ):
        given = text if any(parts) or key == "amount" else ""
        if given and (key == "amount" or not said(key, *parts)):
            extra.append((words.say(f"paper_record.{key}"), given))
    lead: list[tuple[str, str]] = []
    if record.matter and record.matter not in {*values, record.title} and not said("matter", record.matter):
        lead.append((words.say("paper_record.matter"), record.matter))
    return [*lead, *shown, *extra]


def fields_under(record: Record) -> list[tuple[str, str]]:
    """For a block: the labelled values less those that only repeat the head, and the provider's name after
    its first time.
    """
    found: list[tuple[str, str]] = []
    named = False
    for label, value in record.fields:
        if not value or value in (record.document_no, record.title):
            continue
        if value == record.provider:
            if named:
                continue
            named = True
        found.append((label, value))
    return found


def amount_of(record: Record, words: Words) -> str:
    """The amount or why it is in doubt, unless a labelled value already says so, in yuan or 10,000 yuan."""
    if record.amount_doubt:
        known = record.amount_doubt if record.amount_doubt in AMOUNT_DOUBTS else "other"
        lead = words.say("paper_record.disputed")
        stated = any(value.startswith(lead) for _, value in record.fields)
        return "" if stated else words.say(f"paper_record.disputed_{known}")
    if record.amount_fen is None:
        return ""
    stated = says_amount(record.amount_fen, [value for _, value in record.fields])
    return "" if stated else words.money(record.amount_fen)


def says_amount(fen: int, texts: Iterable[str]) -> bool:
    """Whether one of the texts already says the amount, in yuan or 10,000 yuan."""
    yuan = f"{'-' if fen < 0 else ''}{abs(fen) // 100:,}.{abs(fen) % 100:02d}"
    whole, rest = divmod(fen, 1_000_000)
    wan = f"{whole}.{rest:06d}".rstrip("0").rstrip(".")
    return any(yuan in text or text.startswith(f"{wan} ") for text in texts)


def valid_to(record: Record, words: Words) -> str:
    """The last day of validity as printed; without a date, what the source wrote under that label."""
    if record.valid_to:
        return words.day(record.valid_to)
    labels = {words_in(language).say("paper_record.valid_to") for language in ("zh_CN", "en")}
    return next((value for label, value in record.fields if label in labels and value), words.day(""))


def columns_of(record: Record, words: Words) -> tuple[str, ...]:
    """For a table: what its columns say of a record, from its name to its state."""
    return (
        name_of(record, words),
        record.matter or record.title,
        record.provider,
        words.day(record.decided_on),
        valid_to(record, words),
        state_of(record, words)[0],
    )


def more_of(record: Record, columns: set[str], words: Words) -> list[str]:
    """For a table: what the columns do not show, as short texts."""
    said = columns | {record.valid_to, record.document_no}
    title = [record.title] if record.document_no and record.title and record.title not in said else []
    rest = [
        words.say("paper_record.field", label=label, value=value)
        for label, value in fields_beside(record, columns)
    ]
    return [*title, *rest]


def fields_beside(record: Record, columns: set[str]) -> list[tuple[str, str]]:
    """For a table: the labelled values that the columns do not show."""
    said = columns | {record.valid_to, record.document_no, record.title, record.provider}
    return [(label, value) for label, value in record.fields if value and value not in said]


def state_of(record: Record, words: Words) -> tuple[str, str]:
    """The state in words, with the marks that must not be missed, and its colour."""
    parts = [record.status] if record.status else []
    ended = {
        word
        for language in ("zh_CN", "en")
        for word in words_in(language).say("paper_record.ended_words").split("|")
    }
    if record.display == "label" and not any(word in record.status.casefold() for word in ended):
        parts.append(words.say("paper_record.repaired"))
    marked = record.objection is not None or record.display == "mark"
    known = {words_in(language).say("paper_record.objection_word") for language in ("zh_CN", "en")}
    if marked and not any(word in record.status for word in known):
        parts.append(words.say("paper_record.objected"))
    return words.say("paper.dot").join(parts) or words.say("paper.none"), AMBER if marked else INK


def provenance(record: Record, words: Words, *, named: bool = True) -> list[str]:
    """Where a record comes from and what happened to it, in small lines."""
    parts = [words.say("paper_record.source", provider=record.provider)] if named else []
    if record.received_at:
        parts.append(words.say("paper_record.received", time=_moment(record.received_at)))
    parts.append(words.say("paper_record.record", number=record.rec_id))
    if record.why is not None and record.display != "show":
        parts.append(words.say("paper_record.basis", basis=record.why.basis))
    lines = [words.say("paper.dot").join(parts)]
    if record.objection is not None:
        lines.append(
            words.say(
                "paper_record.objection_due" if record.objection.due_on else "paper_record.objection",
                number=record.objection.number,
                accepted=record.objection.accepted_on,
                due=record.objection.due_on,
            )
        )
    lines.extend(
        words.say("paper_record.correction", at=_moment(change.at), text=change.text).rstrip()
        for change in record.corrections
    )
    return lines


def gravest_first(standing: Sequence[Standing]) -> list[Standing]:
    """Points of attention in printing order."""
    return sorted(standing, key=lambda entry: ("serious", "abnormal", "honour").index(entry.kind))


def kind_and_list(entry: Standing, words: Words) -> str:
    """The head of a point of attention. A list named like its kind is named once, and without a year."""
    kind = words.say(f"paper_alert.{entry.kind}")
    if entry.list_name and kind.endswith(entry.list_name):
        return kind
    key = "head_year" if entry.year else "head"
    return words.say(f"paper_alert.{key}", kind=kind, list=entry.list_name, year=entry.year)


def labelled(document: ReportDocument, words: Words) -> list[tuple[str, str]]:
    """Kind and words of each label, the gravest first, the state in the register last. A subject on a list of
    honour and on one of dishonesty bears both; an honour never stands without its year.
    """
    found: list[tuple[str, str]] = []
    entries = gravest_first(document.bundle.standing)
    for kind in dict.fromkeys(entry.kind for entry in entries):
        own = [entry for entry in entries if entry.kind == kind]
        found.append((kind, _label(kind, own, words)))
    subject = document.bundle.subject
    if subject is not None and subject.state:
        found.append(("state", subject.state))
    return found or [("state", words.say("paper_label.none"))]


def _label(kind: str, entries: list[Standing], words: Words) -> str:
    text = words.say(f"paper_label.{kind}")
    years = sorted({entry.year or entry.listed_on[:4] for entry in entries}, reverse=True)
    if kind == "honour":
        text = words.say("paper_label.years", label=text, years=words.say("paper.comma").join(years))
    if all(entry.objection is not None for entry in entries):
        text = words.say("paper_label.objected", label=text)
    return text


def _moment(text: str) -> str:
    """A wire time in Beijing time; a plain date as it is."""
    return minute(text) if "T" in text else text
