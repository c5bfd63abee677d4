"""Numbers given after the commit lose nothing where transactions overlap; numbers given before it do."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests import engines
from tests.own_postgres import cluster
from tests.toolchain.tree import ROOT

ROUNDS = 60


@pytest.mark.one_engine
def test_eight_overlapping_writers_lose_nothing_and_leave_no_gap(tmp_path: Path) -> None:
    with cluster() as url:
        env = {**engines.environment(tmp_path), "HENGXIN_SERVER_HOME": str(tmp_path), "DATABASE_URL": url}
        done = subprocess.run(
            [sys.executable, "-m", "tests.server_stub.feed.overlapping", str(ROUNDS)],
            cwd=ROOT, env=env, capture_output=True, text=True, timeout=110, check=False,
        )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    said = json.loads(done.stdout)
    assert said["written"] > 8 * ROUNDS
    assert (said["lost"], said["twice"], said["gapless"], said["taken_back"]) == (0, 0, True, False)
    assert said["lost_by_place"] > 0, "the control: the order of insertion would have lost some"
