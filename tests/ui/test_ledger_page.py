"""The page of the ledger, state by state."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from app.desks.ledger_desk import PAGE, LedgerDesk
from app.trouble import NotYou
from tests.ui import bench, pictures
from tests.ui import fakes_files as fake
from ui.ledger_page import LedgerPage
from ui.look import look
from ui.widgets.basics import Button


class Stage:
    """A page with its desk over made-up entries."""

    def __init__(
        self, ledger: fake.FakeLedger | None = None, held: bool = False, language: str = "zh_CN"
    ) -> None:
        self.ledger = ledger or fake.FakeLedger()
        self.lanes = bench.Lanes(held)
        self.page = LedgerPage(bench.texts(language))
        client = fake.Client(ledger=self.ledger, unlocking=fake.FakeUnlocking())
        self.desk = LedgerDesk(client, self.lanes, self.page.show_view)
        self.page.bind(self.desk)
        bench.lay(self.page)
        self.page.entered()
        bench.settle()

    def said(self) -> str:
        bench.settle()
        return "\n".join(part.text() for part in self.page.findChildren(QLabel) if part.isVisible())


@pytest.fixture(autouse=True)
def light() -> Iterator[None]:
    bench.clean()
    yield
    bench.clean()


def test_entries_show_act_subject_purpose_in_words_and_receipt() -> None:
    model = Stage().page.table.rows_model
    first = str(model.data(model.index(0, 0), Qt.ItemDataRole.AccessibleTextRole))
    assert first.startswith("11-22 09:44:16")
    for words in ("打印", fake.NAMES[0], "贷前审查", "HYXYE 20261122 … TVWX7", "待上报"):
        assert words in first
    assert "第 1198 号" in str(model.data(model.index(2, 5), Qt.ItemDataRole.AccessibleTextRole))
    assert "查询被拒绝" in model.rows[5].cells[1].spoken()
    assert [model.rows[place].cells[5].chip.tone for place in (5, 3, 4)] == ["neutral", "neutral", "good"]
    assert [bool(model.rows[place].cells[5].chip.icon) for place in (5, 3, 4)] == [False, False, True]
    assert "查询未完成" in model.rows[3].cells[1].spoken()


@pytest.mark.parametrize(("language", "word"), [("zh_CN", "数据纠错"), ("en", "Data error")])
def test_a_hint_about_wrong_data_is_not_called_an_objection(language: str, word: str) -> None:
    objection = next(row for row in fake.ledger_rows() if row.kind == "objection")
    hint = replace(objection, n=objection.n + 1, data_error=True)
    stage = Stage(fake.FakeLedger((hint, objection)), language=language)
    said = [row.cells[1].spoken() for row in stage.page.table.rows_model.rows]
    assert said[0] == word
    assert said[1] in ("提出异议", "Objection")


def test_a_row_says_that_its_copy_is_gone_and_keeps_its_subject() -> None:
    stage = Stage()
    cells = [row.cells[2].text for row in stage.page.table.rows_model.rows]
    assert cells[0] == fake.NAMES[0] and cells[2] == f"{fake.NAMES[2]} · 本机已无副本"
    assert sum("本机已无副本" in text for text in cells) == 1
    unknown = Stage(fake.FakeLedger((replace(fake.ledger_rows()[2], subject=""),)))
    assert unknown.page.table.rows_model.rows[0].cells[2].text == "未知主体 · 本机已无副本"


@pytest.mark.parametrize(
    ("entry", "words"), [("12", "仍在本机"), ("10", "本机已无副本"), ("8", "离线档案已锁定")]
)
def test_the_panel_says_where_the_copy_is(entry: str, words: str) -> None:
    stage = Stage()
    stage.page.open_panel(entry)
    assert words in stage.said()


def test_opening_a_kept_report_is_not_called_an_offline_view() -> None:
    row = fake.ledger_rows()[4]
    for number, words in (("", "离线查阅"), (fake.REPORT_NO, "查阅报告")):
        stage = Stage(fake.FakeLedger((replace(row, report_no=number),)))
        assert stage.page.table.rows_model.rows[0].cells[1].spoken() == words


def test_a_refusal_says_why_in_words() -> None:
    stage = Stage()
    stage.page.open_panel("7")
    assert "letter-expired" not in stage.said()
    assert bench.texts().say("problem.letter-expired") in stage.said()


def test_a_reports_number_is_whole_in_the_panel_and_can_be_looked_for() -> None:
    stage = Stage()
    stage.page.open_panel("12")
    said = stage.said()
    assert "HYXYE 20261122 ABCDE FGHJK MNPQR STVWX7" in said and "CX-1122-000417" in said
    stage.page.words.setText("stvwx7")
    assert [row.key for row in stage.page.table.rows_model.rows] == ["12", "11"]


def test_every_cell_has_a_text() -> None:
    model = Stage().page.table.rows_model
    for row in range(model.rowCount()):
        for column in range(model.columnCount()):
            assert model.data(model.index(row, column), Qt.ItemDataRole.AccessibleTextRole)


def test_a_chain_that_holds_says_how_much_of_it_the_server_has() -> None:
    stage = Stage()
    assert "共 1204 条" in stage.page.chain.whole and "已回执 1202 条" in stage.page.chain.whole
    assert not stage.page.notice.isVisible()


def test_a_broken_chain_is_told_with_its_entry_and_what_not_to_do() -> None:
    stage = Stage(fake.FakeLedger(verdict=fake.ChainVerdict(False, 1204, 1100, 1204, "link")))
    assert "前后不相接" in stage.page.chain.whole
    assert "请勿删除本机文件" in stage.page.notice.words.text()
    assert stage.page.table.isVisible()


def test_checking_again_walks_the_chain_again_and_can_break_then() -> None:
    stage = Stage()
    stage.ledger.verdict = fake.ChainVerdict(False, 3, 3, 2, "digest")
    stage.page.recheck.click()
    assert stage.ledger.checked == 2 and "摘要不符" in stage.page.chain.whole


def test_while_checking_the_button_rests() -> None:
    stage = Stage(held=True)
    assert not stage.page.recheck.isEnabled() and stage.page.chain.whole == "正在校验"
    stage.lanes.go()
    assert stage.page.recheck.isEnabled()


def test_the_skeleton_comes_after_300_ms() -> None:
    stage = Stage(held=True)
    assert not stage.page.listed.skeleton._shown
    QTest.qWait(330)
    assert (
        stage.page.listed.skeleton._shown and stage.page.listed.currentWidget() is stage.page.listed.skeleton
    )
    stage.lanes.go()
    assert stage.page.listed.currentWidget() is stage.page.table


def test_words_and_kind_narrow_and_one_press_clears_both() -> None:
    stage = Stage()
    stage.page.words.setText("贷后")
    assert {row.cells[3].text for row in stage.page.table.rows_model.rows} == {"贷后管理"}
    stage.page.words.setText("不存在")
    assert stage.page.listed.currentWidget() is stage.page.listed.why_none and "没有符合条件" in stage.said()
    stage.page.kind.setCurrentIndex(stage.page.kind.findData("print"))
    stage.page.listed.why_none.findChildren(Button)[0].click()
    assert len(stage.page.table.rows_model.rows) == 12 and stage.desk.view.kind == ""
    assert stage.page.kind.currentData() == ""


def test_no_entries_teach_what_will_stand_here() -> None:
    stage = Stage(fake.FakeLedger(()))
    asked: list[str] = []
    stage.page.page_wanted.connect(asked.append)
    assert "还没有登记" in stage.said()
    stage.page.listed.why_none.findChildren(Button)[0].click()
    assert asked == ["home"]


def test_entries_that_cannot_be_read_are_told_in_their_place_and_retried() -> None:
    ledger = fake.FakeLedger()
    ledger.flaw = NotYou("vault.locked", "vault.closed")
    stage = Stage(ledger)
    assert stage.page.listed.currentWidget() is stage.page.listed.why_none and "档案已锁定" in stage.said()
    ledger.flaw = None
    stage.page.listed.why_none.findChildren(Button)[0].click()
    assert stage.page.listed.currentWidget() is stage.page.table


def test_space_opens_the_entry_and_esc_gives_the_focus_back() -> None:
    stage = Stage()
    table = stage.page.table
    table.setFocus()
    table.pick("9")
    QTest.keyClick(table, Qt.Key.Key_Space)
    assert stage.page.panel.isVisible() and "第 9 条" in stage.said() and "可验证的回执" in stage.said()
    table.pick("12")
    assert "联网后自动上报" in stage.said()
    stage.page.close_panel()
    assert not stage.page.panel.isVisible() and table.hasFocus()


def test_ctrl_f_goes_to_the_filter() -> None:
    stage = Stage()
    stage.page.table.setFocus()
    QTest.keyClick(stage.page.table, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert stage.page.words.hasFocus()


def test_a_full_page_says_that_only_the_newest_are_listed() -> None:
    assert "最近的 500 条" in Stage(fake.FakeLedger(fake.ledger_rows(PAGE))).page.foot.text()


def test_every_field_has_a_name() -> None:
    stage = Stage()
    stage.page.open_panel("9")
    bench.settle()
    assert bench.nameless(stage.page) == []


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize(
    ("width", "height", "mode"), [(1072, 668, "full"), (904, 560, "medium"), (824, 380, "narrow")]
)
def test_nothing_is_cut(width: int, height: int, mode: str, language: str) -> None:
    stage = Stage(language=language)
    bench.lay(stage.page, width, height, mode)
    stage.page.open_panel("9")
    bench.settle()
    assert bench.clipped(stage.page) == []
    assert bench.outside(stage.page) == []


def test_compact_rows_are_eight_pixels_lower() -> None:
    stage = Stage()
    assert stage.page.table.rowHeight(0) == 40
    look().wear("light", 100, compact=True)
    assert stage.page.table.rowHeight(0) == 32
    look().wear("light", 100)


def test_pictures_in_both_themes() -> None:
    def make() -> LedgerPage:
        stage = Stage()
        stage.page.table.pick("9")
        stage.page.open_panel("9")
        return stage.page

    wanted = ("查询台账", "重新校验", "1204", "列出 12 条", fake.NAMES[1])
    assert pictures.in_both_themes(make, "ledger", wanted) == []
