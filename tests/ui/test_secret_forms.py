"""Another passphrase and sealed items in the settings: by keyboard, asked first, errors where they belong."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.desks.settings_desk import SettingsDesk
from app.services.sealing import Recovered
from app.trouble import NotNow, VaultTrouble
from tests.ui import bench
from tests.ui import fakes_files as fake
from ui.look import look
from ui.secret_forms import SecretForm
from ui.settings_page import SettingsPage

NEW = "new words 22"


class Stage:
    """The settings with a vault that has a passphrase and, if told so, something sealed."""

    def __init__(self, sealed: bool = False, language: str = "zh_CN") -> None:
        self.unlocking, self.syncing = fake.FakeUnlocking(), fake.FakeSyncing()
        self.unlocking.sealed = sealed
        client = fake.Client(settings=fake.FakeSettings(), unlocking=self.unlocking, syncing=self.syncing)
        self.page = SettingsPage(bench.texts(language))
        self.desk = SettingsDesk(client, bench.Lanes(), self.page.show_view, lambda _: None, lambda: None)
        self.page.bind(self.desk)
        self.page.show_view(self.desk.view)
        bench.lay(self.page)
        self.page.entered()
        bench.settle()

    def unfold(self, form: SecretForm) -> None:
        form.open.setFocus()
        QTest.keyClick(form.open, Qt.Key.Key_Space)
        bench.settle()

    def type(self, form: SecretForm, *words: str) -> None:
        """Fill the fields one after the other, Enter after each."""
        for field, word in zip(form.fields, words, strict=True):
            assert QApplication.focusWidget() is field
            field.clear()
            QTest.keyClicks(field, word)
            QTest.keyClick(field, Qt.Key.Key_Return)
        bench.settle()

    def agree(self) -> str:
        """Say yes; what was asked."""
        question = self.page.question
        assert question is not None
        spoken = question.accessibleName()
        question.act.click()
        self.back()
        return spoken

    def back(self) -> None:
        """A window manager gives the focus back when the question is gone; offscreen there is none."""
        self.page.activateWindow()
        bench.settle()


@pytest.fixture(autouse=True)
def light() -> Iterator[None]:
    bench.clean()
    yield
    bench.clean()


def test_the_passphrase_is_changed_by_keyboard_alone() -> None:
    stage = Stage()
    form = stage.page.passphrase
    stage.unfold(form)
    stage.type(form, "old words 1", NEW, NEW)
    assert stage.unlocking.secret == "old words 1"
    spoken = stage.agree()
    assert "原口令立即失效" in spoken and "封存时的口令" in spoken
    assert stage.unlocking.secret == NEW
    assert "已更换" in form.notice.words.text() and not form.form.isVisible()
    assert [field.text() for field in form.fields] == ["", "", ""]
    assert QApplication.focusWidget() is form.open


def test_no_is_what_enter_and_escape_say() -> None:
    stage = Stage()
    form = stage.page.passphrase
    stage.unfold(form)
    for no in (Qt.Key.Key_Return, Qt.Key.Key_Escape):
        form.fields[0].setFocus()
        stage.type(form, "old words 1", NEW, NEW)
        QTest.keyClick(stage.page.question, no)
        stage.back()
    assert stage.unlocking.secret == "old words 1"


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        (("old words 1", NEW, "else"), "两次输入不一致"),
        (("", NEW, NEW), "请填写原口令"),
        (("old words 1", "old words 1", "old words 1"), "新口令与原口令相同"),
    ],
)
def test_what_cannot_be_right_is_told_beside_the_form_and_not_asked(
    typed: tuple[str, str, str], words: str
) -> None:
    stage = Stage()
    form = stage.page.passphrase
    stage.unfold(form)
    stage.type(form, *typed)
    assert stage.page.question is None and words in form.notice.words.text() and form.form.isVisible()


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [("wrong one", NEW, "原解锁口令不正确"), ("old words 1", "short", "至少 8 位")],
)
def test_what_the_vault_refuses_leaves_the_form_open(old: str, new: str, words: str) -> None:
    stage = Stage()
    form = stage.page.passphrase
    stage.unfold(form)
    stage.type(form, old, new, new)
    stage.agree()
    assert words in form.notice.words.text() and form.form.isVisible() and form.go.isEnabled()
    assert not stage.page.notice.isVisible()


def test_escape_folds_and_nothing_typed_stays() -> None:
    stage = Stage(sealed=True)
    for form in (stage.page.passphrase, stage.page.recover):
        stage.unfold(form)
        QTest.keyClicks(form.fields[0], "half a word")
        QTest.keyClick(form.fields[0], Qt.Key.Key_Escape)
        bench.settle()
        assert not form.form.isVisible() and form.fields[0].text() == ""
        assert QApplication.focusWidget() is form.open
    stage.unfold(stage.page.passphrase)
    QTest.keyClicks(stage.page.passphrase.fields[0], "half a word")
    stage.page.left()
    assert stage.page.passphrase.fields[0].text() == ""


def test_only_one_form_is_open() -> None:
    stage = Stage(sealed=True)
    stage.unfold(stage.page.passphrase)
    stage.unfold(stage.page.recover)
    assert stage.page.recover.form.isVisible() and not stage.page.passphrase.form.isVisible()


def test_without_anything_sealed_there_is_nothing_to_open() -> None:
    form = Stage().page.recover
    assert not form.open.isVisible() and form.nothing.isVisible()
    assert form.nothing.text() == "本机没有封存的事项。"


def test_what_was_sealed_comes_back_after_the_right_words() -> None:
    stage = Stage(sealed=True)
    form = stage.page.recover
    stage.unfold(form)
    stage.type(form, "")
    assert stage.page.question is None and "请填写封存时的解锁口令" in form.notice.words.text()
    stage.type(form, "other words")
    spoken = stage.agree()
    assert "只发送一次" in spoken and "不重发" in spoken
    assert "口令不正确" in form.notice.words.text() and stage.unlocking.sealed
    stage.type(form, "sealed words")
    stage.agree()
    assert "已取回 2 项待发事项、1 份草稿" in form.notice.words.text()
    assert not stage.unlocking.sealed and stage.syncing.delivered == 1 and form.nothing.isVisible()


@pytest.mark.parametrize(
    ("flaw", "found", "words"),
    [
        (NotNow("net.cut"), Recovered(2, 0, 0), "下次同步时发送"),
        (None, Recovered(0, 0, 3), "3 项查询或报告属于原设备"),
    ],
)
def test_what_waits_and_what_is_not_repeated_is_said(
    flaw: Exception | None, found: Recovered, words: str
) -> None:
    stage = Stage(sealed=True)
    stage.syncing.flaw, stage.unlocking.found = flaw, found
    stage.unfold(stage.page.recover)
    stage.type(stage.page.recover, "sealed words")
    stage.agree()
    assert words in stage.page.recover.notice.words.text()


def test_a_sealed_file_that_only_the_server_opens_says_so() -> None:
    stage = Stage(sealed=True)
    stage.unlocking.flaw = VaultTrouble("sealed.for-server")
    stage.unfold(stage.page.recover)
    stage.type(stage.page.recover, "sealed words")
    stage.agree()
    assert "只能由平台打开" in stage.page.recover.notice.words.text()
    assert stage.page.recover.open.isVisible() or stage.page.recover.form.isVisible()


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize(
    ("width", "height", "mode", "percent"),
    [(1072, 668, "full", 100), (824, 380, "narrow", 100), (1072, 668, "narrow", 150)],
)
def test_nothing_is_cut_or_nameless_in_an_open_form(
    language: str, width: int, height: int, mode: str, percent: int
) -> None:
    look().wear("light", percent)
    stage = Stage(sealed=True, language=language)
    bench.lay(stage.page, width, height, mode)
    for name in ("passphrase", "recover"):
        stage.desk.unfold(name)
        stage.desk._warn(name, "settings_page.passphrase_needed")
        bench.settle()
        assert bench.clipped(stage.page) == [] and bench.outside(stage.page) == []
        assert bench.nameless(stage.page) == []
    look().wear("light", 100)
