"""The child of preview: one signed-in officer, a subject on the screen, the click on 生成报告.

    python -m benchmarks.previewing

Prints one JSON line: the first click of a process, later clicks, what an idle sleep overslept beside them.
"""

from __future__ import annotations

import json
import os
import tempfile
import time
from pathlib import Path
from typing import Any

from app.keys.ring import Ring
from benchmarks.measure import child, idle_ms
from tests.officer.city import serve
from tests.officer.window import WindowOfficer
from ui.sheets import Sheets

AGAIN = 3
RECORDS, SHOWN = 30, 24
"""So many records the subject shall have, and so many the sample's richest unit shows to a bank."""
THINKS_MS = 1500
"""How long a subject is on the screen before somebody wants a report of it: nobody reads it so fast."""


class Seen:
    """When pages were painted for the first time since `begin`."""

    def __init__(self) -> None:
        self.at = self.cpu = 0.0
        paint = Sheets.paintEvent

        def painted(sheets: Sheets, event: Any) -> None:
            paint(sheets, event)
            if sheets._pages and not self.at:
                self.at, self.cpu = time.perf_counter(), time.process_time()

        Sheets.paintEvent = painted  # type: ignore[method-assign]


def measure(place: Path) -> dict[str, Any]:
    seen = Seen()
    ring = None if os.environ.get("HENGXIN_TESTS_KEYRING") == "1" else Ring.absent()
    served = serve(place / "server")
    officer = WindowOfficer(place / "home", keyring=ring)
    try:
        officer.sign_in(served, served.account("bank_officer"))
        code = next(one["code"] for one in served.card["subjects"] if one["why"] == "rich")
        child("benchmarks.fuller", str(served.home), code, str(RECORDS - SHOWN))
        officer.query(code)
        officer.settle(THINKS_MS)
        taken: list[float] = []
        cpu: list[float] = []
        idle: list[float] = []
        for _ in range(1 + AGAIN):
            page = officer.page("subject")
            officer.settle(300)
            idle.append(idle_ms())
            if officer.window.frame is not None and "report" in officer.window.frame.pages:
                officer.window.frame.pages["report"].sheets.show_pages((), "")
            seen.at = 0.0
            spent, began = time.process_time(), time.perf_counter()
            page.report_wanted.emit()
            officer.until(lambda: seen.at, "the preview")
            taken.append((seen.at - began) * 1000)
            cpu.append((seen.cpu - spent) * 1000)
            officer.until(lambda: officer.desktop.report.view.pdf, "the other pages")
            officer.settle(500)
        view = officer.desktop.report.view
        records = len(view.answer.bundle.records)
        assert records == RECORDS, records
        return {
            "first": taken[0], "later": taken[1:], "first_cpu": cpu[0], "later_cpu": cpu[1:], "idle": idle,
            "pages": len(view.pages), "records": records,
        }  # fmt: skip
    finally:
        officer.close()
        served.kill()


def main() -> None:
    with tempfile.TemporaryDirectory() as place:
        said = measure(Path(place))
    print(json.dumps(said), flush=True)


if __name__ == "__main__":
    main()
