"""docs/ARCHITECTURE.md speaks of the tree as it is."""

from __future__ import annotations

import re

import pytest

from tests.toolchain.tree import ROOT, files, short

PLAN = ROOT / "docs" / "ARCHITECTURE.md"
QUOTED = re.compile(r"`([^`\s]+)`( \(later\))?")
TOPS = {
    "app",
    "ui",
    "resources",
    "local_cache",
    "server_stub",
    "tests",
    "benchmarks",
    "docs",
    "requirements",
    "deb",
    ".ci",
    "build.spec",
    "pyproject.toml",
    "README.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "Makefile",
    "LICENSE",
    "NOTICE",
}


def is_path(word: str) -> bool:
    """A quoted word is a path when it starts at one of the top folders, or names a file at the top."""
    return "(" not in word and word.partition("/")[0] in TOPS and ("/" in word or "." in word)


def project() -> set[str]:
    """Files of the repository; an empty folder on one machine is no folder in a fresh clone."""
    return {short(path) for path in files()}


def is_there(word: str, tree: set[str]) -> bool:
    return word in tree or any(name.startswith(f"{word.rstrip('/')}/") for name in tree)


def paths_with_marks(text: str, tree: set[str]) -> list[tuple[str, bool, bool]]:
    """(path, is it there, is it marked later) for each path that the text names."""
    found = []
    for word, later in QUOTED.findall(text):
        if is_path(word):
            found.append((word, is_there(word, tree), bool(later)))
    return found


def missing(text: str, tree: set[str]) -> list[str]:
    return [path for path, there, later in paths_with_marks(text, tree) if not there and not later]


def arrived(text: str, tree: set[str]) -> list[str]:
    return [path for path, there, later in paths_with_marks(text, tree) if there and later]


def test_every_path_that_the_plan_names_is_there() -> None:
    assert missing(PLAN.read_text(encoding="utf-8"), project()) == []


@pytest.mark.nightly
def test_no_path_is_still_called_later_when_it_is_there() -> None:
    assert arrived(PLAN.read_text(encoding="utf-8"), project()) == []


def test_the_plan_names_enough_to_be_worth_reading() -> None:
    words = [word for word, _ in QUOTED.findall(PLAN.read_text(encoding="utf-8")) if is_path(word)]
    assert len(words) > 40


def test_control_wrong_paths_are_found() -> None:
    tree = {"app/here.py", "app/room/inside.py"}
    text = "`app/here.py` `app/gone.py` `app/soon.py` (later) `app/room/` (later) `app.field` `app/room`"
    assert missing(text, tree) == ["app/gone.py"]
    assert arrived(text, tree) == ["app/room/"]
