"""Every Python process of a server that a test started with this folder on its path has a clock that the test
moves, in a city with short terms of its own.

HENGXIN_TEST_CLOCK names a file of JSON, read again for each look at the clock: `ahead_s`, seconds ahead of
the system's time; `figures`, numbers of the table `policy`, read at the start.
"""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from server_stub.config import clock
from server_stub.rules import tables_file

FILE = Path(os.environ["HENGXIN_TEST_CLOCK"])


def moved() -> datetime:
    return datetime.now(UTC) + timedelta(seconds=json.loads(FILE.read_text())["ahead_s"])


figures = json.loads(FILE.read_text())["figures"]
shipped = tables_file.shipped()
tables = msgspec.structs.replace(
    shipped,
    policy=tuple(
        msgspec.structs.replace(row, number=figures[row.id]) if row.id in figures else row
        for row in shipped.policy
    ),
)
tables_file.shipped = lambda: tables  # type: ignore[assignment]  # before the rooms take it
clock._source[0] = moved
