"""What the lock says about its reason: revoked and still there, ended by order, or only claimed."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from pytestqt.qtbot import QtBot

from tests.ui import bench
from tests.ui.stage import Stage
from ui.unlock_page import UnlockPage


def locked(
    qtbot: QtBot, why: str, tries: int, language: str = "zh_CN", size: tuple[int, int] = (1280, 800)
) -> tuple[Stage, UnlockPage]:
    stage = Stage(qtbot, language, size)
    facts = {**vars(stage.client.unlocking.card()), "why": why, "tries_left": tries, "kept_drafts": 0}
    card = SimpleNamespace(**facts)
    stage.client.unlocking.will(card=card)
    stage.play("unlock")
    page = stage.window.here
    assert isinstance(page, UnlockPage)
    return stage, page


def test_a_revoked_vault_that_still_has_its_keys_is_not_said_to_be_ended(qtbot: QtBot) -> None:
    _, page = locked(qtbot, "revoked", 9)
    words = page._why.text()
    assert "密钥尚未销毁" in words and "先封存" in words
    assert page.field.isVisible() and page.go.isVisible() and not page.again.isVisible()


def test_one_that_the_order_ended_says_destroyed_and_leads_to_the_sign_in(qtbot: QtBot) -> None:
    stage, page = locked(qtbot, "revoked", 0)
    words = page._why.text()
    assert "签名的撤销令" in words and "密钥已销毁" in words and "尚未" not in words
    assert not page.field.isVisible() and not page.go.isVisible()
    assert page.again.isVisible() and page.again.hasFocus() and "0 次" not in page._tries.text()
    page.again.click()
    assert stage.window.desk.view.stage == "sign_in"


def test_a_claim_without_an_order_destroys_nothing_and_says_so(qtbot: QtBot) -> None:
    _, page = locked(qtbot, "unproven", 9)
    words = page._why.text()
    assert "没有出示签名的撤销令" in words and "没有改动" in words and "销毁" not in words
    assert page.field.isVisible()


def test_a_worn_out_vault_leads_to_the_sign_in(qtbot: QtBot) -> None:
    _, page = locked(qtbot, "worn", 0)
    assert page.again.isVisible() and not page.field.isVisible()


@pytest.mark.parametrize("why", ["", "idle", "asked"])
def test_control_an_ordinary_lock_asks_for_the_passphrase(qtbot: QtBot, why: str) -> None:
    _, page = locked(qtbot, why, 9)
    assert page.field.isVisible() and "撤销" not in page._why.text() and "9 次" in page._tries.text()


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize(("why", "tries"), [("revoked", 9), ("revoked", 0), ("unproven", 9), ("worn", 0)])
def test_the_long_reasons_fit_into_the_smallest_window(
    qtbot: QtBot, why: str, tries: int, language: str
) -> None:
    stage, page = locked(qtbot, why, tries, language, size=(880, 480))
    assert bench.clipped(page) == [] and bench.outside(page) == []
    bottom = page.again if tries == 0 else page.go
    assert bottom.mapTo(stage.window, bottom.rect().bottomLeft()).y() < stage.window.height()
