"""What runs out is told ninety days before, and a calendar nobody has published is no guess."""

from __future__ import annotations

import json
import logging
from datetime import date

import msgspec
import pytest

from server_stub.jobs import preparing, ruling
from server_stub.rules.ending import ending
from server_stub.rules.tables_file import Tables, shipped

LAST = date(2027, 1, 31)


def with_end(last: date, next_from: date | None = None) -> Tables:
    """The shipped tables, with a row of retention that ends and perhaps one that follows."""
    tables = shipped()
    row = msgspec.structs.replace(tables.retention[0], id="R-local", effective_to=last)
    rows = [row]
    if next_from is not None:
        rows.append(msgspec.structs.replace(row, id="R-next", effective_from=next_from, effective_to=None))
    return msgspec.structs.replace(tables, retention=tuple(rows))


@pytest.mark.parametrize(
    ("on", "told"),
    [(date(2026, 11, 1), False), (date(2026, 11, 2), True), (LAST, True), (date(2027, 2, 1), False)],
)
def test_a_row_is_told_of_from_ninety_days_before_to_its_last_day(on: date, told: bool) -> None:
    found = [one for one in ending(on, with_end(LAST)) if one.table == "retention"]
    assert [(one.row, one.last, one.followed) for one in found] == [("R-local", LAST, False)] * told


def test_a_row_that_is_followed_says_so() -> None:
    (one,) = [e for e in ending(LAST, with_end(LAST, date(2027, 2, 1))) if e.table == "retention"]
    assert one.followed
    (late,) = [e for e in ending(LAST, with_end(LAST, date(2027, 2, 2))) if e.table == "retention"]
    assert not late.followed


@pytest.mark.parametrize(("on", "told"), [(date(2026, 10, 2), False), (date(2026, 10, 3), True)])
def test_a_year_without_a_calendar_is_told_of_in_time(on: date, told: bool) -> None:
    found = [(one.row, one.last) for one in ending(on) if one.table == "calendar"]
    assert found == [("2026", date(2026, 12, 31))] * told


def test_order_58_was_followed_by_order_36() -> None:
    ends = {one.row: one.followed for one in ending(date(2026, 3, 1))}
    assert ends["P58-penalty"] is True
    assert "P36-general" not in ends


def test_the_start_says_what_has_no_successor(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(preparing, "ending", lambda on: ending(LAST, with_end(LAST)))
    with caplog.at_level(logging.WARNING, logger="server_stub.jobs"):
        preparing._tell_of_ends()
    assert [record.getMessage()[:28] for record in caplog.records][:1] == ["retention R-local ends on 20"]
    caplog.clear()
    monkeypatch.setattr(preparing, "ending", lambda on: ending(LAST, with_end(LAST, date(2027, 2, 1))))
    with caplog.at_level(logging.WARNING, logger="server_stub.jobs"):
        preparing._tell_of_ends()
    assert not [record for record in caplog.records if "retention" in record.getMessage()]


def test_the_verb_says_what_is_in_force() -> None:
    card = json.loads(json.dumps(ruling.card(date(2026, 3, 31))))
    assert "P58-penalty/1" in card["in_force"]["publicity"]
    assert not [row for row in card["in_force"]["publicity"] if row.startswith("P36")]
    assert card["calendar"] == [2025, 2026]
    assert set(card["in_force"]) >= {"publicity", "display", "deadline", "purpose", "retention"}
