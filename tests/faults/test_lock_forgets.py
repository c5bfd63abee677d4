"""Locking is a new process: it begins at the unlock page and holds nothing of the old one's memory."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.counter import PASSPHRASE, Counter
from tests.officer.city import City, serve


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    city = serve(tmp_path_factory.mktemp("server") / "home")
    yield city
    city.kill()


def holds(pid: int, name: str) -> int:
    """How often a name stands in the writable memory of a process (UTF-8 and UTF-16)."""
    words, found = (name.encode(), name.encode("utf-16-le")), 0
    spans = re.findall(r"^([0-9a-f]+)-([0-9a-f]+) rw", Path(f"/proc/{pid}/maps").read_text("ascii"), re.M)
    with Path(f"/proc/{pid}/mem").open("rb", buffering=0) as memory:
        for begin, end in spans:
            start, length = int(begin, 16), int(end, 16) - int(begin, 16)
            try:
                memory.seek(start)
                content = memory.read(length)
            except (OSError, OverflowError):
                continue  # a span of the kernel's own, or one that went away while we looked
            found += sum(content.count(word) for word in words)
    return found


@pytest.mark.skipif(os.getuid() != 0, reason="only root may read the memory of a process that forbids it")
def test_after_the_lock_no_name_is_in_memory(tmp_path: Path, served: City) -> None:
    counter = Counter(tmp_path / "officer", served, served.account("bank_officer"))
    counter.finish("sign-in")
    name = next(line["names"][0] for line in counter.finish("one") if line.get("names"))
    ours = {"HOME": str(counter.tree), "PYTHONPATH": str(Path.cwd()), "QT_QPA_PLATFORM": "offscreen"}
    with (counter.tree / "window.log").open("ab") as log:
        window = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.locking_window", str(counter.home)],
            **{"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": log, "text": True},
            env=os.environ | ours,
        )
    assert window.stdin is not None and window.stdout is not None
    with window.stdin, window.stdout:
        window.stdin.write(PASSPHRASE + "\n")
        window.stdin.flush()
        assert window.stdout.readline() == "open\n", (counter.tree / "window.log").read_text("utf-8")
        # Control: the scan sees what an open window holds.
        assert holds(window.pid, name) > 0
        window.stdin.write("lock\n")
        window.stdin.flush()
        command = Path(f"/proc/{window.pid}/cmdline")
        ends = time.monotonic() + 30
        while b"--unlock" not in command.read_bytes() and time.monotonic() < ends:
            time.sleep(0.05)
        assert b"--unlock" in command.read_bytes()
        time.sleep(3)  # the new process has drawn its unlock page by then
        assert window.poll() is None
        assert holds(window.pid, name) == 0
        window.send_signal(signal.SIGKILL)
        window.wait(10)
