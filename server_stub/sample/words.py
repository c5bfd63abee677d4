"""The word lists of the made-up city (words.toml)."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def words() -> dict[str, Any]:
    """The whole table."""
    return tomllib.loads(files("server_stub.sample").joinpath("words.toml").read_text(encoding="utf-8"))
