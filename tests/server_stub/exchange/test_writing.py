"""What is written is read back the same by two readers, and nothing in it is evaluated."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from server_stub.exchange.readers import read
from server_stub.exchange.writing import column, write

CELLS = [
    "行政相对人名称",
    "=1+1",
    "+8613",
    "-1",
    "@x",
    " 前后空格 ",
    "两\n行",
    "<&\">'",
    "𠮷",
    "0012",
    "4.3E+17",
]


def back(path: Path) -> tuple[list[list[str]], list[list[str]]]:
    sheet = openpyxl.load_workbook(path).active
    assert sheet is not None
    mine = [["" if cell is None else str(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]
    return mine, read(path).sheets[0].rows


def test_text_comes_back_equal_in_both_readers(tmp_path: Path) -> None:
    path = tmp_path / "out.xlsx"
    rows = [["a", *CELLS], ["b", *reversed(CELLS)], ["c", "", "x"]]
    write(path, "退回行", rows)
    wide = [[*row, *[""] * (len(rows[0]) - len(row))] for row in rows]
    assert back(path) == (wide, wide)
    assert path.stat().st_mode & 0o777 == 0o600


def test_no_cell_is_a_formula_or_a_number(tmp_path: Path) -> None:
    path = tmp_path / "out.xlsx"
    write(path, "退回行", [["head"], ["=HYPERLINK(1)"], ["0012"]])
    sheet = openpyxl.load_workbook(path).active
    assert sheet is not None
    assert {sheet[at].data_type for at in ("A1", "A2", "A3")} == {"s"}
    assert (sheet["A2"].quotePrefix, sheet["A3"].number_format) == (True, "@")
    signs = ["=", "+", "-", "@", "＝", "＋", "－", "＠"]
    write(path, "退回行", [["head"], *([f"{sign}A1"] for sign in signs), ["a=b"]])
    sheet = openpyxl.load_workbook(path).active
    assert sheet is not None
    assert [sheet[f"A{at}"].quotePrefix for at in range(2, 11)] == [True] * 8 + [False]
    other = openpyxl.Workbook()  # the control: an ordinary writer makes a formula of the same text
    assert other.active is not None
    other.active["A1"] = "=HYPERLINK(1)"
    assert other.active["A1"].data_type == "f"


def test_a_writer_that_fails_leaves_nothing(tmp_path: Path) -> None:
    def rows() -> object:
        yield ["a"]
        raise OSError("no space")

    with pytest.raises(OSError, match="no space"):
        write(tmp_path / "out.xlsx", "退回行", rows())  # type: ignore[arg-type]
    assert list(tmp_path.iterdir()) == []


def test_columns_have_letters() -> None:
    assert [column(at) for at in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]


_TEXT = some.text(
    some.characters(exclude_categories=["Cs"], exclude_characters="\r\ufffe\uffff"), min_size=1, max_size=20
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cells=some.lists(_TEXT, min_size=1, max_size=5))
def test_any_text_comes_back(cells: list[str], tmp_path: Path) -> None:
    path = tmp_path / "out.xlsx"
    write(path, "退回行", [["head"] * len(cells), cells])
    unfit = {sign for cell in cells for sign in cell if ord(sign) < 32 and sign not in "\t\n"}
    meant = ["".join("\ufffd" if sign in unfit else sign for sign in cell) for cell in cells]
    assert read(path).sheets[0].rows[1] == meant
