"""The page of the outbox, place by place, by mouse and by keyboard alone; and the ways to it and from it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.desks.outbox_desk import OutboxDesk
from app.services.objecting import Draft
from app.trouble import NotNow
from tests.ui import bench, fakes, fakes_outbox, pictures
from tests.ui.stage import Stage as WholeWindow
from ui.look import look
from ui.outbox_page import OutboxPage

SEALED_KEY = f"sealed:{fakes_outbox.SEALED[0]}"
CTRL = Qt.KeyboardModifier.ControlModifier


class Stage:
    """A page with its desk over made-up services."""

    def __init__(
        self, rows: Any = fakes_outbox.ROWS, sealed: Any = fakes_outbox.SEALED, language: str = "zh_CN"
    ) -> None:
        self.client = fakes.client()
        self.client.syncing.will(outbox=rows, deliver_items=1, deliver_chained=1)
        self.client.unlocking.will(sealed_at=sealed)
        self.client.objecting.will(dismiss=None)
        self.page, self.lanes = OutboxPage(bench.texts(language)), bench.Lanes(False)
        self.wanted: list[tuple[str, ...]] = []
        self.page.page_wanted.connect(lambda name: self.wanted.append((name,)))
        self.page.mend_wanted.connect(lambda page, draft: self.wanted.append((page, draft)))
        self.page.fetch_wanted.connect(lambda: self.wanted.append(("sealed",)))
        self.desk = OutboxDesk(self.client, self.lanes, self.page.show_view)
        self.page.bind(self.desk)
        bench.lay(self.page)
        self.page.entered()
        bench.settle()

    def spoken(self) -> list[str]:
        model, role = self.page.table.rows_model, Qt.ItemDataRole.AccessibleTextRole
        return [str(model.data(model.index(row, 0), role)) for row in range(model.rowCount())]

    def do(self, key: str) -> None:
        """Choose a row and press Enter."""
        self.page.table.pick(key)
        QTest.keyClick(self.page.table, Qt.Key.Key_Return)
        bench.settle()


@pytest.fixture(autouse=True)
def light() -> Iterator[None]:
    bench.clean()
    yield
    bench.clean()


def test_every_row_says_in_one_sentence_what_where_why_since_when_and_what_is_next() -> None:
    rows = Stage().spoken()
    for row, words in zip(rows, (
        ("异议或数据纠错", fakes_outbox.NAME, "示建罚决字〔2026〕014 号", "未被接收", "11-22 10:00",
         "不再自动发送"),
        ("作废报告", "李**", "未被接收"),
        ("封存的事项和草稿", "销毁时封存", "11-19 16:00", "取回后发送"),
        ("写在本机", "CX-1122-000410", "11-22 09:00", "下次同步"),
        ("修复申请", "等待连接", "上次 11-22 10:00"),
        ("出具报告", "平台暂不受理", "01-01 08:00"),
        ("查询", "已发出，待确认"),
        ("发送中", "正在发送"),
        ("查询", "未被接收"),
    ), strict=True):  # fmt: skip
        for one in words:
            assert one in row


def test_enter_does_the_one_thing_that_each_needs() -> None:
    stage = Stage()
    for key in ("op-back", SEALED_KEY, "op-going"):
        stage.do(key)
    assert stage.wanted == [("objection", "op-back"), ("sealed",)]
    stage.do("op-here")
    stage.do("op-asked")
    asked = [one for one in stage.client.syncing.asked if one[0] != "outbox"]
    assert asked == [("retry", "op-here"), ("deliver_items",), ("retry", "op-asked"), ("deliver_chained",)]
    assert "还没有送达" in stage.page.notice.words.text()


def test_delete_dismisses_the_chosen_ones_that_were_refused_after_a_question() -> None:
    stage = Stage()
    stage.page.table.setFocus()
    stage.page.table.selectAll()
    QTest.keyClick(stage.page.table, Qt.Key.Key_Delete)
    question = stage.page.question
    assert question is not None and "3 项" in question.spoken[0]
    assert any("1 份退回的草稿" in line for line in question.spoken)
    assert stage.client.objecting.times("dismiss") == 0
    question.act.click()
    bench.settle()
    dismissed = [one[1] for one in stage.client.objecting.asked if one[0] == "dismiss"]
    assert dismissed == ["op-back", "op-void", "op-heard"]
    assert "已放弃" in stage.page.notice.words.text()


def test_delete_leaves_alone_what_waits() -> None:
    stage = Stage()
    stage.page.table.pick("op-here")
    QTest.keyClick(stage.page.table, Qt.Key.Key_Delete)
    assert stage.page.question is None


def test_the_side_says_why_and_offers_the_same_thing_and_an_end() -> None:
    stage = Stage()
    way = stage.page.way
    stage.page.table.pick("op-back")
    assert way.main.isVisible() and "打开草稿" in way.main.text() and way.end.isVisible()
    assert way.why.text() == bench.texts().say("problem.objection-letter")
    way.main.click()
    assert stage.wanted == [("objection", "op-back")]
    stage.page.table.pick("op-going")
    assert not way.main.isVisible() and not way.end.isVisible()
    stage.page.table.pick("op-void")
    assert "放弃" in way.main.text() and not way.end.isVisible()


def test_ctrl_enter_sends_all_again_and_without_a_connection_all_stays() -> None:
    stage = Stage()
    stage.client.syncing.will(deliver_chained=NotNow("net.offline"))
    QTest.keyClick(stage.page.table, Qt.Key.Key_Return, CTRL)
    bench.settle()
    assert ("retry", "") in stage.client.syncing.asked
    assert stage.page.notice.isVisible() and len(stage.spoken()) == 9


def test_an_empty_outbox_says_so_and_leads_on() -> None:
    stage = Stage((), ())
    taken = pictures.take(stage.page)
    assert "待发箱是空的" in taken.said and not stage.page.side.isVisible()
    assert stage.page.first_focus() is None and not stage.page.all.isVisible()


def test_what_cannot_be_read_is_told_with_a_way_to_try_again() -> None:
    stage = Stage(NotNow("vault.busy"), ())
    assert stage.page.listed.currentWidget() is stage.page.listed.why_none
    stage.client.syncing.will(outbox=())
    stage.page.entered()
    bench.settle()
    assert "待发箱是空的" in pictures.take(stage.page).said


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_everything_has_a_name_and_room(language: str) -> None:
    stage = Stage(language=language)
    for width in (1280, 880):
        bench.lay(stage.page, width, 700)
        for key in ("op-back", "op-held", SEALED_KEY):
            stage.page.table.pick(key)
            bench.settle()
            assert bench.nameless(stage.page) == []
            assert bench.clipped(stage.page) == []
            assert bench.outside(stage.page) == []


def test_in_light_and_in_dark() -> None:
    wanted = ("待发箱", "未被接收", "打开草稿修改")
    assert pictures.in_both_themes(lambda: Stage().page, "outbox", wanted) == []


def test_in_high_contrast() -> None:
    look().wear("highContrast", 100)
    try:
        taken = pictures.take(Stage().page, "outbox")
        assert len(taken.tones()) >= 3 and "待发箱" in taken.said and taken.cut == ()
    finally:
        look().wear("light", 100)


def test_the_window_leads_there_and_from_there_to_the_draft(qtbot: QtBot) -> None:
    window = WholeWindow(qtbot)
    window.play("home")
    frame = window.window.frame
    assert frame is not None and not frame.status.outbox.isVisible()
    draft = Draft("op-back", "CX-1121-000311", "R1", ground="content", statement="示例", refused="op-back",
                  why="objection-letter")  # fmt: skip
    window.client.syncing.will(outbox=fakes_outbox.ROWS)
    window.client.objecting.will(drafts=(draft,), proofs=())
    window.window.desk.look_around()
    window.settle()
    assert frame.status.outbox.text() == "待发 7"  # what was refused to his face is not counted
    assert "7 项" in frame.status.outbox.accessibleName()
    frame.status.outbox.click()
    assert frame.current == "outbox"
    frame.go("home")
    QTest.keyClick(window.window, Qt.Key.Key_S, CTRL | Qt.KeyboardModifier.ShiftModifier)
    assert frame.current == "outbox"
    window.page("outbox")._act("op-back")
    window.settle()
    assert frame.current == "objection"
    assert window.page("objection").form.statement.toPlainText() == "示例"
    frame.go("outbox")
    window.page("outbox").fetch_wanted.emit()
    assert frame.current == "settings"
    assert window.window.desktop is not None
    assert window.window.desktop.settings.view.unfolded == "recover"
