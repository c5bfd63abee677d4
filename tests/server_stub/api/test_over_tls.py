"""The whole server, started by its command, over a real socket and its own certificate."""

from __future__ import annotations

import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests import engines
from tests.server_stub.api.test_queries import legal, receipts
from tests.server_stub.knocking import Knocker, OverTls
from tests.server_stub.serving import Served, signed_bundle


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("served") / "home"


@pytest.fixture
def served(home: Path) -> Iterator[Served]:
    server = Served(home, "--sample", "small")
    try:
        server.wait()
        yield server
    finally:
        server.stop(signal.SIGKILL)


def knocker(server: Served, user: str) -> Knocker:
    device = Knocker(OverTls(server.card["url"], server.card["ca_file"]))
    account = next(row for row in server.card["accounts"] if row["user"] == user)
    step = device.sign_in(account)
    assert step.body.get("state") == "active", step.body
    return device


def test_signing_in_and_asking_over_tls_and_stopping_cleanly(served: Served, home: Path) -> None:
    bank = knocker(served, "bank1")
    rich = next(row for row in served.card["subjects"] if row["why"] == "rich")
    answer = bank.query(subject=legal(rich))
    assert signed_bundle(bank, answer).query_no == answer.body["query_no"]
    (receipt,) = receipts(answer)
    assert receipt.entry.query_no == answer.body["query_no"]
    assert "content-encoding" not in answer.headers
    start = time.monotonic()
    page = bank.call("GET", "/api/v1/changes", cursor=bank.session["cursor"], wait=1)
    assert page.body["changes"] == []
    assert time.monotonic() - start >= 0.9
    for folder in ("keys", "tls", "seal"):
        assert stat.S_IMODE((home / folder).stat().st_mode) == 0o700
    assert stat.S_IMODE((home / "sample.json").stat().st_mode) == 0o600
    assert served.stop() == 0


def test_a_second_start_keeps_everything_and_hands_out_codes_that_work(served: Served, home: Path) -> None:
    port = (home / "port").read_text()
    assert served.card["url"].endswith(f":{port}")
    before = knocker(served, "bank2")
    keys = (home / "keys" / "log.key").read_bytes()
    trust = (home / "tls" / "ca.pem").read_bytes()
    served.stop()
    again = Served(home, "--sample", "small")
    try:
        assert again.wait()["url"] == served.card["url"]
        assert (home / "keys" / "log.key").read_bytes() == keys
        assert (home / "tls" / "ca.pem").read_bytes() == trust
        assert before.call("GET", "/api/v1/objections").status == 200
        knocker(again, "branch1")
    finally:
        assert again.stop() == 0


def test_a_reader_misses_no_change_of_writers_beside_the_server(served: Served, home: Path) -> None:
    bank = knocker(served, "hall1")
    rich = next(row for row in served.card["subjects"] if row["why"] == "rich")
    answer = bank.query(subject=legal(rich), purpose="G01")
    seen = signed_bundle(bank, answer)
    penalties = [record.rec_id for record in seen.records if record.section == "penalty"][:3]
    assert len(penalties) == 3
    staff = next(row["user"] for row in served.card["accounts"] if row["role"] == "centre_staff")
    words = [sys.executable, "-m", "server_stub.command", "record", "correct", "--home", str(home)]
    words += ["--by", staff, "--reason", "corrected", "--set", "CF_SY=更正后"]
    writers = [
        subprocess.Popen([*words, rec_id], env=engines.environment(home), stdout=subprocess.DEVNULL)
        for rec_id in penalties
    ]
    cursor, told, numbers = bank.session["cursor"], set(), []
    until = time.monotonic() + 60
    while time.monotonic() < until and told != set(penalties):
        page = bank.call("GET", "/api/v1/changes", cursor=cursor, wait=1).body
        told |= {change["rec_id"] for change in page["changes"]}
        numbers += [change["seq"] for change in page["changes"]]
        cursor = page["next_cursor"]
    assert [writer.wait(30) for writer in writers] == [0, 0, 0]
    assert told == set(penalties)
    assert numbers == sorted(set(numbers))


@pytest.mark.one_engine
def test_a_stranger_certificate_is_not_trusted(served: Served) -> None:
    with pytest.raises(requests.exceptions.SSLError):
        requests.get(served.card["url"] + "/api/", timeout=10)


def test_two_servers_do_not_share_a_home_and_a_killed_one_leaves_nothing(served: Served, home: Path) -> None:
    other = Served(home)
    with pytest.raises(RuntimeError, match="another server has this home"):
        other.wait()
    served.stop(signal.SIGKILL)
    third = Served(home)
    try:
        assert "accounts" not in third.wait()
    finally:
        assert third.stop() == 0


@pytest.mark.one_engine
def test_a_production_server_refuses_the_sample(tmp_path: Path) -> None:
    server = Served(tmp_path / "home", "--sample", "small", env={"HENGXIN_PRODUCTION": "1"})
    with pytest.raises(RuntimeError, match="production"):
        server.wait()
    assert server.process.returncode != 0
