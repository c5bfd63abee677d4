"""The version that the window shows is the one that is packed."""

from __future__ import annotations

import tomllib
from pathlib import Path

from app.version import VERSION

ROOT = Path(__file__).resolve().parents[2]


def test_the_version_is_that_of_the_package() -> None:
    packed = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    assert packed["project"]["version"] == VERSION
