"""From a signed bundle to what the subject page shows: tiles, tabs, rows, timeline. Pure functions."""

from __future__ import annotations

from dataclasses import dataclass

from app.field.records import Bundle, Counter, Record, Section, Standing

TABS: tuple[tuple[str, tuple[Section, ...]], ...] = (
    ("all", ("serious", "penalty", "licence", "honour", "abnormal", "judgement", "commitment", "other")),
    ("penalty", ("penalty",)),
    ("licence", ("licence",)),
    ("lists", ("serious", "abnormal")),
    ("judgement", ("judgement",)),
    ("honour", ("honour",)),
    ("commitment", ("commitment",)),
    ("other", ("other",)),
)
TILES: tuple[tuple[str, str], ...] = (
    ("serious", "lists"),
    ("penalty", "penalty"),
    ("licence", "licence"),
    ("honour", "honour"),
    ("judgement", "judgement"),
    ("commitment", "commitment"),
)
WORST_FIRST = {"serious": 0, "abnormal": 1, "honour": 2}


@dataclass(frozen=True)
class TileFace:
    """A tile: what it counts, how many, the last event, and the tab behind it."""

    key: str
    count: int
    latest: str
    tab: str


@dataclass(frozen=True)
class Filters:
    """What the table is narrowed to; empty means everything. `years` 0 means all years."""

    words: str = ""
    status: str = ""
    provider: str = ""
    years: int = 0


@dataclass(frozen=True)
class Event:
    """One point of the timeline: a record of a section was decided, or (`objected`) an objection to one was
    accepted. `title` is what the source calls the record; `amount_fen` is empty where it is in doubt."""

    on: str
    section: Section
    title: str
    detail: str
    tone: str
    rec_id: str
    amount_fen: int | None = None
    objected: bool = False


def counter(bundle: Bundle, section: str) -> Counter | None:
    return next((one for one in bundle.counters if one.section == section), None)


def tiles(bundle: Bundle) -> tuple[TileFace, ...]:
    """Six sections and the open objections; zero is shown as 0."""
    made = []
    for key, tab in TILES:
        counted = counter(bundle, key)
        made.append(TileFace(key, counted.active if counted else 0, counted.latest if counted else "", tab))
    marks = [record.objection for record in bundle.records if record.objection]
    due = min((mark.due_on for mark in marks if mark.due_on), default="")
    made.append(TileFace("objected", len(marks), due, "all"))
    return tuple(made)


def tabs(bundle: Bundle) -> tuple[tuple[str, int], ...]:
    """Every tab with the number of its records."""
    return tuple((key, sum(record.section in held for record in bundle.records)) for key, held in TABS)


def rows(bundle: Bundle, tab: str, filters: Filters) -> tuple[Record, ...]:
    """The records of a tab after the filters, newest decision first."""
    held = dict(TABS)[tab]
    found = [
        record for record in bundle.records if record.section in held and fits(record, filters, bundle.as_of)
    ]
    return tuple(sorted(found, key=lambda record: record.decided_on, reverse=True))


def fits(record: Record, filters: Filters, as_of: str) -> bool:
    """Whether a record passes the filters; words are looked for in number, title, matter and provider."""
    if filters.provider and record.provider != filters.provider:
        return False
    if filters.status and status_of(record) != filters.status:
        return False
    if filters.years and record.decided_on[:4].isdigit() and as_of[:4].isdigit():
        earliest = f"{int(as_of[:4]) - filters.years:04d}{as_of[4:10]}"
        if record.decided_on < earliest:
            return False
    text = "\n".join((record.document_no, record.title, record.matter, record.provider)).casefold()
    return all(word in text for word in filters.words.casefold().split())


def status_of(record: Record) -> str:
    """The word of the status column: an open objection stands before everything else."""
    return "objected" if record.objection else record.status


def providers(bundle: Bundle, tab: str) -> tuple[str, ...]:
    held = dict(TABS)[tab]
    return tuple(sorted({record.provider for record in bundle.records if record.section in held}))


def statuses(bundle: Bundle, tab: str) -> tuple[str, ...]:
    held = dict(TABS)[tab]
    return tuple(sorted({status_of(record) for record in bundle.records if record.section in held} - {""}))


def standing_worst_first(bundle: Bundle) -> tuple[Standing, ...]:
    return tuple(sorted(bundle.standing, key=lambda one: (WORST_FIRST[one.kind], one.listed_on)))


_TONES = {"serious": "seal", "abnormal": "warn", "honour": "good", "licence": "accentText"}


def timeline(bundle: Bundle) -> tuple[Event, ...]:
    """Every record's decision and every open objection, newest first."""
    events = []
    for record in bundle.records:
        if record.decided_on:
            tone = _TONES.get(record.section, "textSecondary")
            amount = None if record.amount_doubt else record.amount_fen
            events.append(
                Event(
                    record.decided_on,
                    record.section,
                    record.title,
                    record.provider,
                    tone,
                    record.rec_id,
                    amount,
                )
            )
        if record.objection:
            mark = record.objection
            facts = (mark.accepted_on, record.section, record.title, mark.number, "warn", record.rec_id)
            events.append(Event(*facts, objected=True))
    return tuple(sorted(events, key=lambda event: event.on, reverse=True))


def record_of(bundle: Bundle, rec_id: str) -> Record | None:
    return next((record for record in bundle.records if record.rec_id == rec_id), None)
