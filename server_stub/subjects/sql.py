"""The register's statements on the path of every query and search."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Any

import msgspec

from server_stub import statements
from server_stub.subjects.models import Subject

_BEARERS = (
    "SELECT {begins}, {ends}, {columns}"  # noqa: S608 - names of our own columns
    " FROM subjects_identifier i JOIN subjects_subject s ON s.subject_key = i.subject_id"
    " WHERE i.value_hash = %s AND s.kind = 'legal' AND i.value <> ''{more} ORDER BY i.subject_id, i.id"
)
_WITHOUT_CODE = " AND s.code = '' AND i.kind = 'org_code'"
_HELD = (
    "SELECT i.value_hash, i.subject_id, i.valid_from, i.valid_to"
    " FROM subjects_identifier i JOIN subjects_subject s ON s.subject_key = i.subject_id"
    " WHERE i.value_hash {among} AND s.kind = %s"
)
_BY_KEY = "SELECT {columns} FROM subjects_subject s WHERE s.subject_key = %s"  # noqa: S608
_FORMER = "SELECT name, until FROM subjects_formername WHERE subject_id = %s ORDER BY until DESC, id"
_FORMER_OF = "SELECT subject_id, name FROM subjects_formername WHERE subject_id IN ({marks}) ORDER BY id"
_NUMBER = "SELECT value FROM subjects_identifier WHERE subject_id = %s AND value <> '' ORDER BY id LIMIT 1"
_UNITS = (
    "SELECT subject_key, name, code, state, {founded}, representative, district"
    " FROM subjects_subject WHERE subject_key IN ({marks})"
)
_CEASED = "SELECT subject_key FROM subjects_subject WHERE subject_key {among} AND NOT existing"
_COUNTS = "SELECT names, token FROM subjects_tokencount WHERE token IN ({marks}) AND names > 0"


class Bearer(msgspec.Struct, frozen=True):
    """A unit that bears or bore a number, and from when to when."""

    valid_from: date | None
    valid_to: date | None
    subject: Subject


class Holder(msgspec.Struct, frozen=True):
    """Who has or had a number, and from when to when."""

    subject_id: str
    valid_from: date | None
    valid_to: date | None


class Unit(msgspec.Struct, frozen=True):
    """What a list of candidates shows of a unit."""

    subject_key: str
    name: str
    code: str
    state: str
    founded: date | None
    representative: str
    district: str


def bearers(value_hash: str, *, without_code: bool) -> list[Bearer]:
    """Every unit with that number, by subject key; `without_code`: only organisation codes of units that have
    no 18-character code of their own."""
    rows = statements.every(_bearers(without_code, statements.vendor()), value_hash)
    return [Bearer(_day(begins), _day(ends), _subject(values)) for begins, ends, *values in rows]


def holders(hashes: Sequence[str], kind: str) -> dict[str, list[Holder]]:
    """Subjects of a kind (legal, person) that have or had these numbers, by the number's hash."""
    found: dict[str, list[Holder]] = {}
    if hashes:
        asked = _HELD.format(among=statements.among())
        for value_hash, key, begins, ends in statements.every(asked, statements.listed(hashes), kind):
            found.setdefault(value_hash, []).append(Holder(key, _day(begins), _day(ends)))
    return found


def by_key(subject_key: str) -> Subject | None:
    """The subject of a key."""
    row = statements.one(_by_key(statements.vendor()), subject_key)
    return None if row is None else _subject(row)


def former_names(subject_key: str) -> list[tuple[str, date | None]]:
    """Former names with their last day, the last one first."""
    return [(name, _day(until)) for name, until in statements.every(_FORMER, subject_key)]


def former_names_of(subject_keys: Sequence[str]) -> dict[str, list[str]]:
    """Former names of several subjects."""
    found: dict[str, list[str]] = {}
    for key, name in statements.every(_FORMER_OF.format(marks=_marks(subject_keys)), *subject_keys):
        found.setdefault(key, []).append(name)
    return found


def other_number(subject_key: str) -> str:
    """The first number in clear that a subject has, or an empty text."""
    row = statements.one(_NUMBER, subject_key)
    return str(row[0]) if row else ""


def units(subject_keys: Sequence[str]) -> dict[str, Unit]:
    """Register identity of several units by key."""
    if not subject_keys:
        return {}
    asked = _UNITS.format(founded=_read("founded", statements.vendor()), marks=_marks(subject_keys))
    rows = statements.every(asked, *subject_keys)
    return {
        key: Unit(key, name, code, state, _day(founded), representative, district)
        for key, name, code, state, founded, representative, district in rows
    }


def ceased(subject_keys: Sequence[str]) -> frozenset[str]:
    """Which of these subjects exist no more."""
    asked = _CEASED.format(among=statements.among())
    return frozenset(key for (key,) in statements.every(asked, statements.listed(subject_keys)))


def token_counts(tokens: Sequence[str]) -> list[tuple[int, str]]:
    """How many names hold each token that exists."""
    rows = statements.every(_COUNTS.format(marks=_marks(tokens)), *tokens) if tokens else []
    return [(int(names), str(token)) for names, token in rows]


@cache
def _names() -> tuple[str, ...]:
    return tuple(field.attname for field in Subject._meta.concrete_fields)


@cache
def _columns(vendor: str) -> str:
    return ", ".join(_read(f's."{name}"', vendor) for name in _names())


def _read(column: str, vendor: str) -> str:
    """SQLite's driver calls Python for each value of a column of days or truths; not for an expression."""
    return f"+{column}" if vendor == "sqlite" else column


@cache
def _bearers(without_code: bool, vendor: str) -> str:
    begins, ends = (_read(f"i.{name}", vendor) for name in ("valid_from", "valid_to"))
    more = _WITHOUT_CODE if without_code else ""
    return _BEARERS.format(begins=begins, ends=ends, columns=_columns(vendor), more=more)


@cache
def _by_key(vendor: str) -> str:
    return _BY_KEY.format(columns=_columns(vendor))


def _subject(values: Sequence[Any]) -> Subject:
    names = _names()
    given = dict(zip(names, values, strict=True))
    given["existing"], given["from_exchange"] = bool(given["existing"]), bool(given["from_exchange"])
    given["born_on"], given["founded"] = _day(given["born_on"]), _day(given["founded"])
    return statements.made(Subject, given)


def _day(value: date | str | None) -> date | None:
    """SQLite may give days as text."""
    return date.fromisoformat(value) if isinstance(value, str) else value


def _marks(values: Sequence[str]) -> str:
    return ", ".join("%s" for _ in values)
