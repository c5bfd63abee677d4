"""The only door through which records leave: what a role may see of a subject on a day, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import partial
from itertools import chain

import msgspec

from app.field import records as field
from server_stub.catalogue.judging import Catalogue
from server_stub.catalogue.selectors import current
from server_stub.records import sql
from server_stub.records.asking import facts_held, facts_of
from server_stub.records.models import Record, Revision
from server_stub.records.showing import persons_named, shown_record, standing
from server_stub.records.sql import Correction, HeldRecord
from server_stub.records.third_persons import Masks, Told, masks_of, with_masks
from server_stub.rules.ages import is_minor
from server_stub.rules.retaining import ENDS
from server_stub.rules.selectors import Viewpoint, explain, list_type, measures_for
from server_stub.rules.tables_file import Tables, shipped
from server_stub.subjects.models import Subject

_payload = msgspec.json.Decoder().decode
MARKS = frozenset({"marked", "unmarked"})
_LISTS = ("serious", "abnormal", "honour")
_NOBODY = "-" * 26
_NONE = {
    section: field.Counter(section=section, active=0, objected=0, latest="", providers=0)
    for section in field.SECTIONS
}
_ORDER: dict[str, int] = {section: place for place, section in enumerate(field.SECTIONS)}


class Shown(msgspec.Struct, frozen=True):
    """What may be seen. List entries stand in `records` (their fields) and in `standing` (their measures)."""

    records: tuple[field.Record, ...] = ()
    standing: tuple[field.Standing, ...] = ()
    counters: tuple[field.Counter, ...] = ()
    rules: tuple[field.RuleRef, ...] = ()


def shown(
    subject: Subject | None,
    *,
    role: str,
    organisation_kind: str,
    report_type: str = "standard",
    on: date,
    basis: str = "open",
    language: str = "zh_CN",
    tables: Tables | None = None,
    catalogue: Catalogue | None = None,
    found: list[HeldRecord] | None = None,
) -> Shown:
    """All that `role` may see of `subject` in a report of `report_type` on the day `on`.

    `basis` is the ground that carries the query: open, letter, duty or own; records that need an
    authorisation stay unseen without one. `found` are the subject's records where they were read already
    (`held`). For None, and for somebody who is a minor on that day, the answer
    is empty, after the same reads as for a subject without records: the time tells nobody whether there is
    one.
    """
    items = catalogue or current()
    found = held(subject) if found is None else found
    rules = tables or shipped()
    if subject is None or is_minor(subject.born_on, on, tables=rules):
        return Shown()
    rows = _corrected(subject.subject_key, found)
    # whoever represented the unit when one act was done may be written into the text of another
    named = {subject.representative}
    for record, payload, _ in rows:
        named |= persons_named(record.section, payload)
    told = Told(masks_of(named))
    seen_from = Viewpoint(role, report_type, on, basis, rules, items)
    seen: list[field.Record] = []
    entries: list[field.Standing] = []
    used: dict[tuple[str, str], field.RuleRef] = {}
    for record, payload, corrections in rows:
        facts = facts_held(record, payload)
        verdict = seen_from.verdict(facts)
        if not verdict.visible:
            continue
        seen.append(shown_record(record, payload, corrections, verdict, told, language, on))
        for rule in (verdict.rule, verdict.period_rule, verdict.item):
            if rule is not None:
                used[rule.table, rule.row] = rule
        if record.section in _LISTS:
            measures = measures_for(record.list_code, organisation_kind, on, rules)
            kind = list_type(facts, rules, on)
            entries.append(standing(record, payload, kind, verdict, measures, told))
    return Shown(
        records=tuple(seen),
        standing=tuple(entries),
        counters=counters_of(seen),
        rules=tuple(used[key] for key in sorted(used)),
    )


def held(subject: Subject | None) -> list[HeldRecord]:
    """Every record of a subject, seen or not, in no order; for None the same is asked, and there are none."""
    return sql.held(key_of(subject), *((subject.kind, subject.born_on) if subject else ()))


def key_of(subject: Subject | None) -> str:
    """The key under which records are looked for; of nobody one that no subject has."""
    return subject.subject_key if subject else _NOBODY


def shows(rec_id: str, *, role: str, on: date, basis: str) -> bool:
    """Whether an answer to `role` would hold this record on the day `on`; see `shown`."""
    record = Record.objects.filter(pk=rec_id).first()
    subject = Subject.objects.filter(pk=record.subject_key).first() if record is not None else None
    if record is None or subject is None:
        return False
    payload = msgspec.json.decode(Revision.objects.get(record=record, rev=record.rev).payload)
    facts = facts_of(record, payload, subject.kind, subject.born_on)
    return explain(facts, role, "standard", on, basis=basis, catalogue=current()).visible


def left_on(rec_ids: Iterable[str]) -> dict[str, str]:
    """When each of these list entries left its list before its term was over, as ISO text; one that did not
    is absent. Where nobody said the day, it is that of the listing.
    """
    rows = Record.objects.filter(pk__in=list(rec_ids), section__in=_LISTS, status__in=ENDS)
    days = rows.values_list("rec_id", "status_on", "decided_on")
    return {rec_id: str(left or listed or "") for rec_id, left, listed in days}


def _corrected(
    subject_key: str, found: list[HeldRecord]
) -> list[tuple[HeldRecord, dict[str, str], list[Correction]]]:
    """A subject's records with what they say and their corrections, sections in printing order, newest
    decision first.
    """
    corrected = sql.corrections(subject_key) if max([record.rev for record in found], default=0) > 1 else {}
    return [
        (record, _payload(record.payload), corrected.get(record.rec_id, []))
        for record in sorted(found, key=_place)
    ]


def _place(record: HeldRecord) -> tuple[int, int, str]:
    decided = record.decided_on.toordinal() if record.decided_on else 0
    return _ORDER[record.section], -decided, record.rec_id


def counters_of(rows: Iterable[field.Record]) -> tuple[field.Counter, ...]:
    """The summary of these records: a row a section; what is labelled (repaired, removed) is not counted."""
    counted: dict[str, list[field.Record]] = {}
    for row in rows:
        if row.display != "label":
            counted.setdefault(row.section, []).append(row)
    return tuple(
        _counter(section, counted[section]) if section in counted else _NONE[section]
        for section in field.SECTIONS
    )


def _counter(section: field.Section, rows: list[field.Record]) -> field.Counter:
    return field.Counter(
        section=section,
        active=len(rows),
        objected=[row.display for row in rows].count("mark"),
        latest=max([row.decided_on for row in rows], default=""),
        providers=len({row.provider for row in rows}),
    )


def current_revisions(rec_ids: Iterable[str]) -> dict[str, int]:
    """The revision each record stands at; a record that does not exist is absent."""
    return dict(Record.objects.filter(pk__in=list(rec_ids)).values_list("rec_id", "rev"))


def reasons_since(rec_id: str, rev: int) -> tuple[str, ...]:
    """Why a record moved on after `rev`: only marked/unmarked is a mark, anything else ends a copy."""
    rows = Revision.objects.filter(record_id=rec_id, rev__gt=rev).order_by("rev")
    return tuple(rows.values_list("reason", flat=True))


def unmarked_again(held: Mapping[str, int]) -> frozenset[str]:
    """Which of these records (rec_id -> rev) say again what they said at that revision: it bore no mark, and
    nothing came after it but marks that are gone.
    """
    told: dict[str, list[tuple[int, str]]] = {rec_id: [] for rec_id in held}
    rows = Revision.objects.filter(record_id__in=list(held)).order_by("record_id", "rev")
    for rec_id, rev, reason in rows.values_list("record_id", "rev", "reason"):
        told[rec_id].append((rev, reason))
    return frozenset(rec_id for rec_id, rev in held.items() if _says_again(told[rec_id], rev))


def said_again(rec_id: str, rev: int) -> tuple[int, ...]:
    """The revisions that said of a record what it said at `rev`, itself among them."""
    rows = Revision.objects.filter(record_id=rec_id, rev__lte=rev).order_by("rev")
    told = list(rows.values_list("rev", "reason"))
    stood = any(at == rev for at, _ in told)
    return (rev, *(at for at, _ in told if stood and at < rev and _says_again(told, at)))


def _says_again(told: list[tuple[int, str]], rev: int) -> bool:
    before = [reason for at, reason in told if at <= rev and reason in MARKS]
    after = [reason for at, reason in told if at > rev]
    return set(after) <= MARKS and all(not one or one[-1] == "unmarked" for one in (before, after))


def told_of(rec_id: str) -> Callable[[str], str]:
    """How running text about a record is told to whoever may read of it: without third persons.

    Whom the register or the record names is masked, and whom the text itself marks as a person.
    """
    row = Record.objects.filter(pk=rec_id).first()
    if row is None:
        return partial(with_masks, masks=())
    kept = Revision.objects.get(record=row, rev=row.rev).payload
    named = persons_named(row.section, msgspec.json.decode(kept))
    return partial(with_masks, masks=_names(Subject.objects.filter(pk=row.subject_key).first(), named))


def _names(subject: Subject | None, *more: set[str]) -> Masks:
    return masks_of({subject.representative if subject is not None else "", *chain.from_iterable(more)})


def mark_of(rec_id: str) -> field.ObjectionMark | None:
    """The objection a record is under now."""
    record = Record.objects.filter(pk=rec_id).exclude(objection_no="").first()
    if record is None:
        return None
    due = record.objection_due.isoformat() if record.objection_due else ""
    return field.ObjectionMark(record.objection_no, str(record.objection_on), due)
