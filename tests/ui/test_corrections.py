"""A correction is told in words: when, and why as the centre wrote it; the feed's code for it is not."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QLabel

from tests.ui import bench
from tests.ui import fakes_files as fake
from ui.record_facts import notes
from ui.subject_panel import RecordPanel

CODE = "corrected"


def test_the_record_of_these_tests_bears_the_code() -> None:
    assert [change.reason for change in fake.penalty().corrections] == [CODE]


def test_the_panel_says_when_and_why() -> None:
    panel = RecordPanel(bench.texts())
    panel._lay_out(fake.penalty())
    said = [part.text() for part in panel.findChildren(QLabel)]
    assert any("原登记 80,000.00 元" in text and "2026-07-01" in text for text in said)
    assert not any(CODE in text for text in said)


@pytest.mark.parametrize(("language", "times"), [("zh_CN", 0), ("en", 1)])
def test_the_notes_of_a_copy_say_it_once_in_their_language(language: str, times: int) -> None:
    (*_, told) = notes(fake.penalty(), bench.texts(language))
    assert told.count(CODE) == times
    assert told.endswith("原登记 80,000.00 元")
