"""A server that does not come up says why."""

from __future__ import annotations

import socket
import threading
from pathlib import Path

import pytest

from server_stub.config import tls
from server_stub.config.reaching import LOOPBACK
from server_stub.jobs import serving


class Worker:
    """A web server's process that lives, or has ended."""

    def __init__(self, code: int | None) -> None:
        self.code = code

    def poll(self) -> int | None:
        return self.code


@pytest.fixture
def served(tmp_path: Path) -> tls.Served:
    return tls.make(tmp_path)


def wait(worker: Worker, port: int, served: tls.Served, stop: threading.Event | None = None) -> bool:
    return serving._wait(worker, (LOOPBACK, port), served, stop or threading.Event())  # type: ignore[arg-type]


def test_silence_ends_with_the_reason(served: tls.Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "PATIENCE_S", 0.3)
    with socket.socket() as nobody:
        nobody.bind((LOOPBACK, 0))
        with pytest.raises(OSError, match="no answer at port .*refused"):
            wait(Worker(None), nobody.getsockname()[1], served)


def test_an_ended_worker_or_a_stop_ends_the_waiting(served: tls.Served) -> None:
    assert wait(Worker(1), 9, served) is False
    stop = threading.Event()
    stop.set()
    assert wait(Worker(None), 9, served, stop) is False
