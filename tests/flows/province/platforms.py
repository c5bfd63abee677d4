"""Platforms as real processes on homes of a test: servers over TLS and the commands of their staff."""

from __future__ import annotations

import contextlib
import json
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests import engines
from tests.server_stub.serving import Served

SEGMENT = "60"
COMMAND = "server_stub.command"


@dataclass
class Platform:
    """One home. `served` while its server runs; `staff` who proposes and who approves."""

    home: Path
    staff: tuple[str, str]
    words: tuple[str, ...] = ()
    served: Served | None = None
    card: dict[str, Any] = field(default_factory=dict)
    every_s: int = 86_400

    @property
    def env(self) -> dict[str, str]:
        quiet = {"HENGXIN_SEGMENT_CHANGES": SEGMENT, "HENGXIN_EXCHANGE_EVERY_S": str(self.every_s)}
        return {**engines.environment(self.home), **quiet, "HENGXIN_SERVER_HOME": str(self.home)}

    def start(self) -> None:
        port = ("--port", self.card["url"].rpartition(":")[2]) if self.card else ()
        self.served = Served(self.home, *self.words, *port, env=self.env)
        self.card = {**self.card, **self.served.wait()}

    def kill(self) -> None:
        """As a cut of power ends it: the whole server at once."""
        assert self.served is not None
        self.served.stop(signal.SIGKILL)

    def stop(self) -> None:
        if self.served is not None:
            with contextlib.suppress(RuntimeError):
                self.served.stop()

    def begin(self, *words: str, module: str = COMMAND) -> subprocess.Popen[str]:
        """A command of the staff, not waited for."""
        return subprocess.Popen(
            [sys.executable, "-m", module, *words],
            env=self.env,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *words: str, module: str = COMMAND) -> tuple[int, str, str]:
        process = self.begin(*words, module=module)
        out, err = process.communicate(timeout=100)
        return process.returncode, out, err

    def say(self, *words: str) -> Any:
        """A command that succeeds and prints one line of JSON."""
        code, out, err = self.run(*words, "--json")
        assert code == 0, out + err
        return json.loads(out.splitlines()[-1])

    def act(self, *words: str) -> str:
        code, out, err = self.run(*words)
        assert code == 0, out + err
        return out

    def status(self, partner: str) -> dict[str, Any]:
        found: dict[str, Any] = self.say("exchange", "status", partner)
        return found


def found(home: Path, persons: list[dict[str, str]]) -> Platform:
    """A platform without records; it knows these persons."""
    platform = Platform(home, ("keeper1", "keeper2"))
    done = subprocess.run(
        [sys.executable, "-m", "tests.flows.province.founding"],
        env=platform.env,
        input=json.dumps(persons),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return platform


def introduce(one: Platform, other: Platform, url: str, direction: str, *terms: str) -> str:
    """`one` adds `other`, reached at `url`, and approves it; returns its id."""
    card = json.loads(other.act("partner", "card", "--url", url))
    path = one.home.parent / f"card-of-{other.home.name}.json"
    path.write_text(json.dumps(card), encoding="utf-8")
    proposer, approver = one.staff
    one.act("partner", "add", str(path), "--direction", direction, "--as", proposer, *terms)
    one.act("partner", "approve", card["id"], "--as", approver)
    return str(card["id"])
