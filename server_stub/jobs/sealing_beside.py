"""Beside the running server: the process that keeps the seal, begun again when it ends."""

from __future__ import annotations

import fcntl
import logging
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from server_stub.jobs.sealing import LIFELINE
from server_stub.seal.words import Place

AGAIN_S = 5.0
READY_S = 20.0
log = logging.getLogger(__name__)


class SealBeside:
    """A child that lives inside the `with` block. Where an operator keeps the seal himself
    (`hengxin-server seal keep`, under another service) his process holds the lock and none is begun.
    """

    def __init__(self, home: Path, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._home, self._monotonic = home, monotonic
        self._child: subprocess.Popen[bytes] | None = None
        self._not_before = 0.0
        self._held = -1

    def __enter__(self) -> SealBeside:
        self.look()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, flaw: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._child is not None and self._child.poll() is None:
            self._child.terminate()
            self._child.wait()
        self._let_go()

    def look(self) -> None:
        """Begin the child when nobody keeps the seal; called often. What hinders it is logged: everything but
        a report is answered without a seal.
        """
        try:
            self._look()
        except OSError:
            self._not_before = self._monotonic() + AGAIN_S
            log.exception("the process that keeps the seal cannot be begun")

    def _look(self) -> None:
        if self._child is not None and self._child.poll() is None:
            return
        if self._monotonic() < self._not_before or _taken(self._home):
            return
        if self._child is not None:
            log.warning("the process that keeps the seal ended and is begun again")
        self._not_before = self._monotonic() + AGAIN_S
        self._child = self._begin()

    def wait(self, stop: threading.Event) -> None:
        """Until it listens; not for ever: the rest of the server is worth having without a seal."""
        until = self._monotonic() + READY_S
        while not (stop.is_set() or self._listens()):
            if self._monotonic() > until:
                log.error("nobody keeps the seal: reports are not issued until somebody does")
                return
            stop.wait(0.05)

    def _begin(self) -> subprocess.Popen[bytes]:
        self._let_go()
        lifeline, self._held = os.pipe()  # our end closes when we end, however that is
        words = [sys.executable, "-m", "server_stub.command", "seal", "keep", "--home", str(self._home)]
        try:
            return subprocess.Popen(words, env={**os.environ, LIFELINE: str(lifeline)}, pass_fds=(lifeline,))
        finally:
            os.close(lifeline)

    def _let_go(self) -> None:
        """Close our end of the last child's lifeline."""
        if self._held >= 0:
            os.close(self._held)
            self._held = -1

    def _listens(self) -> bool:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
            line.settimeout(1.0)
            try:
                with Place(self._home) as place:
                    line.connect(place)
            except OSError:
                return False
        return True


def _taken(home: Path) -> bool:
    """Whether some process keeps the seal of this home."""
    with (home / "seal" / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False
