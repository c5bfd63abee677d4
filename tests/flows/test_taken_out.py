"""A device taken out: only a signed order destroys, and what was unsent comes back after a new start."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.flows.proxy import Proxy
from tests.flows.server import Cli, Server, serving

WORDS = (
    "--kind",
    "data_error",
    "--ground",
    "content",
    "--wish",
    "correct",
    "--statement",
    "示例：金额不一致",
)
BUSY = (503, "application/problem+json", json.dumps({"code": "maintenance", "status": 503}).encode())
LATER = "示例另一口令 not a PIN 8"


class Lost:
    """A second computer of an enterprise's officer, behind a man in the middle."""

    def __init__(self, server: Server, home: Path) -> None:
        self.server, self.proxy = server, Proxy(server.url, server.home)
        self.cli = Cli(home, server, "firm1", url=self.proxy.url)
        self.device = self.enrol()

    def enrol(self) -> str:
        code = json.loads(self.server.staff("device", "code", "firm1"))["enrolment_code"]
        said = self.cli.sign_in(code)
        assert said.code == 0, said.out
        return str(said.json["device_id"])

    def revoke(self) -> None:
        self.server.staff("device", "revoke", self.device)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One of their own: the few records of the firm are objected to in other files as well."""
    with serving(tmp_path_factory.mktemp("server") / "home") as one:
        yield one


@pytest.fixture
def lost(server: Server, tmp_path: Path) -> Iterator[Lost]:
    one = Lost(server, tmp_path / "lost")
    yield one
    one.proxy.close()
    one.revoke()


def queue_feedback(lost: Lost, place: int = 2) -> None:
    """A filing that the server was not ready for."""
    answer = lost.cli.query(lost.server.subject("certified")["code"], purpose="B06", case="ZX-7").json
    lost.proxy.path, lost.proxy.refuse = "/outbox", BUSY
    record = answer["records"][place]["rec_id"]
    filed = lost.cli("objection", "file", answer["query_no"], record, *WORDS)
    assert (filed.code, filed.json["state"]) == (4, "queued"), filed.out
    lost.proxy.refuse = None


def no_order(problem: dict[str, Any]) -> None:
    problem.get("context", {}).pop("order", None)


def order_of_another_key(problem: dict[str, Any]) -> None:
    order = problem.get("context", {}).get("order")
    if order is None:  # a refusal of another kind
        return
    payload = base64.b64decode(order["payload_b64"])
    order["sig_b64"] = base64.b64encode(Ed25519PrivateKey.generate().sign(payload)).decode()


def order_for_another_device(problem: dict[str, Any]) -> None:
    order = problem.get("context", {}).get("order")
    if order is None:
        return
    payload = json.loads(base64.b64decode(order["payload_b64"])) | {"device_id": "x" * 43}
    order["payload_b64"] = base64.b64encode(json.dumps(payload).encode()).decode()


@pytest.mark.timeout(300)  # many commands, each its own process
def test_only_a_signed_order_destroys_and_what_was_unsent_comes_back(lost: Lost) -> None:
    cli, proxy = lost.cli, lost.proxy
    queue_feedback(lost)
    lost.revoke()
    for alter in (no_order, order_of_another_key, order_for_another_device):
        proxy.alter_problem = alter
        said = cli("sync")
        assert (said.code, said.error) == (3, "device-revoked"), said.out
        assert "没有出示" in said.json["error"]["text"]
        assert list(cli.home.rglob("cache.db"))
        assert [row["kind"] for row in cli("outbox", "list").json["items"]] == ["objection.file"]
        assert cli("cached", "list").code == 0
    proxy.alter_problem = None
    said = cli("sync")
    assert (said.code, said.error) == (3, "device-revoked")
    assert "已销毁" in said.json["error"]["text"]
    assert not list(cli.home.rglob("*.db"))
    shut = cli("outbox", "list")
    assert (shut.code, shut.error) == (3, "device.revoked")
    doctor = cli("doctor")
    assert doctor.code == 6, doctor.out
    vault = next(one for one in doctor.json["checks"] if one["name"] == "vault")
    assert (vault["verdict"], vault["detail"]) == ("bad", "revoked")

    old, cli.passphrase = cli.passphrase, LATER
    lost.device = lost.enrol()
    missing = cli("outbox", "recover")
    assert (missing.code, missing.error) == (2, "secrets.missing")
    wrong = cli("outbox", "recover", secrets={"sealed_passphrase": "示例错误口令 wrong 8"})
    assert (wrong.code, wrong.error) == (3, "unlock.bad")
    back = cli("outbox", "recover", secrets={"sealed_passphrase": old})
    assert back.code == 0, back.out
    assert (back.json["items"], back.json["elsewhere"], back.json["sealed_left"]) == (1, 0, False)
    assert cli("outbox", "list").json["items"] == []
    assert [row["number"] != "" for row in cli("objection", "list").json["objections"]][:1] == [True]
    again = cli("outbox", "recover")
    assert (again.code, again.error) == (6, "sealed.missing")


def test_a_wipe_seals_and_the_passphrase_changes(lost: Lost) -> None:
    cli = lost.cli
    changed = cli("passphrase", secrets={"new_passphrase": LATER})
    assert changed.code == 0, changed.out
    assert cli("cached", "list").error == "unlock.bad"
    cli.passphrase = LATER
    assert cli("passphrase", secrets={"new_passphrase": "short"}).code == 2
    queue_feedback(lost, -1)
    wiped = cli("wipe", "--yes")
    assert (wiped.code, wiped.json["sealed"]) == (0, 1), wiped.out
    lost.revoke()
    lost.device = lost.enrol()
    lost.proxy.refuse = BUSY
    waits = cli("outbox", "recover")
    assert (waits.code, waits.json["items"], waits.json["waiting"]) == (4, 1, True), waits.out
    lost.proxy.refuse = None
    done = cli("sync").json
    assert (done["sent"], done["refused"]) == (1, 0), cli("outbox", "list").out
