"""Every worked case of the field has a test, and the table of them names tests that are there."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tests.controls import table as named

TABLE = Path(__file__).with_name("worked_cases.csv")
CASES = 37


def flaws(rows: list[dict[str, str]]) -> list[str]:
    """Cases without a test, and tests that are not there."""
    missing = sorted(set(range(1, CASES + 1)) - {int(row["case"]) for row in rows})
    found = [f"case {case} has no test" for case in missing]
    for row in rows:
        file, _, function = row["test"].partition("::")
        if not (named.ROOT / file).is_file() or function not in named.tests_in(named.ROOT / file):
            found.append(f"case {row['case']}: there is no {row['test']}")
    return found


def rows_of_table() -> list[dict[str, str]]:
    with TABLE.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def test_every_case_names_a_test_that_is_there() -> None:
    rows = rows_of_table()
    assert flaws(rows) == []
    assert len({(row["case"], row["test"]) for row in rows}) == len(rows)
    assert all(row["facts"] for row in rows)


@pytest.mark.parametrize(
    ("case", "test"), [("12", ""), ("3", "tests/server_stub/rules/test_worked_cases.py::test_case_3_gone")]
)
def test_control_a_gap_and_a_wrong_name_are_seen(case: str, test: str) -> None:
    rows = [row for row in rows_of_table() if row["case"] != case]
    if test:
        rows.append({"case": case, "facts": "x", "test": test})
    assert len(flaws(rows)) == 1
