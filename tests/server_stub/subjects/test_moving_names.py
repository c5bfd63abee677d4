"""Names of the old index are found in the new one, whatever the engine, and the way back is open."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tests import engines
from tests.toolchain.tree import ROOT


def test_the_old_rows_move_over_and_their_table_goes(tmp_path: Path) -> None:
    env = engines.environment(tmp_path) | {"HENGXIN_SERVER_HOME": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-m", "tests.server_stub.subjects.old_index"],
        cwd=ROOT, env=env, capture_output=True, text=True, timeout=100, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    said = json.loads(done.stdout)
    assert "subjects_nametoken" not in said["tables"]
    assert said["new"] == [
        [["云石（示例）建材", "contains", "云石（示例）建材"]],
        [["青岚（示例）商贸", "former", "旧岚（示例）"]],
        [],
    ]
    assert said["back"] is True
    assert said["again"] == said["new"]
