"""The window's heartbeat while it syncs, sets a report and screens twenty thousand rows, beside idle windows.

A timer of 10 ms tells how late it is. Busy and idle windows take turns in one process; five processes, of
which four have to hold: longest stall at most 100 ms, p99 at most 40 ms above that of the idle windows.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence

from benchmarks.measure import Figure, child, figure

RUNS = 5
STALL_MS, ABOVE_MS = 100.0, 40.0
FRAME_MS, COPY_MS = 16.0, 150.0


def figures() -> Iterator[Figure]:
    """Stalls of both kinds of window, the frame of a long table, a kept subject; and how many runs held."""
    runs = [child("benchmarks.smoothing", most_s=600).said for _ in range(RUNS)]
    beside = "idle windows of the same runs"
    longest = [max(run["busy"]) for run in runs]
    idle_longest = [max(run["idle"]) for run in runs]
    yield figure("smoothness.longest_stall", longest, beside, idle_longest, "ms")
    busy, idle = [p99(run["busy"]) for run in runs], [p99(run["idle"]) for run in runs]
    yield figure("smoothness.p99", busy, beside, idle, "ms")
    held = [a <= STALL_MS and b - c <= ABOVE_MS for a, b, c in zip(longest, busy, idle, strict=True)]
    yield figure("smoothness.runs_that_hold", [float(sum(held))], "runs", [float(RUNS)], "runs")
    scroll = [p99(run["scroll"]) for run in runs]
    yield figure(
        "smoothness.scroll_frame.p99",
        scroll,
        "a repaint of an empty widget",
        [p99(run["bare_frame"]) for run in runs],
        "ms",
    )
    copies = [statistics.median(run["copy"]) for run in runs]
    yield figure(
        "smoothness.kept_subject",
        copies,
        "a sleep of 20 ms, what it overslept",
        [statistics.median(run["overslept"]) for run in runs],
        "ms",
    )
    for name in ("rows", "syncs", "papers"):
        done = [float(run[name]) for run in runs]
        yield figure(f"smoothness.{name}", done, "runs", [float(RUNS)], name)


def p99(samples: Sequence[float]) -> float:
    """The 99th percentile, or the longest of few."""
    return sorted(samples)[max(0, -(-len(samples) * 99 // 100) - 1)]
