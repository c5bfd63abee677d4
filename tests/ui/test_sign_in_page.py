"""The step that enrols this computer says only what is so: who approves, and waiting only while it waits."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.services.doctoring import Check
from app.texts import Texts
from tests.ui.stage import Stage
from ui.sign_in_page import SignInPage


def step(qtbot: QtBot, name: str) -> tuple[Stage, SignInPage]:
    stage = Stage(qtbot, "zh_CN", (1280, 800))
    stage.play(name)
    page = stage.window.here
    assert isinstance(page, SignInPage)
    return stage, page


def test_nothing_waits_before_the_computer_was_enrolled(qtbot: QtBot) -> None:
    _, page = step(qtbot, "sign_in_device")
    assert page.desk.view.step == "device"
    assert page.device.go.isVisible()
    assert not page.device.fingerprint.isVisible()


def test_control_a_pending_computer_shows_its_fingerprint_to_read_out(qtbot: QtBot) -> None:
    _, page = step(qtbot, "sign_in_pending")
    assert page.desk.view.step == "pending"
    assert not page.device.go.isVisible()
    assert page.device.fingerprint.isVisible()
    assert page.device.fingerprint.text() == page.desk.view.fingerprint


@pytest.mark.parametrize(("language", "promise", "who"), [
    ("zh_CN", "通知", "您本人以外"), ("en", "notified", "other than you")
])  # fmt: skip
def test_no_notice_is_promised_and_the_approver_is_named(language: str, promise: str, who: str) -> None:
    said = Texts(language).say("device.new")
    assert promise not in said
    assert who in said


def test_diagnostics_are_there_before_the_first_sign_in_and_lead_back(qtbot: QtBot) -> None:
    stage, page = step(qtbot, "sign_in_first")
    stage.client.doctor = SimpleNamespace(checks=lambda: (Check("input", "warn", "fcitx", "doctor.fcitx"),))
    qtbot.mouseClick(page.doctor, Qt.MouseButton.LeftButton)
    stage.settle()
    doctor = stage.window.doctor
    assert doctor is not None
    assert doctor.isVisible()
    assert doctor.list.isVisible()
    assert "QT_IM_MODULE" in doctor.as_text()
    assert "100%" in doctor.as_text()
    qtbot.mouseClick(doctor.back, Qt.MouseButton.LeftButton)
    stage.settle()
    assert stage.window.doctor is None
    assert page.isVisible()
