"""A process that stages or applies is killed in the middle while another one writes; gone on with, all tables
hold what they hold after a run that nobody interrupted.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests import engines
from tests.toolchain.tree import ROOT

from .oddities import HEAD, plain, row

pytestmark = pytest.mark.nightly
ROWS = 700


def grid() -> list[list[object]]:
    """New units, units that come again, one row in thirty that goes back, and a correction at the end."""
    lines: list[list[object]] = [[*HEAD]]
    for at in range(ROWS):
        change: dict[str, object] = {"CF_WSH": f"衡罚字〔2026〕{1000 + at}号"}
        if at % 30 == 7:
            change["CF_JDRQ"] = "2026-02-30"
        lines.append(row(at * 7 % 300, **change))
    return [*lines, row(3, CF_WSH="衡罚字〔2026〕9号", CF_SY="更正后的事实")]


def run(home: Path, act: str, *words: str, until: str = "", at: int = 0) -> list[dict[str, Any]]:
    """What a child said; killed as soon as it says that `until` has reached `at`."""
    said: list[dict[str, Any]] = []
    env = engines.environment(home) | {"HENGXIN_SERVER_HOME": str(home)}
    command = [sys.executable, "-m", "tests.server_stub.exchange.importing", act, *words]
    with subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        for line in child.stdout:
            said.append(json.loads(line))
            if until and said[-1].get(until, 0) >= at:
                child.kill()
                break
    assert child.returncode == (-9 if until else 0), said[-3:]
    return said


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    made = {"first": tmp_path / "first.csv", "second": tmp_path / "second.csv"}
    plain([[*HEAD], row(3, CF_WSH="衡罚字〔2026〕9号"), row(4, CF_WSH="衡罚字〔2026〕8号")])(made["first"])
    plain(grid())(made["second"])
    return made


@pytest.fixture
def homes(tmp_path: Path, files: dict[str, Path]) -> tuple[Path, Path]:
    """Two homes with the same keys and one small batch in force."""
    one, other = tmp_path / "killed", tmp_path / "whole"
    one.mkdir(mode=0o700)
    run(one, "begin")
    shutil.copytree(one / "keys", other / "keys")
    other.chmod(0o700)
    run(other, "begin")
    for home in (one, other):
        run(home, "apply", run(home, "stage", str(files["first"]))[-1]["batch"])
    return one, other


def test_killed_on_the_way_and_gone_on_with_it_is_as_if_nothing_had_been(
    homes: tuple[Path, Path], files: dict[str, Path]
) -> None:
    killed, whole = homes
    run(killed, "stage", str(files["second"]), until="staged", at=500)
    (left,) = run(killed, "tell")
    assert ["staging", 0, 0] in left["batches"]  # counted only when it is whole
    batch = run(killed, "stage", str(files["second"]))[-1]["batch"]
    for reached in (40, 60):
        run(killed, "apply", batch, until="applied", at=reached)
    (half,) = run(killed, "tell")
    assert (half["tree"], half["dense"]) == (True, True)
    assert half["batches"][-1][0] == "applying"
    assert 2 < half["records_record"][0] < ROWS // 2
    assert run(killed, "apply", batch)[-1]["wrote"] > 0

    run(whole, "apply", run(whole, "stage", str(files["second"]))[-1]["batch"])
    (done,), (expected,) = run(killed, "tell"), run(whole, "tell")
    assert done.pop("others") > 2
    assert expected.pop("others") > 0
    assert done == expected
    assert half["records_record"] != done["records_record"]  # the comparison sees a difference
    assert done["batches"][-1] == ["applied", ROWS + 1, ROWS + 1 - 24]
