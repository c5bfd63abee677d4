"""Made-up persons of the serial 000, as the population register would deliver them."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from app.field.identifiers import id_card_check
from server_stub.exchange.writing import write
from server_stub.sample.numbers import person_number

ADULT = date(1988, 3, 14)
TITLES = {
    "name": "姓名",
    "former": "曾用名",
    "kind": "证件类型",
    "number": "证件号码",
    "since": "证件启用日期",
    "born": "出生日期",
    "state": "人员状态",
    "old_kind": "曾用证件类型",
    "old_number": "曾用证件号码",
    "old_from": "曾用证件启用日期",
    "old_to": "曾用证件终止日期",
}
CODES = {
    "name": "RK_XM",
    "former": "RK_CYM",
    "kind": "RK_ZJLX",
    "number": "RK_ZJHM",
    "since": "RK_QYRQ",
    "born": "RK_CSRQ",
    "state": "RK_ZT",
    "old_kind": "RK_JZJLX1",
    "old_number": "RK_JZJHM1",
    "old_from": "RK_JQYRQ1",
    "old_to": "RK_JZZRQ1",
}
CARD_2017 = "XXX110000000000"


def resident(born: date = ADULT, division: str = "430400") -> str:
    return person_number(born, division)


def fifteen(born: date = ADULT) -> str:
    return f"430400{born:%y%m%d}000"


def card_2023(serial: str = "32430") -> str:
    body = f"9{serial}19880314000"
    return body + id_card_check(body)


def row(**said: str) -> dict[str, str]:
    """A right row, with what is said otherwise."""
    given = {"name": "测试甲", "kind": "居民身份证", "number": resident(), "born": "1988-03-14"}
    return {**dict.fromkeys(TITLES, ""), **given, **said}


def cells(**said: str) -> dict[str, str]:
    """The same by code of the form."""
    return {CODES[name]: value for name, value in row(**said).items()}


def text_file(path: Path, *rows: Mapping[str, str], encoding: str = "utf-8") -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        lines = csv.writer(file)
        lines.writerow(TITLES.values())
        lines.writerows([one[name] for name in TITLES] for one in rows)
    return path


def workbook(path: Path, *rows: Mapping[str, str]) -> Path:
    write(path, "人口库", [list(TITLES.values()), *([one[name] for name in TITLES] for one in rows)])
    return path
