"""A real server process over TLS with the small made-up city, and the accounts it printed."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import selectors
import signal
import struct
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests import engines

READY_WITHIN_S = 120
STEP_S = 30


def code_at(secret: str, moment: float) -> str:
    """The six digits of RFC 6238 for a base32 secret."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    mac = hmac.new(key, struct.pack(">Q", int(moment // STEP_S)), hashlib.sha1).digest()
    place = mac[-1] & 15
    return f"{(struct.unpack('>I', mac[place : place + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"


@dataclass
class City:
    """A served city. `kill` and `start` may be called again and again on one home."""

    home: Path
    card: dict[str, Any]
    process: subprocess.Popen[bytes] | None

    @property
    def url(self) -> str:
        return str(self.card["url"])

    @property
    def ca_file(self) -> Path:
        return Path(self.card["ca_file"])

    def account(self, role: str) -> dict[str, str]:
        """The first account of a role."""
        return next(one for one in self.card["accounts"] if one["role"] == role)

    def fresh_code(self, account: dict[str, str]) -> str:
        """The code of now, once a step: a code is good for one use, so wait for the next step if need be."""
        used = self.card.setdefault("_used", {})
        while used.get(account["user"]) == int(time.time() // STEP_S):
            time.sleep(0.2)
        used[account["user"]] = int(time.time() // STEP_S)
        return code_at(account["totp_secret"], time.time())

    def kill(self, how: int = signal.SIGKILL) -> None:
        if self.process is not None and self.process.poll() is None:
            os.killpg(self.process.pid, how)
            self.process.wait(30)
        if self.process is not None and self.process.stdout is not None:
            self.process.stdout.close()
        self.process = None

    def start(self) -> None:
        """Serve this home again, at the address it had."""
        again = serve(self.home)
        self.card.update({key: again.card[key] for key in ("url", "ca_file", "pid")})
        self.process = again.process


def serve(home: Path, sample: str = "small") -> City:
    """Start `hengxin-server up` and wait for the one line it prints when it is ready."""
    command = [sys.executable, "-m", "server_stub.command", "up", "--home", str(home), "--sample", sample]
    log = home.parent / f"{home.name}.log"
    with log.open("ab") as errors:
        process = subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=errors,
            start_new_session=True,
            env=engines.environment(home),
        )
    assert process.stdout is not None
    with selectors.DefaultSelector() as waiting:
        waiting.register(process.stdout, selectors.EVENT_READ)
        if not waiting.select(READY_WITHIN_S):
            os.killpg(process.pid, signal.SIGKILL)
            raise RuntimeError(f"the server was not ready within {READY_WITHIN_S} s; see {log}")
    line = process.stdout.readline()
    if not line:
        raise RuntimeError(f"the server ended with {process.wait(10)}; see {log}")
    return City(home, json.loads(line), process)
