"""The words for refusals, and the tables of words that stand in departments' files."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def _texts() -> dict[str, dict[str, str]]:
    return tomllib.loads(files("server_stub").joinpath("texts", "reasons.toml").read_text(encoding="utf-8"))


def reason(area: str, code: str, /, **values: object) -> str:
    """The sentence for a code; `area` is row, warning, file or batch.

    Raises:
        KeyError: for a code without a sentence.
    """
    return _texts()[area][code].format(**values)


@cache
def words() -> dict[str, Any]:
    """Words of departments' files by area (tables/words.toml)."""
    return table("words")


@cache
def table(name: str) -> dict[str, Any]:
    """A table of this room by its file's name."""
    text = files("server_stub.exchange").joinpath("tables", f"{name}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
