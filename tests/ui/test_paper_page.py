"""The page of papers without a preview, by keyboard, in a narrow window and without the platform."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.desks.paper_desk import Source, Wanted
from tests.ui.stage import Stage

LIST = Wanted("screening", (Source("MD-1", (2, 4, 5)), Source("MD-2", (6,))), "名单.xlsx", 50)
LETTER = Wanted("answer", (Source("YY-20261122-0001"),), "衡阳青禾（示例）有限公司")


def ctrl_p(page: Any) -> None:
    QTest.keyClick(page, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)


def test_a_certificate_is_named_issued_and_led_to_the_printer(qtbot: QtBot) -> None:
    stage = Stage(qtbot, language="en", size=(880, 480))
    stage.play("home")
    desktop = stage.window.desktop
    assert desktop is not None
    desktop.open_paper(LIST)
    stage.settle()
    page = stage.page("paper")
    assert page.first_focus() is page.receiver.name and page.title.text() == "Certificate of screening"
    assert page.source.isVisible() and page.lines.isVisible() and not page.start.isVisible()
    assert page.ground.area.isHidden() and "no preview" in page.ground.unseen.text()
    ctrl_p(page)
    assert page.notice.isVisible() and desktop.paper.view.issued is None
    kinds = [page.receiver.kind.itemData(at) for at in range(page.receiver.kind.count())]
    assert kinds == ["agent", "office"] and page.receiver.kind.currentData() == "office"
    page.source.setCurrentIndex(1)
    page.source.activated.emit(1)
    page.lines.setText("6")
    assert page.receiver.kind.findData("subject") == 0  # one unit alone may have its own
    page.receiver.name.setText("示例公证处")
    ctrl_p(page)
    asked = next(call for call in stage.client.reporting.asked if call[0] == "issue")
    assert "MD-2" in str(asked)
    assert page.ground.area.isVisible() and page.print_button.isEnabled() and page.issue_button.isHidden()
    assert not page.lines.isEnabled() and not page.receiver.isEnabled()
    stage.settle()
    assert page.width_mode == "narrow" and page.body.sizeHint().width() <= 880


def test_a_letter_waits_for_the_platform_and_says_so(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    stage.play("home")
    desktop = stage.window.desktop
    assert desktop is not None
    desktop.open_paper(LETTER)
    page = stage.page("paper")
    page.connected(False)
    assert page.notice.isVisible() and not page.issue_button.isEnabled()
    ctrl_p(page)
    assert not any(call[0] == "issue" for call in stage.client.reporting.asked)
    page.connected(True)
    assert page.notice.isHidden() and page.first_focus() is page.issue_button
    assert not page.source.isVisible() and not page.lines.isVisible()
