"""Servers for a load, each over TLS on core 0: ours on a seeded home, datasette on the same SQLite file."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.measure import ROOT

DOCUMENT, BARE = "/api/v1/bench/document", "/bench/bare"
SERVER_CORE, LOAD_CORE = 0, 1
READY_S = 60.0
PEERS = ROOT / ".venv-peers" / "bin" / "datasette"


@dataclass(frozen=True)
class Served:
    """A server that runs: its address, its authority's file, the process and its port."""

    url: str
    ca_file: str
    pid: int
    port: int


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def ours(home: Path) -> Iterator[Served]:
    """Our server with the benchmark's door, as `up` starts it."""
    port = free_port()
    words = [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--http", "1", "--no-ws"),
        *("--host", "127.0.0.1", "--port", str(port), "--workers", "1", "--blocking-threads", "8"),
        *(
            "--ssl-certificate",
            str(home / "tls" / "server.pem"),
            "--ssl-keyfile",
            str(home / "tls" / "server.key"),
        ),
        *("--log-level", "warning", "--no-access-log", "benchmarks.document_served:application"),
    ]
    env = {
        **os.environ,
        "HENGXIN_SERVER_HOME": str(home),
        "DJANGO_SETTINGS_MODULE": "server_stub.config.settings",
    }
    with _running(words, env, port) as pid:
        yield Served(f"https://localhost:{port}", str(home / "tls" / "ca.pem"), pid, port)


@contextlib.contextmanager
def datasette(home: Path, queries: dict[str, str]) -> Iterator[Served]:
    """Datasette on the file of a home, read only, with `queries` as named queries, over the same certificate.

    Raises:
        FileNotFoundError: when the peers are not installed (`make peers`).
    """
    if not PEERS.exists():
        raise FileNotFoundError("the peers are not installed: make peers")
    port = free_port()
    named = {name: {"sql": sql} for name, sql in queries.items()}
    about = home.parent / "datasette.json"
    about.write_text(json.dumps({"databases": {"server": {"queries": named}}}), encoding="utf-8")
    words = [
        *(str(PEERS), "serve", "-i", str(home / "server.sqlite3"), "--metadata", str(about)),
        *("--host", "127.0.0.1", "--port", str(port), "--setting", "sql_time_limit_ms", "10000"),
        *(
            "--ssl-certfile",
            str(home / "tls" / "server.pem"),
            "--ssl-keyfile",
            str(home / "tls" / "server.key"),
        ),
    ]
    with _running(words, dict(os.environ), port) as pid:
        yield Served(f"https://localhost:{port}", str(home / "tls" / "ca.pem"), pid, port)


def memory_mb(pid: int) -> float:
    """Memory of its own that a process and its children hold, file pages not counted."""
    total, waiting = 0, [pid]
    while waiting:
        one = waiting.pop()
        for line in Path(f"/proc/{one}/status").read_text().splitlines():
            if line.startswith("RssAnon:"):
                total += int(line.split()[1])
        for task in Path(f"/proc/{one}/task").iterdir():
            waiting += map(int, (task / "children").read_text().split())
    return total / 1024


@contextlib.contextmanager
def _running(words: list[str], env: dict[str, str], port: int) -> Iterator[int]:
    pin: Callable[[], Any] = lambda: os.sched_setaffinity(0, {SERVER_CORE})  # noqa: E731
    said = tempfile.TemporaryFile()  # noqa: SIM115 - a peer logs every request
    process = subprocess.Popen(  # noqa: PLW1509
        words, cwd=ROOT, env=env, preexec_fn=pin, stdout=subprocess.DEVNULL, stderr=said
    )
    try:
        until = time.monotonic() + READY_S
        while True:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                break
            if process.poll() is not None or time.monotonic() > until:
                said.seek(0)
                raise RuntimeError(f"{words[0]} did not come up: {said.read()[-2000:].decode()}")
            time.sleep(0.2)
        yield process.pid
    finally:
        process.terminate()
        process.wait(20)
        said.close()
