"""Papers as dated rows: which row speaks on a day, and a table that does not fit."""

from __future__ import annotations

from datetime import date
from importlib.resources import files

import pytest

from app.field.templates import read_templates, template_on

SHIPPED = (files("resources") / "tables" / "template.toml").read_text("utf-8")
TWO = (
    SHIPPED.replace('id = "standard-legal-2"\n', 'id = "standard-legal-2"\neffective_to = 2026-12-31\n', 1)
    + """
[[row]]
id = "standard-legal-3"
paper = "standard"
subjects = ["legal"]
version = 3
effective_from = 2027-01-01
notes = ["facts", "use"]
parts = ["cover", "summary", "notes", "verify"]
counters = ["penalty", "serious"]
basis = "示例标准（2027年版）"
"""
)


@pytest.mark.parametrize(
    ("day", "version"),
    [
        ("2022-09-07", 1),
        ("2026-11-30", 1),
        ("2026-12-01", 2),
        ("2026-12-31", 2),
        ("2027-01-01", 3),
        ("2031-05-05", 3),
    ],  # fmt: skip
)
def test_the_day_decides_which_version_speaks(day: str, version: int) -> None:
    found = template_on(read_templates(TWO), "standard", "legal", date.fromisoformat(day))
    assert found is not None and found.version == version


def test_nothing_speaks_before_the_first_day_or_of_another_paper() -> None:
    rows = read_templates(TWO)
    assert template_on(rows, "standard", "legal", date(2022, 9, 6)) is None
    assert template_on(rows, "golden", "legal", date(2026, 9, 6)) is None
    person = template_on(rows, "standard", "person", date(2027, 9, 6))
    assert person is not None and person.id == "standard-person-2"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("effective_to = 2026-12-31\n", ""),  # both versions would speak in 2027
        ("effective_to = 2026-12-31", "effective_to = 2022-01-01"),
        ('id = "standard-legal-3"', 'id = "standard-legal"'),
        ('approved_by = "规则审核岗（示例）"', 'approved_by = "规则录入岗（示例）"'),
        ('parts = ["cover", "summary"', 'parts = ["cover", "praise"'),
        ("valid_days = 30", 'valid_days = "a month"'),
        ('masks = [["representative", "name"]]', 'masks = [["representative", "not at all"]]'),
        ("version = 2", "version = 2\nseal = true"),
    ],
)
def test_control_a_table_that_does_not_fit_is_refused(old: str, new: str) -> None:
    assert old in TWO
    with pytest.raises(ValueError, match="."):
        read_templates(TWO.replace(old, new, 1))
