"""From numbers of the journal to the rows one partner gets: what each record is today, within the scope."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

import msgspec

from server_stub.catalogue.judging import Catalogue, section_item
from server_stub.catalogue.selectors import current
from server_stub.exchange.province import lawful, persons
from server_stub.exchange.province.models import Entry, Partner
from server_stub.exchange.province.words import Row, Scope, Who
from server_stub.records.asking import item_of
from server_stub.records.models import Record, Revision
from server_stub.records.third_persons import without_third_persons
from server_stub.subjects.models import Identifier, Subject

AT_ONCE = 500
_WHY = {"sealed": "sealed", "over": "publicity_over", "term_over": "publicity_over"}
_WHY |= {"retention_over": "publicity_over", "unpublished": "publicity_over", "invalid": "invalid"}


def rows_between(partner: Partner, after: int, upto: int, on: date) -> Iterator[Row]:
    """The rows of the numbers after `after` up to `upto`. A number that a later change of the same record
    overtook has none: the later one speaks."""
    while after < upto:
        entries = list(Entry.objects.filter(number__gt=after, number__lte=upto).order_by("number")[:AT_ONCE])
        if not entries:
            return
        yield from _rows(partner, entries, on)
        after = entries[-1].number


def _rows(partner: Partner, entries: Sequence[Entry], on: date) -> Iterator[Row]:
    scope = msgspec.convert(partner.scope, Scope)
    records = Record.objects.in_bulk([entry.rec_id for entry in entries])
    revisions = _newest(records.values())
    subjects = Subject.objects.in_bulk([record.subject_key for record in records.values()])
    people = [key for key, subject in subjects.items() if subject.kind == "person"]
    tokens = persons.tokens(partner, people)
    catalogue = current()
    for entry in entries:
        record = records.get(entry.rec_id)
        if record is None or record.rev != entry.rev:
            continue
        subject = subjects.get(record.subject_key)
        who = _who(partner, subject, tokens) if subject else None
        row = _row(entry, record, revisions[record.rec_id], subject, who, scope, on, catalogue)
        if row is not None:
            yield row


def _row(
    entry: Entry,
    record: Record,
    revision: Revision,
    subject: Subject | None,
    who: Who | None,
    scope: Scope,
    on: date,
    catalogue: Catalogue,
) -> Row | None:
    if record.section not in scope.sections:
        return None
    payload = json.loads(revision.payload)
    why = _why_not(record, payload, subject, who, scope, on, catalogue)
    if why:
        never_sent = entry.op == "first" or (entry.op == "put" and entry.rev == 1)
        return None if never_sent else _revoke(entry, record, revision, why)
    third = lawful.third_persons(record, payload, subject) if subject else ()
    content = lawful.content_of(record, payload, on, third)
    return Row(
        n=entry.number,
        rec_id=record.rec_id,
        rev=record.rev,
        op="put",
        reason=revision.reason,
        at=revision.at,
        section=record.section,
        who=who,
        columns=content["columns"],
        payload=content["payload"],
        digest=lawful.digest_of(content),
        provenance=_provenance(record, on, catalogue),
    )


def _why_not(
    record: Record,
    payload: dict[str, str],
    subject: Subject | None,
    who: Who | None,
    scope: Scope,
    on: date,
    catalogue: Catalogue,
) -> str:
    """The reason that a revoke carries when the content may not go; never more than the partner may know."""
    if subject is None or who is None or not in_scope(record, subject, scope):
        return "out_of_scope"
    held = lawful.held_back(record, payload, subject, on, catalogue)
    if held.startswith("status:"):
        return held.partition(":")[2]
    return _WHY.get(held, "withheld") if held else ""


def _revoke(entry: Entry, record: Record, revision: Revision, why: str) -> Row:
    return Row(
        n=entry.number,
        rec_id=record.rec_id,
        rev=record.rev,
        op="revoke",
        reason=why,
        at=revision.at,
        section=record.section,
        status_on=str(record.status_on or ""),
    )


def _provenance(record: Record, on: date, catalogue: Catalogue) -> dict[str, str]:
    item = item_of(record, on, catalogue)
    return {
        "provider": without_third_persons(record.provider),
        "provider_code": record.provider_code,
        "source_no": record.source_no,
        "received_at": record.received_at,
        "item": record.item_code or section_item(record.section),
        "national_category": item.national if item else "",
    }


def in_scope(record: Record, subject: Subject, scope: Scope) -> bool:
    """Whether a record lies in what was agreed: section, item, division, day of decision."""
    number = subject.code[2:8] if subject.kind == "legal" else subject.number_masked[:6]
    day = record.decided_on.isoformat() if record.decided_on else ""
    dated = not (scope.since or scope.until) or bool(day)
    return (
        record.section in scope.sections
        and (not scope.items or (record.item_code or section_item(record.section)) in scope.items)
        and number.startswith(scope.area)
        and dated
        and (not scope.since or day >= scope.since)
        and (not scope.until or day < scope.until)
    )


def _newest(records: Iterable[Record]) -> dict[str, Revision]:
    standing = {record.rec_id: record.rev for record in records}
    found = Revision.objects.filter(record_id__in=list(standing))
    return {row.record_id: row for row in found if row.rev == standing[row.record_id]}


def _who(partner: Partner, subject: Subject, tokens: dict[str, str]) -> Who | None:
    if subject.kind == "person":
        token = tokens.get(subject.subject_key)
        if token is None:
            return None
        return Who(kind="person", token=token, name_token=persons.name_token(partner, subject.name))
    if subject.code:
        return Who(kind="legal", code=subject.code, name=subject.name)
    other = Identifier.objects.filter(subject=subject).exclude(value="").order_by("pk").first()
    if other is None:
        return None
    return Who(kind="legal", code=other.value, code_kind=other.kind, name=subject.name)
