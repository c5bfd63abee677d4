"""The file of a screening by command: a code that is registered under another name says so, hit or not."""

from __future__ import annotations

import pytest

from app.cli.screening import COLUMNS, table
from app.field.records import PurposeRef
from app.field.screening import ScreenCounts, ScreenedRow, Screening, registered_otherwise
from app.lists.preparing import ListRow, Prepared
from app.texts import Texts
from tests.app.services.screened import AT, CLEAN, NAME, REQUESTER, SERIOUS, card, entry


def said(*rows: ScreenedRow) -> tuple[Screening, Prepared]:
    asked = tuple(ListRow(row.place + 2, row.code, row.name) for row in rows)
    answer = Screening(
        "screening", 1, "MD-1", "op", AT, AT, 1, "e", True, REQUESTER, PurposeRef("B02", "授信", "credit"),
        "", (), rows, ScreenCounts(),
    )  # fmt: skip
    return answer, Prepared(rows=asked)


@pytest.mark.parametrize(
    ("name", "told"),
    [("诚实无辜（示例）公司", NAME), (NAME, ""), (f" {NAME} ", ""), ("", "")],
)
def test_another_name_is_told_of_a_hit_and_of_none(name: str, told: str) -> None:
    hit = ScreenedRow(0, SERIOUS, name, "hit", card(SERIOUS), (entry(),))
    none = ScreenedRow(1, CLEAN, name, "none", card(CLEAN))
    assert [registered_otherwise(row, name) for row in (hit, none)] == [told, told]
    lines = table(*said(hit, none), Texts())
    notes = [dict(zip(COLUMNS, line, strict=True))["note"] for line in lines[1:]]
    assert [bool(told) and f"登记名称为「{told}」" in note for note in notes] == [bool(told)] * 2
    assert ["不一致" in note for note in notes] == [bool(told)] * 2


def test_a_row_without_a_number_or_of_an_unknown_one_has_no_other_name() -> None:
    assert registered_otherwise(ScreenedRow(0, "", "甲公司", "none", card(CLEAN)), "甲公司") == ""
    assert registered_otherwise(ScreenedRow(0, CLEAN, "甲公司", "none"), "甲公司") == ""
