"""Rendering a report beside a raw ReportLab canvas with the same ink, and other libraries with the same rows.

`python -m benchmarks report` takes 90 and 900 rows, and 9,000 where HENGXIN_BENCH_LARGE=1 (minutes, for the
slowest peer). Without `.venv-peers` (`make peers`) the peers are left out, and that is said.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.measure import ROOT, Figure, Run, child, figure

ROWS = (90, 900)
LARGE = 9000
ROUNDS = 5
PEERS = ("fpdf2", "weasyprint", "typst")
SLOW = ("fpdf2", "weasyprint")
_PEER_PYTHON = ROOT / ".venv-peers" / "bin" / "python"
_FONTS = ROOT / "resources" / "fonts"
_MOST_S = 1500.0


def figures() -> Iterator[Figure]:
    """CPU, file and memory of each way; a document of blocks and rows first, then a table alone."""
    large = (LARGE,) if os.environ.get("HENGXIN_BENCH_LARGE") == "1" else ()
    for rows in ROWS:
        yield from _beside_raw("mixed", rows, ("ours", "raw", "lines"))
    table: dict[int, list[Run]] = {}
    for rows in (*ROWS, *large):
        with tempfile.TemporaryDirectory() as folder:
            taken = _taken("table", rows, ("ours", "raw", *_peers()), Path(folder))
        table[rows] = taken["ours"]
        yield from _compared(f"report.table_{rows}", taken)
    few, many = ROWS[-1], max(table)
    if many > few:
        yield figure(
            "report.growth", _said(table[many], "cpu_ms"), f"{many // few} times the time of {few} rows",
            [cpu * many / few for cpu in _said(table[few], "cpu_ms")], "ms of CPU",
        )  # fmt: skip


def _peers() -> tuple[str, ...]:
    if _PEER_PYTHON.exists():
        return PEERS
    print("no .venv-peers: `make peers` installs what reports are compared with", file=sys.stderr)
    return ()


def _beside_raw(what: str, rows: int, ways: tuple[str, ...]) -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        taken = _taken(what, rows, ways, Path(folder))
    yield from _compared(f"report.{what}_{rows}", taken)


def _taken(what: str, rows: int, ways: tuple[str, ...], folder: Path) -> dict[str, list[Run]]:
    """The ways in turns; the slow ones of a table less often."""
    child("benchmarks.report_drawn", "prepare", what, str(rows), str(folder), most_s=_MOST_S)
    taken: dict[str, list[Run]] = {way: [] for way in ways}
    rounds = 3 if rows >= LARGE else ROUNDS
    for number in range(-1, rounds):
        for way in ways if number % 2 else reversed(ways):
            if way in SLOW and (number < 0 or len(taken[way]) >= (1 if rows >= LARGE else 2)):
                continue
            run = _run(way, what, rows, folder)
            if number >= 0:
                taken[way].append(run)
    return taken


def _run(way: str, what: str, rows: int, folder: Path) -> Run:
    if way in PEERS:
        return child(
            "benchmarks.report_peers", way, str(folder), str(_FONTS), most_s=_MOST_S, python=_PEER_PYTHON
        )
    return child("benchmarks.report_drawn", way, what, str(rows), str(folder), most_s=_MOST_S)


def _compared(name: str, taken: dict[str, list[Run]]) -> Iterator[Figure]:
    """Ours to each other way. A raw canvas has its faces loaded, as ours then has; a peer loads its own."""
    ours = taken["ours"]
    for way, runs in taken.items():
        if way == "ours":
            continue
        cpu = "with_fonts_ms" if way in PEERS else "cpu_ms"
        yield figure(f"{name}.cpu", _said(ours, cpu), way, _said(runs, cpu), "ms of CPU")
        yield figure(
            f"{name}.wall", _said(ours, "wall_ms"), way, _said(runs, "wall_ms"), "ms, faces included"
        )
        yield figure(f"{name}.size", _said(ours, "kb"), way, _said(runs, "kb"), "kB")
        yield figure(f"{name}.rss", [r.rss_mb for r in ours], way, [r.rss_mb for r in runs], "MB")


def _said(runs: list[Run], name: str) -> list[float]:
    return [float(run.said[name]) for run in runs]
