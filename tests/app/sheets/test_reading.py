"""Files as officers have them: encodings, workbooks read next door, and what is not opened."""

from __future__ import annotations

import sys
import zipfile
from pathlib import Path

import openpyxl
import pytest

from app.sheets import workbooks
from app.sheets.reading import LARGEST, read_table
from app.sheets.writing import as_csv, as_workbook, harmless
from app.trouble import NotRight

HEAD = "统一社会信用代码,企业名称\n"
OLD = Path(__file__).parents[2] / "server_stub" / "exchange" / "samples" / "45_老格式.xls"


def refusal(path: Path) -> str:
    with pytest.raises(NotRight) as flaw:
        read_table(path)
    return flaw.value.code


def written(folder: Path, content: bytes, name: str = "list.csv") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gbk", "gb18030"])
def test_text_is_read_in_every_encoding_with_its_lines(tmp_path: Path, encoding: str) -> None:
    table = read_table(written(tmp_path, f"{HEAD}\n914,示例甲\n".encode(encoding)))
    assert [line.cells for line in table.sheets[0].lines] == [
        ("统一社会信用代码", "企业名称"),
        ("914", "示例甲"),
    ]
    assert [line.number for line in table.sheets[0].lines] == [1, 3]


def test_a_row_after_a_cell_of_several_lines_has_the_line_that_an_editor_shows(tmp_path: Path) -> None:
    text = f'{HEAD}914,"示例甲\n（分部）\n"\n\n915,示例乙\n'
    table = read_table(written(tmp_path, text.encode()))
    assert [line.number for line in table.sheets[0].lines] == [1, 2, 6]
    with pytest.raises(NotRight) as flaw:
        read_table(written(tmp_path, f'{text}"916"x,示例丙\n'.encode()))
    assert flaw.value.context["line"] == 7  # both count alike


def test_a_workbook_keeps_what_the_spreadsheet_left_of_a_number(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["B3"], sheet["C3"], sheet["D3"] = 914304001234567890, "00123", 12345678
    path = tmp_path / "list.xlsx"
    book.save(path)
    line = read_table(path).sheets[0].lines[0]
    assert (line.number, line.cells) == (
        3,
        ("", "9.14304001234568E+17", "00123", "12345678"),
    )  # from column A on


def test_no_sheet_is_left_out_silently(tmp_path: Path) -> None:
    book, path = openpyxl.Workbook(), tmp_path / "list.xlsx"
    for number in range(2, 21):
        book.create_sheet(str(number))
    for sheet in book.worksheets:
        sheet["A1"] = "x"
    book.save(path)
    assert len(read_table(path).sheets) == 20  # control
    book.create_sheet("21")
    book.save(path)
    assert refusal(path) == "sheet.sheet-limit"


def test_an_old_workbook_is_read_too() -> None:
    table = read_table(OLD)
    assert (table.encoding, len(table.sheets[0].lines)) == ("xls", 41)


def test_what_is_not_opened_is_told_by_its_reason(tmp_path: Path) -> None:
    package = tmp_path / "a.xlsx"
    with zipfile.ZipFile(package, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("[Content_Types].xml", "xl/workbook.xml", "xl/vbaProject.bin"):
            archive.writestr(name, "x")
    assert refusal(package) == "sheet.macro"
    with zipfile.ZipFile(package, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "x")
        archive.writestr("xl/workbook.xml", "0" * 2_000_000)
    assert refusal(package) == "sheet.package-limit"
    assert refusal(written(tmp_path, b"PK\x03\x04 nonsense", "b.xlsx")) == "sheet.package-broken"
    locked = OLD.read_bytes() + "EncryptedPackage".encode("utf-16-le")
    assert refusal(written(tmp_path, locked, "c.xls")) == "sheet.encrypted"
    assert refusal(written(tmp_path, b"code\n\0")) == "sheet.encoding-unknown"
    assert refusal(written(tmp_path, b'code\n"x')) == "sheet.csv-broken"
    assert refusal(written(tmp_path, b"\n , \n")) == "screen.empty"
    assert refusal(tmp_path / "none.csv") == "screen.file"
    big = tmp_path / "big.csv"
    with big.open("wb") as file:
        file.truncate(LARGEST + 1)
    assert refusal(big) == "screen.file"


def test_a_child_that_eats_too_much_is_stopped_and_told(monkeypatch: pytest.MonkeyPatch) -> None:
    eats = "import app.sheets.child as c; c._read = lambda raw: bytearray(2 << 30); c.main()"
    monkeypatch.setattr(workbooks, "_command", lambda: [sys.executable, "-c", eats])
    with pytest.raises(NotRight) as flaw:
        workbooks.sheets_of(OLD.read_bytes())
    assert flaw.value.code == "sheet.sheet-limit"


@pytest.mark.parametrize("code", ["import os; os.abort()", "print('nonsense')"])
def test_a_child_that_dies_or_babbles_is_no_answer(monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    monkeypatch.setattr(workbooks, "_command", lambda: [sys.executable, "-c", code])
    with pytest.raises(NotRight) as flaw:
        workbooks.sheets_of(OLD.read_bytes())
    assert flaw.value.code == "sheet.sheet-limit"


def test_where_a_process_cannot_be_limited_no_workbook_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbooks.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(NotRight) as flaw:
        workbooks.sheets_of(OLD.read_bytes())
    assert flaw.value.code == "sheet.no-limits"


CELLS = ["=1+1", "+1", "-1", "@x", "\t=1", " =1", "\r=1", "\u200b=1", "＝1", "＋1", "－1", "＠x"]


@pytest.mark.parametrize("cell", CELLS)
def test_no_cell_is_calculated(cell: str) -> None:
    assert harmless(cell).startswith("'")
    assert b"\r\n'" in as_csv([["a"], [cell]])


def test_control_a_plain_cell_stays_as_it_is() -> None:
    assert [harmless(cell) for cell in ("示例", "0012", "", "a=b")] == ["示例", "0012", "", "a=b"]
    assert as_csv([["示例", "a,b"]]) == b"\xef\xbb\xbf" + '示例,"a,b"\r\n'.encode()


def test_a_workbook_of_two_sheets_comes_back_and_calculates_nothing(tmp_path: Path) -> None:
    rows = [["head"], *([cell] for cell in CELLS if cell.isprintable()), ["0012"]]
    path = written(tmp_path, as_workbook((("一[1]", rows), ("二", [["x"]]))), "out.xlsx")
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["一 1 ", "二"]
    cells = [cell for row in book["一 1 "].iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} == {"s"}
    assert [cell.quotePrefix for cell in cells] == [False, *[True] * (len(rows) - 2), False]
    assert [line.cells[0] for line in read_table(path).sheets[0].lines] == [row[0].strip() for row in rows]
