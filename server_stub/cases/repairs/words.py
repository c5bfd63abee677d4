"""The sentences of repair, in both languages."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

_FILE = Path(__file__).parents[2] / "texts" / "repairs.toml"


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))


def both(name: str) -> dict[str, str]:
    """The sentence `name` (a dot leads into a group) as {zh, en}.

    Raises:
        KeyError: when the table has none.
    """
    found: Any = _table()
    for part in name.split("."):
        found = found[part]
    return {"zh": str(found["zh"]), "en": str(found["en"])}


def say(name: str) -> str:
    """The sentence `name` in Chinese.

    Raises:
        KeyError: when the table has none.
    """
    return both(name)["zh"]
