"""The officer's computer: a HOME with everything the client may write, and what the client printed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.officer.city import City

PASSPHRASE = "松烟-Practice-2026"


class Counter:
    """The officer's computer: a HOME with everything the client may write, and what it printed."""

    def __init__(self, tree: Path, served: City, account: dict[str, str]) -> None:
        self.tree, self.served, self.account = tree, served, account
        self.saved, self.home = tree / "Documents", tree / ".local" / "share" / "hengxin"
        for place in (self.saved, tree / "tmp"):
            place.mkdir(parents=True)
        self.codes = [one["code"] for one in served.card["subjects"] if one["kind"] == "legal"]

    def orders(self, phase: str) -> dict[str, Any]:
        served, account = self.served, self.account
        return {
            "home": str(self.home),
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
