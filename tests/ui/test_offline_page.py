"""The page of offline files, state by state."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from app.desks.offline_desk import OfflineDesk
from app.services.leasing import LeaseCard
from app.trouble import NotTrusted, Refused, VaultTrouble
from tests.ui import bench, pictures
from tests.ui import fakes_files as fake
from ui.copy_detail import renamed_words
from ui.copy_list import copy_lines
from ui.offline_page import OfflinePage
from ui.widgets.marked import spans
from ui.widgets.panels import State

FIRST = "CX-1122-000410"
SECOND = "CX-1122-000411"
UNTIL = "2026-11-25T00:00:00.000Z"


class Stage:
    """A page with its desk over made-up copies."""

    def __init__(
        self,
        files: fake.FakeFiles | None = None,
        held: bool = False,
        language: str = "zh_CN",
        lease: LeaseCard | None = None,
    ) -> None:
        bench.application()
        self.files = files or fake.FakeFiles()
        self.leasing = fake.FakeLeasing(lease) if lease is not None else fake.FakeLeasing()
        self.lanes = bench.Lanes(held)
        self.page = OfflinePage(bench.texts(language))
        self.unlocking, self.now_ms = fake.FakeUnlocking(), 0
        client = fake.Client(offline_files=self.files, leasing=self.leasing, unlocking=self.unlocking)
        self.desk = OfflineDesk(client, self.lanes, self.page.show_view, lambda: self.now_ms)
        self.page.bind(self.desk)
        bench.lay(self.page)
        self.page.entered()
        bench.settle()

    def find(self, words: str) -> None:
        self.page.field.setText(words)
        QTest.keyClick(self.page.field, Qt.Key.Key_Return)
        bench.settle()

    def pass_by(self, seconds: int) -> None:
        """So much time later the page's clock strikes."""
        self.now_ms += seconds * 1000
        self.page._minute.timeout.emit()

    def terms(self) -> list[str]:
        return [line.term.text for line in self.page.list.lines_model.lines]

    def said(self) -> str:
        bench.settle()
        return "\n".join(part.text() for part in self.page.findChildren(QLabel) if part.isVisible())


@pytest.fixture(autouse=True)
def light() -> Iterator[None]:
    bench.clean()
    yield
    bench.clean()


def test_the_list_shows_what_can_be_read_and_counts_the_rest() -> None:
    stage = Stage(fake.FakeFiles(fake.copy_rows(("live", "live", "locked", "ended"))))
    assert [line.query_no for line in stage.page.list.lines_model.lines] == [FIRST, SECOND]
    assert "已锁定，未删除" in stage.said() and fake.NAMES[2] not in stage.said()
    assert stage.files.opened == []


def test_a_copy_says_what_for_by_code_and_name_in_the_language_of_the_window() -> None:
    rows = fake.copy_rows()
    bare = dataclasses.replace(rows[0], purpose_zh="B01", purpose_en="B01")
    foreign = dataclasses.replace(rows[1], purpose="X99", purpose_zh="X99", purpose_en="")
    for language, words in (("zh_CN", "B01 贷前审查"), ("en", "B01 Pre-loan review")):
        stage = Stage(fake.FakeFiles((bare, foreign, *rows[2:])), language=language)
        lines = stage.page.list.lines_model.lines
        assert [line.lower.split(" · ")[0] for line in lines] == [words, "X99", words, words]


def test_each_copy_counts_down_to_its_term_or_to_the_lease() -> None:
    stage = Stage()
    assert stage.terms() == ["剩 2 天", "剩 1 天", "剩 14 小时", "剩 9 小时"]
    ends = tuple(
        dataclasses.replace(one, left_s=86_400, of_lease=True) if one.left_s > 86_400 else one
        for one in fake.copy_rows()
    )
    stage = Stage(fake.FakeFiles(ends), lease=LeaseCard("live", UNTIL, 86_400, ""))
    assert not stage.page.lease.isVisible()
    assert stage.terms() == ["租约剩 1 天", "租约剩 1 天", "剩 14 小时", "剩 9 小时"]
    stage.pass_by(60)
    assert stage.terms()[0] == "租约剩 23 小时"
    assert [line.term.tone for line in stage.page.list.lines_model.lines] == ["warn"] * 4
    assert stage.page.lease.isVisible() and "离线租约剩余 23 小时" in stage.page.lease.words.text()


def test_the_countdown_asks_the_vault_only_when_a_term_ends_or_the_list_is_old() -> None:
    stage = Stage()
    listed, asked = stage.files.listed, stage.leasing.asked
    stage.page.list.point_at(SECOND)
    for _ in range(14):
        stage.pass_by(60)
    assert (stage.files.listed, stage.leasing.asked) == (listed, asked)
    assert stage.terms()[3] == "剩 8 小时"
    assert stage.page.list.current_key() == SECOND
    stage.pass_by(60)
    assert stage.files.listed == listed + 1
    stage.files.rows = fake.copy_rows()[:3]
    stage.pass_by(fake.LEFT[3])
    assert stage.files.listed == listed + 2 and len(stage.terms()) == 3
    assert stage.page._minute.isActive() and stage.page._minute.interval() == 60_000
    stage.page.left()
    assert not stage.page._minute.isActive()


def test_a_lease_that_ends_while_one_looks_takes_everything_off_the_page() -> None:
    stage = Stage()
    stage.desk.open(FIRST)
    stage.files.flaw, stage.leasing.now = VaultTrouble("offline.ended"), LeaseCard("ended", UNTIL, 0, "")
    stage.pass_by(259_200)
    assert "离线租约已到期" in stage.said() and fake.NAMES[0] not in stage.said()
    assert stage.desk.view.opened is None and not stage.page.list.isVisible()
    listed = stage.files.listed
    stage.pass_by(60)
    assert stage.files.listed == listed
    stage.files.flaw, stage.leasing.now = None, LeaseCard("live", UNTIL, 259_200, "")
    stage.pass_by(60)
    assert stage.page.list.isVisible() and "离线租约已到期" not in stage.said()
    assert stage.page._right.currentWidget() is stage.page.choose


def test_a_copy_whose_term_ends_while_it_is_read_is_taken_off_the_page() -> None:
    stage = Stage()
    stage.desk.open("CX-1122-000413")
    stage.desk.step(1)
    stage.files.rows = fake.copy_rows()[:3]
    stage.pass_by(fake.LEFT[3])
    assert stage.page._right.currentWidget() is stage.page.choose and fake.NAMES[3] not in stage.said()


def test_control_a_copy_that_still_holds_stays_open_where_it_was() -> None:
    stage = Stage()
    stage.desk.open(FIRST)
    stage.desk.step(1)
    stage.files.rows = fake.copy_rows()[:3]
    stage.pass_by(fake.LEFT[3])
    assert len(stage.terms()) == 3
    assert stage.page._right.currentWidget() is stage.page.detail and stage.desk.view.record == 1


def test_a_slow_reading_is_asked_once() -> None:
    stage = Stage(held=True)
    stage.desk.start()
    assert len(stage.lanes.waiting) == 1


def test_the_skeleton_waits_300_ms_and_goes_when_the_list_comes() -> None:
    stage = Stage(held=True)
    assert stage.page._lines.currentWidget() is stage.page.skeleton
    assert not stage.page.skeleton._shown
    QTest.qWait(330)
    assert stage.page.skeleton._shown
    stage.lanes.go()
    assert stage.page._lines.currentWidget() is stage.page.list


def test_a_search_marks_the_words_and_nothing_found_offers_the_way_back() -> None:
    stage = Stage()
    stage.find("防尘")
    lines = stage.page.list.lines_model.lines
    assert len(lines) == 4 and all(spans(line.snippet, "防尘") for line in lines)
    stage.find("没有的词")
    assert stage.page._lines.currentWidget() is stage.page.none_found
    stage.page._clear()
    stage.page._search()
    assert stage.page._lines.currentWidget() is stage.page.list


def test_an_older_search_does_not_overwrite_a_newer_one() -> None:
    stage = Stage(held=True)
    stage.lanes.go()
    stage.desk.search("防尘")
    stage.desk.search("别的")
    stage.lanes.waiting.reverse()
    stage.lanes.go()
    assert stage.desk.view.hits == () and stage.desk.view.searched == "别的"


def test_enter_opens_and_arrows_open_only_where_they_rest() -> None:
    stage = Stage()
    listed = stage.page.list
    listed.setFocus()
    listed.point_at(FIRST)
    QTest.keyClick(listed, Qt.Key.Key_Return)
    assert stage.files.opened == [FIRST]
    for _ in range(3):
        QTest.keyClick(listed, Qt.Key.Key_Down)
    assert stage.files.opened == [FIRST]
    QTest.qWait(listed.SETTLE + 60)
    assert stage.files.opened == [FIRST, "CX-1122-000413"]


def test_an_open_copy_says_as_of_when_marks_words_and_steps_through_records() -> None:
    stage = Stage()
    stage.find("防尘")
    stage.desk.open(FIRST)
    detail = stage.page.detail
    assert stage.page._right.currentWidget() is detail
    assert "2026-11-22 02:00" in detail.warning.text()
    assert "第 1 条，共 3 条" in detail.place.text()
    QTest.mouseClick(detail.next, Qt.MouseButton.LeftButton)
    assert "第 2 条，共 3 条" in detail.place.text()
    assert stage.files.opened == [FIRST]
    assert "YY-2026-0093" in stage.said() and "更正 原登记 80,000.00 元" in stage.said()


def test_the_facts_of_another_copy_are_not_shown_while_one_is_being_opened() -> None:
    stage = Stage(held=True)
    stage.lanes.go()
    stage.desk.open(FIRST)
    stage.lanes.go()
    stage.desk.open(SECOND)
    assert stage.page._right.currentWidget() is stage.page.opening
    stage.lanes.go()
    assert stage.page.detail.name.text() == fake.NAMES[1]


def test_a_copy_without_records_says_so() -> None:
    files = fake.FakeFiles()
    files.records = 0
    stage = Stage(files)
    stage.desk.open(FIRST)
    assert stage.page.detail.nothing.isVisible() and not stage.page.detail.object.isVisible()


@pytest.mark.parametrize(
    ("trouble", "words"),
    [
        (Refused("offline.none"), "本机没有这个副本"),
        (VaultTrouble("offline.ended"), "离线租约已到期"),
        (VaultTrouble("offline.clock-back"), "系统时间被回拨"),
        (VaultTrouble("offline.rolled-back"), "换成了旧文件"),
        (NotTrusted("answer.unsigned"), "没有有效签名"),
    ],
)
def test_a_copy_that_cannot_be_opened_tells_why_in_its_place(trouble: Exception, words: str) -> None:
    stage = Stage()
    stage.files.open_flaw = trouble
    stage.desk.open(FIRST)
    assert stage.page._right.currentWidget() is stage.page.shut
    assert words in stage.said()


def test_an_ended_lease_empties_the_page_and_offers_the_connection() -> None:
    for files in (
        fake.FakeFiles(flaw=VaultTrouble("offline.ended")),
        fake.FakeFiles(fake.copy_rows(("locked",) * 4)),
    ):
        stage = Stage(files)
        state = stage.page.findChild(State, options=Qt.FindChildOption.FindChildrenRecursively)
        assert state is not None and not stage.page.list.isVisible()
        assert "离线租约已到期" in stage.said() and fake.NAMES[0] not in stage.said()


@pytest.mark.parametrize(
    ("language", "words"),
    [("zh_CN", "可打开至 11-25 08:00"), ("en", "they open until 11-25 08:00")],
)
def test_the_page_says_until_when_copies_open_here(language: str, words: str) -> None:
    stage = Stage(language=language)
    assert words in stage.page.kept.text() and stage.said().count(words) == 1
    assert not stage.page.lease.isVisible()


@pytest.mark.parametrize(
    ("left_s", "words"),
    [(86_399, "剩余 23 小时"), (3_599, "剩余 59 分钟")],
)
def test_the_last_day_of_a_lease_is_told(left_s: int, words: str) -> None:
    stage = Stage(lease=LeaseCard("live", UNTIL, left_s, ""))
    assert stage.page.lease.isVisible()
    assert words in stage.page.lease.words.text() and "11-25 08:00 到期锁定" in stage.page.lease.words.text()
    assert stage.said().count("11-25 08:00") == 1


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("device-silent", "没有与平台核对变更"),
        ("device-frozen", "平台已停用本机"),
        ("device-pending", "尚待管理员批准"),
        ("account-suspended", "账号或机构已被停用"),
        ("lease-unruled", "没有有效的离线期限规定"),
        ("session.none", "登录已失效"),
        ("token-invalid", "登录已失效"),
        ("of-a-later-server", "平台未续离线租约"),
    ],
)
def test_a_lease_that_is_not_renewed_says_why_and_what_ends_when(code: str, words: str) -> None:
    stage = Stage(lease=LeaseCard("live", UNTIL, 173_000, code))
    said = stage.page.lease.words.text()
    assert words in said and "可打开至 11-25 08:00（剩 2 天），到期锁定、不删除" in said
    assert stage.said().count("可打开至") == 1
    stage.pass_by(201)
    assert "可打开至 11-25 08:00（剩 1 天）" in stage.page.lease.words.text()
    ended = Stage(
        fake.FakeFiles(flaw=VaultTrouble("offline.ended")), lease=LeaseCard("ended", UNTIL, 0, code)
    )
    assert words in ended.said() and "离线租约已到期" in ended.said()
    assert "可打开至" not in ended.said()


def test_what_a_round_does_to_the_lease_is_seen_at_once() -> None:
    stage = Stage()
    stage.desk.open(FIRST)
    assert stage.page._right.currentWidget() is stage.page.detail
    stage.files.flaw, stage.leasing.now = VaultTrouble("offline.ended"), LeaseCard("ended", UNTIL, 0, "")
    stage.desk.look_at_lease()
    assert "离线租约已到期" in stage.said() and fake.NAMES[0] not in stage.said()
    stage.files.flaw, stage.leasing.now = None, LeaseCard("live", UNTIL, 259_200, "")
    stage.desk.look_at_lease()
    assert stage.page.list.isVisible() and "可打开至 11-25 08:00" in stage.said()
    listed = stage.files.listed
    stage.leasing.now = LeaseCard("live", UNTIL, 259_000, "")
    stage.desk.look_at_lease()
    assert stage.files.listed == listed
    stage.leasing.now = LeaseCard("live", "2026-11-26T00:00:00.000Z", 340_000, "")
    stage.desk.look_at_lease()
    assert stage.files.listed == listed + 1 and "可打开至 11-26 08:00" in stage.said()


def test_no_copies_teach_how_to_get_one() -> None:
    stage = Stage(fake.FakeFiles(()))
    assert "本机还没有副本" in stage.said()
    asked: list[str] = []
    stage.page.page_wanted.connect(asked.append)
    button = stage.page._whole.itemAt(0).widget().findChildren(type(stage.page.detail.next))[0]
    button.click()
    assert asked == ["home"]


def test_giving_back_asks_first_and_cancel_is_what_enter_does() -> None:
    stage = Stage()
    stage.desk.open(FIRST)
    stage.page.detail.release.click()
    question = stage.page.question
    assert question is not None and "无法恢复" in question.accessibleName()
    assert "查询登记和台账" in question.accessibleName()
    QTest.keyClick(question, Qt.Key.Key_Return)
    assert stage.files.released == []
    stage.page.detail.release.click()
    question = stage.page.question
    assert question is not None
    question.act.click()
    assert stage.files.released == [FIRST]
    assert len(stage.page.list.lines_model.lines) == 3


def test_an_objection_takes_the_record_on_the_screen_along() -> None:
    stage = Stage()
    taken: list[tuple[str, str]] = []
    stage.page.objection_wanted.connect(lambda query_no, record: taken.append((query_no, record.rec_id)))
    stage.desk.open(FIRST)
    stage.desk.step(1)
    stage.page.detail.object.click()
    assert taken == [(FIRST, "R38")]


def test_ctrl_r_takes_the_record_to_its_repair() -> None:
    stage = Stage()
    taken: list[tuple[str, str]] = []
    stage.page.repair_wanted.connect(lambda query_no, record: taken.append((query_no, record.rec_id)))
    QTest.keyClick(stage.page, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
    assert taken == []  # nothing is open yet
    stage.desk.open(FIRST)
    stage.desk.step(2)
    QTest.keyClick(stage.page, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
    stage.page.detail.repair.click()
    assert taken == [(FIRST, "R39")] * 2


def test_order_and_kind_narrow_the_list() -> None:
    view = dataclasses.replace(Stage().desk.view)
    texts = bench.texts()
    by_term = copy_lines(view, texts, "", "left")
    assert [line.query_no[-1] for line in by_term] == ["3", "2", "1", "0"]
    assert copy_lines(view, texts, "person") == ()
    assert by_term[0].term.tone == "warn" and by_term[-1].term.tone == "neutral"


def test_every_line_and_every_field_has_words_for_a_reader() -> None:
    stage = Stage()
    stage.find("防尘")
    stage.desk.open(FIRST)
    bench.settle()
    model = stage.page.list.lines_model
    for place in range(model.rowCount()):
        spoken = str(model.data(model.index(place), Qt.ItemDataRole.AccessibleTextRole))
        assert fake.NAMES[place] in spoken and "截至" in spoken and "剩" in spoken
    assert bench.nameless(stage.page) == []


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize(
    ("width", "height", "mode"), [(1072, 668, "full"), (904, 560, "medium"), (824, 380, "narrow")]
)
def test_nothing_is_cut(width: int, height: int, mode: str, language: str) -> None:
    stage = Stage(language=language)
    bench.lay(stage.page, width, height, mode)
    stage.desk.open(FIRST)
    bench.settle()
    assert bench.clipped(stage.page) == []
    assert bench.outside(stage.page) == []


def test_pictures_in_both_themes() -> None:
    def make() -> OfflinePage:
        stage = Stage()
        stage.find("防尘 2025")
        stage.desk.open(FIRST)
        return stage.page

    wanted = (
        *("离线档案", fake.NAMES[0], fake.NAMES[3], "您看到的是 2026-11-22 02:00 的副本"),
        *("第 1 条，共 3 条", "归还离线副本", "可打开至 11-25 08:00"),
    )
    assert pictures.in_both_themes(make, "offline", wanted) == []


def test_control_words_that_touch_are_marked_once() -> None:
    assert spans("防尘降尘", "防尘 尘降") == ((0, 3),)
    assert spans("<b>防尘</b>", "<b>") == ((0, 3),)
    assert spans("防尘", "") == ()


def test_an_arrow_leads_from_the_words_to_the_first_hit_and_opens_it_after_a_rest() -> None:
    stage = Stage()
    stage.page.field.setFocus()
    QTest.keyClick(stage.page.field, Qt.Key.Key_Down)
    bench.settle()
    assert stage.page.list.hasFocus()
    assert stage.desk.view.opened is None  # passing by is no look at a copy
    stage.page.list._settle.timeout.emit()
    bench.settle()
    assert stage.desk.view.opened.query_no == stage.page.list.lines_model.lines[0].query_no


def test_a_copy_of_a_unit_with_another_name_by_now_says_so() -> None:
    name, texts = "新名（示例）", bench.texts("zh_CN")
    told = dataclasses.replace(fake.answer(), now_called=name, called_until="2026-11-20")
    assert "此名用至 2026-11-20，现名「新名（示例）」" in renamed_words(told, texts)
    assert "2026" not in renamed_words(dataclasses.replace(told, called_until=""), texts)
    assert renamed_words(fake.answer(), texts) == ""  # control
    stage = Stage(fake.FakeFiles((dataclasses.replace(fake.copy_rows()[0], now_called=name),)))
    assert f"现名「{name}」" in copy_lines(stage.desk.view, texts)[0].spoken()
