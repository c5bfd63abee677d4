"""From the click on 生成报告 to the first painted page of the preview, in the real window: five processes."""

from __future__ import annotations

import statistics
from collections.abc import Iterator

from benchmarks.measure import Figure, child, figure

RUNS = 5
BAR_MS = 300.0


def figures() -> Iterator[Figure]:
    """The first click of each process and the later ones, wall and CPU; runs of five that met the bar."""
    runs = [child("benchmarks.previewing").said for _ in range(RUNS)]
    idle = [statistics.median(run["idle"]) for run in runs]
    beside = "a sleep of 20 ms, what it overslept"
    yield figure("preview.first.wall", [run["first"] for run in runs], beside, idle, "ms")
    later = [statistics.median(run["later"]) for run in runs]
    yield figure("preview.later.wall", later, beside, idle, "ms")
    cpu, whole = [run["first_cpu"] for run in runs], [run["first"] for run in runs]
    yield figure("preview.first.cpu", cpu, "its wall time", whole, "ms")
    yield figure(
        "preview.later.cpu", [statistics.median(run["later_cpu"]) for run in runs], "its wall", later, "ms"
    )
    met = float(sum(run["first"] <= BAR_MS for run in runs))
    yield figure("preview.within_300_ms", [met], "runs", [float(RUNS)], "runs")
