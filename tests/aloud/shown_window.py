"""The real window in a process of its own, on a real display: `python -m tests.aloud.shown_window HOME`.

Orders come line by line on standard input, each answered by `ready`: `sign-in`, `home`, `subject`,
`press KEY`, `end`. The card of the served city comes first, as one line of JSON.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSocketNotifier
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.officer.city import City
from tests.officer.tour import subject_named
from tests.officer.window import WindowOfficer

CASE = "LN-2026-0417"


class Shown:
    """Obeys one order at a time."""

    def __init__(self, home: Path, card: dict[str, Any]) -> None:
        self.served = City(home / "unused", card, None)
        self.officer = WindowOfficer(home / "officer", language=card.get("language", "zh_CN"))
        self.officer.app.setApplicationName("hengxin")
        self.listening = QSocketNotifier(sys.stdin.fileno(), QSocketNotifier.Type.Read)
        self.listening.activated.connect(self.obey)

    def obey(self) -> None:
        self.listening.setEnabled(False)
        verb, _, rest = sys.stdin.readline().strip().partition(" ")
        orders = {"sign-in": self.sign_in, "home": self.home, "subject": self.subject}
        if verb == "press":
            chord = QKeySequence(rest)[0]
            QTest.keyClick(QApplication.focusWidget(), chord.key(), chord.keyboardModifiers())
            self.officer.settle(60)
        elif verb in orders:
            orders[verb]()
        else:
            self.officer.close()
            QApplication.exit(0)
            return
        self.officer.front()
        print("ready", flush=True)
        self.listening.setEnabled(True)

    def sign_in(self) -> None:
        """The form for account and password, with the city's card above it."""
        page = self.officer.here
        page.account.ca_file = str(self.served.ca_file)
        page.account.url.setText(self.served.url)
        page.account.url.editingFinished.emit()
        self.officer.until(lambda: page.desk.view.reach_state == "reached", "the server's card")
        self.officer.settle()

    def home(self) -> None:
        self.officer.sign_in(self.served, self.served.account("bank_officer"))
        self.officer.state_purpose("B01", CASE)
        self.officer.settle(300)
        self.officer.page("home")

    def subject(self) -> None:
        self.officer.query(subject_named(self.served, "rich")["code"])
        self.officer.settle(300)


def main() -> int:
    shown = Shown(Path(sys.argv[1]), json.loads(sys.stdin.readline()))
    shown.officer.until(lambda: shown.officer.window.desk.view.stage == "sign_in", "the sign-in page")
    print("ready", flush=True)
    return int(shown.officer.app.exec())


if __name__ == "__main__":
    sys.exit(main())
