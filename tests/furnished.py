"""A home of a test's own with keys and a sample's seal: to make them costs more than most tests."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from server_stub.config import keys
from server_stub.config.clock import clock
from server_stub.reports import authority


def furnished(home: Path) -> Path:
    """Put copies of this worker's keys and seal into `home`: no other server ever has them."""
    for folder in ("keys", "seal"):
        shutil.copytree(_first() / folder, home / folder)
    return home


@cache
def _first() -> Path:
    home = Path(tempfile.mkdtemp(prefix="hengxin-furnished-"))
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    keys.make(home)
    with clock(lambda: datetime.now(UTC) - timedelta(days=30)):  # good for clocks of tests that stand
        authority.make(home)
    return home
