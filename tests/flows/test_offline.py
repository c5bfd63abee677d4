"""Without a server, without the right passphrase, after a correction: what the copies do."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.flows import warm
from tests.flows.server import Cli, Server


@pytest.fixture
def hall(officers: Callable[[str], Cli]) -> Cli:
    return officers("hall1")


@pytest.fixture
def dead(server: Server) -> Iterator[Callable[[], None]]:
    """Call it and nobody answers any more; afterwards the server is back on its port."""
    yield server.stop
    if not server.is_up:
        server.start()


def test_a_copy_is_read_when_the_server_is_dead(hall: Cli, server: Server, dead: Callable[[], None]) -> None:
    code = server.subject("rich")["code"]
    asked = hall.query(code, purpose="G01", case="BJ-1").json
    dead()
    said = hall("cached", "show", code)
    assert said.code == 0, said.out
    copy = said.json
    assert (copy["source"], copy["query_no"]) == ("cache", asked["query_no"])
    assert copy["as_of"] == asked["as_of"]
    assert copy["left_s"] > 0
    assert copy["records"] == asked["records"]
    shown = hall("cached", "show", asked["query_no"], json_=False)
    assert "离线" in shown.out
    assert hall("cached", "search", "罚款").json["hits"]
    copies = {row["query_no"]: row for row in hall("cached", "list").json["copies"]}
    kept, purpose = copies[asked["query_no"]], asked["purpose"]
    named = {"code": kept["purpose"], "zh": kept["purpose_zh"], "en": kept["purpose_en"]}
    assert named == purpose
    assert purpose["zh"] in hall("cached", "list", json_=False).out
    entries = hall("ledger", "list").json["entries"]
    opened = [row for row in entries if row["kind"] == "open_cached"]
    assert len(opened) >= 2
    assert all(row["state"] == "waiting" for row in opened[:2])
    new = hall.query(server.subject("heavy")["code"], purpose="G01", case="BJ-2")
    assert (new.code, new.error) == (4, "net.offline")
    assert new.json["error"]["kept"]
    waiting = hall("outbox", "list").json["items"]
    assert [(row["kind"], row["state"]) for row in waiting] == [("query", "waiting")]
    assert hall("sync").code == 4
    server.start()
    report = hall("sync")
    assert report.code == 0, report.out
    assert report.json["sent"] == 1
    assert report.json["entries_sent"] >= 2
    assert all(row["state"] == "receipted" for row in hall("ledger", "list").json["entries"])
    assert hall("cached", "show", server.subject("heavy")["code"]).code == 0


def test_a_corrected_record_leaves_the_copies(hall: Cli, server: Server) -> None:
    code = server.subject("former-name")["code"]
    asked = hall.query(code, purpose="G01", case="BJ-3").json
    record = next(one for one in asked["records"] if one["section"] == "penalty") if any(
        one["section"] == "penalty" for one in asked["records"]
    ) else asked["records"][0]  # fmt: skip
    assert hall("cached", "show", asked["query_no"]).code == 0
    server.staff("record", "annul", record["rec_id"], "--by", "centre1", "--reason", "示例更正")
    report = hall("sync").json
    assert report["removed_copies"] >= 1
    gone = hall("cached", "show", asked["query_no"])
    assert gone.code == 3
    again = hall.query(code, purpose="G01", case="BJ-3").json
    assert record["rec_id"] not in {one["rec_id"] for one in again["records"]}
    # What was withdrawn leaves no row, no count and no gap: not even the number of the record.
    assert record["rec_id"] not in json.dumps(again)
    assert hall("sync").json["removed_copies"] == 0
    assert hall("cached", "show", again["query_no"]).code == 0


def test_a_wrong_passphrase_opens_nothing_and_says_how_many_tries_are_left(hall: Cli) -> None:
    wrong = Cli(hall.home, hall.server, hall.user, passphrase="示例错误口令 wrong 8")
    said = wrong("cached", "list")
    assert (said.code, said.error) == (3, "unlock.bad")
    assert said.json["error"]["context"]["tries"] < 10
    assert hall("cached", "list").code == 0


def test_without_a_keyring_a_short_passphrase_is_refused(server: Server, tmp_path: Path) -> None:
    cli = Cli(tmp_path, server, "branch1", passphrase="294857", extra_env={"DBUS_SESSION_BUS_ADDRESS": ""})
    said = cli.sign_in()
    assert (said.code, said.error) == (2, "passphrase.short")
    assert said.json["error"]["context"]["least"] == 12
    assert not list(tmp_path.rglob("work.db"))


def test_nothing_of_a_subject_lies_open_on_the_disk(hall: Cli, server: Server) -> None:
    subject = server.subject("rich")
    hall.query(subject["code"], purpose="G01", case="BJ-9")
    needles = [subject["name"].encode(), subject["code"].encode(), subject["name"].encode("utf-16-le")]
    for path in hall.home.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert not any(needle in content for needle in needles), path
    for path in hall.home.rglob("*.db"):
        with pytest.raises(sqlite3.DatabaseError):
            sqlite3.connect(path).execute("SELECT count(*) FROM sqlite_master")


def test_a_vault_that_is_not_there_says_so(server: Server, tmp_path: Path) -> None:
    said = Cli(tmp_path, server, "hall2")("cached", "list")
    assert (said.code, said.error) == (6, "vault.none")


def test_a_secrets_file_that_others_can_read_is_refused(hall: Cli, tmp_path: Path) -> None:
    file = tmp_path / "secrets.json"
    file.write_text('{"passphrase": "x"}')
    file.chmod(0o644)
    done = warm.run(["cached", "list", "--home", str(hall.home), "--json", "--secrets", str(file)], "")
    assert done.returncode == 2
    assert "secrets.open-file" in done.stdout


def test_an_enrolment_that_waits_for_approval_survives_the_command(server: Server, tmp_path: Path) -> None:
    cli = Cli(tmp_path / "waiting", server, "hall2")
    code = unapproved_code(server, "hall2")
    said = cli.sign_in(code)
    assert (said.code, said.error) == (4, "device-pending")
    device = json.loads(server.staff("device", "list", "hall2").splitlines()[-1])
    assert device["state"] == "pending"
    server.staff("device", "approve", device["device_id"], "--by", "centre1")
    wrong = Cli(cli.home, server, "hall2", passphrase="示例错误口令 wrong 8")
    assert wrong.sign_in().error == "unlock.bad"
    done = cli.sign_in()
    assert done.code == 0, done.out
    assert done.json["device_id"] == device["device_id"]
    assert not (cli.home / "pending.json").exists()
    server.staff("device", "revoke", device["device_id"])


def unapproved_code(server: Server, user: str) -> str:
    """A code whose device somebody else has to approve; only the server's own code can make one."""
    words = (
        "import django; django.setup();"
        "from server_stub.accounts.models import Officer;"
        "from server_stub.accounts.services import issue_enrolment_code as i;"
        f"print(i(Officer.objects.get(user={user!r}), approved_beforehand=False))"
    )
    env = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "server_stub.config.settings",
        "HENGXIN_SERVER_HOME": str(server.home),
    }
    done = subprocess.run([sys.executable, "-c", words], capture_output=True, text=True, env=env, check=True)
    return done.stdout.strip()


def test_signing_in_again_renews_the_same_vault(hall: Cli, server: Server) -> None:
    before = hall("ledger", "list").json["entries"]
    said = hall.sign_in()
    assert said.code == 0, said.out
    after = hall("ledger", "list").json["entries"]
    assert [row["n"] for row in after] == [row["n"] for row in before]
    assert hall.query(server.subject("rich")["code"], purpose="G01", case="BJ-7").code == 0
    assert hall("ledger", "verify").json["ok"]


def test_the_doctor_finds_a_whole_computer_whole(hall: Cli) -> None:
    said = hall("doctor")
    assert said.code == 0, said.out
    found = {check["name"]: check["verdict"] for check in said.json["checks"]}
    for one in ("keyring", "proxy", "input"):  # of the computer that this runs on
        assert found.pop(one) in ("ok", "warn")
    assert set(found) == {"home", "disk", "vault", "trust", "server", "ledger"}
    assert set(found.values()) == {"ok"}


def test_changed_keys_of_the_server_stop_the_sign_in_before_the_password(
    hall: Cli, server: Server, tmp_path: Path
) -> None:
    home = tmp_path / "pinned"
    home.mkdir()
    trust = json.loads((hall.home / "trust.json").read_text())
    trust["answers"]["public_b64"] = trust["log"]["public_b64"]
    (home / "trust.json").write_text(json.dumps(trust))
    said = Cli(home, server, "bank2").sign_in()
    assert (said.code, said.error) == (5, "trust.changed")
    assert json.loads((home / "trust.json").read_text()) == trust
