"""The words by which columns of somebody's list are known, as the table of the resources has them."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

import msgspec


class Titles(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Titles of a column; the first `within` are also found with a few words around them."""

    titles: tuple[str, ...]
    within: int


class NoNumber(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What stands where there is no number, in capitals."""

    words: frozenset[str]


class SheetWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    code: Titles
    name: Titles
    no_number: NoNumber


@cache
def sheet_words() -> SheetWords:
    """The table.

    Raises:
        msgspec.ValidationError: it does not have its form.
    """
    table = files("resources") / "tables" / "sheet_words.toml"
    return msgspec.convert(tomllib.loads(table.read_text("utf-8")), SheetWords)
