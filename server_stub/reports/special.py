"""The special report: what its rules show of the chosen days and field, drawn anew at the issue.

It may show what an answer hides (repaired, no longer publicised), so it is made on the subject's own asking
or letter only; which grounds those are is said by the paper's row.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta

import msgspec

from app.field.law_fields import LawField, belongs, fields_on
from app.field.records import Bundle, Record, Section
from app.field.reportdoc import ReportScope
from app.field.templates import Template
from app.field.working_days import add_years
from server_stub.errors import Problem
from server_stub.records.selectors import Shown, counters_of, left_on
from server_stub.rules.tables_file import shipped

_ISO_DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")  # Python takes weeks and days without strokes as well


def scope_of(start: str, end: str, field: str, layout: Template, on: date) -> ReportScope | None:
    """The chosen days and field; without days the longest period that ends today. None for other papers.

    Raises:
        Problem: `scope-invalid` for no day, an end before the start or after today, a longer period than the
            row allows, a field that no row in force names, or a choice for a paper that is about no period.
    """
    if not layout.years:
        if start or end or field:
            raise Problem("scope-invalid", "this paper is not about a period or a field")
        return None
    last = _day(end) if end else on
    if last.year <= layout.years:
        raise Problem("scope-invalid", "no period ends in that year")
    first = _day(start) if start else earliest(last, layout)
    row = next((row for row in _fields(on) if row.id == field), None)
    if not first <= last <= on or first < earliest(last, layout):
        raise Problem("scope-invalid", "the period is not one that may be chosen")
    if field and row is None:
        raise Problem("scope-invalid", "no such field")
    return ReportScope(
        first.isoformat(), last.isoformat(), field, row.zh if row else "", row.en if row else ""
    )


def earliest(last: date, layout: Template) -> date:
    """The first day of the longest period that ends on `last`."""
    return add_years(last, -layout.years) + timedelta(days=1)


def require_ground(layout: Template, ground: str, until: str, on: date) -> None:
    """Whether the query's ground carries this paper on the day of its issue; `until` is the last day of the
    letter, as ISO text.

    Raises:
        Problem: `letter-needed`: not on this ground; `letter-expired`: no letter is in force any more.
    """
    if layout.grounds and ground not in layout.grounds:
        raise Problem("letter-needed", "this paper is made on the subject's own asking or letter")
    if layout.grounds and ground == "letter" and until < on.isoformat():
        raise Problem("letter-expired", "what is drawn anew needs a letter in force")


def within(bundle: Bundle, shown: Shown, scope: ReportScope, layout: Template, on: date) -> Bundle:
    """The answer with the records of the paper's sections, the chosen days and the chosen field.

    An entry that ended stands among the records with its label, and not among the points of attention.
    """
    rows = _fields(on)
    ends = _ends(shown)
    records = tuple(
        record
        for record in shown.records
        if record.section in layout.sections
        and _falls(record, ends, scope)
        and belongs(record.provider, scope.field, rows)
    )
    standing = {record.rec_id for record in records if record.display != "label"}
    return msgspec.structs.replace(
        bundle,
        counters=counters_of(records),
        standing=tuple(entry for entry in shown.standing if entry.rec_id in standing),
        records=records,
        rules=shown.rules,
    )


_LISTS: frozenset[Section] = frozenset({"serious", "abnormal", "honour"})


def _ends(shown: Shown) -> dict[str, str]:
    """The last day of every entry on its list: the day it left, or its term's end when that is earlier."""
    terms = {entry.rec_id: entry.until for entry in shown.standing if entry.until}
    left = left_on(entry.rec_id for entry in shown.standing)
    return terms | {rec_id: min(day, terms.get(rec_id, day)) for rec_id, day in left.items()}


def _falls(record: Record, ends: Mapping[str, str], scope: ReportScope) -> bool:
    """An act by its day of decision, a list entry by any day of its time on the list. ISO text compares."""
    if record.decided_on > scope.end:
        return False
    if record.section not in _LISTS:
        return record.decided_on >= scope.start
    until = ends.get(record.rec_id, "")
    return not until or until >= scope.start


def _fields(on: date) -> tuple[LawField, ...]:
    return fields_on(shipped().field, on)


def _day(text: str) -> date:
    try:
        if not _ISO_DAY.fullmatch(text):
            raise ValueError(text)
        return date.fromisoformat(text)
    except ValueError as flaw:
        raise Problem("scope-invalid", "no day") from flaw
