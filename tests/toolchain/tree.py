"""The project's files as the tests of the house see them."""

from __future__ import annotations

import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = ("app", "ui", "local_cache", "server_stub", "resources")
NOT_TEXT = {".ttf", ".png", ".pdf", ".xlsx", ".xls", ".db", ".icc", ".ico", ".gz", ".zst", ".der", ".p12"}


@cache
def files() -> tuple[Path, ...]:
    """Every file that is, or is about to be, in the repository."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    ).stdout.decode()
    return tuple(path for name in sorted(filter(None, listed.split("\0"))) if (path := ROOT / name).is_file())


def python_files(*folders: str) -> list[Path]:
    """The Python files below these top folders, or all of them."""
    return [
        path
        for path in files()
        if path.suffix == ".py" and (not folders or path.relative_to(ROOT).parts[0] in folders)
    ]


def text_files() -> list[Path]:
    """Every file that a person can read."""
    return [path for path in files() if path.suffix.lower() not in NOT_TEXT]


def short(path: Path) -> str:
    """The path from the top of the repository."""
    return path.relative_to(ROOT).as_posix()
