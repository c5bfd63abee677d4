"""A real `hengxin-server up` over TLS, its staff's commands, and the real `hengxin` command as client."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import hmac
import json
import os
import select
import signal
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests import engines
from tests.begun import begun
from tests.flows import warm

BIN = Path(sys.executable).parent
SIGNS_EVERYBODY_OUT = ("restored",)
ASKS = 9  # verifications a minute, so that one is left for what asks beside them
PASSPHRASE = "示例长口令 not a PIN 7"


def totp(secret: str, step: int) -> str:
    """RFC 6238 with SHA-1, six digits, 30 seconds."""
    digest = hmac.new(base64.b32decode(secret), struct.pack(">Q", step), hashlib.sha1).digest()
    place = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[place : place + 4])[0] & 0x7FFFFFFF) % 10**6:06d}"


@dataclass
class Server:
    """One home; started and stopped as often as a story wants, always on the same port."""

    home: Path
    card: dict[str, Any] = field(default_factory=dict)
    used_steps: dict[str, int] = field(default_factory=dict)
    asked: list[float] = field(default_factory=list)
    computers: int = 0
    environment: dict[str, str] = field(default_factory=dict)
    ahead_s: float = 0.0  # how far this server's clock is ahead of ours
    shared: bool = False  # whether tests of other files have officers signed in here
    _process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Raises AssertionError with the end of the server's log when it does not come up."""
        if not (self.home.exists() or self.environment):
            begun(self.home)
        words = [BIN / "hengxin-server", "up", "--home", self.home, "--sample", "small"]
        if self.card:
            words += ["--port", self.card["url"].rpartition(":")[2]]
        with (self.home.parent / f"{self.home.name}.log").open("a") as log:
            env = {**engines.environment(self.home), **self.environment}
            self._process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=log, text=True, env=env)
        assert self._process.stdout is not None
        ready, _, _ = select.select([self._process.stdout], [], [], 90)
        line = self._process.stdout.readline() if ready else ""
        assert line, (self.home.parent / f"{self.home.name}.log").read_text()[-3000:]
        found = json.loads(line)
        self.card = {**found, "accounts": found.get("accounts") or self.card.get("accounts", [])}

    def stop(self) -> None:
        """SIGTERM and wait: nobody answers afterwards."""
        if self._process is not None:
            self._process.send_signal(signal.SIGTERM)
            self._process.wait(30)
            assert self._process.stdout is not None
            self._process.stdout.close()
            self._process = None

    @property
    def is_up(self) -> bool:
        return self._process is not None

    @property
    def url(self) -> str:
        return str(self.card["url"])

    @property
    def ca_file(self) -> str:
        return str(self.card["ca_file"])

    def account(self, user: str) -> dict[str, str]:
        found: dict[str, str] = next(one for one in self.card["accounts"] if one["user"] == user)
        return found

    def subject(self, why: str, number: int = 0) -> dict[str, str]:
        found: dict[str, str] = [one for one in self.card["subjects"] if one["why"] == why][number]
        return found

    def staff(self, *words: str) -> str:
        """A command of the centre's staff, beside the running server."""
        verb, *rest = words
        assert not (self.shared and verb in SIGNS_EVERYBODY_OUT), f"{verb} needs a server of its own"
        done = subprocess.run(
            [BIN / "hengxin-server", verb, "--home", self.home, *rest],
            capture_output=True, text=True, timeout=60, check=False, env=engines.environment(self.home),
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def next_address(self) -> str:
        """Another computer of the officer's each time: one address is answered ten times a minute."""
        self.computers += 1
        return f"127.0.{1 + self.computers // 250}.{1 + self.computers % 250}"

    def pace(self) -> None:
        """Wait as a person would be told to: the register answers one address ten times a minute."""
        while len(self.asked) >= ASKS and self.asked[-ASKS] > time.monotonic() - 61:
            time.sleep(0.5)
        self.asked.append(time.monotonic())

    def code_of(self, user: str) -> str:
        """A code that was not used yet: one of the window of three, else the next one is waited for."""
        secret, last = self.account(user)["totp_secret"], self.used_steps.get(user, 0)
        while True:
            now, into = divmod(time.time() + self.ahead_s, 30)
            step = max(int(now) - (into < 15), last + 1)  # the step before is good as long as this one lasts
            if step <= now + 1:
                self.used_steps[user] = step
                return totp(secret, step)
            time.sleep(0.5)


@contextlib.contextmanager
def serving(home: Path) -> Iterator[Server]:
    """A server of one's own on a new home, stopped at the end."""
    one = Server(home)
    one.start()
    yield one
    one.stop()


@dataclass
class Said:
    """What a command said: exit code, standard output as JSON (with --json) and as text."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.out)
        return found

    @property
    def error(self) -> str:
        return str(self.json["error"]["code"])


@dataclass
class Cli:
    """`hengxin` as a child process on one home; secrets go in by standard input only."""

    home: Path
    server: Server
    user: str
    passphrase: str = PASSPHRASE
    url: str = ""
    extra_env: dict[str, str] = field(default_factory=dict)

    def __call__(self, *words: str | Path, secrets: dict[str, Any] | None = None, json_: bool = True) -> Said:
        given = {"passphrase": self.passphrase, **(secrets or {})}
        command = [*map(str, words), "--home", str(self.home), "--secrets", "-", *["--json"] * json_]
        asks = "verify" in words and not {"ledger", "--offline"}.intersection(words)
        address = self.server.next_address() if asks else ""
        done = warm.run(command, json.dumps(given), {**os.environ, **self.extra_env}, address)
        return Said(done.returncode, done.stdout, done.stderr)

    def sign_in(self, code: str = "") -> Said:
        account = self.server.account(self.user)
        secrets = {
            "password": account["password"],
            "totp": self.server.code_of(self.user),
            "enrolment_code": code or account["enrolment_code"],
        }
        url = self.url or self.server.url
        return self(
            "sign-in", "--server", url, "--ca", self.server.ca_file, "--user", self.user, secrets=secrets
        )

    def query(self, code: str, *more: str | Path, case: str = "L-1", purpose: str = "B01", **kw: Any) -> Said:
        return self("query", code, "--purpose", purpose, "--case", case, *more, **kw)

    def person(
        self, card: dict[str, str], *more: str | Path, case: str = "L-1", purpose: str = "B01"
    ) -> Said:
        person = {key: card[key] for key in ("name", "id_type", "number")}
        words = ("query", "--person", "-", "--purpose", purpose, "--case", case, *more)
        return self(*words, secrets={"person": person})
