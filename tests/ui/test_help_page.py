"""Help by F1: inside the window, without a network, before the lock and behind it; text size by keys."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.manual import chapters
from tests.ui import bench
from tests.ui.stage import Stage
from ui.help_page import HelpPage
from ui.look import look

CTRL = Qt.KeyboardModifier.ControlModifier


def press(stage: Stage, key: Qt.Key, mods: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    stage.window.activateWindow()
    QTest.qWaitForWindowActive(stage.window)
    here = stage.window.focusWidget()
    QTest.keyClick(here if here is not None else stage.window, key, mods)
    stage.settle()


def help_of(stage: Stage) -> HelpPage:
    page = stage.page("help")
    assert isinstance(page, HelpPage)
    return page


def chapter(page: HelpPage) -> str:
    item = page.contents.currentItem()
    return item.text() if item is not None else ""


@pytest.mark.parametrize(
    ("name", "title"),
    [("home", "三、一次查询"), ("subject", "五、看懂主体页"), ("report", "六、打印件与报告")],
)
def test_f1_opens_the_chapter_of_the_page_and_escape_leads_back(qtbot: QtBot, name: str, title: str) -> None:
    stage = Stage(qtbot)
    stage.play(name)
    press(stage, Qt.Key.Key_F1)
    page = help_of(stage)
    assert page.isVisible() and chapter(page) == title
    assert title in page.reader.toPlainText()
    press(stage, Qt.Key.Key_Escape)
    assert stage.window.frame is not None and stage.window.frame.current == name


def test_ctrl_slash_is_the_table_of_keys(qtbot: QtBot) -> None:
    stage = Stage(qtbot, language="en")
    stage.play("home")
    press(stage, Qt.Key.Key_Slash, CTRL)
    assert chapter(help_of(stage)) == "Keys" and "Ctrl+K" in help_of(stage).reader.toPlainText()
    press(stage, Qt.Key.Key_F1)
    assert chapter(help_of(stage)) == "Keys"


@pytest.mark.parametrize(("name", "title"), [("sign_in", "一、第一次登录"), ("unlock", "二、锁定与解锁")])
def test_there_is_help_before_the_lock_is_open(qtbot: QtBot, name: str, title: str) -> None:
    stage = Stage(qtbot)
    stage.play(name)
    before = stage.window.here
    press(stage, Qt.Key.Key_F1)
    page = stage.window.help
    assert page is not None and page.isVisible() and chapter(page) == title and not before.isVisible()
    press(stage, Qt.Key.Key_Escape)
    assert stage.window.help is None and before.isVisible() and stage.window.here is before
    press(stage, Qt.Key.Key_F1)
    stage.window.desk.opened(stage.client.unlocking.user())
    assert stage.window.help is None and stage.window.frame is not None and stage.window.frame.isVisible()


def test_the_manual_is_looked_through_word_by_word(qtbot: QtBot) -> None:
    page = HelpPage(bench.texts())
    qtbot.addWidget(page)
    bench.lay(page)
    page.show_place("offline")
    page.field.setText("租约 副本")
    titles = [page.contents.item(place).text() for place in range(page.contents.count())]
    wanted = [one.title for one in chapters("zh_CN") if one.holds("租约 副本")]
    assert titles == wanted and 0 < len(titles) < len(chapters("zh_CN"))
    page.field.setText("没有这样的词")
    assert page.contents.count() == 0 and "没有这些词" in page.reader.toPlainText()
    page.show_place("offline")
    assert chapter(page) == "九、离线档案"
    page.turn(1)
    assert chapter(page) == "十、异议，还是数据纠错"


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
    qtbot: QtBot, language: str, width: int, height: int, mode: str, percent: int
) -> None:
    look().wear("light", percent)
    page = HelpPage(bench.texts(language))
    qtbot.addWidget(page)
    bench.lay(page, width, height, mode)
    assert bench.clipped(page) == [] and bench.outside(page) == [] and bench.nameless(page) == []
    assert page.reader.horizontalScrollBar().maximum() == 0
    look().wear("light", 100)


def test_the_text_grows_and_shrinks_by_keys_and_is_kept(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    stage.play("home")
    seen = []
    for _ in range(4):
        press(stage, Qt.Key.Key_Equal, CTRL)
        seen.append(round(look().scale * 100))
    press(stage, Qt.Key.Key_Minus, CTRL)
    seen.append(round(look().scale * 100))
    press(stage, Qt.Key.Key_0, CTRL)
    seen.append(round(look().scale * 100))
    press(stage, Qt.Key.Key_Minus, CTRL)
    assert [*seen, round(look().scale * 100)] == [115, 130, 150, 150, 130, 100, 100]
    assert [call[1].size for call in stage.client.settings.asked if call[0] == "write"][-3:] == [
        "larger",
        "normal",
        "normal",
    ]
    assert stage.window.frame is not None
    page = stage.window.frame.go("settings")
    assert page.size_.button("normal").isChecked()


def test_the_text_grows_at_the_lock_too(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    stage.play("unlock")
    press(stage, Qt.Key.Key_Plus, CTRL)
    assert round(look().scale * 100) == 115
    assert stage.client.settings.asked[-1][1].size == "large"
    holder: QWidget = stage.window.here
    assert holder.isVisible()
