"""The published table of problem codes (resources/contract/problems.toml)."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def table() -> dict[str, dict[str, Any]]:
    """Code -> {status, move}."""
    text = files("resources").joinpath("contract", "problems.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def status_of(code: str) -> int:
    """HTTP status of a code.

    Raises:
        KeyError: when the code is not published.
    """
    return int(table()[code]["status"])
