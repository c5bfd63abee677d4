"""What of a record may leave to another platform: fields by a dated table, no person's number in a text."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

import msgspec

from app.field.canonical import canonical_sha256
from app.field.identifiers import uscc_fault
from server_stub.catalogue.judging import Catalogue
from server_stub.records.asking import facts_of
from server_stub.records.facts import DATES, PLAIN
from server_stub.records.models import Record
from server_stub.records.showing import third_of
from server_stub.records.third_persons import Masks, masks_of, with_masks, without_numbers
from server_stub.rules.retaining import needs_a_day
from server_stub.rules.selectors import explain
from server_stub.rules.tables_file import shipped
from server_stub.subjects.models import Subject

# an item is of one platform's catalogue: elsewhere the record stands under its section's own item
OURS = {"subject_key", "section", "status", "status_on", "source_no", "received_at", "item_code"}
COLUMNS = tuple(name for name in (*DATES, *PLAIN, "classes") if name not in OURS)
_TEXTS = ("document_no", "provider")
_HAPPENED = ("decided_on", "acted_on", "published_on")  # days that cannot be still to come


class Section(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One row of the table: the fields of a section that may go, for these kinds of subject."""

    id: str
    kinds: tuple[str, ...]
    fields: tuple[str, ...]
    basis: str
    codes: tuple[str, ...] = ()
    entered_by: str = ""
    approved_by: str = ""
    version: int = 1
    effective_from: date | None = None
    effective_to: date | None = None

    def in_force(self, on: date) -> bool:
        began = self.effective_from is not None and self.effective_from <= on
        return began and (self.effective_to is None or on < self.effective_to)


class Content(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Findings of the rules under which content may go, and how large a row may be."""

    states: tuple[str, ...]
    most_characters: int


@cache
def _table() -> tuple[Content, tuple[Section, ...]]:
    raw = tomllib.loads(
        files("server_stub.exchange.province").joinpath("tables", "lawful.toml").read_text(encoding="utf-8")
    )
    sections = [{**raw["defaults"], **row} for row in raw["section"]]
    return msgspec.convert(raw["content"], Content), msgspec.convert(sections, tuple[Section, ...])


def limits() -> Content:
    """The table's limits."""
    return _table()[0]


def section_of(name: str, on: date) -> Section | None:
    """The row that is in force for a section; None: it is not exchanged."""
    return next((row for row in _table()[1] if row.id == name and row.in_force(on)), None)


def held_back(
    record: Record, payload: dict[str, str], subject: Subject, on: date, catalogue: Catalogue
) -> str:
    """Why the content of a record may not go on a day, or an empty text.

    `status:...` for a record that was repaired, removed, shielded or annulled, else a finding of the rules
    (over, sealed, minor_at_act, unmapped, ...) or `kind`.
    """
    if record.status != "current":
        return f"status:{record.status}"
    row = section_of(record.section, on)
    if row is None or subject.kind not in row.kinds:
        return "kind"
    facts = facts_of(record, payload, subject.kind, subject.born_on)
    state = explain(facts, "centre_staff", "standard", on, catalogue=catalogue).state
    return "" if state in limits().states else state


def third_persons(record: Record, payload: Mapping[str, str], subject: Subject) -> Masks:
    """Whom the sender masks in running text: the representative, a person who is the subject, and whom the
    record names. A partner learns a person by a token alone."""
    names = [subject.representative, subject.name if subject.kind == "person" else ""]
    return third_of(record.section, payload, masks_of(names))


def content_of(
    record: Record, payload: Mapping[str, str], on: date, third: Masks | None = None
) -> dict[str, Any]:
    """{section, columns, payload} of a record as it may go. `third`: the sender's masks of names; the
    receiver, who knows other names, reads what it kept without any."""
    row = section_of(record.section, on)
    codes = row.codes if row else ()
    kept = {key: payload[key] for key in (row.fields if row else ()) if payload.get(key)}
    return {
        "section": record.section,
        "columns": {name: _column(record, name, third) for name in COLUMNS},
        "payload": {key: _text(text, key in codes, third) for key, text in kept.items()},
    }


def digest_of(content: Mapping[str, Any]) -> str:
    """Names a content; equal on both platforms."""
    return canonical_sha256(dict(content))


def faults(section: str, columns: Mapping[str, Any], payload: Mapping[str, str], on: date) -> str:
    """Why a content that came from elsewhere is not taken, as a code; empty when it may be."""
    row = section_of(section, on)
    if row is None:
        return "section-unknown"
    if set(columns) - set(COLUMNS) or set(payload) - set(row.fields):
        return "field-not-lawful"
    if set(columns) != set(COLUMNS) or any(not _fits(name, value) for name, value in columns.items()):
        return "row-unreadable"
    if needs_a_day(section, shipped(), on) and not columns["decided_on"]:
        return "undated"
    if any(columns[name] > on.isoformat() for name in _HAPPENED):
        return "date-future"
    most = limits().most_characters
    texts = [*payload.values(), *(value for value in columns.values() if isinstance(value, str))]
    if any(len(text) > most for text in texts):
        return "too-long"
    given = {**payload, **{name: str(columns.get(name) or "") for name in _TEXTS}}
    if any(_text(text, key in row.codes) != text for key, text in given.items()):
        return "number-in-clear"
    return ""


def _fits(name: str, value: Any) -> bool:
    """Whether a value can stand in its column."""
    if name in DATES:
        return isinstance(value, str) and (not value or _is_day(value))
    if name == "classes":
        return isinstance(value, list) and len(value) <= 40 and all(isinstance(one, str) for one in value)
    if name == "amount_fen":
        return value is None or type(value) is int
    if name == "performed":
        return value is None or isinstance(value, bool)
    if name == "public_security":
        return isinstance(value, bool)
    longest = getattr(Record._meta.get_field(name), "max_length", None)
    return isinstance(value, str) and len(value) <= (longest or 0)


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _column(record: Record, name: str, third: Masks | None) -> Any:
    value = getattr(record, name)
    if name in DATES:
        return str(value) if value else ""
    if name == "classes":
        return list(value)
    return _text(value, third=third) if name in _TEXTS else value


def _text(text: str, code: bool = False, third: Masks | None = None) -> str:
    if code and uscc_fault(text) is None:
        return text
    return without_numbers(text) if third is None else with_masks(text, third)
