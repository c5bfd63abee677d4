"""Checking a report that somebody hands in. No vault and no sign-in is needed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.desks.desk import Desk, LanesLike, Notice


@dataclass(frozen=True)
class VerifyView:
    """`verdict` is what verifying said of the file named `name`."""

    name: str = ""
    verdict: Any = None
    busy: bool = False
    notice: Notice | None = None


class VerifyDesk(Desk[VerifyView]):
    """Verbs of the verification page."""

    def __init__(self, client: Any, lanes: LanesLike, show: Callable[[VerifyView], None]) -> None:
        super().__init__(client, lanes, show, VerifyView())

    def check(self, path: Path) -> None:
        """Check a file: its seal here, its state at the server."""
        self.put(name=path.name, verdict=None, busy=True, notice=None)
        self.ask("wire", self.client.verifying.verify, path, then=self._judged, alone=True)

    def _judged(self, verdict: Any) -> None:
        self.put(verdict=verdict, busy=False)
