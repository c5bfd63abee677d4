"""`up`: prepare the home, serve over TLS, say so in one line of JSON, stop on SIGTERM."""

from __future__ import annotations

import argparse
import fcntl
import json
import os
import socket
import ssl
import sys
import threading
import time
from http.client import HTTPException, HTTPSConnection
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connections
from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels

from server_stub.config import tls
from server_stub.config.clock import today
from server_stub.jobs.preparing import prepare
from server_stub.records.services import sweep

ADDRESS = "127.0.0.1"
THREADS = 4
PATIENCE_S = 60.0
LOOK_S = 60.0


def run(words: argparse.Namespace) -> int:
    """Serve until SIGTERM or SIGINT.

    Raises:
        ImproperlyConfigured: a check failed, or another server has this home.
        OSError: the port is taken.
    """
    home: Path = settings.HENGXIN_HOME
    with (home / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as flaw:
            raise ImproperlyConfigured("another server has this home") from flaw
        served, city = prepare(home, words.sample)
        port = _port(home, words.port)
        connections.close_all()
        server = Granian(
            "server_stub.config.wsgi:application",
            address=ADDRESS,
            port=port,
            interface=Interfaces.WSGI,
            workers=1,
            blocking_threads=THREADS,
            http=HTTPModes.http1,
            websockets=False,
            log_level=LogLevels.warning,
            ssl_cert=served.certificate,
            ssl_key=served.key,
            workers_kill_timeout=10,
        )
        card = {
            "url": f"https://localhost:{port}",
            "ca_file": str(served.ca_file),
            "pid": os.getpid(),
            **city,
        }
        threading.Thread(target=_announce, args=(port, served, card), daemon=True).start()
        threading.Thread(target=_look_daily, daemon=True).start()
        os.environ["HENGXIN_ENDS_WITH"] = str(os.getpid())
        server.serve()
    return 0


def _look_daily() -> None:
    """Tell holders of copies whose publicity is over, at the start and on every new day."""
    seen = ""
    while True:
        if seen != today().isoformat():
            seen = today().isoformat()
            sweep(today(), by="system")
            connections.close_all()
        time.sleep(LOOK_S)


def _announce(port: int, served: tls.Served, card: dict[str, Any]) -> None:
    """Print the line once the server answers over its own certificate."""
    until = time.monotonic() + PATIENCE_S
    trust = ssl.create_default_context(cafile=str(served.ca_file))
    while time.monotonic() < until:
        if _answers(port, trust):
            sys.stdout.write(json.dumps(card, ensure_ascii=False) + "\n")
            sys.stdout.flush()
            return
        time.sleep(0.1)
    sys.stderr.write("the server does not answer\n")
    os.kill(os.getpid(), 15)


def _answers(port: int, trust: ssl.SSLContext) -> bool:
    connection = HTTPSConnection("localhost", port, timeout=5, context=trust)
    try:
        connection.request("GET", "/api/")
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


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
