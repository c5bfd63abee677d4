"""A use that was noted outlives a cut of power: its line is on the disk, and on a new day its file's name."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from server_stub.config.clock import clock
from server_stub.seal.uses import SEALED, Uses


@pytest.fixture
def synced(monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[bool]]:
    """What was synchronised since the last look, in order: whether it was a folder."""
    seen: list[bool] = []
    really = os.fsync

    def fsync(number: int) -> None:
        seen.append(stat.S_ISDIR(os.fstat(number).st_mode))
        really(number)

    def look() -> list[bool]:
        found = seen.copy()
        seen.clear()
        return found

    monkeypatch.setattr(os, "fsync", fsync)
    return look


def test_the_first_line_of_a_day_syncs_its_folder_too(
    tmp_path: Path, synced: Callable[[], list[bool]]
) -> None:
    uses = Uses(tmp_path / "uses")
    for day, expected in ((1, [False, True]), (1, [False]), (2, [False, True])):
        with clock(lambda day=day: datetime(2026, 11, day, 4, tzinfo=UTC)):
            uses.note("HYXY-示例", "bank1", "0" * 64, SEALED)
        assert synced() == expected
