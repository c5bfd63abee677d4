"""Rows found once are those that a look at every row finds, on every day, and another table is seen at
once."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import msgspec
import pytest

from server_stub.rules import days
from server_stub.rules.facts import Facts
from server_stub.rules.selectors import explain, measures_for, purpose
from server_stub.rules.tables_file import Tables, shipped

DATED = [
    name
    for name in Tables.__struct_fields__
    if name not in ("calendar", "digests") and getattr(shipped(), name)
]


def turning_days(rows: tuple[Any, ...]) -> set[date]:
    named = {row.effective_from for row in rows} | {row.effective_to for row in rows if row.effective_to}
    return {date.min, date.max} | {
        day + timedelta(days=by) for day in named for by in (-1, 0, 1) if day not in (date.min, date.max)
    }


@pytest.mark.parametrize("table", DATED)
def test_every_day_has_the_rows_that_stand(table: str) -> None:
    rules = shipped()
    rows = getattr(rules, table)
    for on in turning_days(rows):
        assert days.rows_on(rules, table, on) == tuple(row for row in rows if row.in_force(on))
        for row in rows:
            assert days.named(rules, table, on, row.id) == (row if row.in_force(on) else None)


@pytest.mark.parametrize(
    ("table", "field"), [("display", "states"), ("mode", "sections"), ("access", "roles")]
)
def test_the_first_that_fits_is_the_first_in_the_table(table: str, field: str) -> None:
    rules = shipped()
    rows = getattr(rules, table)
    values = {value for row in rows for value in getattr(row, field)} | {"nowhere"}
    for on in turning_days(rows):
        for value in values:
            fits = (row for row in rows if row.in_force(on) and value in (getattr(row, field) or (value,)))
            assert days.first(rules, table, on, **{field: value}) == next(fits, None)


def test_a_changed_table_is_seen_at_once() -> None:
    """Control of everything that is kept: the same question to other tables has another answer."""
    on, rules = date(2026, 11, 23), shipped()
    facts = Facts(section="licence", decided_on=date(2025, 1, 1), item_code="PT-LICENCE")
    assert explain(facts, "bank_officer", "standard", on, tables=rules).visible
    hidden = tuple(msgspec.structs.replace(row, display="hide") for row in rules.display)
    assert not explain(
        facts, "bank_officer", "standard", on, tables=msgspec.structs.replace(rules, display=hidden)
    ).visible
    closed = tuple(msgspec.structs.replace(row, roles=("nobody",)) for row in rules.access)
    changed = msgspec.structs.replace(rules, access=closed)
    assert not explain(facts, "bank_officer", "standard", on, tables=changed).visible
    assert explain(facts, "bank_officer", "standard", on, tables=rules).visible
    assert purpose("B01", on, msgspec.structs.replace(rules, purpose=())) is None
    assert purpose("B01", on, rules) is not None
    assert measures_for("debtor", "bank", on, msgspec.structs.replace(rules, measure=())) == ()
    assert measures_for("debtor", "bank", on, rules)


def test_a_row_ends_with_its_last_day() -> None:
    rules = shipped()
    last = date(2026, 11, 23)
    ending = tuple(msgspec.structs.replace(row, effective_to=last) for row in rules.display)
    changed = msgspec.structs.replace(rules, display=ending)
    assert days.first(changed, "display", last, states="current") is not None
    assert days.first(changed, "display", last + timedelta(days=1), states="current") is None
