"""Run every sabotage of sabotages.toml on a copy of the tree and print which tests it turned red.

A guard whose sabotage leaves its tests green is not guarded: the run then ends with 1. Each sabotage's tests
are first seen green on the untouched copy, so that red means the sabotage and nothing else.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree  # noqa: S405

from tests.controls.table import FIRST, MORE, ROOT, Sabotage, flaws, read

LEFT_OUT = shutil.ignore_patterns(
    *(".git", ".venv", "demo-out", "bench-out", "shots", "build", "dist", "home-*", "*.egg-info"),
    *("__pycache__", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".import_linter_cache", ".hypothesis"),
)
IMPORTED = """
import sys
import app, local_cache, server_stub, ui
print(*(one.__file__ for one in (app, local_cache, server_stub, ui)), sep="\\n")
"""
WORDS = """# Controls: what the tests notice

`make test-controls` breaks one line of a copy of the product at a time and looks which of the named tests
turns red; each was green on the sound copy just before. The lines are in `tests/controls/sabotages.toml` and,
for the longer run (`python -m tests.controls --all`), in `tests/controls/sabotages_more.toml`. This page is
the printed result of such a run; `tests/controls/test_sabotages.py` sees with every commit that the lines and
the tests are still there.

"""


@dataclass(frozen=True)
class Outcome:
    """The tests that noticed with what each first said, how many ran, and the seconds that both runs took."""

    sabotage: Sabotage
    red: dict[str, str]
    ran: int
    seconds: float


def settings_for(tree: Path) -> dict[str, str]:
    """Our environment with the copy before everything else, the installed product too."""
    ours = {"PYTHONPATH": str(tree), "QT_QPA_PLATFORM": "offscreen", "PYTHONDONTWRITEBYTECODE": "1"}
    return os.environ | ours


def require_copy(tree: Path) -> None:
    """Say which modules a test would load.

    Raises:
        SystemExit: when one of them is not the copy's: nothing of the run would be true.
    """
    command = [sys.executable, "-c", IMPORTED]
    said = subprocess.run(
        command, cwd=tree.parent, env=settings_for(tree), capture_output=True, text=True, check=True
    )
    for place in said.stdout.split("\n")[:-1]:
        if not Path(place).is_relative_to(tree):
            raise SystemExit(f"the tests would load {place}, not the copy in {tree}")
        print(f"in the copy: {Path(place).relative_to(tree)}", flush=True)


def run_tests(tree: Path, tests: tuple[str, ...]) -> tuple[dict[str, str], int]:
    """The red tests and the number that ran, in the copied tree.

    Raises:
        SystemExit: when pytest could not even begin: an import that fails shows no guard.
    """
    report = tree / "report.xml"
    report.unlink(missing_ok=True)
    shell = ["bash", str(tree / "tests" / "with_keyring.sh"), sys.executable, "-m", "pytest"]
    command = [*shell, "-q", "-p", "no:cacheprovider", f"--junitxml={report}", *tests]
    done = subprocess.run(
        command, cwd=tree, env=settings_for(tree), capture_output=True, text=True, check=False
    )
    if done.returncode not in (0, 1) or not report.exists():
        raise SystemExit(f"the tests did not run:\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}")
    return judged(report.read_text("utf-8"))


def judged(report: str) -> tuple[dict[str, str], int]:
    """What pytest wrote: the red tests by file and function, and how many ran. It is no foreign XML."""
    cases = list(ElementTree.fromstring(report).iter("testcase"))  # noqa: S314
    red: dict[str, str] = {}
    for case in cases:
        for flaw in (*case.findall("failure"), *case.findall("error")):
            name = f"{case.attrib['classname'].replace('.', '/')}.py::{case.attrib['name']}"
            red.setdefault(name.partition("[")[0], flaw.get("message", "").partition("\n")[0][:160])
    return red, sum(case.find("skipped") is None for case in cases)


def try_one(row: Sabotage, tree: Path) -> Outcome:
    """Sound, then broken; the copy is sound again afterwards."""
    started = time.monotonic()
    place = tree / row.file
    sound = place.read_text("utf-8")
    red, ran = run_tests(tree, row.tests)
    if red or not ran:
        raise SystemExit(f"{row.name}: its tests are not green on the untouched tree: {red or 'none ran'}")
    place.write_text(sound.replace(row.find, row.replace), "utf-8")
    try:
        red, ran = run_tests(tree, row.tests)
    finally:
        place.write_text(sound, "utf-8")
    return Outcome(row, red, ran, round(time.monotonic() - started, 1))


def table_of(outcomes: Sequence[Outcome]) -> str:
    """Markdown."""
    lines = [
        "| sabotage | the product would then | broken line in | test that turned red |",
        "|---|---|---|---|",
    ]
    for one in outcomes:
        red = "<br>".join(f"`{test}`" for test in one.red) or "**none**"
        lines.append(f"| {one.sabotage.name} | {one.sabotage.fault} | `{one.sabotage.file}` | {red} |")
    return "\n".join(lines) + "\n"


def chosen(only: str | None, more: bool) -> list[Sabotage]:
    """The rows to run.

    Raises:
        SystemExit: a row no longer fits the product or its tests; there is no row of that name.
    """
    rows = read(FIRST, MORE) if more or only else read(FIRST)
    rows = [row for row in rows if only in (None, row.name)]
    wrong = [flaw for row in rows for flaw in flaws(row)]
    if wrong or not rows:
        raise SystemExit("\n".join(wrong) or f"no sabotage is called {only!r}")
    return rows


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.controls", description=__doc__)
    parser.add_argument("--only", help="run only the sabotage of this name")
    parser.add_argument("--all", action="store_true", help="run those of sabotages_more.toml too")
    parser.add_argument("--out", type=Path, help="write the result here as well (Markdown)")
    given = parser.parse_args()
    rows = chosen(given.only, given.all)
    outcomes = []
    with tempfile.TemporaryDirectory(prefix="controls-") as home:
        tree = Path(home).resolve() / "tree"
        shutil.copytree(ROOT, tree, ignore=LEFT_OUT)
        require_copy(tree)
        for row in rows:
            one = try_one(row, tree)
            outcomes.append(one)
            told = {"name": row.name, "red": one.red, "ran": one.ran, "seconds": one.seconds}
            print(json.dumps(told), flush=True)
    print(table_of(outcomes))
    if given.out:
        given.out.write_text(WORDS + table_of(outcomes), "utf-8")
    caught = sum(1 for one in outcomes if one.red)
    print(f"{caught} passed, {len(outcomes) - caught} failed")
    return 0 if caught == len(outcomes) else 1


if __name__ == "__main__":
    sys.exit(main())
