"""An official letter is stopped: after the next sync nothing that was asked on it can be used any more, and
the officer is told why; that he asked stays."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from app.assembly import Client, open_client
from app.clock import SystemClock
from app.field.beijing import AHEAD
from app.field.receivers import Receiver
from app.services.querying import QueryRequest, SubjectAsk
from app.services.watching import Shown
from app.trouble import Refused
from tests import engines
from tests.flows.server import BIN, PASSPHRASE, Cli, Server

REASON = ("--why", "来函撤回（示例）", "--as", "centre1")


class Letters:
    """The centre's two, and the letters of one body."""

    def __init__(self, server: Server, organisation: str, scan: Path) -> None:
        self.server, self.organisation, self.scan = server, organisation, scan

    def say(self, act: str, letter: str, *more: str, named: str = "") -> Any:
        place = ["--organisation", self.organisation, "--home", str(self.server.home)]
        done = subprocess.run(
            [BIN / "hengxin-server", "official", act, letter, *place, *more],
            input=named, capture_output=True, text=True, timeout=60, check=False,
            env=engines.environment(self.server.home),
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        return json.loads(done.stdout)

    def admit(self, letter: str, code: str) -> None:
        on = (SystemClock().now() + AHEAD).date()
        last, named = str(on + timedelta(days=30)), json.dumps([{"kind": "legal", "number": code}])
        days = ("--signed", str(on), "--until", last, "--silent", last)
        by = ("--approver", "测试局长", "--scan", str(self.scan), "--as", "centre1")
        card = self.say("admit", letter, *days, *by, named=named)
        self.say("confirm", letter, "--of", card["digest"], "--as", "centre2", named=named)


@pytest.fixture
def letters(server: Server, tmp_path: Path, client: Client) -> Letters:
    scan = tmp_path / "letter.png"
    scan.write_bytes(b"\x89PNG\r\n\x1a\n" + b"\0" * 20)
    return Letters(server, server.account("hall1")["organisation"], scan)


@pytest.fixture
def hall(officers: Callable[[str], Cli]) -> Cli:
    return officers("hall1")


@pytest.fixture
def client(hall: Cli) -> Iterator[Client]:
    opened = open_client(hall.home)
    opened.unlocking.unlock(PASSPHRASE)
    yield opened
    opened.close()


@pytest.mark.parametrize("copy", [True, False], ids=["copy kept", "no copy"])
def test_what_was_asked_on_a_stopped_letter_is_used_no_more(
    client: Client, server: Server, letters: Letters, copy: bool
) -> None:
    code, letter = server.subject("rich")["code"], f"示例协查〔2026〕{7 + copy}号"
    letters.admit(letter, code)
    asked = QueryRequest(SubjectAsk("legal", number=code), "G06", letter, want_copy=copy)
    answer = client.querying.query(asked)
    number, kept = answer.query_no, Shown(answer.bundle, answer.cached)
    assert answer.cached is copy
    assert client.syncing.sync().withdrawn == ()  # the control
    assert client.reporting.begin_working_copy(number).whole()

    letters.say("stop", letter, *REASON)
    report = client.syncing.sync()
    assert (report.withdrawn, report.withdrawn_for) == ((number,), "answer.letter-ended")
    assert (report.removed_copies, report.letters) == (int(copy), int(copy))
    assert client.watching.judge([kept])[0].hold == "letter"
    for use in (
        lambda: client.reporting.begin_preview(number),
        lambda: client.reporting.begin_working_copy(number),
        lambda: client.reporting.issue(number, receiver=Receiver("subject")),
    ):
        with pytest.raises(Refused) as refused:
            use()
        assert refused.value.code == "answer.letter-ended"
    if copy:
        with pytest.raises(Refused, match="offline.letter-ended"):
            client.offline_files.open(number)
    assert [row.query_no for row in client.ledger.list(50, "query")].count(number) == 1  # that he asked stays


def test_another_process_and_its_words_say_why(
    hall: Cli, server: Server, letters: Letters, client: Client, tmp_path: Path
) -> None:
    code, letter = server.subject("rich")["code"], "示例协查〔2026〕9号"
    letters.admit(letter, code)
    client.close()
    number = hall.query(code, purpose="G06", case=letter).json["query_no"]
    letters.say("stop", letter, *REASON)
    said = hall("sync", json_=False)
    assert "公函已停用或到期" in said.out
    printed = hall("report", number, "--out", tmp_path / "w.pdf")
    assert (printed.code, printed.error) == (3, "answer.letter-ended")
    shown = hall("cached", "show", number)
    assert (shown.code, shown.error) == (3, "offline.letter-ended")
    assert number in hall("ledger", "list").out
    assert list(tmp_path.glob("*.pdf")) == []
