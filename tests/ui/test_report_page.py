"""The report page offers the papers, and the special one only where the query's ground carries it."""

from __future__ import annotations

import dataclasses
from typing import Literal

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from app.field.records import Basis
from app.trouble import NotNow
from tests.ui.fakes import FakeLanes
from tests.ui.stage import Stage
from ui.report_choice import ReportChoice


def choice_of(stage: Stage) -> ReportChoice:
    found: ReportChoice = stage.page("report").choice
    return found


def test_the_special_report_is_offered_on_the_subjects_own_ground(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    stage.play("report_special")
    choice = choice_of(stage)
    assert choice.kinds["special"].isEnabled() and choice.kinds["special"].isChecked()
    assert choice.scope.isVisible() and stage.page("report").ground.unseen.isVisible()
    assert choice.field.count() > 10
    choice.start.setText("2024-01-01")
    choice.start.editingFinished.emit()
    choice.field.setCurrentIndex(choice.field.findData("market"))
    choice.field.activated.emit(choice.field.currentIndex())
    desk = stage.window.desktop.report
    assert dict(desk.view.scope) == {"from": "2024-01-01", "to": "", "field": "market"}
    choice.kinds["summary"].click()
    assert (desk.view.kind, choice.scope.isVisible()) == ("summary", False)
    choice.large.click()
    assert desk.view.large and choice.large.isChecked()


def test_it_is_not_offered_on_open_information(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    stage.play("report_preview")
    desk = stage.window.desktop.report
    given = desk.view.answer
    bundle = msgspec.structs.replace(given.bundle, basis=Basis("open"))
    desk.open(dataclasses.replace(given, bundle=bundle), True)
    choice = choice_of(stage)
    assert not choice.kinds["special"].isEnabled()
    said = [one.text() for one in choice.kinds["special"].findChildren(QLabel)]
    assert any("授权书" in text for text in said), said
    assert not choice.scope.isVisible()


@pytest.mark.parametrize(("ground", "shown"), [("own", True), ("duty", False)])
def test_only_the_persons_own_ground_says_that_a_document_was_shown(
    qtbot: QtBot, ground: Literal["own", "duty"], shown: bool
) -> None:
    """A duty's reference is typed: what reads like a document in it was shown to nobody."""
    stage = Stage(qtbot)
    stage.play("report_preview")
    desk, page = stage.window.desktop.report, stage.page("report")
    bundle = msgspec.structs.replace(
        desk.view.answer.bundle, basis=Basis(ground, "resident_id 4304**********0006")
    )
    desk.open(dataclasses.replace(desk.view.answer, bundle=bundle), True)
    said = " ".join(one.text() for one in page.facts.findChildren(QLabel))
    assert "4304**********0006" in said
    assert ("已核对居民身份证" in said) is shown


@pytest.mark.parametrize("fails", [True, False])
def test_the_focus_goes_to_what_is_done_next(qtbot: QtBot, fails: bool) -> None:
    """Without a preview another paper is chosen; the focus does not fall out of the page with its pages."""

    def refused(*_: object, **__: object) -> bytes:
        raise NotNow("net.timeout")

    stage = Stage(qtbot)
    if fails:
        stage.client.reporting.will(begin_preview=refused)
    stage.play("report_preview")
    page = stage.page("report")
    due = page.choice.kinds["standard"] if fails else page.issue_button
    assert QApplication.focusWidget() is due


@pytest.mark.parametrize("opened", ["for the first time", "once more"])
def test_enter_issues_and_prints_however_long_the_preview_took(qtbot: QtBot, opened: str) -> None:
    """While a button rests the focus waits with the pages: Enter makes no other choice meanwhile."""
    stage = Stage(qtbot)
    stage.play("report" if opened == "once more" else "subject")
    desktop, lanes = stage.window.desktop, stage.window.lanes
    stage.window.frame.go("subject")  # type: ignore[union-attr]
    lanes.held = True
    desktop.open_report()
    page, desk = stage.page("report"), desktop.report
    press_enter()
    assert desk.view.template == "standard" and desk.view.stage == "none" and len(lanes.waiting) == 1
    until_done(lanes)
    assert desk.view.stage == "preview" and QApplication.focusWidget() is page.issue_button
    press_enter()
    assert desk.view.busy
    press_enter()
    until_done(lanes)
    assert desk.view.stage == "issued" and QApplication.focusWidget() is page.print_button
    assert page.first_focus() is page.print_button


def test_who_chooses_while_a_preview_is_drawn_keeps_the_focus(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    stage.play("report_preview")
    lanes, choice = stage.window.lanes, choice_of(stage)
    lanes.held = True
    choice.kinds["summary"].setFocus()
    choice.kinds["summary"].click()
    until_done(lanes)
    assert stage.window.desktop.report.view.stage == "preview"
    assert QApplication.focusWidget() is choice.kinds["summary"]


def test_without_the_platform_the_pages_have_the_focus(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    stage.play("subject")
    desktop = stage.window.desktop
    stage.window.frame.page("report")  # type: ignore[union-attr]
    desktop.report.open(desktop.subject.view.answer, False)
    stage.window.frame.go("report")  # type: ignore[union-attr]
    page = stage.page("report")
    assert not page.issue_button.isEnabled() and QApplication.focusWidget() is page.ground.area


def press_enter() -> None:
    here = QApplication.focusWidget()
    assert here is not None
    QTest.keyClick(here, Qt.Key.Key_Return)


def until_done(lanes: FakeLanes) -> None:
    while lanes.waiting:
        lanes.run()
