"""The real program, driven by a timer: unlock, open a kept copy, say so, lock when told on standard input.

Run as `python -m tests.faults.locking_window HOME`; the passphrase is the first line of standard input.
"""

from __future__ import annotations

import sys
from typing import Any

from PySide6.QtCore import QSocketNotifier, QTimer

import ui.start


class Driver:
    """Watches the window that ui.start opened and acts when the next page is there."""

    def __init__(self, opening: Any, passphrase: str) -> None:
        self.opening, self.passphrase, self.step = opening, passphrase, 0
        self.timer = QTimer(interval=50)
        self.timer.timeout.connect(self.look)
        self.timer.start()

    def look(self) -> None:
        window = self.opening._window
        if window is None:
            return
        if self.step == 0 and window.desk.view.stage == "unlock":
            window.here.field.setText(self.passphrase)
            window.here.go.click()
            self.step = 1
        elif self.step == 1 and window.frame is not None:
            window.frame.go("offline")
            self.step = 2
        elif self.step == 2 and window.desktop.offline.view.copies:
            window.desktop.offline.open(window.desktop.offline.view.copies[0].query_no)
            self.step = 3
        elif self.step == 3 and window.desktop.offline.view.opened is not None:
            self.step = 4
            print("open", flush=True)
            self.told = QSocketNotifier(sys.stdin.fileno(), QSocketNotifier.Type.Read)
            self.told.activated.connect(window.desk.lock)


def main() -> int:
    passphrase = sys.stdin.readline().strip()
    show = ui.start.Opening.show

    def watched(opening: Any) -> None:
        opening.driver = Driver(opening, passphrase)
        show(opening)

    ui.start.Opening.show = watched  # type: ignore[method-assign]
    return ui.start.main(["--home", sys.argv[1]])


if __name__ == "__main__":
    sys.exit(main())
