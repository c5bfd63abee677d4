"""Fields of law: who belongs to one, and a table that does not fit."""

from __future__ import annotations

from datetime import date
from importlib.resources import files

import pytest

from app.field.law_fields import belongs, fields_on, read_law_fields

SHIPPED = (files("resources") / "tables" / "field.toml").read_text("utf-8")
ROWS = read_law_fields(SHIPPED)


@pytest.mark.parametrize(
    ("provider", "chosen", "stands"),
    [
        ("示例市市场监督管理局", "market", True),
        ("示例市市场监督管理局", "environment", False),
        ("示例市市场监督管理局", "", True),
        ("示例县某某单位", "environment", True),  # nobody could sort it: no report is silent about it
        ("示例市中级人民法院", "court", True),
    ],
)
def test_who_stands_on_a_report_about_a_field(provider: str, chosen: str, stands: bool) -> None:
    assert belongs(provider, chosen, ROWS) is stands


def test_rows_speak_from_their_day_on() -> None:
    assert fields_on(ROWS, date(2025, 9, 30)) == ()
    assert len(fields_on(ROWS, date(2026, 11, 22))) == len(ROWS) >= 10


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('id = "fire"', 'id = "tax"'),
        ('providers = ["消防"]', 'providers = [""]'),
        ('approved_by = "规则审核岗（示例）"', 'approved_by = "规则录入岗（示例）"'),
        ('en = "Health"', 'english = "Health"'),
    ],
)
def test_control_a_table_that_does_not_fit_is_refused(old: str, new: str) -> None:
    assert old in SHIPPED
    with pytest.raises(ValueError, match="."):
        read_law_fields(SHIPPED.replace(old, new, 1))
