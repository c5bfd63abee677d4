"""The sentences of this room."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

_FILE = Path(__file__).parents[1] / "texts" / "cases.toml"


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))


def say(name: str, kind: str = "objection", language: str = "zh_CN", **facts: str) -> str:
    """The sentence of a state of an objection, or of a report of a data error, in Chinese or English;
    `facts` fill it.

    Raises:
        KeyError: when the table has none.
    """
    table = _table()["data_error"] if kind == "data_error" else _table()
    text = str(table[name]["en" if language == "en" else "zh"])
    return text.format(**facts) if facts else text
