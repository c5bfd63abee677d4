"""A server put back from a backup: noticed by itself, declared by two, followed by officers with a code, and
no question that was asked meanwhile is without its leaf afterwards.
"""

from __future__ import annotations

import json
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.flows.server import BIN, Cli, Server

FEEDBACK = ("--kind", "data_error", "--ground", "content", "--wish", "correct", "--statement", "示例：不一致")
WORDS = ("--as", "centre1", "--second", "centre2", "--why", "示例：磁盘损坏")
LEAVES = (
    "SELECT subject_key, json_extract(entry, '$.outcome'), \"index\""
    " FROM evidence_leaf WHERE query_no = ? AND kind = 'query'"
)


class Restorable(Server):
    """A server with a backup of its database."""

    def database(self) -> Path:
        return self.home / "server.sqlite3"

    def back_up(self) -> None:
        copy = self.home.parent / "backup.sqlite3"
        copy.unlink(missing_ok=True)
        with closing(sqlite3.connect(self.database())) as database:
            database.execute(f"VACUUM INTO '{copy}'")

    def put_back(self) -> None:
        for old in self.home.glob("server.sqlite3*"):
            old.unlink()
        self.database().write_bytes((self.home.parent / "backup.sqlite3").read_bytes())
        self.database().chmod(0o600)

    def declare(self) -> str:
        return str(json.loads(self.staff("restored", *WORDS))["code"])

    def leaves(self, query_no: str) -> list[tuple[str, str, int]]:
        with closing(sqlite3.connect(self.database())) as database:
            return database.execute(LEAVES, (query_no,)).fetchall()

    def refused(self, *words: str, code: int = 2) -> str:
        verb, *rest = words
        done = subprocess.run(
            [BIN / "hengxin-server", verb, "--home", self.home, *rest],
            capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        assert done.returncode == code, done.stdout + done.stderr
        return done.stderr


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Restorable]:
    one = Restorable(tmp_path / "server" / "home")
    one.home.parent.mkdir()
    one.start()
    yield one
    one.stop()


def signed_in(server: Server, home: Path, user: str) -> Cli:
    cli = Cli(home, server, user)
    said = cli.sign_in()
    assert said.code == 0, said.out + said.err
    return cli


def copies(cli: Cli) -> set[str]:
    return {row["query_no"] for row in cli("cached", "list").json["copies"]}


@pytest.mark.timeout(420)
def test_the_whole_way_back(server: Restorable, tmp_path: Path) -> None:
    bank, hall = signed_in(server, tmp_path / "bank", "bank1"), signed_in(server, tmp_path / "hall", "hall1")
    before = bank.query(server.subject("rich")["code"]).json
    server.back_up()
    lost = bank.query(server.subject("heavy")["code"], case="L-2").json
    assert bank("cached", "show", lost["query_no"]).code == 0
    assert bank("sync").code == 0
    ((subject_key, outcome, _),) = server.leaves(lost["query_no"])
    assert subject_key
    server.stop()
    filed = bank("objection", "file", before["query_no"], before["records"][0]["rec_id"], *FEEDBACK)
    assert (filed.code, filed.json["state"]) == (4, "queued"), filed.out

    server.put_back()
    with pytest.raises(AssertionError, match="run `hengxin-server restored` first"):
        server.start()
    server.stop()
    assert "restored" in server.refused(
        "device", "code", "bank1", code=1
    )  # nothing is written over the lost end
    assert "role-denied" in server.refused("restored", "--as", "centre1", "--second", "centre1", "--why", "x")
    assert "role-denied" in server.refused("restored", "--as", "bank1", "--second", "centre1", "--why", "x")
    assert "reason" in server.refused("restored", "--as", "centre1", "--second", "centre2", "--why", " ")
    code = server.declare()
    server.start()
    assert server.leaves(lost["query_no"]) == []
    assert "stop it first" in server.refused("restored", *WORDS, code=1)

    assert bank("sync").error == "token-invalid"
    assert bank.sign_in().code == 0
    stopped = bank("sync")
    assert (stopped.code, stopped.error) == (5, "log.restored"), stopped.out
    assert bank("sync", "--restored", "0000-0000-0000-0000").error == "log.code"
    assert copies(bank) == {before["query_no"], lost["query_no"]}  # nothing was thrown away meanwhile
    asked = bank.query(server.subject("former-name")["code"], case="L-3")
    assert (asked.code, asked.error) == (4, "epoch-changed"), asked.out
    assert server.leaves(lost["query_no"]) == []

    told = bank("sync", "--restored", code.lower().replace("-", " "))
    assert told.code == 0, told.out
    report = told.json
    assert report["restored_at"]
    assert report["sent_again"] >= 2
    assert report["unknown"] == report["refused"] == 0
    assert report["sent"] == 2  # the feedback written offline and the question asked while it was stopped
    ((again_key, again_outcome, place),) = server.leaves(lost["query_no"])
    assert (again_key, again_outcome) == (subject_key, outcome)
    assert lost["query_no"] not in copies(bank)
    assert before["query_no"] in copies(bank)
    assert bank("outbox", "list").json["items"] == []
    assert len(bank("objection", "list").json["objections"]) == 1
    verdict = bank("ledger", "verify").json
    assert (verdict["ok"], verdict["length"]) == (True, verdict["receipted"])
    row = next(
        one for one in bank("ledger", "list").json["entries"]
        if one["query_no"] == lost["query_no"] and one["kind"] == "query"
    )  # fmt: skip
    assert row["leaf_index"] == place
    fresh = bank.query(server.subject("heavy")["code"], case="L-4").json
    assert fresh["query_no"] > before["query_no"]
    assert fresh["query_no"] != lost["query_no"]
    assert bank("sync").json["restored_at"] == ""

    assert hall.sign_in().code == 0  # saw nothing that was lost: the log grew out of what it knows
    quiet = hall("sync").json
    assert quiet["restored_at"]
    assert quiet["sent_again"] == 0


@pytest.mark.timeout(420)
def test_an_undeclared_cut_is_never_followed_and_a_second_restore_is(
    server: Restorable, tmp_path: Path
) -> None:
    bank = signed_in(server, tmp_path / "bank", "bank1")
    assert bank.query(server.subject("rich")["code"]).code == 0
    server.back_up()
    lost = bank.query(server.subject("heavy")["code"], case="L-2").json
    server.stop()
    server.put_back()
    (server.home / "log" / "reached.json").unlink()  # somebody who means to erase would do this, too
    server.start()
    assert bank.sign_in().code == 0
    said = bank("sync")
    if said.code == 0:  # nothing was in the way of an empty round; the next question finds out
        said = bank.query(server.subject("former-name")["code"], case="L-5")
    assert said.code == 5, said.out
    assert said.error in ("log.smaller", "log.inconsistent")

    server.stop()
    server.put_back()
    first = server.declare()
    server.put_back()  # the same backup once more: the declaration lies beside the database
    second = server.declare()
    assert first != second
    server.start()
    assert bank.sign_in().code == 0
    assert bank("sync", "--restored", first).error == "log.code"
    told = bank("sync", "--restored", second)
    assert told.code == 0, told.out
    assert [len(server.leaves(lost["query_no"])), told.json["refused"]] == [1, 0]

    declared = server.home / "log" / "restorations.json"
    kept = json.loads(declared.read_text())
    assert len(kept) == 2
