"""The number that an officer reads out to the centre: in sight, whole, to select and to copy."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from tests.ui import bench
from tests.ui.stage import Stage
from ui.widgets.record_number import RecordNumber

WORDS = {"zh_CN": "记录号", "en": "record"}


@pytest.fixture(autouse=True)
def empty_clipboard() -> Iterator[None]:
    QApplication.clipboard().clear()
    yield
    QApplication.clipboard().clear()
    bench.clean()


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_it_stands_below_the_records_and_is_copied(qtbot: QtBot, language: str) -> None:
    made = Stage(qtbot, language)
    made.play("subject")
    record = made.window.desktop.subject.view.selected
    shown = made.page("subject").records.number
    assert shown.words.text() == f"{WORDS[language]} {record.rec_id}"
    assert shown.isVisible() and not bench.clipped(shown)
    shown.button.click()
    assert QApplication.clipboard().text() == record.rec_id


def test_it_heads_the_whole_record(qtbot: QtBot) -> None:
    made = Stage(qtbot)
    made.play("subject_panel")
    record = made.window.desktop.subject.view.selected
    shown = made.page("subject").panel.findChild(RecordNumber)
    assert shown.number == record.rec_id
    assert shown.words.textInteractionFlags() & Qt.TextInteractionFlag.TextSelectableByMouse
    shown.button.click()
    assert QApplication.clipboard().text() == record.rec_id


def test_no_name_of_a_table_of_rules_is_shown(qtbot: QtBot) -> None:
    made = Stage(qtbot)
    made.play("subject_panel")
    rule = made.window.desktop.subject.view.selected.why
    texts = [one.text() for one in made.page("subject").panel.findChildren(QLabel)]
    assert any(rule.basis in text for text in texts)
    assert not any(f"{rule.table} " in text or rule.row in text for text in texts)
