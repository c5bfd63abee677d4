"""Refused rows go back with place and reason, and come in again once they are mended."""

from __future__ import annotations

import csv
from pathlib import Path

import openpyxl
import pytest

from server_stub.exchange.returning import write_refused
from server_stub.exchange.services import stage
from server_stub.exchange.writing import write

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
