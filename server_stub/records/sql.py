"""The records of one subject as every query reads them: plain rows, newest revision beside its record."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cache, lru_cache
from typing import Any

import msgspec

from server_stub import statements
from server_stub.rules.facts import Facts


class Classes(tuple[str, ...]):
    """Classes of a penalty as a row has them: SQLite keeps the list as JSON text."""

    __slots__ = ()


class HeldRecord(Facts, frozen=True, kw_only=True, array_like=True, gc=False):
    """One record as the rules ask about it, with the payload it stands at and what else an answer says of it.
    The columns are those of models.Record and mean the same.
    """

    rec_id: str
    provider: str
    document_no: str
    schema: str
    objection_no: str
    objection_on: date | None
    objection_due: date | None
    rev: int
    source_no: str
    received_at: str
    payload: str
    classes: Classes


class Correction(msgspec.Struct):
    """When and why a record was corrected."""

    at: str
    reason: str
    text: str


_FIELDS = HeldRecord.__struct_fields__
_ELSEWHERE = {
    "payload": 'v."payload"',
    "objected": "(r.\"objection_no\" <> '')",
    "subject_kind": "'legal'",
    "subject_born_on": "NULL",
    "valid": "(1 = 1)",
}
# the values of a HeldRecord about a unit where r is records_record and v its newest revision
COLUMNS = ", ".join(_ELSEWHERE.get(name, f'r."{name}"') for name in _FIELDS)
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


# SQLite's driver calls Python for every value of a column of days or truths, and not for an expression
_CONVERTED = [
    f'r."{name}"'
    for name in _FIELDS
    if name.endswith(("_on", "_due"))
    or name in ("publicity_end_given", "effect_until", "public_security", "performed")
]


@cache
def columns(vendor: str) -> str:
    """COLUMNS as they are cheapest on an engine."""
    given = COLUMNS.split(", ")
    return ", ".join(f"+{one}" if vendor == "sqlite" and one in _CONVERTED else one for one in given)


@cache
def _held(vendor: str) -> str:
    return _HELD.format(columns=columns(vendor))


def held(subject_key: str, kind: str = "legal", born_on: date | None = None) -> list[HeldRecord]:
    """Every record of a subject of a kind, in no order; a person's with the day of birth."""
    found = records_of(statements.every(_held(statements.vendor()), subject_key))
    if kind == "legal":
        return found
    return [msgspec.structs.replace(one, subject_kind=kind, subject_born_on=born_on) for one in found]


def revisions(subject_key: str) -> dict[str, int]:
    """The revision that each of a subject's records stands at."""
    return dict(statements.every(_REVISIONS, subject_key))


def corrections(subject_key: str) -> dict[str, list[Correction]]:
    """What was corrected in the subject's records, the oldest first."""
    found: dict[str, list[Correction]] = {}
    for rec_id, *told in statements.every(_CORRECTED, subject_key):
        found.setdefault(rec_id, []).append(Correction(*told))
    return found


def records_of(rows: Sequence[Sequence[Any]]) -> list[HeldRecord]:
    """The records in rows that were selected as COLUMNS."""
    return msgspec.convert(rows, list[HeldRecord], strict=False, dec_hook=_read)


def _read(kind: type, given: Any) -> Any:
    """The one value that an engine gives in a form of its own."""
    return _classes(given) if isinstance(given, str) else Classes(given)


@lru_cache(maxsize=4096)
def _classes(text: str) -> Classes:
    """Classes come again from record to record."""
    return Classes(msgspec.json.decode(text, type=tuple[str, ...]))
