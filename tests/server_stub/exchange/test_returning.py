"""Refused rows go back with place and reason, and come in again once they are mended."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import openpyxl
import pytest

from server_stub.command import _parser
from server_stub.errors import Problem
from server_stub.evidence.models import Leaf
from server_stub.exchange.returning import write_refused
from server_stub.exchange.services import stage
from server_stub.exchange.writing import write
from server_stub.jobs import exchanging

from .oddities import HEAD, TITLES, row

pytestmark = pytest.mark.django_db
GRID = [TITLES, row(1), row(2, CF_NR_FK="2000", CF_SY="＝1+1"), row(3, CF_JDRQ="2026-02-30", CF_CFLB="罚站")]


@pytest.mark.parametrize("suffix", ["xlsx", "csv"])
def test_refused_rows_carry_place_and_reason(suffix: str, tmp_path: Path, staff: tuple[str, str]) -> None:
    write(tmp_path / "in.xlsx", "in", [[str(cell) for cell in cells] for cells in GRID])
    path = tmp_path / f"back.{suffix}"
    assert write_refused(stage(tmp_path / "in.xlsx", "示例局", by=staff[0]), path) == 2
    if suffix == "xlsx":
        sheet = openpyxl.load_workbook(path).active
        assert sheet is not None
        lines = [[str(cell or "") for cell in cells] for cells in sheet.iter_rows(values_only=True)]
    else:
        with path.open(encoding="utf-8-sig", newline="") as file:
            lines = list(csv.reader(file))
    assert lines[0][-3:] == ["原行号", "有误的单元格", "退回原因"]
    assert [line[-3:-1] for line in lines[1:]] == [["3", "J3"], ["4", "H4\nK4"]]
    assert all(line[-1] for line in lines)
    assert lines[1][5] == ("＝1+1" if suffix == "xlsx" else "'＝1+1")


def test_mended_rows_come_in_again(tmp_path: Path, staff: tuple[str, str]) -> None:
    write(tmp_path / "in.xlsx", "in", [[str(cell) for cell in cells] for cells in GRID])
    path = tmp_path / "back.xlsx"
    write_refused(stage(tmp_path / "in.xlsx", "示例局", by=staff[0]), path)
    made = openpyxl.load_workbook(path)
    assert made.active is not None
    made.active["J2"], made.active["K3"], made.active["H3"] = "0.2", "2026-11-18", "罚款"
    made.save(path)
    again = stage(path, "示例局", by=staff[0])
    assert (again.mapping, again.read, again.accepted) == ("penalty-2018", 2, 2)
    assert len(HEAD) == len(TITLES)


def test_who_takes_refused_rows_along_says_who_he_is_and_is_in_the_log_before_they_are_written(
    tmp_path: Path, staff: tuple[str, str]
) -> None:
    write(tmp_path / "in.xlsx", "in", [[str(cell) for cell in cells] for cells in GRID])
    batch = stage(tmp_path / "in.xlsx", "示例局", by=staff[0]).batch_no
    back, other = tmp_path / "back.csv", tmp_path / "other.csv"
    words = ("refused", batch, str(back), "--json", "--home", "x")
    with pytest.raises(SystemExit):
        _parser().parse_args(words)
    assert exchanging.run(_parser().parse_args([*words, "--as", staff[1]])) == 0
    for nobody in ("banker", "nobody"):
        words = ("refused", batch, str(other), "--as", nobody, "--home", "x")
        with pytest.raises(Problem, match="role-denied"):
            exchanging.run(_parser().parse_args(words))
    assert (back.exists(), other.exists()) == (True, False)
    leaves = [json.loads(leaf.entry) for leaf in Leaf.objects.filter(kind="batch.refused")]
    told = [(leaf["user"], leaf["outcome"], leaf["subject_key"]) for leaf in leaves]
    assert told == [(staff[1], f"{batch}: 2", "")]
