"""The page of repair, state by state, by mouse and by keyboard alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QLabel

from app.desks.repair_desk import RepairDesk
from app.services.refused_files import RefusedFile
from app.services.repair_drafts import RepairDraft
from app.trouble import NotNow, NotRight, Refused
from local_cache.evidence import Named
from tests.ui import bench, fakes, fakes_files, fakes_repair, pictures
from ui.look import look
from ui.repair_page import RepairPage
from ui.repair_way import points
from ui.widgets.basics import Elided

CTRL = Qt.KeyboardModifier.ControlModifier


class Stage:
    """A page with its desk over a made-up service."""

    def __init__(
        self, repairing: Any = None, held: bool = False, language: str = "zh_CN", **more: Any
    ) -> None:
        own = (fakes_repair.outlook(), fakes_repair.outlook(-2, "R51"))
        self.repairing = repairing or fakes_repair.FakeRepairing((fakes_repair.case(),), own=own, **more)
        self.lanes = bench.Lanes(held)
        self.page = RepairPage(bench.texts(language))
        client = fakes.client(repairing=self.repairing, querying=fakes_files.FakeQuerying())
        self.client = client
        self.desk = RepairDesk(client, self.lanes, self.page.show_view)
        self.page.bind(self.desk)
        bench.lay(self.page)
        self.page.entered()
        bench.settle()

    def begin(self) -> None:
        self.desk.begin(fakes_repair.QUERY, "R37", fakes_files.penalty(37))
        bench.settle()

    def bring(self, tmp_path: Path, *checks: str) -> None:
        for check in checks:
            file = tmp_path / f"{check}.pdf"
            file.write_bytes(b"%PDF-1.7 " + check.encode())
            self.page.form.papers.drops[check].dropped.emit(file)
        bench.settle()

    def said(self) -> str:
        bench.settle()
        words = [
            part.whole if isinstance(part, Elided) else part.text()
            for part in self.page.findChildren(QLabel)
            if part.isVisible()
        ]
        chip = self.page.form.standing.chip
        return "\n".join([*words, chip.face.text if chip.isVisible() else ""])

    def spoken(self) -> list[str]:
        model = self.page.table.rows_model
        role = Qt.ItemDataRole.AccessibleTextRole
        return [str(model.data(model.index(row, 0), role)) for row in range(model.rowCount())]


@pytest.fixture(autouse=True)
def light() -> Iterator[None]:
    bench.clean()
    yield
    bench.clean()


def test_own_records_stand_with_the_days_left_and_applications_with_their_term() -> None:
    rows = "\n".join(Stage().spoken())
    for words in ("XF-20261117-0001", "核查中", "剩 5 天", "还有 41 天", "未到申请日", "可以申请"):
        assert words in rows


def test_eligibility_comes_first_with_days_rule_and_who_decides() -> None:
    stage = Stage(stands=fakes_repair.standing("not_yet", 41))
    stage.begin()
    said = stage.said()
    for words in ("未满最短公示期", "还有 41 天", "O36-general", "第 1 版", "国家发展改革委令第36号",
                  "“信用中国”网站及作出决定的行政机关", "由其决定"):  # fmt: skip
        assert words in said
    assert "现为第" not in said  # a control: nothing was refused for another version
    assert not stage.page.form.submit.isEnabled()
    QTest.keyClick(stage.page.form.statement, Qt.Key.Key_Return, CTRL)
    assert "还有 41 天" in stage.page.notice.words.text() and stage.repairing.filed == []
    assert not stage.page.form.kind.button("performance").isEnabled()
    stage.page.form.kind.button("explanation").click()
    bench.settle()
    assert stage.page.form.submit.isEnabled() and "记录继续展示" in stage.said()


def test_the_focus_begins_at_the_eligibility_and_comes_back_to_the_list() -> None:
    stage = Stage()
    stage.begin()
    again = stage.page.form.standing.again
    assert stage.page.focusWidget() is again and "可以申请" in again.accessibleDescription()
    before = stage.repairing.asked
    QTest.keyClick(again, Qt.Key.Key_Space)
    assert stage.repairing.asked == before + 1
    stage.page.back.click()
    bench.settle()
    assert stage.page.focusWidget() is stage.page.table
    begun = stage.page._view
    stage.begin()
    stage.page.show_view(replace(begun, draft=None, filed=(), drafts=(), outlooks=()))
    assert stage.page.focusWidget() is stage.page.words  # there is no list to go back to


def test_the_checklist_says_where_each_paper_is_to_be_had() -> None:
    stage = Stage()
    stage.begin()
    said = stage.said()
    assert "向作出决定的机关取得" in said and "已核实" in said and "以材料证明" in said
    assert tuple(stage.page.form.papers.drops) == ("performed", "commitment")


def test_ctrl_enter_from_the_text_hands_in_and_the_list_shows_it(tmp_path: Path) -> None:
    stage = Stage()
    stage.begin()
    QTest.keyClick(stage.page.form.statement, Qt.Key.Key_Return, CTRL)
    assert stage.repairing.filed == [] and "还缺 2 项" in stage.page.notice.words.text()
    stage.bring(tmp_path, "performed", "commitment")
    stage.page.form.statement.setPlainText("罚款已于 2025-09-20 缴清（示例）")
    QTest.keyClick(stage.page.form.statement, Qt.Key.Key_Return, CTRL)
    bench.settle()
    ((draft, papers),) = stage.repairing.filed
    assert draft.code == "performance" and draft.standing.rev == 2
    assert [(check, path.name) for check, path in papers] == [
        ("performed", "performed.pdf"), ("commitment", "commitment.pdf"),
    ]  # fmt: skip
    assert stage.page.stack.currentIndex() == 0 and "XF-20261122-0002" in stage.page.notice.words.text()


def test_typing_is_kept_by_timer_key_and_on_leaving() -> None:
    stage = Stage()
    stage.begin()
    stage.page.form.statement.setPlainText("已缴清")
    stage.page._save.timeout.emit()
    QTest.keyClick(stage.page.form.statement, Qt.Key.Key_S, CTRL)
    assert [one.statement for one in stage.repairing.saved] == ["已缴清"]
    stage.page.form.statement.appendPlainText("补充")
    stage.page.left()
    assert stage.repairing.saved[-1].statement == "已缴清\n补充"
    assert stage.repairing.saved[-1].standing is not None


def test_offline_the_copy_speaks_and_nothing_is_handed_in() -> None:
    stage = Stage(stands=NotNow("net.offline"))
    record = msgspec.structs.replace(fakes.RECORDS[0])
    stage.desk.begin(fakes_repair.QUERY, record.rec_id, record)
    said = stage.said()
    assert "平台尚未核对" in said and "2026-08-14" in said and "min-term" in said
    assert not stage.page.form.submit.isEnabled() and not stage.page.form.export.isEnabled()
    assert stage.page.form.standing.notice.isVisible()
    stage.page.connected(False)
    stage.repairing.stands = None
    stage.page.connected(True)
    bench.settle()
    assert stage.page.form.submit.isEnabled() and not stage.page.form.standing.notice.isVisible()


def test_while_the_platform_is_asked_there_is_a_skeleton_and_the_text_can_be_written() -> None:
    stage = Stage()
    stage.lanes.held = True
    stage.desk.begin(fakes_repair.QUERY, "R37", fakes_files.penalty(37))
    stage.lanes.go()
    bench.settle()
    assert stage.page.form.standing.skeleton.isVisible()
    assert stage.page.form.statement.isEnabled()
    stage.lanes.go()
    bench.settle()
    assert stage.page.form.standing.said.isVisible()


def test_without_a_connection_it_waits_in_the_outbox(tmp_path: Path) -> None:
    stage = Stage(online=False)
    stage.begin()
    stage.bring(tmp_path, "performed", "commitment")
    stage.page.form.submit.click()
    bench.settle()
    assert "待发箱" in stage.page.notice.words.text() and "待发送" in "\n".join(stage.spoken())


def test_for_another_unit_the_letter_is_asked_for() -> None:
    stage = Stage(draft_own=False)
    stage.begin()
    assert stage.page.form.letter.isVisible()
    stage.page.form.submit.click()
    assert "授权书" in stage.page.notice.words.text() and stage.repairing.filed == []


def test_an_application_under_way_is_told_before_anything_is_sent() -> None:
    stage = Stage(stands=fakes_repair.standing(open=True, number="XF-20261101-0009"))
    stage.begin()
    stage.page.form.submit.click()
    assert "XF-20261101-0009" in stage.page.notice.words.text() and stage.repairing.filed == []


def test_what_was_refused_comes_back_with_its_papers_and_the_reason() -> None:
    back = RepairDraft("op-7", fakes_repair.QUERY, "R37", "", fakes_repair.NAME, "performance", "已缴清",
                       own=True, refused="op-7", why="rev-conflict", checks=("performed", "commitment"),
                       rev=1,
    )  # fmt: skip
    kept = (Named(0, "缴款凭证.pdf", 90_000, "a" * 64), Named(1, "承诺书.pdf", 50_000, "b" * 64))
    service = fakes_repair.FakeRepairing(
        (fakes_repair.waiting("refused", "rev-conflict"),), (back,), sealed=kept
    )
    stage = Stage(service)
    assert "未被接收" in stage.spoken()[0] and "修改或放弃" in stage.spoken()[0]
    stage.page.table.pick("op-7")
    QTest.keyClick(stage.page.table, Qt.Key.Key_Return)
    bench.settle()
    assert "缴款凭证.pdf" in stage.said() and stage.page.notice.isVisible()
    assert "提交时所见为第 1 版，现为第 2 版" in stage.said()
    stage.page.form.submit.click()
    assert service.filed[0][0].refused == "op-7"


def test_a_paper_that_was_not_taken_bears_its_mark_until_it_is_left_out() -> None:
    back = RepairDraft("op-7", fakes_repair.QUERY, "R37", "", fakes_repair.NAME, "performance", "已缴清",
                       own=True, refused="op-7", why="attachment-refused", rev=2,
                       file=RefusedFile(1, "承诺书.pdf", "active"), checks=("performed", "commitment"),
    )  # fmt: skip
    kept = (Named(0, "缴款凭证.pdf", 90_000, "a" * 64), Named(1, "承诺书.pdf", 50_000, "b" * 64))
    row = fakes_repair.waiting("refused", "attachment-refused")
    stage = Stage(fakes_repair.FakeRepairing((row,), (back,), sealed=kept))
    stage.desk.resume("op-7")
    bench.settle()
    assert "“承诺书.pdf”含有脚本" in stage.page.notice.words.text()
    assert stage.said().count("未被接受：含可执行内容") == 1
    stage.desk.leave_out(1)
    bench.settle()
    assert "未被接受：含可执行内容" not in stage.said()


def test_picked_papers_are_there_again_after_back_and_one_that_is_gone_is_named(tmp_path: Path) -> None:
    stage = Stage()
    stage.begin()
    stage.bring(tmp_path, "performed", "commitment")
    before = [(one.check, one.path, one.size) for one in stage.desk.view.papers]
    assert len(before) == 2
    stage.page.back.click()
    bench.settle()
    kept = stage.repairing.saved[-1]
    assert kept.picked == tuple((check, str(path)) for check, path, _ in before)
    stage.repairing.kept = (kept,)
    stage.desk.put(drafts=(kept,))
    stage.desk.resume(kept.draft_id)
    bench.settle()
    assert [(one.check, one.path, one.size) for one in stage.desk.view.papers] == before
    stage.page.back.click()
    before[1][1].unlink()
    stage.desk.put(drafts=(kept,))
    stage.desk.resume(kept.draft_id)
    bench.settle()
    assert [one.path for one in stage.desk.view.papers] == [before[0][1]]
    assert before[1][1].name in stage.page.notice.words.text()


def test_a_refusal_by_the_server_keeps_the_form(tmp_path: Path) -> None:
    stage = Stage()
    stage.begin()
    stage.bring(tmp_path, "performed", "commitment")
    stage.repairing.flaw = Refused("repair-too-early", "problem.repair-too-early", {"earliest": "2027-01-02"})
    stage.page.form.submit.click()
    bench.settle()
    assert "2027-01-02" in stage.page.notice.words.text()
    assert stage.desk.view.draft is not None and len(stage.desk.view.papers) == 2


def test_a_returned_one_is_supplemented_from_the_list(tmp_path: Path) -> None:
    service = fakes_repair.FakeRepairing((fakes_repair.case("returned"),))
    stage = Stage(service)
    assert stage.page.way.supplement.isVisible()
    stage.page.table.setFocus()
    QTest.keyClick(stage.page.table, Qt.Key.Key_Return)
    bench.settle()
    assert stage.page.title.text() == "补正修复材料" and not stage.page.form.kind.isVisible()
    stage.page.form.submit.click()
    assert "补正了什么" in stage.page.notice.words.text()
    stage.bring(tmp_path, "performed")
    stage.page.form.statement.setPlainText("补交缴款凭证")
    stage.page.form.submit.click()
    assert service.filed[0][0].number == "XF-20261117-0001"


def test_withdrawing_asks_why_and_says_what_stays() -> None:
    stage = Stage(fakes_repair.FakeRepairing((fakes_repair.case("handed"),)))
    stage.page.way.withdraw.click()
    bench.settle()
    reason = stage.page.reason
    assert reason is not None and reason.why.hasFocus()
    reason.act.click()
    assert "原因" in reason.notice.words.text() and stage.repairing.withdrawn == []
    reason.why.setText("不再申请")
    reason.act.click()
    bench.settle()
    assert stage.repairing.withdrawn == [("XF-20261117-0001", "不再申请")] and stage.page.reason is None


@pytest.mark.parametrize("state", ["accepted", "checking", "granted"])
def test_what_its_keeper_has_accepted_is_not_withdrawn(state: str) -> None:
    stage = Stage(fakes_repair.FakeRepairing((fakes_repair.case(state),)))
    assert not stage.page.way.withdraw.isVisible()


def test_a_withdrawal_that_was_not_taken_is_told_and_let_go() -> None:
    stage = Stage(fakes_repair.FakeRepairing((fakes_repair.waiting("refused", "rev-conflict", "withdraw"),)))
    asked: list[str] = []
    stage.client.objecting.will(dismiss=lambda op_id: asked.append(op_id))
    stage.page.table.pick("op-7")
    stage.page.table.opened.emit("op-7")
    assert stage.page.question is not None
    stage.page.question.act.click()
    assert asked == ["op-7"]


def test_the_checklist_goes_into_a_file_and_into_the_ledger(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = Stage()
    stage.begin()
    out = tmp_path / "清单.txt"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(out), ""))
    QTest.keyClick(stage.page.form.statement, Qt.Key.Key_E, CTRL)
    bench.settle()
    text = out.read_text("utf-8-sig")
    for words in (
        "记录号 R37",
        "可以申请",
        "O36-general",
        "[ ] 信用承诺书",
        "样式以",
        "不收取费用",
        "以受理机关的决定为准",
    ):
        assert words in text
    assert f"export {fakes_repair.QUERY}" in stage.repairing.gone


def test_no_application_yet_says_where_records_are() -> None:
    stage = Stage(fakes_repair.FakeRepairing())
    assert "还没有修复申请" in stage.said()
    wanted: list[str] = []
    stage.page.page_wanted.connect(wanted.append)
    stage.page.connected(False)
    stage.page.listed.why_none.findChildren(type(stage.page.back))[-1].click()
    assert wanted == ["offline"]


def test_a_list_that_cannot_be_read_offers_to_try_again() -> None:
    service = fakes_repair.FakeRepairing(list_flaw=NotNow("vault.busy"))
    stage = Stage(service)
    service.list_flaw = None
    assert stage.page.listed.currentWidget() is stage.page.listed.why_none
    stage.page.listed.why_none.findChildren(type(stage.page.back))[-1].click()
    assert "还没有修复申请" in stage.said()


def test_papers_of_a_wrong_kind_or_size_change_nothing(tmp_path: Path) -> None:
    stage = Stage()
    stage.begin()
    text = tmp_path / "a.txt"
    text.write_text("x")
    stage.page.form.papers.drops["performed"].dropped.emit(text)
    assert "PDF" in stage.page.notice.words.text() and stage.desk.view.papers == ()
    stage.bring(tmp_path, "performed")
    stage.bring(tmp_path, "performed")
    assert "已经添加" in stage.page.notice.words.text() and len(stage.desk.view.papers) == 1


def test_every_step_is_named_and_the_platform_decides_nothing() -> None:
    texts = bench.texts()
    general = [point.title for point in points(None, texts)]
    assert general == ["提交", "转办", "受理", "核查", "决定"]
    for state in (
        "submitted",
        "returned",
        "handed",
        "accepted",
        "checking",
        "granted",
        "refused",
        "withdrawn",
    ):
        way = points(fakes_repair.case(state), texts)
        assert all(point.title for point in way)
    now = [point for point in points(fakes_repair.case("handed"), texts) if point.state == "now"]
    assert now[0].detail == "衡阳市生态环境局（示例）"


@pytest.mark.parametrize(
    ("language", "width", "height", "mode"),
    [
        ("zh_CN", 1072, 668, "full"),
        ("en", 720, 340, "narrow"),
        pytest.param("en", 1072, 668, "full", marks=pytest.mark.nightly),
        pytest.param("en", 820, 520, "medium", marks=pytest.mark.nightly),
        pytest.param("zh_CN", 820, 520, "medium", marks=pytest.mark.nightly),
        pytest.param("zh_CN", 720, 340, "narrow", marks=pytest.mark.nightly),
    ],
)
def test_nothing_is_cut_outside_or_nameless(language: str, width: int, height: int, mode: str) -> None:
    stage = Stage(language=language, stands=fakes_repair.standing("not_yet", 41))
    for begin in (False, True):
        if begin:
            stage.begin()
        bench.lay(stage.page, width, height, mode)
        assert bench.clipped(stage.page) == []
        assert bench.outside(stage.page) == []
        assert bench.nameless(stage.page) == []


@pytest.mark.nightly
def test_a_larger_text_fits_as_well() -> None:
    look().wear("light", 150)
    try:
        stage = Stage()
        stage.begin()
        bench.lay(stage.page, 1072, 668, "narrow")
        assert bench.clipped(stage.page) == [] and bench.outside(stage.page) == []
    finally:
        look().wear("light", 100)


def test_pictures_of_list_and_form(tmp_path: Path) -> None:
    def listed() -> RepairPage:
        return Stage().page

    def written() -> RepairPage:
        stage = Stage()
        stage.begin()
        stage.bring(tmp_path, "performed")
        return stage.page

    assert pictures.in_both_themes(listed, "repair", ("信用修复", "还有 41 天")) == []
    assert pictures.in_both_themes(written, "repair-form", ("申请信用修复", "能否申请", "材料清单")) == []


def test_high_contrast_draws_it(tmp_path: Path) -> None:
    look().wear("highContrast")
    try:
        stage = Stage()
        stage.begin()
        taken = pictures.take(stage.page, "repair-form")
        assert len(taken.tones()) >= 3 and "申请信用修复" in taken.said and taken.cut == ()
    finally:
        look().wear("light", 100)


def test_wrong_words_are_told_and_kept() -> None:
    stage = Stage()
    stage.begin()
    stage.repairing.flaw = NotRight("text-unfit", "problem.text-unfit", {"field": "statement"})
    stage.page.form.kind.button("explanation").click()
    stage.page.form.statement.setPlainText("示例")
    stage.desk.put(papers=(), notice=None)
    stage.page.form.submit.click()
    assert "还缺 1 项" in stage.page.notice.words.text()
    assert stage.desk.view.draft.statement == "示例"
