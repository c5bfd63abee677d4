"""Checking a report that somebody hands in. No vault and no sign-in is needed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.desks.desk import Desk, LanesLike, Notice


@dataclass(frozen=True)
class VerifyView:
    """`verdict` is what verifying said of the file named `name`, `registered` what the register said of a
    number; never both.
    """

    name: str = ""
    verdict: Any = None
    registered: Any = None
    busy: bool = False
    notice: Notice | None = None


class VerifyDesk(Desk[VerifyView]):
    """Verbs of the verification page."""

    def __init__(self, client: Any, lanes: LanesLike, show: Callable[[VerifyView], None]) -> None:
        super().__init__(client, lanes, show, VerifyView())

    def check(self, path: Path) -> None:
        """Check a file: its seal here, its state at the server."""
        self.put(name=path.name, verdict=None, registered=None, busy=True, notice=None)
        self.ask("wire", self.client.verifying.verify, path, then=self._judged, alone=True)

    def look_up(self, text: str) -> None:
        """Ask the register for a number, typed or scanned."""
        if not text.strip():
            return
        self.put(name="", verdict=None, registered=None, busy=True, notice=None)
        self.ask("wire", self.client.verifying.look_up, text, then=self._told_state, alone=True)

    def _told_state(self, registered: Any) -> None:
        self.put(registered=registered, busy=False)

    def _judged(self, verdict: Any) -> None:
        self.put(verdict=verdict, busy=False)
