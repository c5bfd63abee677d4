"""docs/ARCHITECTURE.md speaks of the tree as it is."""

from __future__ import annotations

import re
from pathlib import Path

from tests.toolchain.tree import ROOT

PLAN = ROOT / "docs" / "ARCHITECTURE.md"
QUOTED = re.compile(r"`([^`\s]+)`( \(later\))?")
TOPS = {path.name for path in ROOT.iterdir() if not path.name.startswith(".")} | {".ci"}


def is_path(word: str) -> bool:
    """A quoted word is a path when it starts at one of the top folders, or names a file at the top."""
    return "(" not in word and word.partition("/")[0] in TOPS and ("/" in word or "." in word)


def wrong_paths(text: str, root: Path) -> list[str]:
    """Paths that are named but not there, and paths that are there although the text still says later."""
    wrong = []
    for word, later in QUOTED.findall(text):
        if not is_path(word):
            continue
        there = any(root.glob(word.rstrip("/"))) if "*" in word else (root / word).exists()
        if not there and not later:
            wrong.append(f"{word} is not there")
        if there and later:
            wrong.append(f"{word} is there by now: strike (later)")
    return wrong


def test_every_path_that_the_plan_names_is_there() -> None:
    assert wrong_paths(PLAN.read_text(encoding="utf-8"), ROOT) == []


def test_the_plan_names_enough_to_be_worth_reading() -> None:
    words = [word for word, _ in QUOTED.findall(PLAN.read_text(encoding="utf-8")) if is_path(word)]
    assert len(words) > 40


def test_control_wrong_paths_are_found(tmp_path: Path) -> None:
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "here.py").touch()
    text = "`app/here.py` `app/gone.py` `app/gone.py` (later) `app/here.py` (later) `app.field` `app/h*.py`"
    assert wrong_paths(text, tmp_path) == [
        "app/gone.py is not there",
        "app/here.py is there by now: strike (later)",
    ]
