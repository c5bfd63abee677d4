"""A sync without the platform says so, and what is here all the same."""

from __future__ import annotations

import pytest

from app.assembly import Client
from app.cli import keeping
from app.clock import epoch_ms
from app.services.syncing import CONTACT, SyncReport
from app.trouble import NotNow
from local_cache import answers, state
from tests.app.cli.conftest import Run
from tests.app.services.vaults import START, TurnedClock, bundle, kept_copy, queue


@pytest.fixture
def away(client: Client, monkeypatch: pytest.MonkeyPatch) -> Client:
    def no_line(*_: object, **__: object) -> object:
        raise NotNow("net.offline", context={"sent": 0})

    monkeypatch.setattr(client.syncing, "sync", no_line)
    held = client.unlocking
    queue(held, "op1")
    kept = kept_copy(bundle("Q1"), epoch_ms(START) + 48 * 3_600_000)
    held.room.run(lambda o: answers.put(o.copies(), kept, [("r1", 1)], "x"))
    held.room.run(lambda o: state.put(o.work, {CONTACT: "2026-11-23T00:30:00.000Z"}))
    return client


def said(client: Client, run: Run) -> tuple[NotNow, str]:
    with pytest.raises(NotNow) as flaw:
        run(keeping.sync, restored="")
    return flaw.value, client.texts.say(flaw.value.text, **flaw.value.context)


def test_offline_is_said_with_what_is_known(away: Client, run: Run) -> None:
    flaw, words = said(away, run)
    assert (flaw.code, flaw.exit_code, flaw.context["copies"], flaw.context["waiting"]) == (
        "net.offline",
        4,
        1,
        1,
    )
    assert flaw.context["last_contact"] == "2026-11-23T00:30:00.000Z"
    for part in (
        "未连接网络",
        "没有同步",
        "副本 1 份",
        "待发事项 1 项",
        "截至 未知",
        "应答 2026-11-23 08:30",
    ):
        assert part in words
    assert "—" not in words


def test_copies_that_are_locked_are_said_to_be_locked(away: Client, run: Run, clock: TurnedClock) -> None:
    clock.pass_(hours=80)
    flaw, words = said(away, run)
    assert "copies" not in flaw.context
    assert "离线副本现已锁定" in words and "—" not in words


def test_copies_that_were_asked_about_one_by_one_are_told(
    client: Client, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = SyncReport(0, 0, 0, 60, 3, 0, 0, "live", "", "", "t", judged=60, spared=57)
    monkeypatch.setattr(client.syncing, "sync", lambda **_: report)
    done = run(keeping.sync, restored="")
    assert (done.facts["judged"], done.facts["spared"]) == (60, 57)
    assert "60 份，已逐份向平台核对，其中 57 份" in done.lines[1]
