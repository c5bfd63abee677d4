"""Nothing is given beyond its term, whatever became of it; the table says from when the term counts."""

from __future__ import annotations

from datetime import date

import pytest

from server_stub.rules.facts import Facts
from server_stub.rules.selectors import explain

ON = date(2026, 11, 26)
LISTED = {"section": "serious", "list_code": "market", "decided_on": date(2020, 1, 10)}


def state(on: date = ON, report_type: str = "special", **facts: object) -> tuple[str, str]:
    told = explain(Facts(**facts), "government_officer", report_type, on)  # type: ignore[arg-type]
    return told.display, told.state


@pytest.mark.parametrize("report_type", ["special", "screening"])
@pytest.mark.parametrize(
    ("left", "last"),
    [
        (date(2021, 6, 30), date(2026, 6, 29)),  # the day of removal counts, not the end of the term
        (date(2024, 6, 30), date(2028, 1, 9)),  # removed late: the end of the term, 2023-01-10, counts
        (None, date(2025, 1, 9)),  # nobody said when: the day of listing counts
    ],
)
def test_an_entry_that_was_removed_is_given_for_five_years(
    report_type: str, left: date | None, last: date
) -> None:
    facts = {**LISTED, "status": "removed", "status_on": left}
    if left is None:
        facts["ground"], facts["list_code"] = "1", "debtor"
    after = date.fromordinal(last.toordinal() + 1)
    assert state(last, report_type, **facts) == ("label", "removed")
    assert state(after, report_type, **facts) == ("archive", "retention_over")


def test_an_entry_without_a_term_is_given_while_it_stands() -> None:
    debtor = {"section": "serious", "list_code": "debtor", "ground": "1", "decided_on": date(2017, 6, 1)}
    assert state(**debtor) == ("show", "current")
    reminder = {"section": "abnormal", "list_code": "abnormal", "decided_on": date(2016, 7, 1)}
    assert state(**reminder) == ("show", "current")
    assert state(**reminder, status="removed", status_on=date(2021, 11, 27)) == ("label", "removed")
    assert state(**reminder, status="removed", status_on=date(2021, 11, 26))[1] == "retention_over"


def test_a_term_that_ran_out_long_ago_is_not_told_either() -> None:
    assert state(date(2028, 1, 9), **LISTED) == ("label", "term_over")
    assert state(date(2028, 1, 10), **LISTED) == ("archive", "retention_over")


def test_a_repair_ends_the_act_and_its_term_runs_from_there() -> None:
    ban = {"section": "penalty", "decided_on": date(2019, 9, 1), "effect_until": date(2039, 9, 1)}
    repaired = {**ban, "status": "repaired", "status_on": date(2021, 3, 1)}
    assert state(date(2026, 2, 28), **repaired) == ("label", "repaired")
    assert state(date(2026, 3, 1), **repaired) == ("archive", "retention_over")


@pytest.mark.parametrize("report_type", ["standard", "special", "screening"])
@pytest.mark.parametrize("role", ["bank_officer", "government_officer", "enterprise_officer", "centre_staff"])
def test_what_its_origin_withdrew_is_hidden_everywhere(role: str, report_type: str) -> None:
    for section, list_code in (("penalty", ""), ("serious", "market"), ("licence", "")):
        facts = Facts(section=section, list_code=list_code, decided_on=date(2026, 1, 5), status="withdrawn")
        told = explain(facts, role, report_type, ON)
        assert (told.display, told.state) == ("hide", "withdrawn")
