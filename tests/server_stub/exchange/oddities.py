"""Odd files of every kind departments were seen to send, made here; what a careful reader gets of each.

`rows` are data rows, `accepted` those that hold; `why` is the reason for which the whole file goes back.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

import openpyxl

from app.field.identifiers import uscc_check

Grid = list[list[object]]
HEAD = (
    "CF_XDR_MC", "CF_XDR_LB", "CF_XDR_SHXYM", "CF_WSH", "CF_WFXW", "CF_SY", "CF_YJ", "CF_CFLB", "CF_NR",
    "CF_NR_FK", "CF_JDRQ", "CF_YXQ", "CF_GSJZQ", "CF_CFJG", "CF_CFJGDM", "CF_SJLY", "CF_SJLYDM",
)  # fmt: skip
TITLES = (
    "行政相对人名称", "行政相对人类别", "统一社会信用代码", "行政处罚决定书文号", "违法行为类型", "违法事实",
    "处罚依据", "处罚类别", "处罚内容", "罚款金额（万元）", "处罚决定日期", "处罚有效期", "公示截止期",
    "处罚机关", "处罚机关统一社会信用代码", "数据来源单位", "数据来源单位统一社会信用代码",
)  # fmt: skip
_OFFICE = ("示例市市场监督管理局", "114304000060000010")


class Oddity(NamedTuple):
    """One file: how it is made and what is in it."""

    name: str
    make: Callable[[Path], None]
    rows: int = 0
    accepted: int = 0
    why: str = ""


def row(serial: int, **change: object) -> list[object]:
    """A right row about a unit of its own; `change` by the field's code."""
    body = f"91430400MA{serial:07d}"
    values: dict[str, object] = dict(
        zip(
            HEAD,
            (
                f"云石{serial}（示例）建材有限公司", "法人及非法人组织", body + uscc_check(body),
                f"衡罚字〔2026〕{serial}号", "违反登记管理规定", "未按规定办理变更登记", "示例条例第一条",
                "罚款", "罚款2000元", "0.2", "2026-11-18", "2026-12-18", "2027-11-18", *_OFFICE, *_OFFICE,
            ),
            strict=True,
        )
    )  # fmt: skip
    return list({**values, **change}.values())


def rows(count: int) -> Grid:
    return [row(serial) for serial in range(1, count + 1)]


def text(grid: Sequence[Sequence[object]], delimiter: str = ",") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(grid)
    return out.getvalue()


def sheet(path: Path, grid: Sequence[Sequence[object]], at: tuple[int, int] = (1, 1), name: str = "") -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    for line, cells in enumerate(grid, at[0]):
        for column, value in enumerate(cells, at[1]):
            book.active.cell(line, column, value)
    book.active.title = name or "Sheet1"
    book.save(path)


def plain(
    grid: Sequence[Sequence[object]], encoding: str = "utf-8", delimiter: str = ","
) -> Callable[[Path], None]:
    return lambda path: path.write_bytes(text(grid, delimiter).encode(encoding)) and None


def book(grid: Sequence[Sequence[object]], at: tuple[int, int] = (1, 1)) -> Callable[[Path], None]:
    return lambda path: sheet(path, grid, at)


def raw(content: bytes) -> Callable[[Path], None]:
    return lambda path: path.write_bytes(content) and None


def _second_sheet(path: Path) -> None:
    made = openpyxl.Workbook()
    assert made.active is not None
    made.active["A1"] = "填报说明"
    other = made.create_sheet("数据")
    for cells in ([*HEAD], *rows(3)):
        other.append(cells)
    made.save(path)


def _merged(path: Path) -> None:
    sheet(path, [["行政处罚信息公示表"], ["填报单位：示例局"], TITLES, *rows(3), ["填表人：测试甲", "", ""]])
    made = openpyxl.load_workbook(path)
    assert made.active is not None
    made.active.merge_cells("A1:Q1")
    made.save(path)


def _hidden(path: Path) -> None:
    sheet(path, [[*HEAD], *rows(4)])
    made = openpyxl.load_workbook(path)
    assert made.active is not None
    made.active.row_dimensions[3].hidden = True
    made.active.column_dimensions["B"].hidden = True
    made.save(path)


def _bad_reference(path: Path) -> None:
    sheet(path, [[*HEAD], *rows(2)])
    content = io.BytesIO(path.read_bytes())
    with zipfile.ZipFile(content) as given, zipfile.ZipFile(path, "w") as made:
        for item in given.infolist():
            made.writestr(item.filename, given.read(item).replace(b'<c r="A', b'<c r="1A!'))


_HEADED = [[*HEAD], *rows(3)]
_SHUFFLED = [list(reversed(cells)) for cells in _HEADED]
_GAPS = [[*HEAD], [], *rows(2), ["", "", ""], [], row(3), []]
ODDITIES = (
    Oddity("标题是代码.csv", plain(_HEADED), 3, 3),
    Oddity("标题是中文.csv", plain([TITLES, *rows(3)]), 3, 3),
    Oddity("gb18030.csv", plain([TITLES, *rows(3)], "gb18030"), 3, 3),
    Oddity("utf16.csv", plain([TITLES, *rows(3)], "utf-16"), 3, 3),
    Oddity("制表符.csv", plain(_HEADED, delimiter="\t"), 3, 3),
    Oddity("分号.csv", plain(_HEADED, delimiter=";"), 3, 3),
    Oddity("列倒序.xlsx", book(_SHUFFLED), 3, 3),
    Oddity("空行.csv", plain(_GAPS), 3, 3),
    Oddity("空行.xlsx", book(_GAPS), 3, 3),
    Oddity("起于D7.xlsx", book(_HEADED, (7, 4)), 3, 3),
    Oddity("第二张表.xlsx", _second_sheet, 3, 3),
    Oddity("合并标题.xlsx", _merged, 3, 3),
    Oddity("隐藏行列.xlsx", _hidden, 4, 4),
    Oddity("重复表头.csv", plain([*_HEADED, [*HEAD], row(4)]), 4, 4),
    Oddity("标题带星号.csv", plain([[f"*{title} （必填）" for title in TITLES], *rows(2)]), 2, 2),
    Oddity("标题带换行.csv", plain([[f"{t[:3]}\n{t[3:]}" for t in TITLES], *rows(2)]), 2, 2),
    Oddity("标题带前缀.csv", plain([[f"dw_{code.lower()}" for code in HEAD], *rows(2)]), 2, 2),
    Oddity("别名.csv", plain([[{"CF_CFJG": "CF_XZJG"}.get(c, c) for c in HEAD], *rows(2)]), 2, 2),
    Oddity("单元格换行.csv", plain([[*HEAD], row(1, CF_SY="一、事实\n二、事实")]), 1, 1),
    Oddity("多余的列.csv", plain([[*HEAD, "备用"], *([*cells, "x"] for cells in rows(2))]), 2, 2),
    Oddity("短行.csv", plain([[*HEAD], row(1), row(2)[:9]]), 2, 1),
    Oddity("日期.xlsx", book([[*HEAD], row(1, CF_JDRQ=date(2026, 11, 18))]), 1, 1),
    Oddity("时刻.xlsx", book([[*HEAD], row(1, CF_YXQ=datetime(2026, 12, 18, 9))]), 1, 1),
    Oddity("日期序号.xlsx", book([[*HEAD], row(1, CF_JDRQ=46344)]), 1, 1),
    Oddity("数字金额.xlsx", book([[*HEAD], row(1, CF_NR_FK=0.2), row(2, CF_NR_FK=0)]), 2, 1),
    Oddity("代码成科学计数.xlsx", book([[*HEAD], row(1), row(2, CF_CFJGDM=114304000060000010)]), 2, 1),
    Oddity("代码成科学计数.csv", plain([[*HEAD], row(1, CF_SJLYDM="1.14E+17"), row(2)]), 2, 1),
    Oddity("元当万元.csv", plain([[*HEAD], row(1, CF_NR_FK="2000"), row(2)]), 2, 1),
    Oddity("全角.csv", plain([[*HEAD], row(1, CF_JDRQ="２０２６－１１－１８", CF_NR_FK="０．２")]), 1, 1),
    Oddity("错误值.xlsx", book([[*HEAD], row(1, CF_YXQ="#REF!"), row(2)]), 2, 1),
    Oddity("无缓存公式.xlsx", book([[*HEAD], row(1, CF_NR="=A1&B1"), row(2)]), 2, 1),
    Oddity("同一文书两次.csv", plain([[*HEAD], row(1), row(1), row(1, CF_SY="另一事实")]), 3, 1),
    Oddity("乱码.csv", plain([[*HEAD], row(1, CF_SY="锟斤拷"), row(2)]), 2, 1),
    Oddity("私用区.csv", plain([[*HEAD], row(1, CF_SY="\ue81e字")]), 1, 1),
    Oddity("扩展区.csv", plain([[*HEAD], row(1, CF_XDR_MC="𠮷石（示例）有限公司")], "gb18030"), 1, 1),
    Oddity("不可见字符.csv", plain([[*HEAD], row(1, CF_XDR_MC="云\u200b石（示例）有限公司")]), 1, 1),
    Oddity("公式样文本.csv", plain([[*HEAD], row(1, CF_SY="=HYPERLINK(1)"), row(2, CF_SY="@x")]), 2, 2),
    Oddity("仅表头.csv", plain([[*HEAD]]), 0, 0),
    Oddity("空文件.csv", raw(b""), why="header-missing"),
    Oddity("空表.xlsx", book([]), why="header-missing"),
    Oddity("无表头.csv", plain(rows(3)), why="header-missing"),
    Oddity("混编码.csv", raw(text(_HEADED).encode("gb18030") + text(rows(1)).encode()), why="encoding-mixed"),
    Oddity("空字节.csv", raw(b"a,b\n\x00,1\n"), why="encoding-unknown"),
    Oddity("引号不配.csv", raw(text(_HEADED).encode() + b'"x"y,2\n'), why="csv-broken"),
    Oddity("图片.xlsx", raw(b"\x89PNG\r\n\x1a\n" + bytes(range(256))), why="encoding-unknown"),
    Oddity("截断.xlsx", raw(b"PK\x03\x04" + b"x" * 90), why="package-broken"),
    Oddity("角落空格.xlsx", book([[*HEAD], *rows(1), *([] for _ in range(2))]), 1, 1),
    Oddity("坏地址.xlsx", _bad_reference, why="sheet-broken"),
)  # fmt: skip
