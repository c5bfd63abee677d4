"""The pages of settings and diagnostics, state by state."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from app.desks.settings_desk import SettingsDesk
from app.services.vault_ending import Losses
from app.settings import Settings
from app.trouble import NotNow, VaultTrouble
from tests.ui import bench, pictures
from tests.ui import fakes_files as fake
from ui.doctor_page import DoctorPage
from ui.look import look
from ui.settings_page import SettingsPage
from ui.widgets.panels import State


class Stage:
    """One of the two pages with the desk they share."""

    def __init__(
        self, make: Any = SettingsPage, held: bool = False, language: str = "zh_CN", **more: Any
    ) -> None:
        self.settings, self.unlocking = fake.FakeSettings(), fake.FakeUnlocking()
        self.doctor = more.get("doctor") or fake.FakeDoctor()
        self.worn: list[Settings] = []
        self.ends = 0
        self.lanes = bench.Lanes(held)
        client = fake.Client(settings=self.settings, unlocking=self.unlocking, doctor=self.doctor)
        self.page = make(bench.texts(language))
        self.desk = SettingsDesk(client, self.lanes, self.page.show_view, self.worn.append, self._end)
        self.page.bind(self.desk)
        self.page.show_view(self.desk.view)
        bench.lay(self.page)
        self.page.entered()
        bench.settle()

    def _end(self) -> None:
        self.ends += 1

    def said(self) -> str:
        bench.settle()
        return "\n".join(part.text() for part in self.page.findChildren(QLabel) if part.isVisible())


@pytest.fixture(autouse=True)
def light() -> Iterator[None]:
    bench.clean()
    yield
    bench.clean()


def test_a_choice_is_worn_and_kept_at_once() -> None:
    stage = Stage()
    stage.page.theme.button("contrast").click()
    stage.page.size_.button("largest").click()
    stage.page.density.button("compact").click()
    assert stage.settings.kept == Settings("contrast", "zh_CN", "largest", "compact", 10)
    assert [one.theme for one in stage.worn] == ["contrast"] * 3
    assert stage.page.size_.button("largest").isChecked()


def test_arrows_move_inside_a_choice() -> None:
    stage = Stage()
    stage.page.theme.button("light").setFocus()
    QTest.keyClick(stage.page.theme.button("light"), Qt.Key.Key_Right)
    assert stage.settings.kept.theme == "dark"


def test_another_language_says_when_it_comes() -> None:
    stage = Stage()
    assert not stage.page.restart.isVisible()
    stage.page.language.button("en").click()
    assert stage.page.restart.isVisible() and stage.settings.kept.language == "en"


def test_idle_can_only_be_shortened_and_says_who_decides() -> None:
    stage = Stage()
    assert stage.page.idle.count() == 10 and "本机构规定最长 10 分钟" in stage.said()
    stage.page.idle.setCurrentIndex(2)
    stage.page.idle.activated.emit(2)
    assert stage.settings.kept.idle_minutes == 3
    stage.desk.change(idle_minutes=99)
    assert stage.settings.kept.idle_minutes == 10


def test_settings_that_cannot_be_kept_are_told() -> None:
    stage = Stage()
    stage.settings.flaw = VaultTrouble("vault.disk-full", "doctor.disk")
    stage.page.theme.button("dark").click()
    assert "磁盘空间不足" in stage.page.notice.words.text()


def test_the_wipe_names_what_goes_and_what_stays_and_cancel_is_the_default() -> None:
    stage = Stage()
    stage.page.wipe.click()
    question = stage.page.question
    assert question is not None
    spoken = question.accessibleName()
    counted = (
        "离线副本 7 份",
        "4 条平台也没有",
        "出具请求 1 项",
        "异议、数据纠错和修复申请 2 项",
        "草稿 1 份",
        "联网同步后再来",
    )
    for words in ("本机密钥，无法恢复", *counted, "平台上的查询登记"):
        assert words in spoken
    assert "粉碎" not in spoken
    QTest.keyClick(question, Qt.Key.Key_Return)
    assert stage.unlocking.wiped == 0
    stage.page.wipe.click()
    QTest.keyClick(stage.page.question, Qt.Key.Key_Escape)
    assert stage.unlocking.wiped == 0


def test_a_wipe_with_nothing_unsent_says_so_and_sends_nobody_away() -> None:
    stage = Stage()
    stage.unlocking.would_lose = Losses(
        objections=0, releases=0, drafts=0, requests=0, entries=0, copies=None
    )
    stage.page.wipe.click()
    spoken = stage.page.question.accessibleName()
    assert "份数不明" in spoken and "没有需要封存" in spoken and "同步" not in spoken


def test_what_cannot_be_counted_is_not_asked_about() -> None:
    stage = Stage()
    stage.unlocking.flaw = VaultTrouble("vault.damaged", "doctor.disk")
    stage.page.wipe.click()
    assert stage.page.question is None and stage.page.wipe.isEnabled()
    assert "磁盘空间不足" in stage.page.notice.words.text()


def test_after_the_wipe_it_says_keys_destroyed_and_goes_on() -> None:
    stage = Stage()
    stage.page.wipe.click()
    stage.page.question.act.click()
    bench.settle()
    assert stage.unlocking.wiped == 1 and "密钥已销毁" in stage.said() and not stage.page.content.isVisible()
    assert stage.ends == 0
    state = stage.page.findChild(State)
    assert state is not None
    stage.page._go_on.timeout.emit()
    assert stage.ends == 1


def test_a_wipe_that_fails_destroys_nothing_and_says_so() -> None:
    stage = Stage()
    stage.unlocking.wipe_flaw = VaultTrouble("vault.disk-full", "doctor.disk")
    stage.page.wipe.click()
    stage.page.question.act.click()
    assert "密钥已销毁" not in stage.said() and stage.page.wipe.isEnabled()
    assert "磁盘空间不足" in stage.page.notice.words.text()
    stage.desk.go_on()
    assert stage.ends == 0


def test_every_check_has_name_verdict_and_remedy_the_worst_first() -> None:
    stage = Stage(DoctorPage)
    said = stage.said()
    assert said.index("平台服务器") < said.index("磁盘空间") < said.index("数据目录权限")
    for words in ("请联系管理员核对指纹", "磁盘空间不足", "3 项需要处理", "租约有效"):
        assert words in said


def test_all_well_is_one_line() -> None:
    stage = Stage(
        DoctorPage, doctor=fake.FakeDoctor(fake.Check("home", "ok", ""), fake.Check("disk", "ok", "9 GiB"))
    )
    assert "3 项检查全部正常" in stage.said()


def test_checking_shows_a_skeleton_once_and_cannot_be_asked_twice() -> None:
    stage = Stage(DoctorPage, held=True)
    assert stage.page.skeleton_card.isVisible() and not stage.page.again.isEnabled()
    stage.desk.examine()
    assert len(stage.lanes.waiting) == 1
    stage.lanes.go()
    assert not stage.page.skeleton_card.isVisible() and stage.page.again.isEnabled()


def test_checks_that_break_off_can_be_asked_again() -> None:
    doctor = fake.FakeDoctor()
    doctor.flaw = NotNow("net.cut")
    stage = Stage(DoctorPage, doctor=doctor)
    assert "连接中断" in stage.page.notice.words.text() and stage.page.again.isEnabled()
    doctor.flaw = None
    stage.page.again.click()
    assert "平台服务器" in stage.said()


def test_the_result_can_be_copied_as_lines() -> None:
    stage = Stage(DoctorPage)
    taken: list[str] = []
    stage.page.copied.connect(taken.append)
    stage.page.copy.click()
    assert len(taken[0].splitlines()) == 8 and "磁盘空间\t需留意\t180 MiB" in taken[0]


@pytest.mark.parametrize("make", [SettingsPage, DoctorPage])
@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize(
    ("width", "height", "mode", "percent"),
    [
        (1072, 668, "full", 100),
        (904, 560, "medium", 100),
        (824, 380, "narrow", 100),
        (1072, 668, "full", 150),
    ],
)
def test_nothing_is_cut_or_nameless(
    make: Any, language: str, width: int, height: int, mode: str, percent: int
) -> None:
    look().wear("light", percent)
    stage = Stage(make, language=language)
    bench.lay(stage.page, width, height, mode)
    assert bench.clipped(stage.page) == []
    assert bench.outside(stage.page) == []
    assert bench.nameless(stage.page) == []
    look().wear("light", 100)


@pytest.mark.parametrize(
    ("make", "name", "wanted"),
    [
        (SettingsPage, "settings", ("设置", "主题", "更换口令", "剪贴板", "销毁本机密钥", "打开手册")),
        (DoctorPage, "doctor", ("诊断", "平台服务器", "请联系管理员核对指纹", "3 项需要处理")),
    ],
)
def test_pictures_in_both_themes(make: Any, name: str, wanted: tuple[str, ...]) -> None:
    assert pictures.in_both_themes(lambda: Stage(make).page, name, wanted) == []
