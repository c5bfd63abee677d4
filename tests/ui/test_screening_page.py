"""The page of screening lists: a run, its lines, a person's choice, and every state it may be in."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from app.trouble import NotNow, VaultTrouble
from tests.ui import fakes
from tests.ui.fakes_screening import TWINS, Tasks
from tests.ui.stage import Stage
from ui.screening_page import ScreeningPage
from ui.widgets.panels import State


def page_of(stage: Stage) -> ScreeningPage:
    page = stage.page("screening")
    assert isinstance(page, ScreeningPage)
    return page


def titles(page: ScreeningPage) -> list[str]:
    return [state.accessibleName() for state in page.findChildren(State) if state.isVisible()]


def test_a_task_is_gone_on_with_settled_and_exported_by_keys(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = Stage(qtbot)
    stage.window.desk.opened(fakes.USER)
    stage.window.activateWindow()
    qtbot.waitUntil(stage.window.isActiveWindow)
    QTest.keyClick(stage.window, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    page, tasks = page_of(stage), stage.client.screening_tasks
    assert page.start.isVisible() and page.resume.isVisible()
    assert "21 / 37" in page.resume.words.text() and "22" in page.resume.words.text()
    assert page.start.table.rows_model.rows[0].cells[2].text == "21 / 37"
    page.go_on.click()
    assert page.task.isVisible() and not page.run.pause.isVisible()
    assert page.run.title.text() == "筛查完成" and page.run.count.text() == "37 / 37"
    assert page.again.isVisible() and page.run.bar.accessibleName() == "筛查完成 37 / 37"
    # the line that waits is at hand: Enter leads to the choices, arrows and Enter settle it
    assert page.table.current_key() == "5" and page.side.ask.isVisible()
    page.table.setFocus()
    QTest.keyClick(page.table, Qt.Key.Key_Return)
    assert page.side.ask.options.hasFocus()
    QTest.keyClick(page.side.ask.options, Qt.Key.Key_Down)
    QTest.keyClick(page.side.ask.options, Qt.Key.Key_Return)
    assert page.notice.isVisible() and "依据" in page.notice.words.text()  # no reason was given
    page.side.ask.why.setText("与合同地址一致")
    QTest.keyClick(page.side.ask.options, Qt.Key.Key_Return)
    assert [pick.code for pick in tasks.picks["PC-20261122-AB00"].values()] == [TWINS[1].code]
    assert not page.side.ask.isVisible() and page.run._counts["similar"].accessibleName() == "待确认 0"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "out"), ""))
    assert page.table.hasFocus()  # back to the lines when the last one is settled
    QTest.keyClick(page.table, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    assert (tmp_path / "out.xlsx").read_bytes().startswith(b"PK") and len(tasks.exports) == 1


def test_filters_of_counts_and_words_narrow_the_lines_and_nothing_is_an_own_state(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    stage.play("screening_task")
    page = page_of(stage)
    assert page.filters.keys() == ("", "serious", "attention", "similar", "aside")
    page.filters.button("serious").click()
    assert [row.cells[2].chip.text for row in page.table.rows_model.rows if row.cells[2].chip] == [
        "严重失信"
    ] * 2
    page.run._counts["queued"].click()
    assert len(page.table.rows_model.rows) == 16
    page.run._counts["queued"].click()
    assert len(page.table.rows_model.rows) == 21
    page.filters.button("aside").click()
    assert page.inside.currentWidget() is page.aside
    assert "科学记数" in page.aside.rows_model.rows[0].cells[2].text
    page.filters.button("").click()
    page.words.setText("没有这样的单位")
    assert page.inside.currentWidget() is page.nothing and titles(page)
    page._clear()
    assert page.inside.currentWidget() is page.table
    page.table.pick("2")
    said = [label.text() for label in page.side.detail.findChildren(type(page.title)) if label.text()]
    assert {"审慎授信", "示人社列决字〔2025〕008 号", "其他部门的措施 1 项"} <= set(said)
    assert page.side.note.isVisible()


def test_a_unit_on_many_lists_is_told_worst_first_and_its_panel_scrolls(qtbot: QtBot) -> None:
    stage = Stage(qtbot, size=(1280, 640))
    stage.play("screening_line")
    page = page_of(stage)
    row = next(row for row in page.table.rows_model.rows if row.key == "11")
    assert row.cells[3].text == "拖欠农民工工资失信联合惩戒名单 +3"
    detail = page.side.detail
    assert detail.isVisible() and detail.verticalScrollBar().maximum() > 0
    assert page.desk is not None
    for line in (6, 11):  # filled while it is seen: nothing is squeezed, not even for a moment
        page.desk.select(line)
        lines = [one for one in detail.widget().findChildren(type(page.title)) if one.text()]
        assert lines and all(one.height() >= one.fontMetrics().height() - 1 for one in lines)
    heads = [
        label.text()
        for label in detail.findChildren(type(page.title))
        if label.property("cut") == "smallstrong"
    ]
    assert [text[:2] for text in heads if text] == ["拖欠", "经营", "纳税", "纳税"]


def test_no_other_chip_than_serious_is_solid_and_none_found_is_not_coloured(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    stage.play("screening_task")
    rows = page_of(stage).table.rows_model.rows
    tones = {row.cells[2].chip.text: row.cells[2].chip.tone for row in rows if row.cells[2].chip}
    assert [text for text, tone in tones.items() if tone == "serious"] == ["严重失信"]
    plain = [row.cells[2] for row in rows if row.cells[2].text == "未命中"]
    assert plain and all(cell.chip is None and cell.tone == "textSecondary" for cell in plain)


def test_a_file_is_mapped_and_its_bad_rows_are_told_before_anything_is_asked(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    stage.play("screening_map")
    page, tasks = page_of(stage), stage.client.screening_tasks
    assert (
        page.map.code.currentText() == "C 列：统一社会信用代码"
        and page.map.name.currentText() == "B 列：客户名称"
    )
    assert len(page.map.preview.rows_model.rows) == 5
    assert [row.cells[2].text[:4] for row in page.map.flaws.rows_model.rows] == [
        "电子表格",
        "第 18",
        "只有很短",
    ]
    page.map.by_name.click()
    assert len(page.map.flaws.rows_model.rows) == 1
    asked = tasks.advanced
    page.map.case_no.clear()
    page.map.case_named.emit("")
    page.map.start.click()
    assert page.notice.isVisible() and page.map.isVisible() and tasks.advanced == asked
    page.map.case_named.emit("DH-2026-Q4")
    page.map.start.click()
    assert page.task.isVisible() and page.run.title.text() == "筛查完成"


def test_a_file_that_is_not_read_is_told_and_the_page_stays(qtbot: QtBot, tmp_path: Path) -> None:
    stage = Stage(qtbot)
    stage.window.desk.opened(fakes.USER)
    assert stage.window.frame is not None
    stage.window.frame.go("screening")
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"PK\x03\x04 nonsense")
    page = page_of(stage)
    page.start.drop.taken.emit(path)
    assert "已损坏" in page.notice.words.text() and page.start.isVisible()


def test_what_comes_while_asking_is_told_with_what_is_safe(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    stage.play("screening_task")
    page, tasks = page_of(stage), stage.client.screening_tasks
    ask, tasks.advance = tasks.advance, lambda number: fail(NotNow("net.timeout", kept="kept.screen"))
    page.run.go_on.click()
    assert (
        page.notice.isVisible()
        and page.run.title.text() == "已暂停"
        and len(page.table.rows_model.rows) == 21
    )
    tasks.advance = ask
    page.run.cancel.click()
    assert page.question is not None and page.question.cancel.isDefault()
    assert "16" in page.question.accessibleName()
    page.question.act.click()
    assert page.run.title.text() == "已取消" and not page.run.cancel.isVisible()
    page.run.go_on.click()
    assert page.run.title.text() == "筛查完成"


def fail(flaw: Exception) -> Any:
    raise flaw


def test_without_the_platform_results_are_read_and_nothing_is_asked(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    stage.client.syncing.will(online=SimpleNamespace(state="offline", as_of="", last_contact=""))
    stage.play("screening_task")
    page = page_of(stage)
    assert page.notice.isVisible() and "未连接" in page.notice.words.text()
    assert not page.run.go_on.isEnabled() and not page.side.ask.confirm.isEnabled()
    assert page.export.isEnabled() and page.table.rows_model.rows
    assert stage.window.frame is not None and stage.window.frame.navigation.items["screening"].isEnabled()


@pytest.mark.parametrize(("part", "words"), [("denied", "不能批量筛查"), ("locked", "租约")])
def test_who_may_not_and_what_is_shut_have_a_state_of_their_own(qtbot: QtBot, part: str, words: str) -> None:
    stage = Stage(qtbot)
    if part == "locked":
        stage.client.screening_tasks.cards = lambda: fail(VaultTrouble("offline.ended"))
    stage.play(f"screening_{part if part == 'denied' else ''}")
    page = page_of(stage)
    assert page.whole.isVisible() and not page.task.isVisible() and not page.start.isVisible()
    labels = [one.text() for one in page.whole.findChildren(type(page.title))]
    assert any(words in text for text in labels), labels


def test_a_second_screening_shows_what_is_different(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    stage.play("screening_changes")
    page = page_of(stage)
    assert [row.cells[2].chip.text for row in page.table.rows_model.rows if row.cells[2].chip] == [
        "严重失信 · 新列入"
    ]
    assert page.filters.button("changed").isChecked()


def test_nothing_kept_is_said(qtbot: QtBot) -> None:
    stage = Stage(qtbot, screening_tasks=Tasks())
    stage.window.desk.opened(fakes.USER)
    assert stage.window.frame is not None
    stage.window.frame.go("screening")
    page = page_of(stage)
    assert page.start.none.isVisible() and not page.resume.isVisible() and not page.start.resume.isEnabled()


def test_the_focus_stays_on_the_page_when_its_part_goes_and_the_page_is_painted_again(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    stage.window.desk.opened(fakes.USER)
    stage.window.activateWindow()
    qtbot.waitUntil(stage.window.isActiveWindow)
    QTest.keyClick(stage.window, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    page = page_of(stage)
    page.start.table.setFocus()
    QTest.keyClick(page.start.table, Qt.Key.Key_Return)
    assert page.task.isVisible() and page.task.isAncestorOf(QApplication.focusWidget())
    qtbot.waitUntil(page.updatesEnabled)
    page.new.setFocus()
    QTest.keyClick(page.new, Qt.Key.Key_Space)
    assert page.start.isVisible() and not page.task.isVisible()
    assert page.start.isAncestorOf(QApplication.focusWidget())


def test_a_flaw_while_a_part_is_filled_leaves_no_bare_page(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = Stage(qtbot)
    stage.play("screening_task")
    page = page_of(stage)
    monkeypatch.setattr(page.map, "show_view", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        page.show_view(replace(page._view, stage="map"))
    assert page.map.isVisible() and not page.task.isVisible()
    qtbot.waitUntil(page.updatesEnabled)
