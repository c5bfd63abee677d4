"""Each use of the seal, in a file for each day of the city, and how many there may be within an hour.

A line says when, for which number, for whom, over which digest, and what became of it; never a name or a
key. The bound is counted from these lines, so a new start forgives nothing.
"""

from __future__ import annotations

import logging
import math
import os
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import BinaryIO

import msgspec

from server_stub.config.clock import now, stamp, today
from server_stub.rules.days import named
from server_stub.rules.tables_file import shipped

SPAN = timedelta(hours=1)
SEALED = "sealed"
log = logging.getLogger(__name__)


class Use(msgspec.Struct, frozen=True):
    """One line. `outcome` is SEALED or the word by which it was refused; `asker` the process that asked."""

    at: str
    number: str
    user: str
    digest: str
    outcome: str
    asker: int = 0


class Uses:
    """The log under one folder, and what follows from it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._days: dict[date, list[Use]] = {}

    def wait_s(self, user: str) -> int:
        """0 when the seal may be used once more for `user` now, else the seconds until it may."""
        since = now() - SPAN
        times = [(at, use.user) for use in self._lately() if (at := _moment(use.at)) > since]
        own = [at for at, who in times if who == user]
        return max(
            _wait_s([at for at, _ in times], seals_an_hour(today()), since),
            _wait_s(own, seals_an_officer_an_hour(today()), since),
        )

    def used(self, number: str) -> bool:
        """Whether the seal was put under this number; known for numbers of today and yesterday."""
        return any(use.number == number for use in self._lately())

    def note(self, number: str, user: str, digest: str, outcome: str, asker: int = 0) -> None:
        """Write one line so that it lasts.

        Raises:
            OSError: it cannot be written.
        """
        on = today()
        use = Use(stamp(), number, user, digest, outcome, asker)
        known = self._of(on)
        self._folder.mkdir(mode=0o700, exist_ok=True)
        new = not self._path(on).exists()
        with os.fdopen(os.open(self._path(on), os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600), "ab+") as file:
            file.write(_apart(file) + msgspec.json.encode(use) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        if new:
            self._keep_its_name()
        known.append(use)

    def _keep_its_name(self) -> None:
        """A file that was synced is lost with a power cut as long as its folder was not."""
        folder = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def on(self, day: date) -> list[Use]:
        """The lines of a day as they stand in its file; one that a power cut tore is left out."""
        path = self._path(day)
        return list(_read(path)) if path.exists() else []

    def _lately(self) -> list[Use]:
        days = (today() - timedelta(days=1), today())
        self._days = {day: self._of(day) for day in days}
        return [use for day in days for use in self._days[day] if use.outcome == SEALED]

    def _of(self, day: date) -> list[Use]:
        if day not in self._days:
            self._days[day] = self.on(day)
        return self._days[day]

    def _path(self, day: date) -> Path:
        return self._folder / f"{day.isoformat()}.jsonl"


def seals_an_hour(on: date) -> int:
    """The bound of the table `policy`, row seals_an_hour.

    Raises:
        LookupError: no row is in force; the bound has no default.
    """
    return _figure("seals_an_hour", on)


def seals_an_officer_an_hour(on: date) -> int:
    """The share that one officer may take of the bound, so that nobody takes it from all counters. Row
    seals_an_officer_an_hour.

    Raises:
        LookupError: no row is in force.
    """
    return _figure("seals_an_officer_an_hour", on)


def _figure(name: str, on: date) -> int:
    row = named(shipped(), "policy", on, name)
    if row is None:
        raise LookupError(f"no row {name} on {on}")
    return int(row.number)


def _wait_s(times: list[datetime], most: int, since: datetime) -> int:
    if len(times) < most:
        return 0
    if most < 1:
        return math.ceil(SPAN.total_seconds())
    return max(1, math.ceil((sorted(times)[-most] - since).total_seconds()))


def _apart(file: BinaryIO) -> bytes:
    """A line feed, when the last line is one that a power cut tore."""
    if not file.seek(0, os.SEEK_END):
        return b""
    file.seek(-1, os.SEEK_END)
    return b"" if file.read(1) == b"\n" else b"\n"


def _read(path: Path) -> Iterator[Use]:
    for place, line in enumerate(path.read_bytes().split(b"\n"), 1):
        try:
            if line:
                yield msgspec.json.decode(line, type=Use)
        except msgspec.DecodeError:
            log.warning("%s: line %d is torn", path.name, place)


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
