"""A line of a screening as a row: by what it was found, and that its code is another's."""

from __future__ import annotations

import pytest

from app.field.screening import ScreenedRow
from app.services.task_rows import TaskLine
from app.texts import Texts
from tests.app.services.screened import AT, CLEAN, NAME, card
from ui.screening_rows import row_of


@pytest.mark.parametrize(
    ("name", "words", "tone"), [("丁公司", "代码（名称不符）", "warn"), (NAME, "代码", "textSecondary")]
)
def test_a_line_whose_code_is_registered_under_another_name_says_so(name: str, words: str, tone: str) -> None:
    found = ScreenedRow(0, CLEAN, name, "none", card(CLEAN))
    cell = row_of(TaskLine(2, 0, CLEAN, name, "none", found, AT), Texts()).cells[-1]
    assert (cell.text, cell.tone) == (words, tone)
