"""docs/SECURITY.md says of each test whether every commit runs it, or `make test-nightly` alone."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path
from typing import Literal

import pytest

from tests.toolchain.tree import ROOT

SECURITY = ROOT / "docs" / "SECURITY.md"
CITED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`( \([^()]*\))?")
LEFT_OUT = frozenset({"nightly", "display"})
"""Marks that pyproject.toml has every commit leave out."""

When = Literal["commit", "night", "both"]


def marked(node: ast.AST) -> bool:
    """Whether an expression names a mark that leaves out."""
    return any(isinstance(one, ast.Attribute) and one.attr in LEFT_OUT for one in ast.walk(node))


def is_mark(node: ast.AST) -> bool:
    """Whether it is such a mark itself, and not one of some cases."""
    return isinstance(node, ast.Attribute) and node.attr in LEFT_OUT


@cache
def run_in(source: str) -> dict[str, When]:
    """When each test of a file runs: with every commit, by night alone, or some of its cases by night."""
    tree = ast.parse(source)
    named = {
        target.id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    shared = named.get("pytestmark")
    whole = shared is not None and marked(shared)
    found: dict[str, When] = {}
    for node in ast.walk(tree):
        if not isinstance(node, ast.FunctionDef) or not node.name.startswith("test_"):
            continue
        if whole or any(map(is_mark, node.decorator_list)):
            found[node.name] = "night"
            continue
        used = [one.id for tag in node.decorator_list for one in ast.walk(tag) if isinstance(one, ast.Name)]
        parts = [*node.decorator_list, *(named[name] for name in used if name in named)]
        found[node.name] = "both" if any(map(marked, parts)) else "commit"
    return found


def said(behind: str) -> When:
    """What the bracket behind a name says."""
    if "by night" not in behind:
        return "commit"
    return "both" if "with every commit" in behind else "night"


def untrue(text: str, root: Path = ROOT) -> list[str]:
    """Tests of which the text says another time than their marks."""
    wrong = []
    for file, name, behind in CITED.findall(text):
        when = run_in((root / file).read_text("utf-8")).get(name)
        if when != said(behind):
            wrong.append(f"{file}::{name}: {when}, said {said(behind)}")
    return wrong


def test_every_commit_leaves_out_what_these_marks_name() -> None:
    options = (ROOT / "pyproject.toml").read_text("utf-8")
    line = next(line for line in options.splitlines() if line.startswith("addopts"))
    assert set(re.findall(r"not (\w+)", line)) == LEFT_OUT


def test_the_promises_say_when_their_tests_run() -> None:
    text = SECURITY.read_text("utf-8")
    assert len(CITED.findall(text)) > 400
    assert untrue(text) == []


NIGHTLY = """
import pytest
SIZES = [1, pytest.param(9, marks=pytest.mark.nightly)]
@pytest.mark.nightly
def test_slow(): ...
@pytest.mark.parametrize("size", SIZES)
def test_two(size): ...
@pytest.mark.parametrize("size", [1, pytest.param(9, marks=pytest.mark.display)])
def test_other(size): ...
def test_fast(): ...
"""


@pytest.mark.parametrize(
    ("cited", "wrong"),
    [
        ("`tests/a.py::test_slow`, `tests/a.py::test_fast`", ["tests/a.py::test_slow: night, said commit"]),
        ("`tests/a.py::test_slow` (by night), `tests/a.py::test_fast`", []),
        ("`tests/a.py::test_fast` (by night)", ["tests/a.py::test_fast: commit, said night"]),
        ("`tests/a.py::test_two` (1 with every commit, 9 by night)", []),
        ("`tests/a.py::test_other` (by night)", ["tests/a.py::test_other: both, said night"]),
        ("`tests/a.py::test_gone`", ["tests/a.py::test_gone: None, said commit"]),
    ],
)
def test_control_an_untrue_word_is_named(tmp_path: Path, cited: str, wrong: list[str]) -> None:
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "a.py").write_text(NIGHTLY)
    assert untrue(cited, tmp_path) == wrong


def test_control_a_mark_of_the_whole_file_counts() -> None:
    assert run_in("import pytest\npytestmark = [pytest.mark.nightly]\ndef test_one(): ...") == {
        "test_one": "night"
    }
