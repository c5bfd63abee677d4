"""What an officer and other writers notice while a file is applied: a real server over TLS, the import in a
process of its own beside it, windows with and without the import in turns.

`lock` is how long another connection waits for the database's write lock (SQLite), measured apart from any
disk; `query` is a whole query of an officer, signed and logged. `long_waits` says where the time of waits
over 20 ms went: into the work of a chunk, into its commit with the flush, or elsewhere (acts of the server,
and waiting for a core). The clocks of both processes are the machine's own.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from benchmarks.measure import ROOT, Figure, child, figure
from tests.officer.city import serve

ROWS = int(os.environ.get("HENGXIN_BENCH_APPLIED", "6000"))
CHUNKS = 40  # of one window
LONG_MS = 20.0
MOST_S = 1800.0


def figures() -> Iterator[Figure]:
    """p95 of a query and the longest wait for the lock, with the import and without; rows a second."""
    said = child("benchmarks.import_meanwhile", "both", most_s=MOST_S).said
    idle = "the windows without an import"
    for name in ("query", "lock"):
        with_it, without = said[f"{name}_busy"], said[f"{name}_idle"]
        yield figure(f"import_meanwhile.{name}.median", with_it, idle, without, "ms")
        yield figure(f"import_meanwhile.{name}.p95", [_p95(with_it)], idle, [_p95(without)], "ms")
        yield figure(f"import_meanwhile.{name}.longest", [max(with_it)], idle, [max(without)], "ms")
    held = said["held_ms"]
    yield figure("import_meanwhile.held.longest", [max(held)], "its median", [statistics.median(held)], "ms")
    parts, waited = _gone_into(said["lock_long"], said["holds"]), sum(b - a for a, b in said["lock_long"])
    for part, seconds in parts.items():
        yield figure(
            f"import_meanwhile.long_waits.{part}", [seconds * 1000], "all long waits", [waited * 1000], "ms"
        )
    yield figure("import_meanwhile.rows", [said["rows"]], "seconds of the import", [said["seconds"]], "rows")


def both(place: Path) -> dict[str, Any]:
    """Windows in turns until the file is in."""
    from benchmarks.importing import make
    from tests.server_stub.knocking import Knocker, OverTls

    make({"csv": place / "in.csv"}, ROWS)
    served = serve(place / "server")
    words = [sys.executable, "-m", "benchmarks.import_meanwhile", "apply", str(place / "in.csv")]
    os.environ["HENGXIN_SERVER_HOME"] = str(served.home)
    os.environ["DJANGO_SETTINGS_MODULE"] = "server_stub.config.settings"
    seen = _Seen()
    try:
        device = Knocker(OverTls(served.url, str(served.ca_file)))
        assert device.sign_in(served.account("bank_officer")).body.get("state") == "active"
        rich = next(one for one in served.card["subjects"] if one["why"] == "rich")

        def query() -> None:
            answer = device.query(subject={"kind": "legal", "number": rich["code"]})
            assert answer.status == 201, answer.body

        with subprocess.Popen(
            words, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as importer:
            assert importer.stdin is not None and importer.stdout is not None
            assert json.loads(importer.stdout.readline())["staged"]
            others = [seen.start("query", query, 0.05), seen.start("lock", _locking(), 0.015)]
            done: dict[str, Any] = {"state": "applying"}
            while done["state"] == "applying":
                seen.phase = "busy"
                importer.stdin.write("go\n")
                importer.stdin.flush()
                done = json.loads(importer.stdout.readline())
                seen.phase = "idle"
                time.sleep(done["window_s"])
            seen.over.set()
            for other in others:
                other.join()
            importer.stdin.close()
    finally:
        served.kill()
    told = {name: done[name] for name in ("held_ms", "rows", "seconds", "holds")}
    return {"lock_long": [], **seen.taken, **told}


def _gone_into(waits: list[list[float]], holds: list[list[float]]) -> dict[str, float]:
    """Seconds of these waits (begin, end) by what the importer did meanwhile; its holds are (lock taken,
    work done, committed)."""
    parts = {"work": 0.0, "commit": 0.0}
    for began, got in waits:
        for taken, worked, over in holds:
            parts["work"] += max(0.0, min(got, worked) - max(began, taken))
            parts["commit"] += max(0.0, min(got, over) - max(began, worked))
    waited = sum(got - began for began, got in waits)
    return {**parts, "elsewhere": waited - sum(parts.values())}


class _Seen:
    """Samples of acts that go on all the time, by the window in which they began and ended."""

    def __init__(self) -> None:
        self.phase, self.over = "idle", threading.Event()
        self.taken: dict[str, list[Any]] = {}

    def start(self, name: str, act: Callable[[], None], pause: float) -> threading.Thread:
        def go_on() -> None:
            while not self.over.is_set():
                phase, began = self.phase, time.perf_counter()
                act()
                ended = time.perf_counter()
                if phase == self.phase:
                    self.taken.setdefault(f"{name}_{phase}", []).append((ended - began) * 1000)
                    if phase == "busy" and (ended - began) * 1000 > LONG_MS:
                        self.taken.setdefault(f"{name}_long", []).append((began, ended))
                time.sleep(pause)

        thread = threading.Thread(target=go_on)
        thread.start()
        return thread


def _locking() -> Callable[[], None]:
    """Takes the write lock as every transaction of the server does, and gives it back."""
    import django

    django.setup()
    from django.db import connection

    def take() -> None:
        connection.ensure_connection()
        connection._start_transaction_under_autocommit()
        connection.connection.execute("ROLLBACK")

    return take


def importer(path: Path) -> None:
    """Stages the file; then for each line that comes in puts some chunks of it into force."""
    import django

    django.setup()
    from server_stub.exchange import applying
    from server_stub.exchange.services import apply, stage

    boxes: list[applying.Box] = []

    class Noted(applying.Box):
        def __init__(self) -> None:
            super().__init__()
            if boxes:
                self.rows = boxes[-1].rows
            boxes.append(self)

        def took(self, seconds: float, rows: int, whole: float) -> None:
            now = time.perf_counter()
            holds.append((now - whole, now - whole + seconds, now))
            super().took(seconds, rows, whole)

    holds: list[tuple[float, float, float]] = []
    applying.Box = Noted  # type: ignore[misc]
    batch, seconds = stage(path, "示例局", by="centre1"), 0.0
    print(json.dumps({"staged": batch.accepted}), flush=True)
    for _ in sys.stdin:
        began = time.perf_counter()
        batch = apply(batch, "centre2", stop_after=CHUNKS)
        window = time.perf_counter() - began
        seconds += window
        held = [1000 * each for box in boxes for each in box.held]
        told = {"state": batch.state, "window_s": window, "held_ms": held, "seconds": seconds, "holds": holds}
        print(json.dumps({**told, "rows": batch.rows.filter(state="applied").count()}), flush=True)


def _p95(samples: list[float]) -> float:
    return statistics.quantiles(samples, n=20)[-1]


if __name__ == "__main__":
    if sys.argv[1] == "apply":
        importer(Path(sys.argv[2]))
    else:
        with tempfile.TemporaryDirectory() as folder:
            print(json.dumps(both(Path(folder))))
