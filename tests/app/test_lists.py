"""Screening lists: what is read, what is refused by its line, and a result that no spreadsheet calculates."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.field.identifiers import id_card_check, uscc_check
from app.lists import LARGEST, as_csv, harmless, read_list
from app.trouble import NotRight

CODE = "91430400MA0000000" + uscc_check("91430400MA0000000")
PERSON = "43040519900101000" + id_card_check("43040519900101000")


def write(folder: Path, text: str | bytes, encoding: str = "utf-8") -> Path:
    file = folder / "list.csv"
    file.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
    return file


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("head", ["统一社会信用代码,企业名称", "CODE,Name"])
def test_a_list_is_read_by_its_head(tmp_path: Path, head: str, encoding: str) -> None:
    rows = read_list(write(tmp_path, f"{head}\n{CODE},示例甲\n\n,示例乙\n '{CODE},\n", encoding))
    assert [(row.line, row.code, row.name) for row in rows] == [
        (2, CODE, "示例甲"), (4, "", "示例乙"), (5, CODE, ""),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "screen.head"), ("a,b\n1,2\n", "screen.head"), ("code,name\n,\n", "screen.empty"),
        (b"PK\x03\x04rest", "screen.kind"), (b"\xd0\xcf\x11\xe0", "screen.kind"),
        (b"code\n\0", "screen.kind"),
        (b"code\n\xff\xff\n", "screen.kind"), ("name\n" + "字" * 201, "text-too-long"),
        (b"x" * (LARGEST + 1), "screen.file"),
    ],
)  # fmt: skip
def test_what_is_no_list_is_refused_by_its_reason(tmp_path: Path, text: str | bytes, code: str) -> None:
    with pytest.raises(NotRight) as flaw:
        read_list(write(tmp_path, text))
    assert flaw.value.code == code


@pytest.mark.parametrize("number", [PERSON, CODE[:-1] + ("0" if CODE[-1] != "0" else "1"), "123", "示例"])
def test_a_number_that_is_no_units_is_named_by_its_line(tmp_path: Path, number: str) -> None:
    with pytest.raises(NotRight) as flaw:
        read_list(write(tmp_path, f"code,name\n{CODE},甲\n{number},乙\n"))
    assert (flaw.value.code, flaw.value.context) == ("screen.rows", {"lines": "3", "count": 1})


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(NotRight) as flaw:
        read_list(tmp_path / "none.csv")
    assert flaw.value.code == "screen.file"


@pytest.mark.parametrize(
    "cell", ["=1+1", "+1", "-1", "@x", "\t=1", " =1", "\r=1", "\u200b=1", "＝1", "＋1", "－1", "＠x"]
)
def test_no_cell_is_calculated(cell: str) -> None:
    assert harmless(cell).startswith("'")
    assert b"\r\n'" in as_csv([["a"], [cell]])


def test_control_a_plain_cell_stays_as_it_is() -> None:
    assert [harmless(cell) for cell in ("示例", CODE, "", "a=b")] == ["示例", CODE, "", "a=b"]
    assert as_csv([["示例", "a,b"]]) == b"\xef\xbb\xbf" + '示例,"a,b"\r\n'.encode()
