"""The records of one subject as every query reads them: plain rows, newest revision beside its record."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Any

import msgspec

from server_stub import statements


class HeldRecord(msgspec.Struct):
    """One record with the payload it stands at. The columns are those of models.Record and mean the same."""

    rec_id: str
    section: str
    provider: str
    document_no: str
    decided_on: date | None
    acted_on: date | None
    published_on: date | None
    publicity_end_given: date | None
    effect_until: date | None
    tier: str
    procedure: str
    sector: str
    channel: str
    classes: list[str]
    amount_fen: int | None
    public_security: bool
    performed: bool | None
    item_code: str
    list_code: str
    ground: str
    disclosure: str
    schema: str
    status: str
    status_on: date | None
    objection_no: str
    objection_on: date | None
    objection_due: date | None
    rev: int
    source_no: str
    received_at: str
    payload: str


class Correction(msgspec.Struct):
    """When and why a record was corrected."""

    at: str
    reason: str
    text: str


_FIELDS = HeldRecord.__struct_fields__
# the columns of a HeldRecord where r is records_record and v its newest revision
COLUMNS = ", ".join('v."payload"' if name == "payload" else f'r."{name}"' for name in _FIELDS)
_HELD = (
    "SELECT {columns}"  # noqa: S608 - names of our own columns
    " FROM records_record r JOIN records_revision v ON v.record_id = r.rec_id AND v.rev = r.rev"
    " WHERE r.subject_key = %s"
)
_REVISIONS = "SELECT rec_id, rev FROM records_record WHERE subject_key = %s"
_CORRECTED = (
    "SELECT v.record_id, v.at, v.reason, v.text FROM records_record r"
    " JOIN records_revision v ON v.record_id = r.rec_id"
    " WHERE r.subject_key = %s AND r.rev > 1 AND v.reason = 'corrected' ORDER BY v.rev"
)


_DATED = [
    name
    for name in _FIELDS
    if name.endswith(("_on", "_due")) or name in ("publicity_end_given", "effect_until")
]
_DAYS = [_FIELDS.index(name) for name in _DATED]
_CLASSES = _FIELDS.index("classes")


@cache
def _held(vendor: str) -> str:
    """SQLite's driver calls Python for every value of a column of days; of an expression it gives the
    text."""
    days = {f'r."{name}"': f'+r."{name}"' for name in _DATED}
    given = COLUMNS.split(", ")
    return _HELD.format(columns=", ".join(days.get(one, one) if vendor == "sqlite" else one for one in given))


def held(subject_key: str) -> list[HeldRecord]:
    """Every record of a subject, in no order."""
    return [record_of(row) for row in statements.every(_held(statements.vendor()), subject_key)]


def revisions(subject_key: str) -> dict[str, int]:
    """The revision that each of a subject's records stands at."""
    return dict(statements.every(_REVISIONS, subject_key))


def corrections(subject_key: str) -> dict[str, list[Correction]]:
    """What was corrected in the subject's records, the oldest first."""
    found: dict[str, list[Correction]] = {}
    for rec_id, *told in statements.every(_CORRECTED, subject_key):
        found.setdefault(rec_id, []).append(Correction(*told))
    return found


def record_of(row: Sequence[Any]) -> HeldRecord:
    """The record in values that were selected as COLUMNS."""
    values = list(row)
    for at in _DAYS:
        if (day := values[at]).__class__ is str:  # SQLite gives days as text
            values[at] = date.fromisoformat(day)
    if (classes := values[_CLASSES]).__class__ is str:
        values[_CLASSES] = [] if classes == "[]" else json.loads(classes)
    return HeldRecord(*values)
