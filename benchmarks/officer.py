"""The child of click_to_subject: one signed-in officer, clicking. Prints its samples as one JSON line.

python -m benchmarks.officer ROUNDS
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QEventLoop, QObject, QTimer
from PySide6.QtWidgets import QWidget

from app.keys.ring import Ring
from benchmarks.measure import cpu_of_group, idle_ms
from tests.officer.city import City, serve
from tests.officer.window import WindowOfficer

PATIENCE_MS = 20_000
CALM_MS = 120


class Painted(QObject):
    """Waits for the first paint of a page on which `ready` holds."""

    def __init__(self, page: QWidget, ready: Callable[[], bool]) -> None:
        super().__init__()
        self._page, self._ready, self._loop = page, ready, QEventLoop()
        self._at = 0.0

    def after(self, act: Callable[[], None]) -> float:
        """Milliseconds from just before `act` until the page has painted itself.

        Raises:
            TimeoutError: when it never did.
        """
        self._page.installEventFilter(self)
        QTimer.singleShot(PATIENCE_MS, self._loop, self._loop.quit)
        began = time.perf_counter()
        act()
        if not self._at:
            self._loop.exec()
        self._page.removeEventFilter(self)
        if not self._at:
            raise TimeoutError(f"{type(self._page).__name__} was not painted")
        return (self._at - began) * 1000

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        if event.type() == QEvent.Type.Paint and not self._at and self._ready():
            QTimer.singleShot(0, self._done)
        return False

    def _done(self) -> None:
        self._at = self._at or time.perf_counter()
        self._loop.quit()


class Clicking:
    """The officer's window and the four things that take turns."""

    def __init__(self, officer: WindowOfficer, served: City) -> None:
        self.officer, self.served = officer, served
        self.samples: dict[str, list[float]] = {}
        rich = [one for one in served.card["subjects"] if one.get("code")]
        self.codes = [one["code"] for one in rich if one["why"] == "rich"] or [rich[0]["code"]]
        self.query_nos: list[str] = []
        assert served.process is not None
        self.group = served.process.pid

    def note(self, **values: float) -> None:
        for name, value in values.items():
            self.samples.setdefault(name, []).append(value)

    def both(self, act: Callable[[], float]) -> tuple[float, float, float]:
        """Wall of `act`, CPU of this process and of the server, until both are calm again."""
        server, client = cpu_of_group(self.group), time.process_time()
        wall = act()
        client = (time.process_time() - client) * 1000
        self.officer.settle(CALM_MS)
        return wall, client, cpu_of_group(self.group) - server

    def click(self, kept: bool = True) -> None:
        home = self.officer.page("home")
        home.field.setText(self.codes[0])
        self.officer.settle(CALM_MS)
        frame, desktop = self.officer.window.frame, self.officer.desktop
        assert frame is not None
        page = frame.pages.get("subject", frame)
        before = self.query_nos[-1] if self.query_nos else ""

        def ready() -> bool:
            answer = getattr(getattr(desktop, "subject", None), "view", None)
            found = getattr(answer, "answer", None)
            return frame.current == "subject" and found is not None and found.query_no != before

        wall, client, server = self.both(lambda: Painted(page, ready).after(home.go.click))
        self.query_nos.append(desktop.subject.view.answer.query_no)
        if kept:
            self.note(click_ms=wall, client_ms=client, server_ms=server)

    def get(self, kept: bool = True) -> None:
        """The floor: the lane, the session and the connection of the click, and nothing else."""
        client = self.officer.client
        routes = client.querying.lines.routes()

        def once() -> float:
            began = time.perf_counter()
            client.lanes["wire"].run(routes.line.open, "GET", "/api/")
            return (time.perf_counter() - began) * 1000

        wall, cpu, server = self.both(once)
        if kept:
            self.note(get_ms=wall, get_client_ms=cpu, get_server_ms=server)

    def copy(self, query_no: str, kept: bool = True) -> None:
        """Open a copy that is kept here."""
        page = self.officer.page("offline")
        desk = page.desk
        self.officer.until(lambda: desk.view.loaded, "the copies")
        self.officer.settle(CALM_MS)

        def ready() -> bool:
            return desk.view.opened is not None and desk.view.opened.query_no == query_no

        wall, client, _ = self.both(lambda: Painted(page.detail, ready).after(lambda: desk.open(query_no)))
        if kept:
            self.note(copy_ms=wall, copy_client_ms=client)


def measure(rounds: int, place: Path) -> dict[str, Any]:
    ring = None if os.environ.get("HENGXIN_TESTS_KEYRING") == "1" else Ring.absent()
    served = serve(place / "server")
    officer = WindowOfficer(place / "home", keyring=ring)
    try:
        officer.sign_in(served, served.account("bank_officer"))
        officer.state_purpose("B01", "LN-2026-0381")
        run = Clicking(officer, served)
        for _ in range(2):
            run.click(kept=False)
            run.get(kept=False)
        for query_no in run.query_nos[:2]:
            run.copy(query_no, kept=False)
        for number in range(rounds):
            run.click()
            run.get()
            run.copy(run.query_nos[number % 2])
            run.note(idle_ms=idle_ms())
        return run.samples
    finally:
        officer.close()
        served.kill()


def main() -> None:
    with tempfile.TemporaryDirectory() as place:
        samples = measure(int(sys.argv[1]), Path(place))
    print(json.dumps(samples), flush=True)


if __name__ == "__main__":
    main()
