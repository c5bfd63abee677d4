"""The sentences of this room."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

_FILE = Path(__file__).parents[1] / "texts" / "cases.toml"


@cache
def _table() -> dict[str, dict[str, str]]:
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))


def say(name: str) -> str:
    """The sentence of a state, in Chinese.

    Raises:
        KeyError: when the table has none.
    """
    return _table()[name]["zh"]
