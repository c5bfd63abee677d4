"""A real server in a process of its own: `hengxin-server up` on a home of a test."""

from __future__ import annotations

import base64
import json
import select
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from app.field.records import Bundle, read_bundle
from tests import engines
from tests.server_stub.knocking import Answer, Knocker

PATIENCE_S = 240  # longer than the server's own, so that it can say why it did not come up


class Served:
    """One run of `up`; `card` is the line it printed."""

    def __init__(self, home: Path, *words: str, env: dict[str, str] | None = None) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "server_stub.command", "up", "--home", str(home), *words],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=engines.environment(home) | (env or {}),
            text=True,
        )
        self.card: dict[str, Any] = {}

    def wait(self) -> dict[str, Any]:
        """The printed line.

        Raises:
            RuntimeError: with what the server said, when it ended or kept silent.
        """
        assert self.process.stdout is not None
        ready, _, _ = select.select([self.process.stdout], [], [], PATIENCE_S)
        line = self.process.stdout.readline() if ready else ""
        if not line:
            ended = self.process.poll()
            self.process.kill()
            raise RuntimeError(f"exit code {ended}: {self.process.communicate()[1]}")
        self.card = json.loads(line)
        return self.card

    def stop(self, sign: int = signal.SIGTERM) -> int:
        """End it; returns the exit code. Beside its card it has printed nothing that a program would read."""
        if self.process.poll() is None:
            self.process.send_signal(sign)
        more, _ = self.process.communicate(timeout=30)
        assert more == "", more
        return self.process.returncode


def signed_bundle(device: Knocker, answer: Answer) -> Bundle:
    """The content of an answer, checked with the key that the server itself publishes.

    Raises:
        InvalidSignature: when it was signed with another one.
    """
    assert answer.status == 201, answer.body
    published = device.call("GET", "/api/", signed=False, proven=False).body["answers"]["public_b64"]
    payload, signature = (
        base64.b64decode(answer.body["answer"][name]) for name in ("payload_b64", "sig_b64")
    )
    Ed25519PublicKey.from_public_bytes(base64.b64decode(published)).verify(signature, payload)
    return read_bundle(payload)
