"""Eight hours of a busy officer without the waiting: `python -m benchmarks.soak [--hours 8]`.

One process holds the real window against a real server. An hour is sixty turns: fifty queries, and ten copies
read while the network is away; between them reports and synchronisations, and the timers of the window strike
as often as they would. At the end of each hour stand resident memory, living objects, threads and open files.

A lock ends the process in the product, so nothing of it can add up; without locks one process lives the whole
day, which is the hardest case. With --locks the next window is made in the same process, once an hour: it
tells what a window leaves behind, which is no figure of the product.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QCoreApplication, QEvent, Qt  # noqa: E402
from PySide6.QtTest import QTest  # noqa: E402
from PySide6.QtWidgets import QApplication  # noqa: E402

from tests.officer.city import City, serve  # noqa: E402
from tests.officer.window import WindowOfficer  # noqa: E402

QUERIES, SECONDS = 60, 3600
REPORT_EVERY, COPY_EVERY, SYNC_EVERY = 20, 6, 10
OFFLINE_FROM, OFFLINE_TO, LOCK_AT = 40, 50, 30
WARM_UP = 2  # hours: pools, caches of glyphs and pages have filled by then
MOST_MIB_AN_HOUR, MOST_WIDGETS_MORE, MOST_THREADS_MORE, MOST_FILES_MORE = 2.0, 40, 2, 6


@dataclass(frozen=True)
class Hour:
    """What the process held at the end of an hour; `cpu_s` is what the hour took."""

    hour: int
    rss_mib: float
    objects: int
    widgets: int
    threads: int
    files: int
    cpu_s: float


def delete_what_is_due() -> None:
    """Widgets that wait for it, and circles of objects that nobody holds."""
    for _ in range(3):
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        gc.collect()


def held(hour: int, cpu_s: float) -> Hour:
    """Count after everything that is due to be deleted is."""
    delete_what_is_due()
    rss = int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    return Hour(
        hour,
        round(rss / 2**20, 1),
        len(gc.get_objects()),
        len(QApplication.allWidgets()),
        threading.active_count(),
        len(list(Path("/proc/self/fd").iterdir())),
        round(cpu_s, 1),
    )


class Shift:
    """The officer at work."""

    def __init__(self, home: Path, served: City, locks: bool = False) -> None:
        self.home, self.served, self.locks = home, served, locks
        self.codes = [
            one["code"] for one in served.card["subjects"] if one["kind"] == "legal" and one["code"]
        ]
        self.officer: Any = WindowOfficer(home)
        self.officer.sign_in(served, served.account("bank_officer"))
        self.done = dict.fromkeys(("queries", "reports", "copies", "syncs", "locks", "offline"), 0)

    def hour(self) -> None:
        """Sixty queries and what lies between them."""
        for turn in range(QUERIES):
            # a sign of life: else it locks when idle; it comes to the system's window, as real keys do
            QTest.keyClick(self.officer.window.windowHandle(), Qt.Key.Key_Shift)
            if turn == OFFLINE_FROM:
                self.served.kill()
            if turn == OFFLINE_TO:
                self.served.start()
                self.sync()
            if OFFLINE_FROM <= turn < OFFLINE_TO:
                self.read_offline(turn)
            else:
                self.ask(turn)
            if self.locks and turn == LOCK_AT:
                self.lock()
            self.strike(SECONDS // QUERIES)

    def ask(self, turn: int) -> None:
        officer = self.officer
        before = getattr(getattr(officer.desktop, "subject", None), "view", None)
        page = officer.state_purpose("B02", f"LN-{turn:04d}")
        officer.type(page.field, self.codes[turn % len(self.codes)])
        page.go.click()
        officer.until(
            lambda: (
                hasattr(officer.desktop, "subject")
                and officer.desktop.subject.view.answer is not None
                and officer.desktop.subject.view.answer is not getattr(before, "answer", None)
            ),
            "the answer",
        )
        officer.settle(30)
        self.done["queries"] += 1
        if turn % REPORT_EVERY == 5:
            self.report()
        if turn % COPY_EVERY == 3:
            self.read_copy(turn)
        if turn % SYNC_EVERY == 8:
            self.sync()

    def report(self) -> None:
        officer = self.officer
        officer.desktop.open_report()
        desk = officer.desktop.report
        officer.until(lambda: desk.view.can_issue and desk.view.stage == "preview", "the preview")
        desk.issue()
        officer.until(lambda: desk.view.can_leave_house, "the sealed report")
        self.done["reports"] += 1

    def read_copy(self, turn: int) -> None:
        officer = self.officer
        officer.page("offline")
        desk = officer.desktop.offline
        officer.until(lambda: desk.view.loaded and desk.view.copies, "the copies")
        copy = desk.view.copies[turn % len(desk.view.copies)]
        desk.open(copy.query_no)
        officer.until(lambda: desk.view.opened and desk.view.opened.query_no == copy.query_no, "the copy")
        self.done["copies"] += 1

    def read_offline(self, turn: int) -> None:
        officer = self.officer
        officer.desktop.desk.look_around()
        officer.until(lambda: not officer.desktop.desk.view.online, "the offline state")
        self.read_copy(turn)
        self.done["offline"] += 1

    def sync(self) -> None:
        desk = self.officer.desktop.desk
        desk.sync()
        self.officer.until(lambda: not desk.view.busy and desk.view.online, "the end of the round")
        self.done["syncs"] += 1

    def lock(self) -> None:
        self.close()
        # A window puts what is loaded out of the collector's sight for good (ui/collecting.py), its own pages
        # with it: the product's process ends here. What is left after this look is a leak.
        gc.unfreeze()
        delete_what_is_due()
        self.officer = WindowOfficer(self.home)
        self.officer.unlock()
        self.done["locks"] += 1

    def close(self) -> None:
        """Lock the window and keep nothing of it."""
        officer, self.officer = self.officer, None
        officer.desktop.desk.lock()
        officer.until(lambda: officer.restarts, "the wish for a new process")
        officer.close()

    def strike(self, seconds: int) -> None:
        """The timers of the window as often as in so many seconds."""
        window = self.officer.window
        for _ in range(seconds):
            window._tick()
        for _ in range(seconds * 1000 // window._around.interval()):
            window._around.timeout.emit()
        self.officer.settle(10)


def slope(hours: Sequence[Hour], name: str) -> float:
    """By how much it grows an hour, warm-up left out: the median slope of all pairs."""
    kept = [one for one in hours if one.hour > WARM_UP]
    pairs = [
        (getattr(b, name) - getattr(a, name)) / (b.hour - a.hour)
        for a in kept
        for b in kept
        if b.hour > a.hour
    ]
    return round(statistics.median(pairs), 2)


def too_much(hours: Sequence[Hour]) -> dict[str, Any]:
    """What grew beyond its bound; empty when nothing did."""
    first, last = next(one for one in hours if one.hour >= WARM_UP), hours[-1]
    grown = {
        "rss_mib": (slope(hours, "rss_mib"), MOST_MIB_AN_HOUR),
        "widgets": (last.widgets - first.widgets, MOST_WIDGETS_MORE),
        "threads": (last.threads - first.threads, MOST_THREADS_MORE),
        "files": (last.files - first.files, MOST_FILES_MORE),
    }
    return {name: more for name, (more, most) in grown.items() if more > most}


def soak(place: Path, hours: int, locks: bool = False) -> tuple[list[Hour], dict[str, int]]:
    """So many hours, and what was done in them."""
    served = serve(place / "server")
    try:
        shift = Shift(place / "officer", served, locks)
        seen = []
        for hour in range(1, hours + 1):
            began = time.process_time()
            shift.hour()
            seen.append(held(hour, time.process_time() - began))
            print(json.dumps(asdict(seen[-1])), flush=True)
        shift.officer.close()
        return seen, shift.done
    finally:
        served.kill()


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.soak", description=__doc__)
    parser.add_argument("--hours", type=int, default=8)
    parser.add_argument("--locks", action="store_true", help="make a new window in this process once an hour")
    given = parser.parse_args()
    hours = given.hours
    with tempfile.TemporaryDirectory(prefix="hengxin-soak-") as place:
        seen, done = soak(Path(place), hours, given.locks)
    if hours <= WARM_UP + 1:
        return 0
    over = too_much(seen)
    print(json.dumps({"done": done, "mib_an_hour": slope(seen, "rss_mib"), "too_much": over}))
    return int(bool(over))


if __name__ == "__main__":
    sys.exit(main())
