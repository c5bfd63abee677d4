"""Revisions of an earlier release say the same after they were made small, whatever the engine."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tests import engines
from tests.toolchain.tree import ROOT


def test_each_revision_stands_as_before_and_repeats_nothing(tmp_path: Path) -> None:
    env = engines.environment(tmp_path) | {"HENGXIN_SERVER_HOME": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-m", "tests.server_stub.records.old_columns"],
        cwd=ROOT, env=env, capture_output=True, text=True, timeout=100, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    said = json.loads(done.stdout)
    assert said["after"] == said["before"]
    assert said["kept"] == {
        "never": [{}],
        "often": [
            {},
            {"decided_on": "2026-05-06", "classes": []},
            {"status": "current", "status_on": "", "amount_fen": None},
            {"decided_on": "2026-05-08", "amount_fen": 7},
            {},
        ],
        "moved": [{}, {"item_code": ""}],
    }
    assert len(said["payloads"]) == 8
    assert ["decided_on"] not in said["indexes"]
    assert ["record_id"] not in said["indexes"]
