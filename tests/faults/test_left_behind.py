"""After a day's work and a kill no name is left in the officer's HOME, temporary files or logs."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.faults.canary import hits
from tests.officer.city import City, serve

PASSPHRASE = "松烟-Practice-2026"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    city = serve(tmp_path_factory.mktemp("server") / "home")
    yield city
    city.kill()


class Counter:
    """The officer's computer: a HOME with everything the client may write, and what it printed."""

    def __init__(self, tree: Path, served: City, account: dict[str, str]) -> None:
        self.tree, self.served, self.account = tree, served, account
        self.saved = tree / "Documents"
        for place in (self.saved, tree / "tmp"):
            place.mkdir(parents=True)
        self.codes = [one["code"] for one in served.card["subjects"] if one["kind"] == "legal"]

    def orders(self, phase: str) -> dict[str, Any]:
        served, account = self.served, self.account
        return {
            "home": str(self.tree / ".local" / "share" / "hengxin"),
            "saved": str(self.saved),
            "url": served.url,
            "ca_file": str(served.ca_file),
            "user": account["user"],
            "password": account["password"],
            "enrolment_code": account["enrolment_code"],
            "code": served.fresh_code(account) if phase == "sign-in" else "",
            "passphrase": PASSPHRASE,
            "codes": self.codes,
        }

    def start(self, phase: str) -> subprocess.Popen[str]:
        ours = {"HOME": str(self.tree), "TMPDIR": str(self.tree / "tmp"), "PYTHONPATH": str(Path.cwd())}
        kept = {name: text for name, text in os.environ.items() if not name.startswith("XDG_DATA")}
        with (self.tree / "client.log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "tests.faults.busy_officer", phase],
                **{"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": log, "text": True},
                env=kept | ours,
            )
        assert process.stdin is not None
        process.stdin.write(json.dumps(self.orders(phase)))
        process.stdin.close()
        return process

    def finish(self, phase: str) -> list[dict[str, Any]]:
        process = self.start(phase)
        assert process.stdout is not None
        with process.stdout:
            said = [json.loads(line) for line in process.stdout]
        assert process.wait(300) == 0, (self.tree / "client.log").read_text("utf-8")[-3000:]
        return said

    def kill_while_asking(self, after: int) -> list[dict[str, Any]]:
        """SIGKILL in the midst of the queries, after so many answers."""
        process = self.start("for-ever")
        assert process.stdout is not None
        said = [json.loads(process.stdout.readline()) for _ in range(after)]
        process.send_signal(signal.SIGKILL)
        process.wait(30)
        process.stdout.close()
        return said


def test_a_day_and_a_kill_leave_no_name_behind(tmp_path: Path, served: City) -> None:
    counter = Counter(tmp_path / "officer", served, served.account("bank_officer"))
    counter.finish("sign-in")
    said = counter.finish("day") + counter.kill_while_asking(7)
    names = sorted({name for line in said for name in line.get("names", ())})
    asked = [line for line in said if "query_no" in line]
    saved = frozenset(Path(line["saved"]) for line in said if "saved" in line)
    assert len(asked) == 67 and len(names) >= 5 and len(saved) == 3
    # The keyring's own store belongs to what a thief would find.
    trees = [counter.tree, Path(os.environ["XDG_DATA_HOME"])]
    found, files, size = hits(trees, names, leave_out=saved)
    assert not found, f"{len(found)} hits, the first: {found[:3]}"
    assert files > 5 and size > 200_000, "too little was searched to mean anything"
    print(f"0 hits of {len(names)} names in {size} bytes of {files} files; saved on purpose: {len(saved)}")

    # Control: the same names beside the vault, in a plain database and in a report, are found.
    plain = sqlite3.connect(counter.tree / "plain.db")
    plain.execute("create table answers (name text)")
    plain.executemany("insert into answers values (?)", [(name,) for name in names])
    plain.commit()
    plain.close()
    betrayed = {hit.word for hit in hits([counter.tree], names, leave_out=saved)[0]}
    assert betrayed == set(names)
