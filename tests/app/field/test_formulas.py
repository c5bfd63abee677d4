"""A cell that a spreadsheet would calculate leaves as text, whichever way; one rule holds for all ways."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from app.desks import copied
from app.field.formulas import LEADS, as_text, calculates
from app.sheets.writing import as_csv

ROOT = Path(__file__).parents[3]
OWN_RULE = re.compile("[\"']=[\"'], *[\"'][+]|[\"']=[+]-@")
SIGNS = LEADS[:8]  # behind them blanks that are no formula in themselves
BLANKS = ("", " ", "\t", "\r\n ", "\u3000", "\u200b", "\ufeff", "\u00a0 ")


@given(lead=some.sampled_from(SIGNS), before=some.sampled_from(BLANKS), rest=some.text(max_size=10))
def test_whatever_stands_before_or_behind_it_a_formula_is_text(lead: str, before: str, rest: str) -> None:
    cell = f"{before}{lead}A1{rest}"
    assert calculates(cell)
    assert as_text(cell) == f"'{cell}"
    (row,) = csv.reader(io.StringIO(as_csv([[cell]]).decode("utf-8-sig"), newline=""))
    assert row[0].startswith("'")


@pytest.mark.parametrize("sign", SIGNS)
def test_the_clipboard_follows_the_same_rule(sign: str) -> None:
    assert copied.cell(f"{sign}A1") == f"'{sign}A1"


@pytest.mark.parametrize("blank", LEADS[8:])
def test_a_blank_that_breaks_out_of_its_cell_leads_none(blank: str) -> None:
    assert as_text(f"{blank}示例") == f"'{blank}示例"


@pytest.mark.parametrize(
    "cell", ["", "示例", "a=b", "衡示罚〔2026〕1号", "91430400MA00000000", "8.00", "'=1"]
)
def test_control_a_plain_cell_stays_as_it_is(cell: str) -> None:
    assert not calculates(cell)
    assert as_text(cell) == cell


def test_nobody_has_a_rule_of_his_own() -> None:
    known = [
        path for room in ("app", "ui", "local_cache", "server_stub") for path in (ROOT / room).rglob("*.py")
    ]
    assert len(known) > 300
    own = [str(path.relative_to(ROOT)) for path in known if OWN_RULE.search(path.read_text(encoding="utf-8"))]
    assert own == ["app/field/formulas.py"]
