"""The page of objections, state by state."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton

from app.desks.case_desk import LONGEST, MIB
from app.desks.objection_desk import ObjectionDesk
from app.field.limits import LONGEST as LENGTHS
from app.trouble import NotYou, Refused
from tests.ui import bench, pictures
from tests.ui import fakes_files as fake
from ui.look import look
from ui.objection_page import ObjectionPage
from ui.objection_way import points
from ui.table_painting import PAD
from ui.widgets.basics import Button
from ui.widgets.chips import chip_size

QUERY = "CX-1122-000410"
CTRL = Qt.KeyboardModifier.ControlModifier


class Stage:
    """A page with its desk over made-up objections."""

    def __init__(
        self, objecting: fake.FakeObjecting | None = None, held: bool = False, language: str = "zh_CN"
    ) -> None:
        self.objecting = objecting or fake.FakeObjecting((fake.filed(),), (fake.Draft("d1"),))
        self.lanes = bench.Lanes(held)
        self.page = ObjectionPage(bench.texts(language))
        client = fake.Client(objecting=self.objecting, lettering=fake.FakeQuerying())
        self.desk = ObjectionDesk(client, self.lanes, self.page.show_view)
        self.page.bind(self.desk)
        bench.lay(self.page)
        self.page.entered()
        bench.settle()

    def write(self) -> None:
        """Begin a draft and fill in what has to be."""
        self.page.begin(QUERY, fake.penalty(37))
        self.page.form.ground.button("content").click()
        self.page.form.statement.setPlainText("金额与决定书原件不符。")
        bench.settle()

    def said(self) -> str:
        bench.settle()
        return "\n".join(part.text() for part in self.page.findChildren(QLabel) if part.isVisible())


@pytest.fixture(autouse=True)
def light() -> Iterator[None]:
    bench.clean()
    yield
    bench.clean()


def test_drafts_stand_first_and_every_row_says_its_state() -> None:
    stage = Stage(
        fake.FakeObjecting((fake.waiting(), fake.filed(), fake.filed("kept", "YY-2")), (fake.Draft("d1"),))
    )
    model = stage.page.table.rows_model
    spoken = [str(model.data(model.index(n, 0), Qt.ItemDataRole.AccessibleTextRole)) for n in range(4)]
    for row, words in zip(spoken, ("草稿", "待发送", "核查中", "维持原记录"), strict=True):
        assert words in row
    assert "剩 5 天" in spoken[2]
    assert all(
        model.data(model.index(row, column), Qt.ItemDataRole.AccessibleTextRole)
        for row in range(model.rowCount())
        for column in range(model.columnCount())
    )


def test_enter_on_a_draft_goes_on_with_it() -> None:
    stage = Stage(fake.FakeObjecting((), (fake.Draft("d1", statement="已写的文字"),)))
    stage.page.table.pick("draft:d1")
    QTest.keyClick(stage.page.table, Qt.Key.Key_Return)
    assert stage.page.stack.currentIndex() == 1
    assert stage.page.form.statement.toPlainText() == "已写的文字"


def test_a_draft_begins_from_a_record_and_shows_which() -> None:
    stage = Stage()
    stage.page.begin(QUERY, fake.penalty(37))
    assert "037 号" in stage.page.form.about.upper.whole and "记录号 R37" in stage.page.form.about.under.whole
    assert stage.page.subtitle.whole == fake.NAMES[0]


def test_what_is_registered_stands_beside_what_it_should_be() -> None:
    stage = Stage()
    stage.write()
    form = stage.page.form
    form.which.setCurrentIndex(form.which.findText("罚款金额"))
    form.which.activated.emit(form.which.currentIndex())
    assert form.now.whole == "30,000.00 元"
    form.should.setText("20,000.00 元")
    form.should.textEdited.emit("20,000.00 元")
    assert stage.desk.view.draft.should_be == "罚款金额：20,000.00 元"
    assert form.should.text() == "20,000.00 元"


def test_the_timer_and_ctrl_s_keep_what_changed_and_only_then() -> None:
    stage = Stage()
    stage.write()
    assert "尚未保存" in stage.said()
    stage.page._save.timeout.emit()
    assert [one.statement for one in stage.objecting.saved] == ["金额与决定书原件不符。"]
    assert "草稿已自动保存" in stage.said()
    stage.page._save.timeout.emit()
    assert len(stage.objecting.saved) == 1
    stage.page.form.statement.insertPlainText("补充。")
    QTest.keyClick(stage.page.form.statement, Qt.Key.Key_S, CTRL)
    assert len(stage.objecting.saved) == 2


def test_leaving_the_page_and_another_record_keep_the_draft_first() -> None:
    stage = Stage()
    stage.write()
    stage.page.left()
    assert len(stage.objecting.saved) == 1
    stage.page.form.statement.insertPlainText("再写。")
    stage.page.begin(QUERY, fake.penalty(38))
    assert len(stage.objecting.saved) == 2 and stage.page.form.statement.toPlainText() == ""


def test_ctrl_enter_files_from_inside_the_text() -> None:
    stage = Stage()
    stage.write()
    QTest.keyClick(stage.page.form.statement, Qt.Key.Key_Return, CTRL)
    assert len(stage.objecting.filed) == 1
    assert stage.page.stack.currentIndex() == 0 and "YY-2026-0100" in stage.page.notice.words.text()


def test_without_a_network_it_waits_in_the_outbox_and_says_so() -> None:
    stage = Stage()
    stage.objecting.online = False
    stage.write()
    stage.page.form.submit.click()
    assert "待发箱" in stage.page.notice.words.text() and "待发送" in stage.page.way.chip.face.text


def test_what_is_missing_is_said_and_nothing_typed_is_lost() -> None:
    stage = Stage()
    stage.page.begin(QUERY, fake.penalty(37))
    stage.page.form.statement.setPlainText("只写了说明。")
    stage.page.form.submit.click()
    assert stage.objecting.filed == [] and "请选择异议类型" in stage.page.notice.words.text()
    assert stage.page.form.statement.toPlainText() == "只写了说明。"


def test_a_refusal_keeps_the_form() -> None:
    stage = Stage()
    stage.objecting.flaw = Refused("objection-letter", "problem.objection-letter")
    stage.write()
    stage.page.form.submit.click()
    assert "须有主体的授权书" in stage.page.notice.words.text()
    assert stage.page.stack.currentIndex() == 1 and stage.page.form.submit.isEnabled()


def test_a_statement_that_is_too_long_is_counted_and_not_filed() -> None:
    stage = Stage()
    stage.write()
    stage.page.form.statement.setPlainText("字" * (LONGEST + 1))
    assert (
        stage.page.form.counter.property("tone") == "warn"
        and "4001 / 4,000" in stage.page.form.counter.text()
    )
    stage.page.form.submit.click()
    assert stage.objecting.filed == [] and "4000 字" in stage.page.notice.words.text()


def test_proofs_are_weighed_listed_and_taken_away(tmp_path: Path) -> None:
    stage = Stage()
    stage.write()
    proof, other = tmp_path / "决定书.pdf", tmp_path / "凭证.jpg"
    proof.write_bytes(b"x" * 300_000)
    with other.open("wb") as file:
        file.truncate(10 * MIB + 1)
    stage.page.form.drop.dropped.emit(proof)
    assert "293 KB" in stage.said() and "已就绪" in stage.said()
    stage.page.form.drop.dropped.emit(other)
    assert "10 MB" in stage.page.notice.words.text() and stage.desk.view.files == (proof,)
    for number in range(5):
        more = tmp_path / f"{number}.png"
        more.write_bytes(b"x")
        stage.page.form.drop.dropped.emit(more)
    assert "一次最多附 5 份" in stage.page.notice.words.text() and len(stage.desk.view.files) == 5
    for number in range(4):
        stage.desk.detach(tmp_path / f"{number}.png")
    stage.page.form.drop.dropped.emit(tmp_path / "说明.docx")
    assert "只接受" in stage.page.notice.words.text()
    stage.page.form.drop.dropped.emit(tmp_path / "没有.pdf")
    assert "没有找到附件" in stage.page.notice.words.text()
    away = next(
        one for one in stage.page.form.findChildren(Button) if one.accessibleName() == "移除「决定书.pdf」"
    )
    away.click()
    assert stage.desk.view.files == () and stage.desk.view.sizes == ()


@pytest.mark.parametrize("filed", [True, False])
def test_once_nothing_is_written_the_list_has_the_focus(filed: bool) -> None:
    """The keyboard would speak to nobody: what was written in is hidden."""
    stage = Stage()
    stage.write()
    stage.page.form.statement.setFocus()
    if filed:
        QTest.keyClick(stage.page.form.statement, Qt.Key.Key_Return, CTRL)
        assert stage.desk.view.notice is not None
    else:
        stage.page.back.click()
    bench.settle()
    assert stage.desk.view.draft is None and stage.page.focusWidget() is stage.page.table
    assert stage.page.table.isVisible()


def test_what_may_be_attached_is_said_by_the_policy_and_nothing_without_one(tmp_path: Path) -> None:
    stage = Stage()
    stage.write()
    assert "每份不超过 10 MB，最多 5 份" in stage.said()
    objecting = fake.FakeObjecting()
    objecting.allowed = None
    stage = Stage(objecting)
    stage.write()
    assert "重新登录后可添加" in stage.said()
    proof = tmp_path / "决定书.pdf"
    proof.write_bytes(b"%PDF-1.7")
    stage.page.form.drop.dropped.emit(proof)
    assert stage.desk.view.files == () and "重新登录" in stage.page.notice.words.text()


def test_evidence_on_its_way_says_how_far_it_is() -> None:
    stage = Stage()
    stage.write()
    stage.lanes.held = True
    stage.page.form.submit.click()
    saving, filing = stage.lanes.waiting  # the filing is still under way: only the look comes home
    stage.lanes.waiting = []
    saving()
    stage.objecting.rows.insert(0, fake.waiting(sent=3 * MIB, size=9 * MIB))
    stage.page._look.timeout.emit()
    stage.lanes.go()
    assert "已送达 3.0 MB，共 9.0 MB" in stage.page.form.why.text()
    stage.lanes.held = False
    stage.objecting.rows = []
    filing()
    assert "已送达" not in stage.said()


def test_evidence_of_a_waiting_filing_is_followed_in_the_list() -> None:
    stage = Stage(fake.FakeObjecting((fake.waiting(sent=3 * MIB, size=9 * MIB),)))
    assert "材料已送达 3.0 MB，共 9.0 MB" in points(stage.objecting.rows[0], bench.texts())[0].detail
    stage.objecting.rows = [fake.waiting(sent=4 * MIB, size=9 * MIB)]
    stage.page._look.timeout.emit()
    model = stage.page.table.rows_model
    assert "4.0 MB" in str(model.data(model.index(0, 0), Qt.ItemDataRole.AccessibleTextRole))


def test_a_data_error_has_its_own_words_and_steps_and_no_mark_and_no_clock() -> None:
    stage = Stage(fake.FakeObjecting())
    stage.write()
    assert "异议这样办理" in stage.said() and "异议处理中" in stage.said() and "异议类型" in stage.said()
    stage.page.form.kind.button("data_error").click()
    said = stage.said()
    for words in ("反馈数据差错", "数据纠错这样办理", "差错类型", "建议", "不标注记录", "没有法定答复期限"):
        assert words in said
    for words in ("异议", "受理", "诉求"):
        assert words not in said
    steps = [one.title for one in points(None, bench.texts(), "data_error")]
    assert steps == ["反馈", "登记", "核对", "告知结果"]
    stage.desk.write(ground="")
    stage.page.form.submit.click()
    assert "差错类型和建议" in stage.page.notice.words.text()


@pytest.mark.parametrize(
    ("state", "chip"), [("filed", "已提交"), ("accepted", "核对中"), ("kept", "与来源一致")]
)
def test_a_filed_data_error_goes_its_own_way(state: str, chip: str) -> None:
    stage = Stage(fake.FakeObjecting((fake.filed(state, "YY-8", "data_error"),)))
    said = stage.said()
    assert stage.page.way.chip.face.text == chip
    for words in ("受理", "行政复议", "异议处理中", "剩"):
        assert words not in said
    model = stage.page.table.rows_model
    assert model.data(model.index(0, 4), Qt.ItemDataRole.DisplayRole) == "无法定期限"


def test_an_objection_about_the_same_record_is_not_the_hints() -> None:
    row = fake.filed("forwarded")
    stage = Stage(fake.FakeObjecting((row,)))
    stage.page.begin(row.query_no, fake.penalty(14))
    assert stage.page.way.number.whole == "YY-2026-0093"
    stage.page.form.kind.button("data_error").click()
    bench.settle()
    assert not stage.page.way.number.isVisible()


def test_data_errors_ask_for_no_letter_and_say_what_they_are() -> None:
    stage = Stage()
    stage.write()
    assert stage.page.form.letter.isVisible()
    stage.page.form.kind.button("data_error").click()
    bench.settle()
    assert not stage.page.form.letter.isVisible() and stage.page.form.submit.text() == "提交反馈"
    assert "不代表信用主体" in stage.page.form.why.text()


def test_discarding_asks_and_names_what_stays() -> None:
    stage = Stage()
    stage.write()
    stage.page._keep()
    stage.page.form.discarded.emit()
    question = stage.page.question
    assert (
        question is not None
        and "无法恢复" in question.accessibleName()
        and "台账" in question.accessibleName()
    )
    QTest.keyClick(question, Qt.Key.Key_Escape)
    assert stage.desk.view.draft is not None
    stage.page.form.discarded.emit()
    stage.page.question.act.click()
    assert stage.desk.view.draft is None and [one.draft_id for one in stage.objecting.kept] == ["d1"]


def test_the_way_of_every_state() -> None:
    texts = bench.texts()
    states = {state: points(fake.filed(state), texts) for state in ("filed", "accepted", "forwarded", "kept")}
    assert [one.state for one in states["filed"]] == ["done", "now", "next", "next"]
    assert [one.state for one in states["forwarded"]] == ["done", "done", "done", "now", "next"]
    assert all(one.state == "done" for one in states["kept"]) and states["kept"][-1].title == "维持原记录"
    assert states["forwarded"][3].detail == "衡阳市生态环境局（示例）"
    refused = points(fake.waiting("refused", "objection-duplicate"), texts)
    assert [one.detail for one in refused] == ["此记录已有处理中的异议。"]
    named = dataclasses.replace(fake.waiting("refused", "objection-duplicate"), other="YY-9")
    assert "处理中的异议 YY-9" in points(named, texts)[0].detail
    assert points(None, texts)[0].state == "next"


def test_an_answer_is_shown_with_what_can_be_done_about_it() -> None:
    stage = Stage(fake.FakeObjecting((fake.filed("kept", "YY-9"),)))
    assert "答复如下" in stage.said() and "不满意答复" in stage.said() and "行政复议" in stage.said()


def test_empty_filtered_loading_and_unreadable() -> None:
    stage = Stage(fake.FakeObjecting())
    assert "还没有异议" in stage.said()
    stage = Stage()
    stage.page.words.setText("没有这样的")
    assert "没有符合条件" in stage.said()
    stage.page.words.clear()
    assert stage.page.listed.currentWidget() is stage.page.table
    stage = Stage(held=True)
    QTest.qWait(330)
    assert stage.page.listed.skeleton._shown
    stage.lanes.go()
    assert stage.page.listed.currentWidget() is stage.page.table
    objecting = fake.FakeObjecting()
    objecting.list_flaw = NotYou("vault.locked", "vault.closed")
    stage = Stage(objecting)
    assert "档案已锁定" in stage.said()


def test_every_field_has_a_name() -> None:
    stage = Stage()
    stage.write()
    assert bench.nameless(stage.page) == []


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize("writing", [True, False])
@pytest.mark.parametrize(
    ("width", "height", "mode"), [(1072, 668, "full"), (904, 560, "medium"), (824, 380, "narrow")]
)
def test_nothing_is_cut(width: int, height: int, mode: str, writing: bool, language: str) -> None:
    stage = Stage(language=language)
    bench.lay(stage.page, width, height, mode)
    if writing:
        stage.write()
    bench.settle()
    assert bench.clipped(stage.page) == []
    assert bench.outside(stage.page) == []


def test_the_empty_list_leads_where_records_are_now() -> None:
    stage = Stage(fake.FakeObjecting())
    wanted: list[str] = []
    stage.page.page_wanted.connect(wanted.append)

    def press() -> str:
        bench.settle()
        button = stage.page.listed.why_none.findChild(QPushButton)
        assert button is not None
        button.click()
        return button.text()

    assert (press(), wanted) == ("去查询", ["home"])
    stage.page.connected(False)
    assert (press(), wanted[1:]) == ("去离线档案", ["offline"])
    stage.page.connected(True)
    assert press() == "去查询"


def test_what_the_window_takes_is_what_the_server_takes() -> None:
    stage = Stage()
    stage.write()
    stage.page.form.statement.setPlainText("字" * LENGTHS["statement"])
    stage.page.form.submit.click()
    assert [len(one.statement) for one, _ in stage.objecting.filed] == [LENGTHS["statement"]]


def test_in_the_smallest_window_the_empty_list_shows_its_way_out() -> None:
    stage = Stage(fake.FakeObjecting())
    bench.lay(stage.page, 824, 396, "narrow")
    button = stage.page.listed.why_none.findChild(QPushButton)
    assert button is not None
    lower = button.mapTo(stage.page.area.viewport(), button.rect().bottomLeft()).y()
    assert lower < stage.page.area.viewport().height()


def test_pictures_of_the_list_in_both_themes() -> None:
    def make() -> ObjectionPage:
        return Stage(fake.FakeObjecting((fake.waiting(), fake.filed()), (fake.Draft("d1"),))).page

    wanted = ("异议申诉", "草稿", "待发送", "核查中")
    assert pictures.in_both_themes(make, "objection-list", wanted) == []


def test_pictures_of_the_form_in_both_themes() -> None:
    def make() -> ObjectionPage:
        stage = Stage()
        stage.write()
        return stage.page

    assert pictures.in_both_themes(make, "objection", ("提出异议", "异议这样办理", "诉求")) == []


def test_pictures_of_the_form_for_a_data_error_in_both_themes() -> None:
    def make() -> ObjectionPage:
        stage = Stage()
        stage.write()
        stage.page.form.kind.button("data_error").click()
        return stage.page

    wanted = ("不代表信用主体", "提交反馈", "建议")
    assert pictures.in_both_themes(make, "objection-data-error", wanted) == []


def test_pictures_of_evidence_on_its_way_in_both_themes() -> None:
    def make() -> ObjectionPage:
        rows = (fake.waiting(sent=3 * MIB, size=9 * MIB), fake.filed("accepted", "YY-8", "data_error"))
        return Stage(fake.FakeObjecting(rows)).page

    assert pictures.in_both_themes(make, "objection-on-its-way", ("YY-8", "3.0 MB")) == []


def test_pictures_of_a_filed_data_error_in_both_themes() -> None:
    def make() -> ObjectionPage:
        filed = (fake.filed("accepted", "YY-8", "data_error"),)
        return Stage(fake.FakeObjecting(filed)).page

    assert pictures.in_both_themes(make, "objection-list-data-error", ("YY-8", "数据纠错")) == []


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize(("width", "mode"), [(1072, "full"), (920, "medium"), (824, "narrow")])
@pytest.mark.parametrize("percent", [100, 150])
def test_the_list_names_the_subject_and_no_chip_is_cut(
    language: str, width: int, mode: str, percent: int
) -> None:
    rows = (fake.waiting(sent=1, size=9_000_000), fake.waiting("refused", "rev-conflict"), fake.filed())
    look().wear("light", percent)
    stage = Stage(fake.FakeObjecting(rows), language=language)
    # With larger text a window lies in columns only where it is as much wider (ui.frame.width_of).
    bench.lay(stage.page, width if mode == "narrow" else look().px(width), 668, mode)
    table = stage.page.table
    assert [row.cells[0].text for row in table.rows_model.rows] == [
        fake.NAMES[1],
        fake.NAMES[1],
        fake.NAMES[0],
    ]
    assert "YY-2026-0093" in table.rows_model.rows[2].cells[0].lower
    for place in range(len(rows)):
        face = table.rows_model.rows[place].cells[2].chip
        box = table.visualRect(table.rows_model.index(place, 2))
        assert face is not None and box.width() - 2 * PAD >= chip_size(face).width()
        assert box.right() <= table.viewport().width()
