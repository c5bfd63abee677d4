"""`objection` as it is typed: the sample's open objection, seen over the wire, is ended by a colleague."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests import engines
from tests.begun import begun
from tests.server_stub.api.test_queries import legal
from tests.server_stub.knocking import Knocker, OverTls
from tests.server_stub.serving import Served, signed_bundle

COMMAND = Path(sys.executable).parent / "hengxin-server"


def typed(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    line = [COMMAND, "objection", *words, "--home", str(home)]
    return subprocess.run(
        line, env=engines.environment(home), capture_output=True, text=True, timeout=60, check=False
    )


def signed_in(card: dict[str, Any], user: str) -> Knocker:
    device = Knocker(OverTls(card["url"], card["ca_file"]))
    step = device.sign_in(next(one for one in card["accounts"] if one["user"] == user))
    assert step.body.get("state") == "active", step.body
    return device


def test_the_objection_of_the_sample_is_seen_by_who_took_it_in_and_concluded_by_another(
    tmp_path: Path,
) -> None:
    home = begun(tmp_path / "home")
    server = Served(home, "--sample", "small")
    try:
        card = server.wait()
        rich = legal(next(row for row in card["subjects"] if row["why"] == "rich"))
        bank, clerk = signed_in(card, "bank1"), signed_in(card, "centre2")
        (filed,) = clerk.call("GET", "/api/v1/objections").body["objections"]
        assert bank.call("GET", "/api/v1/objections").body["objections"] == []
        marks = [one.objection for one in signed_bundle(bank, bank.query(subject=rich)).records]
        assert [mark.number for mark in marks if mark] == [filed["number"]]

        end = ("conclude", filed["number"], "--outcome", "kept", "--answer", "核查无误（示例）")
        own = typed(home, *end, "--as", "centre2")
        assert (own.returncode, own.stderr[:12]) == (2, "role-denied:")
        done = typed(home, *end, "--as", "centre1")
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)["state"] == "kept"
        (ended,) = clerk.call("GET", "/api/v1/objections").body["objections"]
        assert (ended["state"], ended["answer"]) == ("kept", "核查无误（示例）")
        assert not any(one.objection for one in signed_bundle(bank, bank.query(subject=rich)).records)
        assert server.stop() == 0
    finally:
        server.stop(signal.SIGKILL)
