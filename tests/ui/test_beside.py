"""Subjects beside each other, and what is different since the last look: marked, not only counted."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.services.watching import Hold
from app.trouble import VaultTrouble
from tests.ui import bench, fakes
from tests.ui.stage import Stage
from ui.beside import MOST, Beside

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture(autouse=True)
def light() -> Iterator[None]:
    bench.clean()
    yield
    bench.clean()


def opened(qtbot: QtBot) -> Stage:
    stage = Stage(qtbot)
    stage.play("subject")
    return stage


def windows(stage: Stage) -> dict[str, Beside]:
    assert stage.window.desktop is not None
    return stage.window.desktop.beside


def standing(stage: Stage, hold: Hold) -> None:
    stage.client.watching.will(judge=lambda shown: fakes.still_true(shown, hold))


def round_over(stage: Stage) -> None:
    assert stage.window.desktop is not None
    stage.window.desktop.after_round()


def test_ctrl_n_opens_one_window_a_subject_and_esc_closes_it(qtbot: QtBot) -> None:
    stage = opened(qtbot)
    for _ in range(2):
        QTest.keyClick(stage.page("subject").records.table, Qt.Key.Key_N, CTRL)
    (window,) = windows(stage).values()
    assert fakes.NAME in window.windowTitle() and window.page.header.name.whole == fakes.NAME
    bench.settle()
    bench.grab(window, "beside")
    assert bench.clipped(window.page) == [] and bench.nameless(window.page) == []
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert windows(stage) == {}


def test_the_title_of_a_window_has_no_persons_name(qtbot: QtBot) -> None:
    """The control is the company's name in the title of the test above."""
    stage = opened(qtbot)
    desktop = stage.window.desktop
    assert desktop is not None
    subject = fakes.bundle().subject
    assert subject is not None
    person = msgspec.structs.replace(subject, kind="person", name="测试甲子")
    shown = msgspec.structs.replace(fakes.bundle(), subject=person)
    desktop.subject.open(dataclasses.replace(fakes.answer(), bundle=shown))
    desktop.open_beside()
    (window,) = windows(stage).values()
    assert window.windowTitle().startswith("测** ")
    assert "甲子" not in window.windowTitle() and window.page.header.name.whole == "测试甲子"


def test_nothing_is_begun_from_a_window_beside(qtbot: QtBot) -> None:
    stage = opened(qtbot)
    stage.page("subject").beside_button.click()
    (window,) = windows(stage).values()
    asked: list[Any] = []
    window.page.objection_wanted.connect(asked.append)
    window.page.repair_wanted.connect(asked.append)
    bench.settle()
    for key in (Qt.Key.Key_J, Qt.Key.Key_R, Qt.Key.Key_N):
        QTest.keyClick(window.page.records.table, key, CTRL)
    assert asked == [] and not window.page.report_button.isVisible() and len(windows(stage)) == 1


def test_what_is_copied_there_is_taken_back_as_everywhere(qtbot: QtBot) -> None:
    stage = opened(qtbot)
    stage.page("subject").beside_button.click()
    (window,) = windows(stage).values()
    window.page.header.copied.emit("示例文字")
    assert stage.window.frame is not None and stage.window.frame._clear.isActive()


@pytest.mark.parametrize("how", ["gone", "withdrawn", "shut", "unknown"])
def test_a_copy_that_went_takes_its_window_along(qtbot: QtBot, how: Any) -> None:
    stage = opened(qtbot)
    stage.page("subject").beside_button.click()
    round_over(stage)
    assert len(windows(stage)) == 1  # the control: while the copy holds the window stays
    if how == "unknown":
        stage.client.watching.will(judge=VaultTrouble("cache.damaged"))
    else:
        standing(stage, how)
    round_over(stage)
    assert windows(stage) == {}


def test_a_lock_leaves_no_window(qtbot: QtBot) -> None:
    stage = opened(qtbot)
    stage.page("subject").beside_button.click()
    assert stage.window.desktop is not None
    stage.window.desktop.put_away()
    assert windows(stage) == {}


def test_without_a_kept_copy_there_is_no_window(qtbot: QtBot) -> None:
    stage = opened(qtbot)
    desktop = stage.window.desktop
    assert desktop is not None
    desktop.subject.open(fakes.answer(cached=False))
    assert not stage.page("subject").beside_button.isEnabled()
    desktop.open_beside()
    assert windows(stage) == {}


@pytest.mark.nightly
def test_there_are_never_more_than_six(qtbot: QtBot) -> None:
    stage = opened(qtbot)
    desktop = stage.window.desktop
    assert desktop is not None
    for number in range(MOST + 1):
        desktop.subject.open(dataclasses.replace(fakes.answer(), query_no=f"CX-{number}"))
        desktop.open_beside()
    assert len(windows(stage)) == MOST
    assert stage.window.desk.view.notice.text == "subject.beside_most"


def test_what_is_new_and_what_is_other_is_marked_in_its_row(qtbot: QtBot) -> None:
    stage = opened(qtbot)
    page = stage.page("subject")
    page.desk.turn("all")
    rows = {row.key: row.cells[2].lower for row in page.records.table.rows_model.rows}
    assert (rows["REC0001"], rows["REC0004"], rows["REC0002"]) == ("上次后新增", "上次后变更", "")
    assert "已在表中标出" in page.changes.words.text()
    page.desk.open(fakes.answer(changed=None))
    page.desk.turn("all")
    assert all(row.cells[2].lower == "" for row in page.records.table.rows_model.rows)
