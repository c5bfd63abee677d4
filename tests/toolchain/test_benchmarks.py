"""The benchmarks stay able to run, and to complain."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from benchmarks import cold_start, measure
from tests.toolchain.tree import ROOT

AS_COVER = (
    "import runpy, sys; sys.argv = ['first_paint', 'cover'];runpy.run_module({!r}, run_name='__main__')"
)


def loaded_at_first_paint(tmp_path: Path, before: str = "") -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-c", before + AS_COVER.format(cold_start.PROBE)],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "HENGXIN_BENCH_HOME": str(tmp_path)},
        capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    said: dict[str, Any] = json.loads(done.stdout)
    return said


def test_nothing_heavy_is_loaded_before_the_first_paint(tmp_path: Path) -> None:
    assert loaded_at_first_paint(tmp_path)["heavy"] == []


def test_control_a_heavy_library_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = loaded_at_first_paint(tmp_path, "import requests; ")
    assert "requests" in said["heavy"]
    run = measure.Run(100.0, 100.0, 50.0, said)
    monkeypatch.setattr(cold_start, "in_turns", lambda *_: [[run], [run], [run]])
    monkeypatch.setattr(cold_start, "import_table", lambda: "")
    with pytest.raises(cold_start.TooMuchLoadedError, match="requests"):
        list(cold_start.figures())


def test_the_import_table_names_the_dearest() -> None:
    assert "PySide6.QtCore" in cold_start.import_table()


def test_figures_are_medians_with_their_ratio() -> None:
    found = measure.figure("x", [9, 1, 4], "floor", [2, 2, 50, 2], "ms")
    assert (found.ours, found.other, found.ratio, found.n) == (4, 2, 2.0, 3)
    assert set(json.loads(found.line())) == {"name", "ours", "against", "other", "ratio", "unit", "n"}
    with pytest.raises(ValueError, match="no samples"):
        measure.figure("x", [], "floor", [1], "ms")


def test_control_a_child_that_fails_is_no_sample() -> None:
    with pytest.raises(RuntimeError, match=r"json\.tool no-such-file ended with"):
        measure.child("json.tool", "no-such-file")
