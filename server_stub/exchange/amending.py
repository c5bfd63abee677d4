"""A person's correction of one record is held to what a delivery is held to: fields, days, amounts, codes."""

from __future__ import annotations

import json
from collections.abc import Mapping as Pairs
from datetime import date
from typing import Any, NamedTuple, TypedDict

from msgspec import structs

from server_stub.config.clock import today
from server_stub.errors import Problem
from server_stub.exchange import checks
from server_stub.exchange.facts import facts_of
from server_stub.exchange.judged import Finding, Judged
from server_stub.exchange.mapping import Field, Mapping
from server_stub.exchange.reasons import reason
from server_stub.exchange.settable import form_of, listed, why_not, word_of
from server_stub.records.amounts import SAYS
from server_stub.records.models import Record, Revision

_FOLLOWS: dict[str, tuple[str, ...]] = {
    "date": ("decided_on",),
    "to": ("effect_until",),
    "publicity_end": ("publicity_end_given",),
    "classes": ("classes",),
    "provider": ("provider", "public_security"),
    "provider_code": ("provider_code",),
    "document": ("document_no",),
}
STANDING = ("current", "shielded")


class Replaced(TypedDict):
    """A field by code and word (an amount's with its unit), as it was and as it will be; "" for none."""

    field: str
    word: str
    old: str
    new: str


class Amended(NamedTuple):
    """What `records.services.correct` is given, the revision it was judged at, what a person should know,
    each field that changes, whether an amount is set against the record's text, and the sentence that the
    record has ended, "" where it has not."""

    changes: dict[str, Any]
    rev: int
    warnings: list[str]
    changed: list[Replaced]
    against_text: bool
    ended: str = ""

    @property
    def told(self) -> dict[str, Any]:
        """What a command prints of it: the changes, and the warnings and the record's end where there are
        any."""
        more = {"warnings": self.warnings, "ended": self.ended}
        return {"changed": self.changed, **{name: text for name, text in more.items() if text}}


def amended(rec_id: str, settings: Pairs[str, str], *, text_stays: str = "") -> Amended:
    """The correction of these fields (code -> text, "" takes one away), with days as ISO text and the columns
    that follow from them. `text_stays` says why the record's text goes on to state another amount. A record
    that was repaired or removed is still told in special reports, and may be wrong there.

    Raises:
        Problem: `not-found`; `rev-conflict` for a record that is never told any more; `body-invalid` saying
            for each field why it cannot stand: unknown to such records, of the subject or the state, a fault
            that a delivery is refused for, an amount that the record's text does not state, or nothing new.
        ValueError: `text_stays` where text and amount agree.
    """
    record = Record.objects.filter(pk=rec_id).first()
    if record is None:
        raise Problem("not-found", f"no record {rec_id}")
    if record.status in ("annulled", "withdrawn"):
        raise _ended(record)
    held: dict[str, str] = json.loads(Revision.objects.get(record=record, rev=record.rev).payload)
    form = form_of(record.section, record.schema, held)
    form = structs.replace(form, list=record.list_code)
    fields = {field.code: field for field in form.field}
    faults = [Finding(code, *_unfit(record, fields.get(code))) for code in settings]
    faults = [one for one in faults if one.code]
    before = _judged(form, held)
    after = _judged(form, {**held, **settings})
    known = {(one.field, one.code) for one in before.faults}
    named = {one.field for one in faults}
    for one in after.faults:
        brought = one.field in settings or (one.field, one.code) not in known
        if brought and one.field not in named:
            faults.append(one)
    against = _against_text(after, settings, before)
    if not text_stays:
        faults += [one for one in against if one.field not in {known.field for known in faults}]
    elif not against:
        raise ValueError("--text-stays is for an amount that the record's text does not state")
    columns = _columns(after, settings)
    faults += _too_long(form, settings, columns) if not faults else []
    days = {code: after.days[code].isoformat() for code in settings if code in after.days}
    given = {**settings, **days}
    if not faults and all(held.get(code, "") == text for code, text in given.items()):
        faults = [Finding(code, "same", reason("record", "same")) for code in settings]
    if faults:
        said = "；".join(f"{one.field}{_title(record, fields, one.field)} {one.text}" for one in faults)
        if any(one.code == "field-unknown" for one in faults):
            said += "。" + reason("record", "fields", fields=listed(form))
        raise Problem("body-invalid", said)
    old = {(one.field, one.code) for one in before.warnings}
    warnings = [f"{one.field} {one.text}" for one in after.warnings if (one.field, one.code) not in old]
    changed: list[Replaced] = [
        {"field": code, "word": word_of(record.section, code, fields.get(code)), "old": old_text, "new": text}
        for code, text in given.items()
        if (old_text := held.get(code, "")) != text
    ]
    ended = "" if record.status in STANDING else _ended(record).detail
    return Amended({"fields": given, **columns}, record.rev, warnings, changed, bool(against), ended)


def require_day(record: Record, on: date) -> None:
    """A record ends once, and on a day between its decision and today.

    Raises:
        Problem: `rev-conflict` when it has ended; `body-invalid` for another day.
    """
    require_standing(record)
    if on > today():
        raise Problem("body-invalid", reason("record", "day-future", on=on))
    if record.decided_on is not None and on < record.decided_on:
        raise Problem("body-invalid", reason("record", "day-early", on=on, decided=record.decided_on))


def require_standing(record: Record) -> None:
    """The record was not repaired, removed, annulled or withdrawn before.

    Raises:
        Problem: `rev-conflict`, with `ended` and `on` as context.
    """
    if record.status not in STANDING:
        raise _ended(record)


def _ended(record: Record) -> Problem:
    said = reason("record", f"ended-{record.status}", on=record.status_on)
    return Problem("rev-conflict", said, context={"ended": record.status, "on": str(record.status_on)})


def _unfit(record: Record, field: Field | None) -> tuple[str, str]:
    """Code and sentence why a field is not for a correction, or two empty ones."""
    code = why_not(record.section, field)
    return code, reason("record", code) if code else ""


def _judged(form: Mapping, values: Pairs[str, str]) -> Judged:
    """What the checks of a delivery say of a record with these fields."""
    row = Judged(form, dict(values))
    checks.judge_fields(row, today())
    return row


def _against_text(after: Judged, settings: Pairs[str, str], before: Judged) -> list[Finding]:
    """Amounts that the record's text does not state once these fields are set: what was so before and is not
    touched stops nobody.
    """
    known = {one.field for one in before.warnings if one.code == "amount-conflict"}
    says = any(code in settings for code in SAYS)
    return [
        Finding(one.field, "amount-text", reason("record", "amount-text"))
        for one in after.warnings
        if one.code == "amount-conflict" and (says or one.field in settings or one.field not in known)
    ]


def _columns(row: Judged, settings: Pairs[str, str]) -> dict[str, Any]:
    """The typed columns that follow from the fields that were set."""
    facts: dict[str, Any] = {**facts_of(row, "", "")}
    kinds = [field.kind for field in row.form.field if field.code in settings]
    return {name: facts[name] for kind in kinds for name in _FOLLOWS.get(kind, ())}


def _too_long(form: Mapping, settings: Pairs[str, str], columns: Pairs[str, Any]) -> list[Finding]:
    """Fields whose text is longer than the column that follows from it: one engine would refuse it unsaid."""
    found = []
    for field in form.field:
        for name in _FOLLOWS.get(field.kind, ()) if field.code in settings else ():
            most = getattr(Record._meta.get_field(name), "max_length", None)
            if most and len(str(columns[name])) > most:
                found.append(Finding(field.code, "too-long", reason("row", "too-long", limit=most)))
    return found


def _title(record: Record, fields: Pairs[str, Field], code: str) -> str:
    word = word_of(record.section, code, fields.get(code))
    return f"（{word}）" if word and word != code else ""
