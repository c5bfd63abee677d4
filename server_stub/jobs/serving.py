"""`up`: prepare the home, serve over TLS, say so in one line of JSON, stop on SIGTERM."""

from __future__ import annotations

import argparse
import fcntl
import json
import os
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
from http.client import HTTPException, HTTPSConnection
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from server_stub.config import tls
from server_stub.jobs.preparing import prepare
from server_stub.jobs.sweeping import Daily
from server_stub.sample.scale.loading import unfinished

ADDRESS = "127.0.0.1"
THREADS = 4
PATIENCE_S = 60.0
LOOK_S = 1.0


def run(words: argparse.Namespace) -> int:
    """Serve until SIGTERM or SIGINT; 0 after a clean stop, 1 when the server ended by itself.

    Raises:
        ImproperlyConfigured: a check failed, or another server has this home.
        OSError: the port is taken, or nothing answers there.
    """
    home: Path = settings.HENGXIN_HOME
    stop = threading.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: stop.set())
    with (home / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as flaw:
            raise ImproperlyConfigured("another server has this home") from flaw
        if unfinished():
            raise ImproperlyConfigured("a seed was interrupted here: give the same seed once more first")
        served, city = prepare(home, words.sample)
        port = _port(home, words.port)
        with _worker(served, port) as worker:
            try:
                if _wait(worker, port, served, stop):
                    card = {"url": f"https://localhost:{port}", "ca_file": str(served.ca_file)}
                    _say({**card, "pid": os.getpid(), **city})
                    _watch(worker, stop)
            finally:
                ended = worker.poll() is not None
                worker.terminate()
    return 1 if ended else 0


def _worker(served: tls.Served, port: int) -> subprocess.Popen[bytes]:
    """The web server in a process of its own: it starts from nothing, without our threads and connections."""
    words = [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--http", "1", "--no-ws"),
        *("--host", ADDRESS, "--port", str(port), "--workers", "1", "--blocking-threads", str(THREADS)),
        *("--ssl-certificate", str(served.certificate), "--ssl-keyfile", str(served.key)),
        *("--workers-kill-timeout", "10", "--log-level", "warning", "--no-access-log"),
        "server_stub.config.ending:application",
    ]
    lifeline, _held = os.pipe()  # this process holds the other end as long as it lives
    environment = {**os.environ, "HENGXIN_LIFELINE": str(lifeline)}
    return subprocess.Popen(words, env=environment, pass_fds=(lifeline,))


def _watch(worker: subprocess.Popen[bytes], stop: threading.Event) -> None:
    """Until somebody says stop or the worker ends; at once and on each new day, tell holders what is over."""
    daily = Daily()
    while worker.poll() is None and not stop.is_set():
        daily.look(stop.is_set)
        stop.wait(LOOK_S)


def _say(card: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(card, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def _wait(worker: subprocess.Popen[bytes], port: int, served: tls.Served, stop: threading.Event) -> bool:
    """Whether the server answers over its own certificate; False when it ended or was stopped.

    Raises:
        OSError: it neither answers nor ends; says what the last try met.
    """
    until = time.monotonic() + PATIENCE_S
    trust = ssl.create_default_context(cafile=str(served.ca_file))
    while worker.poll() is None and not stop.is_set():
        fault = _fault(port, trust)
        if not fault:
            return True
        if time.monotonic() > until:
            raise OSError(f"no answer at port {port} in {PATIENCE_S:.0f} s: {fault}")
        stop.wait(0.1)
    return False


def _fault(port: int, trust: ssl.SSLContext) -> str:
    """Why the server does not answer; empty when it does."""
    connection = HTTPSConnection("localhost", port, timeout=5, context=trust)
    try:
        connection.request("GET", "/api/")
        status = connection.getresponse().status
    except (OSError, HTTPException) as flaw:
        return f"{type(flaw).__name__} {flaw}"
    finally:
        connection.close()
    return "" if status == 200 else f"status {status}"


def _port(home: Path, wanted: int) -> int:
    """The wanted port, else the one this home had before if it is free, else a free one; remembered.

    Raises:
        OSError: the wanted port is taken.
    """
    note = home / "port"
    before = int(note.read_text()) if note.exists() else 0
    port = wanted or (before if before and _free(before) else 0)
    if not port:
        with socket.socket() as probe:
            probe.bind((ADDRESS, 0))
            port = int(probe.getsockname()[1])
    elif not _free(port):
        raise OSError(f"port {port} is taken")
    note.write_text(str(port))
    return port


def _free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((ADDRESS, port))
        except OSError:
            return False
    return True
