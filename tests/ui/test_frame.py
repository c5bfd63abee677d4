"""The frame's measures and keys, its lock, its clipboard, its way back."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from app.desks.desk import Notice
from tests.ui import fakes
from tests.ui.stage import Stage
from ui.frame import Frame, width_of
from ui.look import look
from ui.sign_in_page import SignInPage
from ui.widgets.basics import Button


def frame_of(stage: Stage) -> Frame:
    assert stage.window.frame is not None
    return stage.window.frame


def place(widget: QWidget, window: QWidget) -> tuple[int, int]:
    at = widget.mapTo(window, QPoint(0, 0))
    return at.x(), at.y()


def test_the_anchors(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    stage.play("subject")
    frame = frame_of(stage)
    table = stage.page("subject").records.table
    assert abs(frame.navigation.width() - 208) <= 1
    assert abs(frame.top.height() - 56) <= 1
    assert abs(frame.status.height() - 28) <= 1
    assert abs(frame.top.omnibox.height() - 34) <= 1
    assert abs(stage.page("subject").report_button.height() - 34) <= 1
    assert abs(stage.page("subject").records.status.height() - 34) <= 1
    assert abs(table.rowHeight(0) - 52) <= 1
    assert place(stage.page("subject").header, stage.window)[0] == 208 + 24
    frame.go("ledger")
    stage.settle()


def test_the_three_widths() -> None:
    look().wear("light", 100)
    assert [width_of(pixels) for pixels in (1200, 1199, 960, 959, 880)] == [
        "full",
        "medium",
        "medium",
        "narrow",
        "narrow",
    ]
    look().wear("light", 150)
    assert width_of(1280) == "narrow"


def test_the_navigation_folds(qtbot: QtBot) -> None:
    stage = Stage(qtbot, size=(1000, 640))
    stage.play("home")
    assert frame_of(stage).navigation.width() == 56
    assert all(item.toolTip() for item in frame_of(stage).navigation.items.values())
    stage.window.resize(1280, 800)
    stage.settle()
    assert frame_of(stage).navigation.width() == 208


def test_the_window_is_never_smaller_than_promised(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    assert (stage.window.minimumWidth(), stage.window.minimumHeight()) == (880, 480)


def test_pages_that_need_the_server_are_dimmed_with_a_reason(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    stage.play("offline_banner")
    items = frame_of(stage).navigation.items
    assert not items["home"].isEnabled()
    assert items["home"].toolTip()
    assert items["verify"].isEnabled()
    assert frame_of(stage).banner.isVisible()


def test_back_and_forward(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    stage.play("subject")
    frame = frame_of(stage)
    frame.go("verify")
    frame.back()
    assert frame.current == "subject"
    frame.back()
    assert frame.current == "home"
    frame.forward()
    assert frame.current == "subject"
    frame.forward()
    assert frame.current == "verify"
    frame.forward()
    assert frame.current == "verify"


def test_my_reports_stand_under_the_verification_and_are_there_offline(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    stage.client.syncing.will(online=SimpleNamespace(state="offline", as_of="", last_contact=""))
    stage.play("verify")
    stage.window.activateWindow()
    qtbot.waitUntil(stage.window.isActiveWindow)
    frame = stage.window.frame
    assert frame is not None
    stage.page("verify").tabs.turned.emit("reports")
    assert frame.current == "reports"
    assert [name for name, item in frame.navigation.items.items() if item.current] == ["verify"]
    stage.page("reports").tabs.turned.emit("verify")
    assert frame.current == "verify"
    stage.settle()
    assert stage.window.focusWidget() is stage.page("verify").drop.button


def test_the_home_card_leads_to_reports_that_are_out_of_date(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    stage.client.report_files.will(outdated=(fakes.issued_rows()[1],))
    stage.play("home")
    assert stage.window.frame is not None
    words = "1 份报告已非最新"
    go = next(one for one in stage.page("home").findChildren(Button) if one.accessibleName() == words)
    go.click()
    assert stage.window.frame.current == "reports"


def test_f6_goes_round_the_panes(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    stage.play("home")
    frame = frame_of(stage)
    frame.navigation.items["home"].setFocus()
    seen = []
    for _ in range(3):
        frame.pane(1)
        here = stage.window.focusWidget()
        panes = {"nav": frame.navigation, "top": frame.top, "page": frame.stack}
        seen += [name for name, pane in panes.items() if here is not None and pane.isAncestorOf(here)]
    assert seen == ["top", "page", "nav"]


def test_the_omnibox_hands_its_text_to_the_query(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    stage.play("subject")
    frame = frame_of(stage)
    desktop = stage.window.desktop
    assert desktop is not None
    desktop.home.choose_purpose("pre_loan")
    desktop.home.name_case("LN-1")
    frame.top.omnibox.setText(fakes.CODE)
    frame.top.omnibox.returnPressed.emit()
    assert stage.client.querying.times("query") == 1
    assert frame.current == "subject"


@pytest.mark.parametrize("why", ["asked", "idle"])
def test_a_lock_closes_the_vault_and_begins_anew(qtbot: QtBot, why: str) -> None:
    stage = Stage(qtbot)
    stage.play("home")
    if why == "asked":
        frame_of(stage).top.lock_button.click()
    else:
        stage.window._second.stop()  # only the ticks below are counted
        stage.window._idle = 0
        for _ in range(stage.window.idle_s):
            stage.window._tick()
    assert stage.client.unlocking.asked[-1] == ("lock", why)
    assert stage.restarts == ["lock"]


def test_the_shorter_of_policy_and_settings_counts(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    stage.client.unlocking.will(policy=SimpleNamespace(idle_lock_s=120))
    stage.play("home")
    assert stage.window.idle_s == 120


def test_the_clipboard_is_cleared_only_if_it_is_still_ours(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    stage.play("home")
    frame = frame_of(stage)
    frame.copy("91430400")
    assert QApplication.clipboard().text() == "91430400"
    frame.clear_clipboard()
    assert QApplication.clipboard().text() == ""
    frame.copy("91430400")
    QApplication.clipboard().setText("someone else's")
    frame.clear_clipboard()
    assert QApplication.clipboard().text() == "someone else's"


def test_a_success_speaks_for_a_while_and_then_falls_silent(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    stage.play("home")
    status = frame_of(stage).status
    usual = status._words.whole
    frame_of(stage).copy("x")
    assert status._words.whole != usual
    status._fade.setInterval(1)
    status._fade.start()
    QTest.qWait(30)
    assert status._words.whole == usual


def test_what_has_faded_is_not_said_again_by_the_next_view_of_the_window(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    stage.play("home")
    frame = frame_of(stage)
    status, usual = frame.status, frame.status._words.whole
    frame.desk.tell(Notice("clip.copied", (("seconds", 30),), "good"))
    assert status._words.whole != usual
    status._fade.setInterval(1)
    status._fade.start()
    qtbot.waitUntil(lambda: status._words.whole == usual)
    frame.desk.put(today=frame.desk.view.today)
    assert status._words.whole == usual
    frame.desk.tell(Notice("clip.copied", (("seconds", 30),), "good"))  # the control: it happened once more
    assert status._words.whole != usual


def test_space_opens_the_record_and_escape_closes_it_on_its_row(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    stage.play("subject")
    page = stage.page("subject")
    QTest.keyClick(page.records.table, Qt.Key.Key_Space)
    assert page.panel.isVisible()
    assert not page.timeline.isVisible()
    QTest.keyClick(page.panel, Qt.Key.Key_Escape)
    assert not page.panel.isVisible()
    assert page.records.table.current_key() == page.desk.view.selected.rec_id


def test_a_page_whose_first_control_rests_leaves_the_focus_at_its_own_entry(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = Stage(qtbot)
    stage.play("home")
    frame = stage.window.frame
    assert frame is not None
    page, entry = frame.page("settings"), frame.navigation.items["settings"]
    frame.go("settings")
    assert frame.focusWidget() is not entry  # the control: there is something to begin with
    frame.go("home")
    monkeypatch.setattr(page, "first_focus", lambda: None)
    frame.go("settings")
    assert frame.focusWidget() is entry


def test_the_focus_walks_from_the_purpose_to_the_query(qtbot: QtBot) -> None:
    """Written order: purposes, case number, letter, the switch to persons, the field, the button."""
    stage = Stage(qtbot)
    stage.play("home")
    page = stage.page("home")
    wanted = [page.letter.pick, page.letter.add, page.toggle, page.field, page.go]
    chain: list[QWidget] = []
    here = page.nextInFocusChain()
    for _ in range(400):
        chain.append(here)
        here = here.nextInFocusChain()
    places = [chain.index(one) for one in wanted]
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("key", "mods", "step"),
    [
        (Qt.Key.Key_Tab, Qt.KeyboardModifier.ControlModifier, 1),
        (
            Qt.Key.Key_Backtab,
            Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier,
            -1,
        ),
        (Qt.Key.Key_PageDown, Qt.KeyboardModifier.ControlModifier, 1),
        (Qt.Key.Key_PageUp, Qt.KeyboardModifier.ControlModifier, -1),
    ],
)
def test_tabs_turn_from_anywhere_on_the_page(
    qtbot: QtBot, key: Qt.Key, mods: Qt.KeyboardModifier, step: int
) -> None:
    stage = Stage(qtbot)
    stage.play("subject")
    stage.window.activateWindow()
    page = stage.page("subject")
    tabs = [key for key, count in page.desk.view.tabs if count or key == "all"]
    for widget in (page.records.table, page.records.words):
        before = tabs.index(page.desk.view.tab)
        widget.setFocus()
        QTest.keyClick(widget, key, mods)
        assert page.desk.view.tab == tabs[(before + step) % len(tabs)]
        assert len(page.records.table.selected_rows()) == 1


def test_ctrl_tab_turns_between_verification_and_my_reports(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    stage.play("verify")
    stage.window.activateWindow()
    for key, page in (
        (Qt.Key.Key_Tab, "reports"),
        (Qt.Key.Key_PageDown, "verify"),
        (Qt.Key.Key_PageUp, "reports"),
    ):
        widget = stage.window.focusWidget() or stage.page(frame_of(stage).current)
        QTest.keyClick(widget, key, Qt.KeyboardModifier.ControlModifier)
        assert frame_of(stage).current == page


def test_a_page_without_tabs_lets_the_tab_keys_pass(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    stage.play("home")
    frame_of(stage).turn(1)
    assert frame_of(stage).current == "home"


def test_f4_puts_the_focus_on_the_purpose(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    stage.play("subject")
    stage.window.activateWindow()
    QTest.keyClick(stage.page("subject").records.table, Qt.Key.Key_F4)
    home = stage.page("home")
    assert frame_of(stage).current == "home"
    assert stage.window.focusWidget() is home.segments.button("pre_loan")


@pytest.mark.parametrize(
    ("key", "page"),
    [
        (Qt.Key.Key_1, "home"),
        (Qt.Key.Key_3, "offline"),
        (Qt.Key.Key_4, "objection"),
        (Qt.Key.Key_5, "repair"),
        (Qt.Key.Key_6, "verify"),
        (Qt.Key.Key_7, "ledger"),
    ],
)
def test_a_page_keeps_its_number(qtbot: QtBot, key: Qt.Key, page: str) -> None:
    stage = Stage(qtbot)
    stage.play("subject")
    frame = frame_of(stage)
    QTest.keyClick(stage.window, key, Qt.KeyboardModifier.ControlModifier)
    assert frame.current == page
    assert frame.navigation.items[page].accessibleName().endswith(f"Ctrl+{key - Qt.Key.Key_0}")


def test_a_number_of_a_page_that_is_not_there_yet_does_nothing(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    stage.play("subject")
    for key in (Qt.Key.Key_8, Qt.Key.Key_9):
        QTest.keyClick(stage.window, key, Qt.KeyboardModifier.ControlModifier)
    assert frame_of(stage).current == "subject"


def test_a_restored_platform_is_followed_by_a_code_that_is_typed(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    stage.play("home")
    frame, codes = frame_of(stage), []
    frame.restored.sent.disconnect()
    frame.restored.sent.connect(codes.append)
    waits = Notice("shell.restored", (("seen", 41), ("left", 30)), "error", "log.restored", "not_trusted")
    frame.desk.put(restored=waits)
    assert frame.restored.isVisible() and "41" in frame.restored.words.text()
    QTest.keyClicks(frame.restored.field, "abcd-1234")
    QTest.keyClick(frame.restored.field, Qt.Key.Key_Return)
    assert codes == ["abcd-1234"]
    frame.desk.put(code_flaw=Notice("log.code", (), "error", "log.code", "not_trusted"))
    assert "确认码不符" in frame.restored.wrong.text() and frame.restored.field.text() == "abcd-1234"
    frame.desk.put(busy=True)
    QTest.keyClick(frame.restored.field, Qt.Key.Key_Return)
    assert codes == ["abcd-1234"]  # one at a time
    frame.desk.put(busy=False, restored=None, code_flaw=None)
    assert not frame.restored.isVisible() and frame.restored.field.text() == ""


def test_control_without_a_restore_there_is_no_bar(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    stage.play("home")
    assert not frame_of(stage).restored.isVisible()


def test_the_sign_in_is_renewed_over_the_work_and_the_work_is_still_there(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    stage.client.syncing.will(
        online=SimpleNamespace(state="online", as_of="", last_contact="", signed_in=False)
    )
    stage.client.signing_in.will(code=SimpleNamespace(state="active", fingerprint="F3AX"))
    stage.play("subject")
    frame, window = frame_of(stage), stage.window
    window.desk.look_around()
    offer = next(one for one in frame.banner.findChildren(Button) if one.isVisible())
    assert offer.text() == "重新登录"
    offer.click()
    page = window.here if window.again is None else window.again
    assert isinstance(page, SignInPage) and page.isVisible() and not frame.isVisible()
    assert page.account.user.isReadOnly() and page.account.user.text() == "jb017"
    assert page.account.password.hasFocus()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    QTest.keyClick(page.account.password, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: window.again is None)  # not now
    assert frame.isVisible() and frame.current == "subject"
    offer.click()
    assert window.again is not None
    stage.client.syncing.will(
        online=SimpleNamespace(state="online", as_of="", last_contact="", signed_in=True)
    )
    QTest.keyClicks(window.again.account.password, "secret")
    QTest.keyClick(window.again.account.password, Qt.Key.Key_Return)
    window.again.code.sent.emit("123456")
    stage.settle()
    assert window.again is None and window.frame is frame and frame.current == "subject"
    assert not frame.banner.isVisible()
    assert window.desk.view.case_no == "LN-2026-0381"
    said = [one.text() for one in frame.status.findChildren(QLabel)]
    assert any("已重新登录" in text for text in said)


def test_a_lock_takes_the_sign_in_with_it(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    stage.play("home")
    stage.window.desk.put(signing_in=True)
    assert stage.window.again is not None
    stage.window.desk.lock("idle")
    assert stage.restarts == ["lock"]
