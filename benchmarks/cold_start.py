"""From the start of the process to a painted window, beside the smallest window Qt can show."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator

from benchmarks.measure import ROOT, Figure, Run, child, figure, in_turns, program

ROUNDS = 7
PROBE = "benchmarks.first_paint"
FROZEN = ROOT / "dist" / "hengxin" / "hengxin-client"
SHOWN_ROWS = 25


class TooMuchLoadedError(AssertionError):
    """A heavy library is loaded before the first picture; carries which."""


def figures() -> Iterator[Figure]:
    """First paint of the cover, then of the sign-in page, on an empty home.

    Raises:
        TooMuchLoadedError: when a heavy library was loaded before the first paint.
    """

    with tempfile.TemporaryDirectory() as homes:

        def way(what: str) -> Run:
            return child(PROBE, what, env={"HENGXIN_BENCH_HOME": homes})

        bare, cover, sign_in = in_turns(
            ROUNDS, lambda: way("bare"), lambda: way("cover"), lambda: way("sign_in")
        )
    heavy = sorted({name for run in cover for name in run.said["heavy"]})
    if heavy:
        print(import_table(), file=sys.stderr)
        raise TooMuchLoadedError(f"loaded before the first paint: {', '.join(heavy)}")
    floor = "a bare window with a label"
    for name, ours in (("cold_start.cover", cover), ("cold_start.sign_in", sign_in)):
        yield figure(f"{name}.cpu", _cpu(ours), floor, _cpu(bare), "ms")
        yield figure(f"{name}.rss", _rss(ours), floor, _rss(bare), "MB")
    modules = [float(run.said["modules"]) for run in cover]
    yield figure(
        "cold_start.cover.modules", modules, floor, [float(run.said["modules"]) for run in bare], "modules"
    )
    if FROZEN.exists():
        yield from frozen()


def frozen() -> Iterator[Figure]:
    """The frozen program beside the same program out of this tree, each by its own self-test: until the first
    page is painted, and the whole test (a vault, the keyring, a report)."""
    tests = ([str(FROZEN)], [sys.executable, "-m", "ui.start"])
    ours, tree = in_turns(ROUNDS, *(lambda one=one: program([*one, "--self-test"]) for one in tests))
    other = "the same program out of the tree"
    painted = [[float(run.said["window"]["cpu_ms"]) for run in runs] for runs in (ours, tree)]
    yield figure("cold_start.frozen.painted.cpu", painted[0], other, painted[1], "ms")
    yield figure("cold_start.frozen.self_test.cpu", _cpu(ours), other, _cpu(tree), "ms")
    yield figure("cold_start.frozen.self_test.rss", _rss(ours), other, _rss(tree), "MB")


def import_table() -> str:
    """The dearest imports up to the cover, by CPython's own count (microseconds, with what they pull in)."""
    told = subprocess.run(
        [sys.executable, "-X", "importtime", "-c", "import ui.start"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stderr  # fmt: skip
    rows = [line for line in told.splitlines() if line.count("|") == 2 and "cumulative" not in line]
    dearest = sorted(rows, key=lambda line: int(line.split("|")[1]), reverse=True)
    return "\n".join(dearest[:SHOWN_ROWS])


def _cpu(runs: list[Run]) -> list[float]:
    return [run.cpu_ms for run in runs]


def _rss(runs: list[Run]) -> list[float]:
    return [run.rss_mb for run in runs]
