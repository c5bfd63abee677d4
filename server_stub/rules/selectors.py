"""Questions to the dated tables. Every question names its day."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from app.field.records import Measure, RuleRef
from app.field.working_days import CalendarMissing, add_working_days
from server_stub.rules.days import first, named, rows_of, stretch
from server_stub.rules.explain import Viewpoint, ended, explain
from server_stub.rules.facts import Facts, Verdict
from server_stub.rules.periods import list_type
from server_stub.rules.tables_file import (
    Deadline,
    ListType,
    ObjectionKind,
    Purpose,
    Tables,
    Telling,
    reference,
    shipped,
)

__all__ = [
    "Facts", "Verdict", "Viewpoint", "code_means", "deadline", "deadlines_for", "due", "ended", "explain",
    "kept_days", "kept_months", "list_type", "list_types", "measures_for", "objection_kinds",
    "objection_rule", "purpose", "purposes_for", "telling", "told_of", "versions",
]  # fmt: skip


def purpose(code: str, on: date, tables: Tables | None = None) -> Purpose | None:
    """The purpose `code` in force on `on`."""
    row: Purpose | None = named(tables or shipped(), "purpose", on, code)
    return row


def purposes_for(role: str, on: date, tables: Tables | None = None) -> tuple[dict[str, Any], ...]:
    """The purposes a role may choose, as the rows of the wire's Policy."""
    return tuple(
        {
            "code": row.id,
            "zh": row.zh,
            "en": row.en,
            "letter_for_person": row.letter_for_person,
            "letter_for_enterprise": row.letter_for_enterprise(role),
            "document_for_person": row.document_for_person(role),
            "official_letter": row.official_letter,
            "evidence_zh": row.evidence_zh,
            "evidence_en": row.evidence_en,
        }
        for row in (tables or shipped()).purpose
        if row.in_force(on) and role in row.roles
    )


def objection_rule(kind: str, role: str, on: date, tables: Tables | None = None) -> ObjectionKind | None:
    """By which row `role` may file `kind`, or None when it may not."""
    rows = (tables or shipped()).objection_kind
    return next((row for row in rows if row.kind == kind and role in row.roles and row.in_force(on)), None)


def objection_kinds(role: str, on: date, tables: Tables | None = None) -> list[str]:
    """What a role may file at all."""
    rows = (tables or shipped()).objection_kind
    return [row.kind for row in rows if role in row.roles and row.in_force(on)]


def kept_months(what: str, on: date, tables: Tables | None = None) -> int:
    """For how many months something is kept by the table of retention; 0: no row speaks of it."""
    row = first(tables or shipped(), "retention", on, sections=what)
    return int(row.months) if row is not None else 0


def kept_days(name: str, on: date, tables: Tables | None = None) -> int:
    """For how many days something is kept by a row of the policy; 0: no row is in force."""
    row = named(tables or shipped(), "policy", on, name)
    return int(row.number) if row is not None else 0


def deadline(
    place: str, procedure: str, step: str, on: date, tables: Tables | None = None
) -> Deadline | None:
    """The clock of one step of a procedure at a place."""
    for row in (tables or shipped()).deadline:
        if (row.place, row.procedure, row.step) == (place, procedure, step) and row.in_force(on):
            return row
    return None


def due(place: str, procedure: str, step: str, start: date, tables: Tables | None = None) -> date | None:
    """Last day of the step that began on `start`; None: no such clock, or no calendar for that year."""
    rules = tables or shipped()
    row = deadline(place, procedure, step, start, rules)
    if row is None:
        return None
    if row.unit == "calendar":
        return start + timedelta(days=row.days)
    try:
        return add_working_days(start, row.days, rules.calendar)
    except CalendarMissing:
        return None


def deadlines_for(on: date, place: str = "city", tables: Tables | None = None) -> list[dict[str, Any]]:
    """The clocks of this platform as the rows of the wire's Policy; `step` is procedure and step."""
    return [
        {"step": f"{row.procedure}.{row.step}", "days": row.days, "unit": row.unit, "basis": row.basis}
        for row in (tables or shipped()).deadline
        if row.place == place and row.in_force(on)
    ]


def list_types(on: date, tables: Tables | None = None) -> tuple[ListType, ...]:
    """Every list known on `on`."""
    return tuple(row for row in (tables or shipped()).list_type if row.in_force(on))


def telling(purpose: str, on: date, tables: Tables | None = None) -> Telling | None:
    """The row that says on `on` whether a subject is told of queries for a purpose."""
    rows = (tables or shipped()).telling
    return next((r for r in rows if r.in_force(on) and (not r.purposes or purpose in r.purposes)), None)


def told_of(
    purpose: str, asked_on: date, on: date, tables: Tables | None = None, *, silent_until: date | None = None
) -> bool:
    """Whether a subject that asks on `on` is told of a query for this purpose of `asked_on`. Where no row
    speaks, it is told: to keep silent needs a ground. `silent_until`: the last day of silence of the official
    letter that carried it; it counts where the row says so.
    """
    row = telling(purpose, on, tables)
    if row is None or not row.told:
        return row is None
    if row.by_letter and silent_until is not None:
        return on > silent_until
    return asked_on + timedelta(days=row.after_days) <= on


def measures_for(list_code: str, kind: str, on: date, tables: Tables | None = None) -> tuple[Measure, ...]:
    """Measures on those on a list, worded for an organisation of `kind`; those addressed to it are marked."""
    rules = tables or shipped()
    return _measures(rules, stretch(rules, "measure", on), list_code, kind)


@lru_cache(maxsize=1024)
def _measures(rules: Tables, at: int, list_code: str, kind: str) -> tuple[Measure, ...]:
    return tuple(
        Measure(row.group, row.words_for(kind), row.body, row.basis, kind in row.kinds)
        for row in rows_of(rules, "measure", at)
        if list_code in row.lists
    )


def code_means(name: str, schema: str, value: str, tables: Tables | None = None) -> str:
    """Meaning of a coded value under the form of one year; empty when the table does not know it."""
    return _means(tables or shipped()).get((name, schema, value.strip()), "")


@lru_cache(maxsize=4)
def _means(rules: Tables) -> dict[tuple[str, str, str], str]:
    """What each value means; where two rows speak of one, the first does."""
    return {(row.list, row.schema, row.value): row.means for row in reversed(rules.code)}


def versions(on: date, tables: Tables | None = None) -> tuple[RuleRef, ...]:
    """Every display and publicity row in force on `on`, for diagnosis."""
    rules = tables or shipped()
    rows = [("publicity", row) for row in rules.publicity] + [("display", row) for row in rules.display]
    return tuple(reference(table, row) for table, row in rows if row.in_force(on))
