"""Run every sabotage of sabotages.toml on a copy of the tree and print which tests it turned red.

A guard whose sabotage leaves its tests green is not guarded: the run then ends with 1. All tests that the
chosen sabotages name are first seen green on the untouched copy, so that red means the sabotage and nothing
else.
"""

from __future__ import annotations

import argparse
import compileall
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from py_compile import PycInvalidationMode
from typing import Any
from xml.etree import ElementTree  # noqa: S405

from tests.controls.table import FIRST, MORE, ROOMS, ROOT, Sabotage, flaws, read

LEFT_OUT = shutil.ignore_patterns(
    *(
        ".git",
        ".venv",
        ".venv-peers",
        "demo-out",
        "bench-out",
        "shots",
        "build",
        "dist",
        "home-*",
        "*.egg-info",
    ),
    *("__pycache__", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".import_linter_cache", ".hypothesis"),
)
IMPORTED = """
import sys
import app, local_cache, server_stub, ui
print(*(one.__file__ for one in (app, local_cache, server_stub, ui)), sep="\\n")
"""
KEPT = ("red", "ran", "seconds", "tried")
WORDS = """# Controls: what the tests notice

`make test-controls` breaks one line of a copy of the product at a time and looks which of the named tests
turns red; all of them were green on the sound copy before. The lines are in `tests/controls/sabotages.toml`
and, for the longer run (`python -m tests.controls --all`), in the other `sabotages_*.toml` beside it. This
page is the printed result of such a run, or of its pieces; `tests/controls/test_sabotages.py` sees with every
commit that the lines and the tests are still there.

"""


@dataclass(frozen=True)
class Outcome:
    """The tests that noticed with what each first said, how many ran, how many seconds they took, and
    when that was."""

    sabotage: Sabotage
    red: dict[str, str]
    ran: int
    seconds: float
    tried: str


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


def compile_copy(tree: Path) -> None:
    """Spare every run the compiling. A file is judged by its content, so a broken line is compiled anew."""
    for room in (*ROOMS, "tests"):
        compileall.compile_dir(tree / room, quiet=1, invalidation_mode=PycInvalidationMode.CHECKED_HASH)


def run_tests(tree: Path, tests: Sequence[str]) -> tuple[dict[str, str], Counter[str]]:
    """The red tests, and how often each one ran, in the copied tree.

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


def judged(report: str) -> tuple[dict[str, str], Counter[str]]:
    """What pytest wrote: the red tests by file and function with what they said, and how often each ran with
    its parameters. It is no foreign XML."""
    red: dict[str, str] = {}
    ran: Counter[str] = Counter()
    for case in ElementTree.fromstring(report).iter("testcase"):  # noqa: S314
        whole = f"{case.attrib['classname'].replace('.', '/')}.py::{case.attrib['name']}"
        name = whole.partition("[")[0]
        ran[name] += case.find("skipped") is None
        for flaw in (*case.findall("failure"), *case.findall("error")):
            red.setdefault(name, flaw.get("message", "").partition("\n")[0][:160])
    return red, ran


def green(rows: Sequence[Sabotage], tree: Path) -> list[Sabotage]:
    """Those of the rows whose tests ran and were green on the untouched copy; the others are told."""
    tests = list(dict.fromkeys(test for row in rows for test in row.tests))
    red, ran = run_tests(tree, tests)
    bad = {test for test in tests if test in red or not ran[test]}
    print(f"green on the untouched tree: {len(tests) - len(bad)} of {len(tests)} tests", flush=True)
    for test in sorted(bad):
        print(f"not green on the untouched tree: {test}: {red.get(test, 'it did not run')}", flush=True)
    return [row for row in rows if bad.isdisjoint(row.tests)]


def try_one(row: Sabotage, tree: Path) -> Outcome:
    """Break the line and run its tests; the copy is sound again afterwards."""
    started = time.monotonic()
    place = tree / row.file
    sound = place.read_text("utf-8")
    place.write_text(sound.replace(row.find, row.replace), "utf-8")
    try:
        red, ran = run_tests(tree, row.tests)
    finally:
        place.write_text(sound, "utf-8")
    now = f"{datetime.now(UTC):%Y-%m-%d %H:%M}Z"
    return Outcome(row, red, ran.total(), round(time.monotonic() - started, 1), now)


def table_of(outcomes: Sequence[Outcome]) -> str:
    """Markdown."""
    lines = [
        "| sabotage | the product would then | broken line in | test that turned red | tried |",
        "|---|---|---|---|---|",
    ]
    for one in outcomes:
        red = "<br>".join(f"`{test}`" for test in one.red) or "**none**"
        row = one.sabotage
        lines.append(f"| {row.name} | {row.fault} | `{row.file}` | {red} | {one.tried} |")
    return "\n".join(lines) + "\n"


def chosen(only: Sequence[str], part: tuple[int, int] | None, more: bool) -> list[Sabotage]:
    """The rows to run; `part` (n, of) takes each of-th row, beginning with the n-th.

    Raises:
        SystemExit: a row no longer fits the product or its tests; there is no row of that name.
    """
    rows = read(FIRST, *MORE) if more or only else read(FIRST)
    unknown = set(only) - {row.name for row in rows}
    rows = [row for row in rows if not only or row.name in only]
    rows = rows[part[0] - 1 :: part[1]] if part else rows
    wrong = [flaw for row in rows for flaw in flaws(row)]
    if wrong or unknown or not rows:
        raise SystemExit("\n".join(wrong) or f"no sabotage is called so: {sorted(unknown)}")
    return rows


def pieces(kept: Sequence[Path]) -> list[Outcome]:
    """What earlier pieces of a run wrote with `--keep`, in the order of the tables.

    Raises:
        SystemExit: a row of the tables was tried in no piece.
    """
    lines = [json.loads(line) for file in kept for line in file.read_text("utf-8").splitlines()]
    told: Mapping[str, dict[str, Any]] = {line["name"]: line for line in lines}
    rows = read(FIRST, *MORE)
    missing = [row.name for row in rows if row.name not in told]
    if missing:
        raise SystemExit(f"tried in no piece: {missing}")
    return [Outcome(row, **{key: told[row.name][key] for key in KEPT}) for row in rows]


def tried(rows: Sequence[Sabotage], keep: Path | None) -> list[Outcome]:
    """Each row whose tests are green before, on a copy of the tree; told in JSON when it is done."""
    outcomes = []
    with tempfile.TemporaryDirectory(prefix="controls-") as home:
        tree = Path(home).resolve() / "tree"
        shutil.copytree(ROOT, tree, ignore=LEFT_OUT)
        compile_copy(tree)
        require_copy(tree)
        for row in green(rows, tree):
            one = try_one(row, tree)
            outcomes.append(one)
            told = json.dumps({"name": row.name, **{key: getattr(one, key) for key in KEPT}})
            print(told, flush=True)
            if keep:
                with keep.open("a", encoding="utf-8") as file:
                    file.write(told + "\n")
    return outcomes


def part_of(text: str) -> tuple[int, int]:
    """`2/3`: the second of three pieces."""
    number, _, of = text.partition("/")
    if not 1 <= int(number) <= int(of):
        raise ValueError(text)
    return int(number), int(of)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.controls", description=__doc__)
    parser.add_argument("--only", nargs="+", default=[], help="run only the sabotages of these names")
    parser.add_argument("--all", action="store_true", help="run those of the other tables too")
    parser.add_argument("--part", type=part_of, help="run one piece, such as 1/3; they may run side by side")
    parser.add_argument("--keep", type=Path, help="add a line of JSON for each to this file")
    parser.add_argument("--pieces", nargs="+", type=Path, help="run none: join what --keep wrote")
    parser.add_argument("--out", type=Path, help="write the result here as well (Markdown)")
    given = parser.parse_args()
    rows = read(FIRST, *MORE) if given.pieces else chosen(given.only, given.part, given.all)
    outcomes = pieces(given.pieces) if given.pieces else tried(rows, given.keep)
    print(table_of(outcomes))
    if given.out:
        given.out.write_text(WORDS + table_of(outcomes), "utf-8")
    caught = sum(1 for one in outcomes if one.red)
    print(f"{caught} passed, {len(rows) - caught} failed")
    return 0 if caught == len(rows) else 1


if __name__ == "__main__":
    sys.exit(main())
