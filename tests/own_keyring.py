"""A session bus and an unlocked Secret Service for one test worker.

Two workers on one gnome-keyring 42 now and then end it: it aborts when a client leaves the bus while a
property is being read for another. Users have one client; each worker therefore has a keyring of its own.
"""

from __future__ import annotations

import atexit
import os
import subprocess
import tempfile
import time
from pathlib import Path

PATIENCE_S = 10


def start() -> None:
    """Start both and point this process' environment at them; they end with the process."""
    home = Path(tempfile.mkdtemp(prefix="keyring-"))
    run = home / "run"
    run.mkdir(mode=0o700)
    os.environ.update(XDG_RUNTIME_DIR=str(run), XDG_DATA_HOME=str(home / "data"))
    bus = subprocess.Popen(
        ["dbus-daemon", "--session", "--nofork", "--nopidfile", "--print-address=1"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert bus.stdout is not None
    os.environ["DBUS_SESSION_BUS_ADDRESS"] = bus.stdout.readline().strip()
    bus.stdout.close()
    daemon = subprocess.Popen(
        ["gnome-keyring-daemon", "--foreground", "--unlock", "--components=secrets"],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=(home / "daemon.log").open("wb"),
    )
    assert daemon.stdin is not None
    daemon.stdin.write(b"throw-away")
    daemon.stdin.close()
    atexit.register(_end, daemon, bus)
    ends = time.monotonic() + PATIENCE_S
    while not (run / "keyring" / "control").exists():
        if time.monotonic() > ends or daemon.poll() is not None:
            raise RuntimeError(f"no keyring: {(home / 'daemon.log').read_text('utf-8')[-500:]}")
        time.sleep(0.05)


def _end(*processes: subprocess.Popen[bytes] | subprocess.Popen[str]) -> None:
    for process in processes:
        process.kill()
        process.wait()
