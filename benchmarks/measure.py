"""Children and their cost, medians, and the one line that a figure is.

Trust CPU: this machine has neighbours. Wall time is told only beside an idle control of the same minutes.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
BYTECODE = ROOT / "bench-out" / "bytecode"
MOST_S = 180.0


@dataclass(frozen=True)
class Figure:
    """`ours` and `other` in `unit`; `against` says what `other` is; `ratio` is ours divided by other."""

    name: str
    ours: float
    against: str
    other: float
    ratio: float
    unit: str
    n: int

    def line(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)


def figure(name: str, ours: Sequence[float], against: str, other: Sequence[float], unit: str) -> Figure:
    """The medians of two rows of samples that were taken in turns.

    Raises:
        ValueError: when a row is empty; a figure without samples would be invented.
    """
    if not ours or not other:
        raise ValueError(f"{name}: no samples")
    mine, theirs = statistics.median(ours), statistics.median(other)
    ratio = round(mine / theirs, 3) if theirs else 0.0
    return Figure(name, round(mine, 2), against, round(theirs, 2), ratio, unit, min(len(ours), len(other)))


@dataclass(frozen=True)
class Run:
    """One child from start to end: its own CPU and its children's, the most memory it held, what it said."""

    cpu_ms: float
    wall_ms: float
    rss_mb: float
    said: dict[str, Any]


def child(
    module: str,
    *arguments: str,
    env: dict[str, str] | None = None,
    most_s: float = MOST_S,
    python: str | Path = sys.executable,
) -> Run:
    """Run a module in a process of its own; its last line on standard output is JSON, or there is none.

    Raises:
        RuntimeError: when it fails or takes longer than `most_s`; carries what it said on standard error.
    """
    return program([str(python), "-m", module, *arguments], env, most_s)


def program(command: Sequence[str], env: dict[str, str] | None = None, most_s: float = MOST_S) -> Run:
    """As `child`, of any program.

    Raises:
        RuntimeError: when it fails or takes longer than `most_s`; carries what it said on standard error.
    """
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONHASHSEED": "0", **(env or {})}
    # an installed program has its bytecode; a tree that is worked in may be told not to write any
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    environment["PYTHONPYCACHEPREFIX"] = str(BYTECODE)
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        began = time.perf_counter()
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=out, stderr=err)
        ends, peak = began + most_s, 0
        while True:
            pid, status, usage = os.wait4(process.pid, os.WNOHANG)
            if pid:
                break
            peak = _peak_kb(process.pid) or peak
            if time.perf_counter() > ends:
                process.kill()
                os.wait4(process.pid, 0)
                raise RuntimeError(f"{' '.join(command)} took longer than {most_s:.0f} s")
            time.sleep(0.002)
        wall = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        for stream in (out, err):
            stream.seek(0)
        lines = out.read().decode("utf-8").splitlines()
        if process.returncode:
            raise RuntimeError(
                f"{' '.join(command)} ended with {process.returncode}\n{err.read().decode()[-4000:]}"
            )
    said = json.loads(lines[-1]) if lines else {}
    cpu = usage.ru_utime + usage.ru_stime
    return Run(cpu * 1000, wall * 1000, peak / 1024, said)


def _peak_kb(pid: int) -> int:
    """The most memory a living process has held. The kernel's own sum at its end is never below what the
    process that started it held at that moment: it says nothing of small children."""
    try:
        told = Path(f"/proc/{pid}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return next((int(line.split()[1]) for line in told.splitlines() if line.startswith("VmHWM")), 0)


def in_turns(rounds: int, *ways: Callable[[], Run]) -> list[list[Run]]:
    """Each way `rounds` times, in turns, after one round that is thrown away (cold files)."""
    for way in ways:
        way()
    taken: list[list[Run]] = [[] for _ in ways]
    for number in range(rounds):
        order = range(len(ways)) if number % 2 == 0 else reversed(range(len(ways)))
        for place in order:
            taken[place].append(ways[place]())
    return taken


IDLE_S = 0.02


def idle_ms() -> float:
    """How long a sleep of 20 ms really takes, less the 20 ms: what the neighbours cost at this moment."""
    began = time.perf_counter()
    time.sleep(IDLE_S)
    return (time.perf_counter() - began - IDLE_S) * 1000


def cpu_of_tree(root: int) -> float:
    """CPU milliseconds so far of every thread of a process and of its living children."""
    total, waiting = 0, [root]
    while waiting:
        folder = Path(f"/proc/{waiting.pop()}/task")
        try:
            for task in folder.iterdir():
                total += int((task / "schedstat").read_text().split()[0])
                waiting += map(int, (task / "children").read_text().split())
        except (ProcessLookupError, FileNotFoundError):
            continue
    return total / 1e6


def cpu_of_group(leader: int) -> float:
    """CPU milliseconds so far of every thread of a process group."""
    total = 0
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            if os.getpgid(int(folder.name)) != leader:
                continue
            for task in (folder / "task").iterdir():
                total += int((task / "schedstat").read_text().split()[0])
        except (ProcessLookupError, FileNotFoundError):
            continue
    return total / 1e6
