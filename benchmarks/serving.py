"""Servers for a load: ours over TLS on a seeded home, datasette on the same SQLite file, each on core 0."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from benchmarks.measure import ROOT

DOCUMENT = "/api/v1/bench/document"
SERVER_CORE, LOAD_CORE = 0, 1
READY_S = 60.0
PEERS = ROOT / ".venv-peers" / "bin" / "datasette"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def ours(home: Path) -> Iterator[tuple[str, str]]:
    """Our server with the benchmark's door, as `up` starts it; gives its address and its authority's file."""
    port = free_port()
    words = [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--http", "1", "--no-ws"),
        *("--host", "127.0.0.1", "--port", str(port), "--workers", "1", "--blocking-threads", "4"),
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
    with _running(words, env, port):
        yield f"https://localhost:{port}", str(home / "tls" / "ca.pem")


@contextlib.contextmanager
def datasette(home: Path, queries: dict[str, str]) -> Iterator[int]:
    """Datasette on the file of a home, read only, with `queries` as named queries; gives its port.

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
    ]
    with _running(words, dict(os.environ), port):
        yield port


@contextlib.contextmanager
def _running(words: list[str], env: dict[str, str], port: int) -> Iterator[None]:
    pin: Callable[[], Any] = lambda: os.sched_setaffinity(0, {SERVER_CORE})  # noqa: E731
    process = subprocess.Popen(words, cwd=ROOT, env=env, preexec_fn=pin)  # noqa: PLW1509
    try:
        until = time.monotonic() + READY_S
        while True:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                break
            if process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"{words[0]} did not come up")
            time.sleep(0.2)
        yield
    finally:
        process.terminate()
        process.wait(20)
