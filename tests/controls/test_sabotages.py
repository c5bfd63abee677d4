"""The table cannot rot: every sabotage still finds its line, and every test it names is there."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.controls.__main__ import judged
from tests.controls.table import FIRST, MORE, Sabotage, flaws, read

DEMANDED = [
    "purpose check",
    "letter check",
    "minor rule",
    "receipt check",
    "bundle signature",
    "device proof",
    "nonce reuse",
    "idempotency row",
    "cipher replaced by sqlite3",
    "whole-file coverage",
    "feed numbering",
]
ROWS = read(FIRST, *MORE)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name.replace(" ", "-"))
def test_a_sabotage_has_its_line_and_its_tests(row: Sabotage) -> None:
    assert flaws(row) == []
    assert row.fault


def test_the_eleven_are_there_and_no_name_twice() -> None:
    assert [row.name for row in read(FIRST)] == DEMANDED
    assert len({row.name for row in ROWS}) == len(ROWS)


def test_control_a_row_that_rots_is_named() -> None:
    row = ROWS[0]
    for other, word in (
        (replace(row, find="a line that nobody wrote"), "0 times"),
        (replace(row, find="raise "), "times"),
        (replace(row, file="server_stub/gone.py"), "0 times"),
        (replace(row, replace=row.find), "nothing"),
        (replace(row, tests=()), "no test"),
        (replace(row, tests=("tests/gone.py::test_any",)), "tests/gone.py::test_any"),
        (replace(row, tests=(row.tests[0] + "_of_dreams",)), "of_dreams"),
    ):
        assert word in " ".join(flaws(other))


REPORT = """<testsuites><testsuite>
<testcase classname="tests.app.test_a" name="test_one[x]"><failure message="first&#10;second"/></testcase>
<testcase classname="tests.app.test_a" name="test_one[y]"><error/></testcase>
<testcase classname="tests.app.test_a" name="test_two"/>
<testcase classname="tests.app.test_a" name="test_three"><skipped/></testcase>
</testsuite></testsuites>"""


def test_red_tests_are_named_as_pytest_names_them_and_skipped_ones_did_not_run() -> None:
    red, ran = judged(REPORT)
    assert red == {"tests/app/test_a.py::test_one": "first"}
    assert ran == {
        "tests/app/test_a.py::test_one": 2,
        "tests/app/test_a.py::test_two": 1,
        "tests/app/test_a.py::test_three": 0,
    }
