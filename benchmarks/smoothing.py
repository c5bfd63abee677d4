"""The child of smoothness: one officer's window with a heart that beats every 10 ms.

    python -m benchmarks.smoothing

Busy windows do three things at once until a list is screened: its parts are asked, rounds of syncing go on,
and previews of a heavy subject are set and drawn. Idle windows lie between them.
"""

from __future__ import annotations

import csv
import json
import os
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QWidget

from app.field.identifiers import org_check, uscc_check
from app.keys.ring import Ring
from benchmarks.measure import idle_ms
from benchmarks.officer import Clicking
from tests.officer.city import serve
from tests.officer.window import WindowOfficer
from ui.printing import draw_pages

ROWS = int(os.environ.get("HENGXIN_BENCH_SCREENED", "20000"))
BEAT_MS = 10
BUSY_MS, IDLE_MS = 3000, 2000
FRAMES, COPIES = 300, 9
SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


class Heart:
    """How late each beat came, in milliseconds."""

    def __init__(self) -> None:
        self.late: list[float] = []
        self._last = 0.0
        self._timer = QTimer(interval=BEAT_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)

    def _beat(self) -> None:
        now = time.perf_counter()
        self.late.append(max(0.0, (now - self._last) * 1000 - BEAT_MS))
        self._last = now

    def during(self, act: Callable[[], None]) -> list[float]:
        """The beats while `act` lets the window live."""
        self.late, self._last = [], time.perf_counter()
        self._timer.start()
        act()
        self._timer.stop()
        return self.late


class Busy:
    """Work that goes round in a lane as long as it is wanted."""

    def __init__(self, officer: WindowOfficer, lane: str, job: Callable[[], Any]) -> None:
        self.rounds, self._wanted, self._running = 0, False, False
        self._officer, self._lane, self._job = officer, lane, job

    def want(self, wanted: bool) -> None:
        self._wanted = wanted
        if wanted and not self._running:
            self._again()

    @property
    def quiet(self) -> bool:
        return not self._running

    def _again(self) -> None:
        self._running = True
        self._officer.client.lanes.submit(self._lane, self._job, done=self._done)

    def _done(self, future: Future[Any]) -> None:
        future.result()
        self.rounds += 1
        self._running = False
        if self._wanted:
            self._again()


def code(place: int) -> str:
    """A unit's code with a right check character; nobody has it."""
    body = "".join(SIGNS[place // len(SIGNS) ** at % len(SIGNS)] for at in range(4))
    organisation = f"MA00{body}"
    whole = f"91430400{organisation}{org_check(organisation)}"
    return whole + uscc_check(whole)


def listed(path: Path, known: list[str]) -> None:
    """A file of units: those of the city first."""
    codes = [*known, *map(code, range(ROWS))][:ROWS]
    with path.open("w", encoding="utf-8-sig", newline="") as out:
        rows = csv.writer(out)
        rows.writerow(("统一社会信用代码", "名称"))
        rows.writerows((one, f"示例单位 {place}") for place, one in enumerate(codes))


def measure(place: Path) -> dict[str, Any]:
    ring = None if os.environ.get("HENGXIN_TESTS_KEYRING") == "1" else Ring.absent()
    served = serve(place / "server")
    officer = WindowOfficer(place / "home", keyring=ring)
    try:
        return _measured(officer, served, place)
    finally:
        officer.close()
        served.kill()


def _measured(officer: WindowOfficer, served: Any, place: Path) -> dict[str, Any]:
    officer.sign_in(served, served.account("bank_officer"))
    subjects = {one["why"]: one for one in served.card["subjects"]}
    officer.query(subjects["heavy"]["code"] if "heavy" in subjects else subjects["rich"]["code"])
    query_no = officer.desktop.subject.view.answer.query_no
    officer.settle(1000)
    reporting, heart = officer.client.reporting, Heart()
    rounds = [
        Busy(officer, "press", lambda: draw_pages(reporting.begin_preview(query_no).whole(), 110, 0, 8)),
        Busy(officer, "courier", officer.client.syncing.sync),
    ]
    for one in rounds:  # what is loaded once is not the matter here
        one.want(True)
        one.want(False)
    officer.until(lambda: all(one.quiet for one in rounds), "the first round")

    file = place / "list.csv"
    listed(file, [one["code"] for one in served.card["subjects"] if one.get("code")])
    page = officer.page("screening")
    desk = page.desk
    officer.until(lambda: desk.view.loaded, "the tasks")
    busy: list[float] = []
    idle = heart.during(lambda: officer.settle(IDLE_MS))
    for one in rounds:
        one.want(True)

    def begin() -> None:
        desk.read(file)
        officer.until(lambda: desk.view.stage == "map" and not desk.view.busy, "the file")
        desk.state_purpose("B01")
        desk.name_case("LN-2026-0381")
        desk.begin()
        officer.until(lambda: desk.view.stage == "task", "the task", 120)

    began = time.perf_counter()
    busy += heart.during(begin)
    while not _over(desk):
        for one in rounds:
            one.want(True)
        desk.run()
        busy += heart.during(lambda: _live(officer, desk))
        desk.pause()
        for one in rounds:
            one.want(False)
        asked = desk.view.task.answered
        officer.until(lambda: all(one.quiet for one in rounds), "the end of the rounds")
        officer.until(
            lambda asked=asked: desk.view.task.answered > asked or _over(desk), "the part under way"
        )
        officer.settle(200)
        idle += heart.during(lambda: officer.settle(IDLE_MS))
    spent = time.perf_counter() - began
    said = {
        "busy": busy, "idle": idle, "rows": desk.view.task.card.done, "papers": rounds[0].rounds,
        "syncs": rounds[1].rounds, "seconds": spent,
    }  # fmt: skip
    return {**said, **_frames(page), **_copies(officer, served, query_no)}


def _over(desk: Any) -> bool:
    return bool(desk.view.task.answered >= desk.view.task.asked)


def _live(officer: WindowOfficer, desk: Any) -> None:
    ends = time.monotonic() + BUSY_MS / 1000
    officer.until(lambda: time.monotonic() > ends or _over(desk), "the end of a busy window", 60)


def _frames(page: Any) -> dict[str, list[float]]:
    """Repaints of the long table, a screen further each time; and of a widget with nothing on it."""
    bar, port = page.table.verticalScrollBar(), page.table.viewport()
    scroll, bare = [], []
    empty = QWidget()
    empty.resize(port.size())
    empty.show()
    for step in range(FRAMES):
        began = time.perf_counter()
        bar.setValue(round(bar.maximum() * step / FRAMES))
        port.repaint()
        scroll.append((time.perf_counter() - began) * 1000)
        began = time.perf_counter()
        empty.repaint()
        bare.append((time.perf_counter() - began) * 1000)
    empty.deleteLater()
    return {"scroll": scroll, "bare_frame": bare, "table_rows": [len(page.table.rows_model.rows)]}


def _copies(officer: WindowOfficer, served: Any, query_no: str) -> dict[str, list[float]]:
    """A kept subject, opened until it is painted."""
    clicking = Clicking(officer, served)
    clicking.copy(query_no, kept=False)
    overslept = []
    for _ in range(COPIES):
        clicking.copy(query_no)
        overslept.append(idle_ms())
    return {
        "copy": clicking.samples["copy_ms"], "copy_cpu": clicking.samples["copy_client_ms"],
        "overslept": overslept,
    }  # fmt: skip


def main() -> None:
    with tempfile.TemporaryDirectory() as place:
        said = measure(Path(place))
    print(json.dumps(said), flush=True)


if __name__ == "__main__":
    main()
