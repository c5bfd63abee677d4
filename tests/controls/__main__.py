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
import tomllib
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree  # noqa: S405

ROOT = Path(__file__).resolve().parents[2]
LEFT_OUT = shutil.ignore_patterns(
    *(".git", ".venv", "demo-out", "shots", "build", "dist", "*.egg-info", "__pycache__"),
    *(".mypy_cache", ".ruff_cache", ".pytest_cache", ".import_linter_cache"),
)


@dataclass(frozen=True)
class Sabotage:
    name: str
    file: str
    find: str
    replace: str
    tests: tuple[str, ...]


@dataclass(frozen=True)
class Outcome:
    sabotage: Sabotage
    red: tuple[str, ...]
    ran: int


def sabotages() -> list[Sabotage]:
    """The table, refused when a row no longer matches exactly one place of the product."""
    table = tomllib.loads((Path(__file__).parent / "sabotages.toml").read_text("utf-8"))
    rows = [
        Sabotage(name, r["file"], r["find"], r["replace"], tuple(r["tests"])) for name, r in table.items()
    ]
    for row in rows:
        found = (ROOT / row.file).read_text("utf-8").count(row.find)
        if found != 1:
            raise SystemExit(f"{row.name}: {row.file} holds the text {found} times, not once: {row.find!r}")
    return rows


def run_tests(tree: Path, tests: tuple[str, ...]) -> tuple[tuple[str, ...], int]:
    """Names of the failed tests and the number that ran, in the copied tree."""
    report = tree / "report.xml"
    report.unlink(missing_ok=True)
    shell = ["bash", str(tree / "tests" / "with_keyring.sh"), sys.executable, "-m", "pytest"]
    command = [*shell, "-q", "-x", "-p", "no:cacheprovider", f"--junitxml={report}", *tests]
    ours = {"PYTHONPATH": str(tree), "QT_QPA_PLATFORM": "offscreen", "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        command, cwd=tree, env=os.environ | ours, capture_output=True, text=True, check=False
    )
    if not report.exists():
        raise SystemExit(f"pytest wrote no report:\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}")
    return read_report(report)


def read_report(report: Path) -> tuple[tuple[str, ...], int]:
    """Our own pytest wrote this file a moment ago: it is no foreign XML."""
    cases = list(ElementTree.parse(report).iter("testcase"))  # noqa: S314
    failed = [case for case in cases if case.find("failure") is not None or case.find("error") is not None]
    return tuple(case.attrib["name"] for case in failed), len(cases)


def try_one(row: Sabotage, tree: Path) -> Outcome:
    place = tree / row.file
    sound = place.read_text("utf-8")
    red, ran = run_tests(tree, row.tests)
    if red or not ran:
        raise SystemExit(f"{row.name}: its tests are not green on the untouched tree: {red or 'none ran'}")
    place.write_text(sound.replace(row.find, row.replace), "utf-8")
    try:
        return Outcome(row, *run_tests(tree, row.tests))
    finally:
        place.write_text(sound, "utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.controls", description=__doc__)
    parser.add_argument("--only", help="run only the sabotage of this name")
    parser.add_argument("--out", type=Path, help="write the table here as well (Markdown)")
    given = parser.parse_args()
    rows = [row for row in sabotages() if given.only in (None, row.name)]
    outcomes = []
    with tempfile.TemporaryDirectory(prefix="controls-") as home:
        tree = Path(home) / "tree"
        shutil.copytree(ROOT, tree, ignore=LEFT_OUT)
        for row in rows:
            outcome = try_one(row, tree)
            outcomes.append(outcome)
            print(json.dumps({"name": row.name, "red": list(outcome.red), "ran": outcome.ran}), flush=True)
    lines = ["| sabotage | place | test turned red |", "|---|---|---|"]
    lines += [
        f"| {o.sabotage.name} | `{o.sabotage.file}` | {', '.join(o.red) or '**none**'} |" for o in outcomes
    ]
    print("\n".join(lines))
    if given.out:
        given.out.write_text("\n".join(lines) + "\n", "utf-8")
    caught = sum(1 for o in outcomes if o.red)
    print(f"{caught} passed, {len(outcomes) - caught} failed")
    return 0 if caught == len(outcomes) else 1


if __name__ == "__main__":
    sys.exit(main())
