"""A partner's first pull beside the same bytes as static files, and the feed for a device."""

from __future__ import annotations

import json
import os
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from http.client import HTTPSConnection
from pathlib import Path
from typing import Any

from benchmarks.measure import ROOT, Figure, figure

CHANGES = int(os.environ.get("HENGXIN_BENCH_CHANGES", "100000"))
ROUNDS = 15
PAGE = 200
QUIET = {"HENGXIN_EXCHANGE_EVERY_S": "86400"}


def figures() -> Iterator[Figure]:
    """The bulk pull with every signature and digest checked, against a static folder of the same web server;
    unpacking and reading of the rows alone; pages of the feed for one device."""
    with tempfile.TemporaryDirectory() as place:
        city, partner = Path(place) / "city", Path(place) / "partner"
        made = _prepared(city, partner)
        served = _served(city)
        static = _static(city, made)
        try:
            pulled = _program("pull", partner, city, static[1], served.process.pid, static[0].pid)
            n = f"{CHANGES} changes, {pulled['bytes'] / 1e6:.1f} MB"
            floor = "the same bytes from a static folder of the same web server"
            yield figure(f"province.bulk_pull ({n})", pulled["ours"], floor, pulled["static"], "ms")
            cpu = ("ours_cpu", "static_cpu")
            yield figure("province.bulk_pull_cpu, both ends", pulled[cpu[0]], floor, pulled[cpu[1]], "ms")
            yield figure("province.idle_control", pulled["idle"], floor, pulled["static"], "ms")
            reading = "the bulk pull"
            yield figure("province.bulk_read", pulled["read"], reading, pulled["ours"], "ms")
            pages = _pages(served.card, made)
            floor = "GET /api/ on the same TLS session"
            yield figure("province.feed_page", pages["page"], floor, pages["get"], f"ms per {PAGE} changes")
            yield figure("province.feed_all", [sum(pages["page"])], "the bulk pull", pulled["ours"], "ms")
        finally:
            served.stop(signal.SIGKILL)
            static[0].terminate()  # killed, it would leave its worker behind
            static[0].wait()


def _prepared(city: Path, partner: Path) -> dict[str, Any]:
    """A city with its journal and closed segments, the partner's home, and one officer's device."""
    from tests.server_stub.knocking import Knocker, OverTls

    _program("found", partner)
    served = _served(city)
    account = served.card["accounts"][0]
    device = Knocker(OverTls(served.card["url"], served.card["ca_file"]))
    assert device.sign_in(account).body["state"] == "active"
    served.stop()
    built = _program("build", city, partner, device.device_id, served.card["url"])
    return {**built, "device": device}


def _served(home: Path) -> Any:
    from tests.server_stub.serving import Served

    served = Served(home, "--sample", "small", env=QUIET)
    served.wait()
    return served


def _static(city: Path, made: dict[str, Any]) -> tuple[subprocess.Popen[bytes], int]:
    """The segments' own folder behind the same web server with the same certificate."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    words = [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--http", "1", "--no-ws"),
        *("--host", "127.0.0.1", "--port", str(port), "--workers", "1", "--blocking-threads", "8"),
        *("--ssl-certificate", str(city / "tls/server.pem"), "--ssl-keyfile", str(city / "tls/server.key")),
        *("--static-path-route", "/static", "--static-path-mount", made["folder"]),
        *("--log-level", "warning", "--no-access-log", "benchmarks.province:nothing"),
    ]
    process = subprocess.Popen(words, cwd=ROOT)
    until = time.monotonic() + 60
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return process, port
        except OSError:
            if time.monotonic() > until:
                process.kill()
                raise
            time.sleep(0.1)


def nothing(environ: Any, start_response: Any) -> list[bytes]:
    """An application behind the static folder; nobody asks it."""
    start_response("404 Not Found", [])
    return []


def _pages(card: dict[str, Any], made: dict[str, Any]) -> dict[str, list[float]]:
    """The device reads the feed page by page from where it stood; a plain GET between pages."""
    device, cursor, seen = made["device"], made["device"].session["cursor"], 0
    device.over.session.verify = card["ca_file"]
    device.over.base = card["url"]
    taken: dict[str, list[float]] = {"page": [], "get": []}
    more = True
    while more:
        began = time.perf_counter()
        answer = device.call("GET", "/api/v1/changes", cursor=cursor, limit=PAGE)
        taken["page"].append((time.perf_counter() - began) * 1000)
        assert answer.status == 200, answer.body
        cursor, more = answer.body["next_cursor"], answer.body["more"]
        seen += len(answer.body["changes"])
        if len(taken["page"]) % 20 == 1:
            began = time.perf_counter()
            assert device.over.send("GET", "/api/", {"HYC-Protocol": "1"}, None).status == 200
            taken["get"].append((time.perf_counter() - began) * 1000)
    assert seen == CHANGES, seen
    return taken


def _program(act: str, home: Path, *words: object) -> dict[str, Any]:
    """One act in a process whose Django lives in `home`; what it prints last."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.province_acts", act, *map(str, words)],
        cwd=ROOT,
        env={**os.environ, **QUIET, "HENGXIN_SERVER_HOME": str(home), "HENGXIN_BENCH_CHANGES": str(CHANGES)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"{act} ended with {done.returncode}\n{done.stderr[-4000:]}")
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def static_bytes(ca_file: str, port: int, names: list[str]) -> float:
    """Milliseconds to read the files from the static folder over one TLS connection; nothing is checked."""
    trust = ssl.create_default_context(cafile=ca_file)
    began = time.perf_counter()
    line = HTTPSConnection("localhost", port, timeout=60, context=trust)
    for name in names:
        line.request("GET", f"/static/{name}")
        answer = line.getresponse()
        assert answer.status == 200, answer.status
        answer.read()
    line.close()
    return (time.perf_counter() - began) * 1000
