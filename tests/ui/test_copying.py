"""Ctrl+C on rows: as shown, several at once, cleared again; never Qt's own bare cell."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.desks.offline_desk import OfflineView
from tests.ui import bench, fakes
from tests.ui import fakes_files as fake
from tests.ui.stage import Stage
from ui.copy_list import CopyList, copy_lines
from ui.table_rows import Cell, Column, Row
from ui.tables import Table
from ui.widgets.chips import ChipFace

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
VALID = ChipFace("有效", "good")
ROWS = tuple(Row(str(n), (Cell(f"甲{n}", "=cmd"), Cell("", chip=VALID)), f"示-{n}") for n in range(4))


@pytest.fixture(autouse=True)
def empty_clipboard() -> Iterator[None]:
    bench.clean()
    QApplication.clipboard().setText("before")
    yield
    QApplication.clipboard().clear()
    bench.clean()


def table() -> tuple[Table, list[str], list[str]]:
    made = Table("表", (Column("名称", 1), Column("状态")))
    copied: list[str] = []
    picked: list[str] = []
    made.copied.connect(copied.append)
    made.picked.connect(picked.append)
    made.fill(ROWS)
    made.resize(400, 300)
    made.show()
    made.setFocus()
    bench.settle()
    return made, copied, picked


def test_the_selected_rows_are_copied_as_shown_and_a_formula_as_text() -> None:
    made, copied, _ = table()
    made.pick("1")
    QTest.keyClick(made, Qt.Key.Key_C, CTRL)
    QTest.keyClick(made, Qt.Key.Key_Down, SHIFT)
    QTest.keyClick(made, Qt.Key.Key_C, CTRL)
    assert copied == ["甲1\t'=cmd\t有效", "甲1\t'=cmd\t有效\n甲2\t'=cmd\t有效"]
    QTest.keyClick(made, Qt.Key.Key_C, CTRL | SHIFT)
    assert copied[-1] == "示-1\n示-2"
    assert QApplication.clipboard().text() == "before"


def test_more_rows_are_selected_while_the_desk_answers_at_once() -> None:
    made, copied, picked = table()
    made.picked.connect(lambda key: made.fill(ROWS, key))
    made.pick("0")
    QTest.keyClick(made, Qt.Key.Key_Down, SHIFT)
    assert [row.key for row in made.selected_rows()] == ["0", "1"]
    assert picked[-1] == made.current_key() == "1"
    QTest.keyClick(made, Qt.Key.Key_A, CTRL)
    assert len(made.selected_rows()) == 4 and made.current_key() == "1"
    QTest.keyClick(made, Qt.Key.Key_C, CTRL)
    assert len(copied[-1].splitlines()) == 4
    QTest.keyClick(made, Qt.Key.Key_Down)
    assert [row.key for row in made.selected_rows()] == [picked[-1]] == [made.current_key()]


def test_nothing_selected_copies_nothing() -> None:
    made, copied, _ = table()
    made.clearSelection()
    QTest.keyClick(made, Qt.Key.Key_C, CTRL)
    assert copied == [] and QApplication.clipboard().text() == "before"


def test_a_kept_copy_of_a_person_is_copied_masked_and_without_the_words_found() -> None:
    rows = fake.copy_rows()
    person = dataclasses.replace(rows[0], name="示例甲子", code="430***********0001", kind="person")
    view = OfflineView(copies=(person, *rows[1:]), loaded=True)
    listed = CopyList("副本")
    copied: list[str] = []
    listed.copied.connect(copied.append)
    listed.fill(copy_lines(view, bench.texts()), "", "")
    for place in (0, 1):
        listed.setCurrentIndex(listed.lines_model.index(place))
        QTest.keyClick(listed, Qt.Key.Key_C, CTRL)
        QTest.keyClick(listed, Qt.Key.Key_C, CTRL | SHIFT)
    assert copied[:2] == ["示**\t430***********0001\tB01 贷前审查\t2026-11-21 02:00", "430***********0001"]
    assert copied[2].startswith(f"{fake.NAMES[1]}\t{fake.CODES[1]}\t") and copied[3] == fake.CODES[1]
    assert QApplication.clipboard().text() == "before"


def test_in_the_window_it_reaches_the_clipboard_and_leaves_it_after_half_a_minute(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    stage.play("subject")
    shown = stage.page("subject").records.table
    shown.setFocus()
    QTest.keyClick(shown, Qt.Key.Key_C, CTRL)
    text = QApplication.clipboard().text()
    assert text.startswith("示建罚决字〔2026〕014 号\t未按审查合格的设计文件施工\t86,000.00\t")
    QTest.keyClick(shown, Qt.Key.Key_C, CTRL | SHIFT)
    assert QApplication.clipboard().text() == "示建罚决字〔2026〕014 号"
    frame = stage.window.frame
    assert frame is not None and frame._clear.isActive() and frame._clear.interval() == 30_000
    frame._clear.timeout.emit()
    assert QApplication.clipboard().text() == ""


@pytest.mark.parametrize("end", ["lock", "close"])
def test_what_was_copied_goes_with_the_lock_and_with_the_window(qtbot: QtBot, end: str) -> None:
    stage = Stage(qtbot)
    stage.play("home")
    assert stage.window.frame is not None
    stage.window.frame.copy(fakes.CODE)
    if end == "lock":
        stage.window.desk.lock()
    else:
        stage.window.close()
    assert QApplication.clipboard().text() == ""


def test_my_reports_are_copied_with_their_whole_number(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    stage.play("reports")
    shown = stage.page("reports").table
    shown.pick(fakes.NUMBERS[2])
    QTest.keyClick(shown, Qt.Key.Key_C, CTRL)
    assert "\t李**\t" in QApplication.clipboard().text()
    QTest.keyClick(shown, Qt.Key.Key_C, CTRL | SHIFT)
    assert QApplication.clipboard().text() == fakes.NUMBERS[2]


def test_candidates_are_copied_with_their_code(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    stage.play("home")
    shown = stage.page("home").candidates.table
    QTest.keyClick(shown, Qt.Key.Key_C, CTRL | SHIFT)
    assert QApplication.clipboard().text() == fakes.CODE
