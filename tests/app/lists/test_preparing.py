"""From a sheet to what is asked: columns found, each unit once, nothing left out silently."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.field.identifiers import id_card_check, uscc_check
from app.lists import preparing
from app.lists.columns import Columns, guess
from app.lists.preparing import prepare, read_list
from app.sheets.reading import Line, Sheet
from app.trouble import NotRight

CODES = [body + uscc_check(body) for body in (f"91430400MA000000{n}" for n in range(4))]
PERSON = "43040519900101000" + id_card_check("43040519900101000")


def sheet(*rows: tuple[str, ...]) -> Sheet:
    return Sheet("", tuple(Line(number, cells) for number, cells in enumerate(rows, 1)))


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ((("统一社会信用代码", "企业名称"),), Columns(0, 0, 1)),
        ((("贷后名单", ""), ("序号", "客户名称", "信用代码")), Columns(1, 2, 1)),
        ((("CODE", "Name"),), Columns(0, 0, 1)),
        ((("法人统一社会信用代码（必填）", "电话"),), Columns(0, 0, -1)),
        ((("x", CODES[0]), ("y", CODES[1])), Columns(-1, 1, -1)),
        ((("a", "b"), ("1", "2")), Columns()),
    ],
)
def test_columns_are_found_by_the_head_or_by_what_stands_in_them(
    rows: tuple[tuple[str, ...], ...], found: Columns
) -> None:
    assert guess(sheet(*rows)) == found


def test_each_unit_is_asked_about_once_and_every_line_knows_its_answer() -> None:
    prepared = prepare(
        sheet(
            ("code", "name"), (CODES[0], "示例甲有限公司"), ("", "示例乙有限公司"),
            (CODES[0].lower(), "示例甲 有限公司"),
            ("1.2E+17", "示例丙有限公司"), ("", "示例乙有限公司 "), (PERSON, "示例丁有限公司"),
        ),
        Columns(0, 0, 1),
    )  # fmt: skip
    assert [(row.line, row.code) for row in prepared.asked] == [(2, CODES[0]), (3, "")]
    assert [row.line for row in prepared.rows] == [2, 3, 4, 6]
    assert prepared.place_of == (0, 1, 0, 1)
    assert [(told.line, told.judged.why) for told in prepared.flawed] == [(5, "power"), (7, "person-number")]
    assert [told.line for told in prepared.mended] == [4]
    assert (prepared.read, prepared.repeated) == (6, 2)


def test_one_number_under_two_names_is_two_questions() -> None:
    """The answer is about number and name: a number copied down a column must not clear the second name."""
    rows = sheet(("code", "name"), *((CODES[0], name) for name in ("示例甲有限公司", "示例乙有限公司", "")))
    prepared = prepare(rows, Columns(0, 0, 1))
    assert [(row.code, row.name) for row in prepared.asked] == [
        (CODES[0], "示例甲有限公司"), (CODES[0], "示例乙有限公司"), (CODES[0], ""),
    ]  # fmt: skip
    assert (prepared.place_of, prepared.repeated) == ((0, 1, 2), 0)


def test_a_spoiled_number_may_be_left_for_the_name_and_a_persons_never() -> None:
    rows = sheet(("code", "name"), ("1.2E+17", "示例丙有限公司"), (PERSON, "示例丁有限公司"), ("1E9", "张三"))
    prepared = prepare(rows, Columns(0, 0, 1), by_name=True)
    assert [(row.line, row.code, row.name) for row in prepared.asked] == [(2, "", "示例丙有限公司")]
    assert [told.judged.why for told in prepared.flawed] == ["person-number", "person-name"]


def test_a_list_beyond_one_task_is_refused_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preparing, "ROWS_MOST", 1)
    prepare(sheet(("code",), (CODES[0],)), Columns(0, 0))
    with pytest.raises(NotRight) as flaw:
        prepare(sheet(("code",), (CODES[0],), (CODES[1],)), Columns(0, 0))
    assert flaw.value.code == "screen.many"


def written(folder: Path, text: str) -> Path:
    path = folder / "list.csv"
    path.write_text(text, "utf-8")
    return path


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a,b\n1,2\n", "screen.head"),
        ("code,name\n,\nx,\n", "screen.rows"),
        ("code,name\n,\n", "screen.empty"),
    ],
)
def test_a_command_asks_only_about_lists_that_are_right(tmp_path: Path, text: str, code: str) -> None:
    with pytest.raises(NotRight) as flaw:
        read_list(written(tmp_path, text))
    assert flaw.value.code == code


def test_a_command_asks_about_the_other_lines_and_names_those_that_ask_for_nothing(tmp_path: Path) -> None:
    prepared = read_list(written(tmp_path, f"code\n{PERSON}\n\n{CODES[0]}\n{CODES[1][:-1]}-\n"))
    assert [row.line for row in prepared.rows] == [4]
    assert [(told.line, told.judged.why) for told in prepared.flawed] == [(2, "person-number"), (5, "length")]
    with pytest.raises(NotRight) as flaw:
        read_list(written(tmp_path, f"code\n{PERSON}\n"))
    assert flaw.value.context == {"lines": "2", "count": 1}
