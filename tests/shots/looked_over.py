"""Looks over every combination, at the usual pixel ratio or at another: `python -m tests.shots.looked_over`.

The ratio belongs to a process, so each has one of its own; `all_of_it` starts them and adds up what they say.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

import msgspec

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from tests.shots.states import PAGES, STATES  # noqa: E402
from tests.shots.walk import DOUBLED, LOOKS, VAST, Tally, into, walk  # noqa: E402
from tests.ui import bench  # noqa: E402

DOUBLE = 2


def here(pictures: Path | None, scale: int) -> Tally:
    """What this process can see."""
    bench.application()
    keep = into(pictures) if pictures is not None else None
    if scale == DOUBLE:
        return walk(DOUBLED, keep=keep, scale=scale)
    tally = walk(LOOKS, keep=keep)
    tally.take_in(walk(VAST, PAGES))
    return tally


def all_of_it(pictures: Path | None) -> Tally:
    """Both pixel ratios, side by side.

    Raises:
        RuntimeError: when one of the processes failed.
    """
    children = []
    for scale in (1, DOUBLE):
        command = [sys.executable, "-m", "tests.shots.looked_over", "--scale", str(scale)]
        if pictures is not None:
            command += ["--out", str(pictures)]
        surroundings = {**os.environ, "QT_SCALE_FACTOR": str(scale)}
        children.append(subprocess.Popen(command, env=surroundings, stdout=subprocess.PIPE))
    tally = Tally()
    for child in children:
        said, _ = child.communicate()
        if child.returncode:
            raise RuntimeError(f"looking over ended with {child.returncode}")
        tally.take_in(msgspec.json.decode(said, type=Tally))
    return tally


def told(tally: Tally) -> str:
    """The result in lines."""
    head = (
        f"looked over: {tally.combinations} combinations of {len(STATES)} states on {len(PAGES)} pages, "
        f"{len(tally.findings)} findings, {tally.pictures} pictures, {tally.seconds:.0f} s of processor"
    )
    return "\n".join((head, *tally.lines()))


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.shots.looked_over", description=__doc__)
    parser.add_argument("--out", type=Path, help="keep pictures here")
    parser.add_argument("--scale", type=int, choices=(1, DOUBLE), help="only this pixel ratio; says JSON")
    given = parser.parse_args()
    if given.scale:
        sys.stdout.buffer.write(msgspec.json.encode(here(given.out, given.scale)))
        return 0
    tally = all_of_it(given.out)
    print(told(tally))
    return 1 if tally.findings else 0


if __name__ == "__main__":
    sys.exit(main())
