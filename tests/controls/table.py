"""The table of sabotages, and what may be wrong with a row of it."""

from __future__ import annotations

import ast
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FIRST = Path(__file__).with_name("sabotages.toml")
MORE = tuple(Path(__file__).with_name(f"sabotages_{name}.toml") for name in ("more", "papers"))
ROOMS = ("app", "local_cache", "server_stub", "ui")


@dataclass(frozen=True)
class Sabotage:
    """`find` in `file` becomes `replace`, one of `tests` must notice; `fault`: what the product does then."""

    name: str
    fault: str
    file: str
    find: str
    replace: str
    tests: tuple[str, ...]


def read(*tables: Path) -> list[Sabotage]:
    """The rows of these files, in their order.

    Raises:
        TypeError: a row lacks a part or has one too many.
    """
    rows = []
    for table in tables:
        for name, parts in tomllib.loads(table.read_text("utf-8")).items():
            rows.append(Sabotage(**{**parts, "name": name, "tests": tuple(parts["tests"])}))
    return rows


def flaws(row: Sabotage, root: Path = ROOT) -> list[str]:
    """Why this row would prove nothing; empty when it would."""
    found = []
    place = root / row.file
    times = place.read_text("utf-8").count(row.find) if place.is_file() else 0
    if times != 1:
        found.append(f"{row.name}: {row.file} holds the text {times} times, not once: {row.find!r}")
    if row.find == row.replace:
        found.append(f"{row.name}: it changes nothing")
    if not row.tests:
        found.append(f"{row.name}: it names no test")
    for test in row.tests:
        file, _, function = test.partition("::")
        if function not in tests_in(root / file):
            found.append(f"{row.name}: there is no {test}")
    return found


@cache
def tests_in(path: Path) -> frozenset[str]:
    """Names of the tests in a file; nothing is imported."""
    if not path.is_file():
        return frozenset()
    tree = ast.parse(path.read_text("utf-8"))
    return frozenset(
        node.name for node in tree.body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    )
