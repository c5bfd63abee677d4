"""`up`: prepare the home, serve over TLS, say so in one line of JSON, stop on SIGTERM."""

from __future__ import annotations

import argparse
import errno
import fcntl
import ipaddress
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

from server_stub.config import reaching, tls
from server_stub.config.env import without_pin
from server_stub.config.reaching import Reach
from server_stub.jobs import noting
from server_stub.jobs.preparing import prepare
from server_stub.jobs.rounds import Rounds
from server_stub.jobs.sealing_beside import SealBeside
from server_stub.jobs.sweeping import Daily, Leftovers
from server_stub.sample.scale.loading import unfinished

THREADS = 8  # most of them wait for one flush, which they share
PATIENCE_S = 60.0
LOOK_S = 1.0


def run(words: argparse.Namespace) -> int:
    """Serve until SIGTERM or SIGINT; 0 after a clean stop, 1 when the server ended by itself.

    Raises:
        ImproperlyConfigured: a check failed, words that do not go together, or another server has this home.
        OSError: the port is taken, or nothing answers there.
    """
    home: Path = settings.HENGXIN_HOME
    at = reaching.reach(words.host, words.name, sample=words.sample is not None)
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
        served, city = prepare(home, words.sample, at.names)
        port = _port(home, words.port, at.host)
        with SealBeside(home) as seal, _worker(served, at, port) as worker:
            try:
                if _wait(worker, (at.near(), port), served, stop):
                    seal.wait(stop)
                    card = {"url": at.url(port), "ca_file": str(served.ca_file)}
                    _say({**card, "pid": os.getpid(), **city})
                    _watch(worker, stop, seal)
            finally:
                ended = worker.poll() is not None
                worker.terminate()
        noting.note(home)
    return 1 if ended else 0


def _worker(served: tls.Served, at: Reach, port: int) -> subprocess.Popen[bytes]:
    """The web server in a process of its own: it starts from nothing, without our threads and connections."""
    words = [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--http", "1", "--no-ws"),
        *("--host", at.host, "--port", str(port), "--workers", "1", "--blocking-threads", str(THREADS)),
        *("--ssl-certificate", str(served.certificate), "--ssl-keyfile", str(served.key)),
        *("--workers-kill-timeout", "10", "--log-level", "warning", "--no-access-log"),
        "server_stub.config.ending:application",
    ]
    lifeline, _held = os.pipe()  # this process holds the other end as long as it lives
    told = {reaching.NAMES: ",".join(at.names), reaching.OWN_URL: at.url(port)}
    environment = {**without_pin(os.environ), "HENGXIN_LIFELINE": str(lifeline), **told}
    # its warnings are for people: standard output holds our card and nothing else
    return subprocess.Popen(words, env=environment, pass_fds=(lifeline,), stdout=2)


def _watch(worker: subprocess.Popen[bytes], stop: threading.Event, seal: SealBeside) -> None:
    """Until somebody says stop or the worker ends: note how far the log has come; see that somebody keeps the
    seal; at once and on each new day, tell holders what is over; at once and now and then, remove uploads
    that nobody finished.
    """
    daily, leftovers = Daily(), Leftovers()
    with Rounds(stop):
        while worker.poll() is None and not stop.is_set():
            daily.look(stop.is_set)
            leftovers.look()
            seal.look()
            noting.note(settings.HENGXIN_HOME)
            stop.wait(LOOK_S)
        stop.set()


def _say(card: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(card, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def _wait(
    worker: subprocess.Popen[bytes], place: tuple[str, int], served: tls.Served, stop: threading.Event
) -> bool:
    """Whether the server answers over its own certificate; False when it ended or was stopped.

    Raises:
        OSError: it neither answers nor ends; says what the last try met.
    """
    until = time.monotonic() + PATIENCE_S
    trust = ssl.create_default_context(cafile=str(served.ca_file))
    while worker.poll() is None and not stop.is_set():
        fault = _fault(place, trust)
        if not fault:
            return True
        if time.monotonic() > until:
            raise OSError(f"no answer at port {place[1]} in {PATIENCE_S:.0f} s: {fault}")
        stop.wait(0.1)
    return False


def _fault(place: tuple[str, int], trust: ssl.SSLContext) -> str:
    """Why the server does not answer; empty when it does."""
    connection = HTTPSConnection("localhost", place[1], timeout=5, context=trust)
    try:
        line = socket.create_connection(place, timeout=5)
        connection.sock = trust.wrap_socket(line, server_hostname="localhost")
        connection.request("GET", "/api/")
        status = connection.getresponse().status
    except (OSError, HTTPException) as flaw:
        return f"{type(flaw).__name__} {flaw}"
    finally:
        connection.close()
    return "" if status == 200 else f"status {status}"


def _port(home: Path, wanted: int, host: str) -> int:
    """The wanted port, else the one this home had before if it is free, else a free one; remembered.

    Raises:
        OSError: the wanted port is taken.
    """
    note = home / "port"
    before = int(note.read_text()) if note.exists() else 0
    port = wanted or (before if before and _free(host, before) else 0)
    if not port:
        with _probe(host) as probe:
            probe.bind((host, 0))
            port = int(probe.getsockname()[1])
    elif not _free(host, port):
        raise OSError(f"port {port} is taken")
    note.write_text(str(port))
    return port


def _free(host: str, port: int) -> bool:
    with _probe(host) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as flaw:
            if flaw.errno == errno.EADDRNOTAVAIL:
                raise OSError(f"{host} is not an address of this machine") from flaw
            return False
    return True


def _probe(host: str) -> socket.socket:
    wide = ipaddress.ip_address(host).version == 6
    return socket.socket(socket.AF_INET6 if wide else socket.AF_INET)
