"""The process that keeps the seal beside the server: alone, begun again, gone with whoever began it."""

from __future__ import annotations

import json
import os
import signal
import time
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from server_stub.command import _parser
from server_stub.config.clock import today
from server_stub.jobs import sealing, sealing_beside
from server_stub.jobs.sealing_beside import AGAIN_S, SealBeside
from server_stub.reports import authority
from server_stub.seal.asking import ask
from server_stub.seal.content import fits
from server_stub.seal.uses import Uses
from server_stub.seal.words import SealAway, Wanted
from tests.server_stub.own_seals import seal_at
from tests.server_stub.seal.conftest import content, number


class Never:
    def is_set(self) -> bool:
        return False

    def wait(self, seconds: float) -> bool:
        time.sleep(seconds)
        return False


def test_it_is_one_process_and_begun_again_when_it_was_killed(tmp_path: Path) -> None:
    pem = seal_at(tmp_path).certificate_pem
    hand = [0.0]
    with SealBeside(tmp_path, lambda: hand[0]) as beside:
        beside.wait(Never())  # type: ignore[arg-type]
        first = Wanted(number(1, today()), "bank1", content(pem))
        assert fits(ask(tmp_path, first), first.content, pem)
        with pytest.raises(ImproperlyConfigured), sealing.kept(tmp_path, sealing.provider(tmp_path)):
            pass
        child = beside._child
        assert child is not None
        beside.look()
        assert beside._child is child
        os.kill(child.pid, signal.SIGKILL)
        child.wait()
        with pytest.raises(SealAway, match="away"):
            ask(tmp_path, first)
        beside.look()
        assert beside._child is child  # not at once
        hand[0] += AGAIN_S
        beside.look()
        beside.wait(Never())  # type: ignore[arg-type]
        with pytest.raises(SealAway, match="number-used"):
            ask(tmp_path, first)
        beside._let_go()  # as when the command is killed
        assert beside._child is not None
        assert beside._child.wait(10) == 0
    assert [use.outcome for use in Uses(tmp_path / "seal" / "uses").on(today())] == ["sealed", "number-used"]


def test_a_child_that_never_starts_costs_nothing_that_lasts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    authority.make(tmp_path)
    monkeypatch.setattr(sealing_beside.sys, "executable", "/bin/false")
    hand = [0.0]

    def again() -> int:
        assert beside._child is not None
        beside._child.wait()
        hand[0] += AGAIN_S
        beside.look()
        return len(list(Path("/proc/self/fd").iterdir()))

    before = len(list(Path("/proc/self/fd").iterdir()))
    with SealBeside(tmp_path, lambda: hand[0]) as beside:
        first = again()
        assert [again() for _ in range(5)] == [first] * 5
        beside._child.wait()  # type: ignore[union-attr]
        monkeypatch.setattr(sealing_beside.sys, "executable", str(tmp_path / "gone"))
        again()
        assert "cannot be begun" in caplog.text
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_where_an_operator_keeps_the_seal_none_is_begun(tmp_path: Path) -> None:
    authority.make(tmp_path)
    with sealing.kept(tmp_path, sealing.provider(tmp_path)), SealBeside(tmp_path) as beside:
        assert beside._child is None


@pytest.mark.django_db
def test_the_log_is_told_beside_the_register(
    tmp_path: Path, settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.HENGXIN_HOME = tmp_path
    uses = Uses(authority.make(tmp_path) / "uses")
    uses.note(number(1, today()), "bank1", "0" * 64, "sealed")
    uses.note(number(2, today()), "bank1", "0" * 64, "over-rate")
    assert sealing.run(_parser().parse_args(["seal", "uses", "--home", str(tmp_path)])) == 0
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(one["outcome"], one["registered"]) for one in told] == [("sealed", False), ("over-rate", None)]


def test_a_token_without_its_certificates_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(ImproperlyConfigured, match="issuer.pem"):
        authority.make(tmp_path, token=True)
    assert not (tmp_path / "seal" / "seal.key").exists()
