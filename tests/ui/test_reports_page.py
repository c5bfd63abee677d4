"""My reports, state by state, by mouse and by keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from app.desks.reports_desk import ReportsDesk
from app.trouble import NotNow, NotRight, NotTrusted, NotYou, Refused
from tests.ui import bench, fakes
from ui import printing
from ui.look import look
from ui.reports_page import ReportsPage
from ui.widgets.basics import Button, Elided


class Stage:
    """A page with its desk over made-up reports."""

    def __init__(self, held: bool = False, language: str = "zh_CN", **answers: Any) -> None:
        self.client = fakes.client()
        self.files = self.client.report_files
        self.files.will(**answers)
        self.lanes = bench.Lanes(held)
        self.page = ReportsPage(bench.texts(language))
        self.desk = ReportsDesk(self.client, self.lanes, self.page.show_view, printing.draw_pages)
        self.page.bind(self.desk)
        bench.lay(self.page)
        self.page.entered()
        bench.settle()

    def said(self) -> str:
        bench.settle()
        words = [
            part.whole if isinstance(part, Elided) else part.text()
            for part in self.page.findChildren(QLabel)
            if part.isVisible()
        ]
        return "\n".join(words)

    def spoken(self, row: int) -> str:
        model = self.page.table.rows_model
        return str(model.data(model.index(row, 0), Qt.ItemDataRole.AccessibleTextRole))

    def press(self, key: Qt.Key, control: bool = False) -> None:
        held = Qt.KeyboardModifier.ControlModifier if control else Qt.KeyboardModifier.NoModifier
        target = self.page.window().focusWidget() or self.page
        QTest.keyClick(target, key, held)
        bench.settle()


@pytest.fixture(autouse=True)
def light() -> Iterator[None]:
    bench.clean()
    yield
    bench.clean()


def test_a_row_says_number_query_subject_dates_state_and_file() -> None:
    stage = Stage()
    first, gone = stage.spoken(0), stage.spoken(2)
    for words in ("HYXYE 20261122", "CX-1122-000417", fakes.NAME, "2026-11-22 09:42", "2026-12-22",
                  "有效期内", "在本机"):  # fmt: skip
        assert words in first
    assert "李**" in gone and "已作废" in gone and "文件已清除" in gone
    assert "已非最新" in stage.spoken(1) and "已过有效期" in stage.spoken(3)


def test_enter_opens_and_esc_gives_the_row_back_its_focus() -> None:
    stage = Stage()
    stage.page.words.setFocus()
    stage.press(Qt.Key.Key_Return)
    assert stage.page.table.hasFocus()
    stage.press(Qt.Key.Key_Return)
    assert stage.files.asked[-2:] == [("open", fakes.NUMBERS[0]), ("list",)]
    assert stage.page.inside.currentWidget() is stage.page.reader and stage.page.reader.area.hasFocus()
    stage.press(Qt.Key.Key_Escape)
    assert stage.page.inside.currentWidget() is stage.page.list and stage.page.table.hasFocus()
    assert stage.page.table.current_key() == fakes.NUMBERS[0]
    assert stage.page.reader.sheets._pages == ()


def test_an_open_report_shows_seal_state_and_both_digests_by_name() -> None:
    stage = Stage()
    stage.desk.open(fakes.NUMBERS[0])
    said = stage.said()
    assert stage.page.reader.state.face.text == "有效期内"
    for words in ("签名有效", "出具后尚无消息", "内容摘要\n0F9D 9D88 8CB3 4022 …",
                  "文件摘要\n77AB 1C20 E4D9 5F13 …"):  # fmt: skip
        assert words in said
    assert not stage.page.notice.isVisible()


def test_an_outdated_report_says_so_and_never_which_record() -> None:
    stage = Stage()
    stage.desk.open(fakes.NUMBERS[1])
    assert stage.page.notice.words.text().startswith("出具后数据有更新")
    assert stage.page.print_button.isEnabled() and stage.page.save_button.isEnabled()
    assert "REC" not in stage.said()


def test_a_void_report_says_so_and_cannot_be_printed_or_saved() -> None:
    void = replace(fakes.issued_rows()[0], state="void")
    stage = Stage(open=replace(fakes.open_report(fakes.NUMBERS[0]), row=void))
    stage.desk.open(fakes.NUMBERS[0])
    assert "不能再打印" in stage.page.notice.words.text()
    assert not stage.page.print_button.isEnabled() and not stage.page.save_button.isEnabled()


def test_a_file_that_is_gone_says_what_is_left_and_what_to_do() -> None:
    stage = Stage(ask=lambda number: fakes.issued_rows()[1])
    wanted: list[str] = []
    stage.page.page_wanted.connect(wanted.append)
    stage.desk.open(fakes.NUMBERS[2])
    assert "已随查询副本从本机清除" in stage.said()
    buttons = stage.page.state.findChildren(Button)
    buttons[0].click()
    assert wanted == ["home"]
    buttons[1].click()
    assert ("ask", fakes.NUMBERS[2]) in stage.files.asked
    assert stage.page.notice.words.text().startswith("出具后数据有更新")
    stage.page.state.findChildren(Button)[2].click()
    assert stage.page.inside.currentWidget() is stage.page.list


def test_an_altered_file_is_a_matter_of_safety() -> None:
    stage = Stage(open=NotTrusted("report.altered"))
    stage.desk.open(fakes.NUMBERS[0])
    assert "与平台登记的不一致" in stage.said() and "report.altered" in stage.said()
    assert [button.text() for button in stage.page.state.findChildren(Button)] == ["返回列表"]


def test_asking_the_platform_tells_and_a_silent_one_leaves_the_report_open() -> None:
    stage = Stage()
    stage.desk.open(fakes.NUMBERS[0])
    stage.page.ask.click()
    assert "已向平台核对" in stage.page.notice.words.text()
    stage.files.will(ask=NotNow("net.offline"))
    stage.page.ask.click()
    assert stage.page.inside.currentWidget() is stage.page.reader and stage.page.notice.isVisible()


def test_words_and_state_narrow_and_one_press_clears_both() -> None:
    stage = Stage()
    stage.page.words.setText("丰年")
    assert [row.key for row in stage.page.table.rows_model.rows] == [fakes.NUMBERS[1]]
    assert "1 份符合条件" in stage.said()
    stage.page.kind.setCurrentIndex(stage.page.kind.findData("void"))
    assert "没有符合条件的报告" in stage.said()
    stage.page.listed.why_none.findChildren(Button)[0].click()
    assert len(stage.page.table.rows_model.rows) == 4 and stage.page.kind.currentData() == ""


def test_none_yet_teaches_where_reports_come_from() -> None:
    stage = Stage(list=())
    wanted: list[str] = []
    stage.page.page_wanted.connect(wanted.append)
    assert "还没有出具过报告" in stage.said() and "Ctrl+P" in stage.said()
    stage.page.listed.why_none.findChildren(Button)[0].click()
    assert wanted == ["home"]


def test_a_list_that_cannot_be_read_is_told_in_its_place_and_retried() -> None:
    stage = Stage(list=NotYou("vault.locked", "vault.closed"))
    assert "档案已锁定" in stage.said()
    stage.files.will(list=fakes.issued_rows())
    stage.page.listed.why_none.findChildren(Button)[0].click()
    assert stage.page.listed.currentWidget() is stage.page.table


def test_the_skeleton_comes_after_300_ms() -> None:
    stage = Stage(held=True)
    assert not stage.page.listed.skeleton._shown
    QTest.qWait(330)
    assert (
        stage.page.listed.skeleton._shown and stage.page.listed.currentWidget() is stage.page.listed.skeleton
    )
    stage.lanes.go()
    assert stage.page.listed.currentWidget() is stage.page.table


def test_keys_find_save_print_and_turn_the_tab(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    stage = Stage()
    wanted: list[str] = []
    printed: list[str] = []
    stage.page.page_wanted.connect(wanted.append)
    monkeypatch.setattr(printing, "choose_file", lambda *_: tmp_path / "x.pdf")
    monkeypatch.setattr(printing, "print_sealed", lambda _page, _texts, _desk, number: printed.append(number))
    stage.page.table.setFocus()
    stage.press(Qt.Key.Key_F, control=True)
    assert stage.page.words.hasFocus()
    stage.press(Qt.Key.Key_P, control=True)
    stage.press(Qt.Key.Key_S, control=True)
    assert printed == [] and list(tmp_path.iterdir()) == []  # nothing is open
    stage.desk.open(fakes.NUMBERS[0])
    stage.press(Qt.Key.Key_P, control=True)
    stage.press(Qt.Key.Key_S, control=True)
    assert printed == [fakes.NUMBERS[0]]
    assert (tmp_path / "x.pdf").read_bytes() == fakes.pdf_bytes()
    assert "已另存为" in stage.page.notice.words.text()
    stage.page.turn(1)
    assert wanted == ["verify"]


def test_a_printer_that_takes_the_pages_is_noted(monkeypatch: pytest.MonkeyPatch) -> None:
    stage = Stage()
    stage.desk.open(fakes.NUMBERS[0])
    monkeypatch.setattr(printing, "has_printer", lambda: False)
    stage.page.print_button.click()
    assert "没有可用的打印机" in stage.page.notice.words.text()
    monkeypatch.setattr(printing, "has_printer", lambda: True)
    monkeypatch.setattr(printing, "choose_printer", lambda *_: True)
    taken: list[tuple[int, str]] = []
    monkeypatch.setattr(
        printing,
        "put_on_paper",
        lambda _printer, pages, mark: bool(taken.append((len(pages), mark))) or True,
    )
    stage.page.print_button.click()
    assert taken == [(2, "")]
    stage.client.reporting.will(printed_before=2)
    stage.page.print_button.click()
    assert taken[1:] == [(2, "补打 2")]
    assert stage.client.reporting.asked[-1] == ("printed", fakes.NUMBERS[0], 1)
    assert "打印已写入台账" in stage.page.notice.words.text()


def test_without_the_platform_nothing_reaches_the_printer(monkeypatch: pytest.MonkeyPatch) -> None:
    stage = Stage()
    stage.desk.open(fakes.NUMBERS[0])
    stage.client.reporting.will(require_leave=Refused("offline.print-off", "offline.print-off-report"))
    asked: list[str] = []
    monkeypatch.setattr(printing, "print_sealed", lambda *_: asked.append("paper"))
    stage.page.print_button.click()
    assert asked == []
    assert "报告不打印、不另存" in stage.page.notice.words.text()


def test_control_a_printer_that_refuses_leaves_no_row(monkeypatch: pytest.MonkeyPatch) -> None:
    stage = Stage()
    stage.desk.open(fakes.NUMBERS[0])
    monkeypatch.setattr(printing, "has_printer", lambda: True)
    monkeypatch.setattr(printing, "choose_printer", lambda *_: True)
    monkeypatch.setattr(printing, "put_on_paper", lambda *_: False)
    stage.page.print_button.click()
    assert stage.client.reporting.times("printed") == 0
    assert "打印机未接受" in stage.page.notice.words.text()


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize(
    ("width", "height", "mode"), [(1072, 668, "full"), (904, 560, "medium"), (824, 380, "narrow")]
)
def test_nothing_is_cut_and_everything_has_a_name(width: int, height: int, mode: str, language: str) -> None:
    stage = Stage(language=language)
    for number in (None, fakes.NUMBERS[1], fakes.NUMBERS[2]):
        if number is not None:
            stage.desk.open(number)
        bench.lay(stage.page, width, height, mode)
        assert bench.clipped(stage.page) == []
        assert bench.outside(stage.page) == []
        assert bench.nameless(stage.page) == []


@pytest.mark.parametrize("percent", [130, 150])
def test_larger_text_cuts_nothing(percent: int) -> None:
    look().wear("light", percent)
    stage = Stage()
    stage.desk.open(fakes.NUMBERS[1])
    bench.lay(stage.page, 1072, 668, "narrow")
    assert bench.clipped(stage.page) == []
    look().wear("light", 100)


def test_pictures_in_both_themes() -> None:
    for theme in ("light", "dark"):
        look().wear(theme)
        stage = Stage()
        bench.grab(stage.page, f"reports-{theme}")
        stage.desk.open(fakes.NUMBERS[1])
        bench.grab(stage.page, f"reports-open-{theme}")


def test_a_row_names_its_paper_and_one_of_an_older_program_none() -> None:
    stage = Stage()
    assert "标准报告" in stage.spoken(0) and "英文" not in stage.spoken(0)
    assert "专项信用报告 · 英文 · 大字版" in stage.spoken(1)
    assert "报告" not in stage.spoken(3).replace(fakes.NUMBERS[3], "")
    stage.desk.open(fakes.NUMBERS[0])
    assert "标准报告" in stage.said()


def test_void_by_keyboard_asks_why_and_says_what_comes_of_it() -> None:
    stage = Stage()
    stage.page.table.setFocus()
    stage.press(Qt.Key.Key_Delete)
    question = stage.page.question
    bench.grab(question, "reports-void")
    bench.grab(stage.page, "reports-papers")
    assert question is not None and question.why.hasFocus()
    assert "核验" in question.accessibleName() and fakes.NAME in question.accessibleName()
    QTest.keyClick(question.why, Qt.Key.Key_Return)
    question.act.click()
    assert "理由" in question.notice.words.text() and stage.client.voiding.times("void") == 0
    QTest.keyClicks(question.why, "wrong subject")
    QTest.keyClick(question.why, Qt.Key.Key_Return)
    assert question.act.hasFocus() and stage.client.voiding.times("void") == 0
    QTest.keyClick(question.act, Qt.Key.Key_Space)
    bench.settle()
    assert stage.client.voiding.asked == [("void", fakes.NUMBERS[0], "wrong subject")]
    assert stage.page.question is None and "已作废" in stage.page.notice.words.text()


def test_esc_gives_up_and_a_void_report_is_not_asked_about() -> None:
    stage = Stage()
    assert not stage.page.void.isEnabled()  # no report is chosen yet
    stage.page.table.setFocus()
    stage.page.void.click()
    bench.settle()
    assert stage.page.question is not None
    QTest.keyClick(stage.page.question.why, Qt.Key.Key_Escape)
    bench.settle()
    assert stage.page.question is None and stage.client.voiding.asked == []
    assert stage.page.focusWidget() is stage.page.table
    stage.page.table.pick(fakes.NUMBERS[2])
    assert not stage.page.void.isEnabled()
    stage.page.activateWindow()  # as a window manager does when a dialog closes
    bench.settle()
    stage.press(Qt.Key.Key_Delete)
    assert stage.page.question is None and "已作废" in stage.page.notice.words.text()


def test_a_refusal_keeps_the_reason_and_a_missing_network_sends_it_later() -> None:
    stage = Stage()
    stage.client.voiding.will(void=NotRight("text-unfit", "problem.text-unfit"))
    stage.page.table.setFocus()
    stage.page.void.click()
    question = stage.page.question
    assert question is not None
    question.why.setText("示例理由")
    question.act.click()
    assert stage.page.question is question and question.why.text() == "示例理由"
    assert question.notice.isVisible() and question.act.isEnabled()
    stage.client.voiding.will(void=NotNow("net.offline"))
    question.act.click()
    bench.settle()
    assert stage.page.question is None and "尚未作废" in stage.page.notice.words.text()


def test_an_open_report_that_was_voided_stays_in_the_house() -> None:
    stage = Stage()
    stage.desk.open(fakes.NUMBERS[0])
    stage.page.void.click()
    assert stage.page.question is not None
    stage.page.question.why.setText("示例理由")
    stage.page.question.act.click()
    bench.settle()
    assert stage.page.reader.state.face.text == "已作废" and not stage.page.print_button.isEnabled()
