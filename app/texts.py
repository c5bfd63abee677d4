"""Sentences of the program by id. Chinese and English files hold the same ids; none is written in code."""

from __future__ import annotations

import functools
import string
import tomllib
from importlib.resources import files
from typing import Any

LANGUAGES = ("zh_CN", "en")
FIRST_FILE = "shell.toml"
"""What the window is called stands in it: the others are read after the first picture is on the screen."""


class Texts:
    """All texts of one language."""

    def __init__(self, language: str = "zh_CN") -> None:
        """Choose a language.

        Raises:
            ValueError: for one that has no texts.
        """
        if language not in LANGUAGES:
            raise ValueError(f"no texts in {language}")
        self.language = language

    def has(self, text_id: str) -> bool:
        return text_id in _load(self.language)

    def say(self, text_id: str, /, **values: object) -> str:
        """The sentence with its places filled; a place without a value shows a dash, never a brace. A field
        is named in words where there are some (`field.<name>`).

        Raises:
            KeyError: when there is no such id.
        """
        if "field" in values:
            values["field"] = _load(self.language).get(f"field.{values['field']}", values["field"])
        first = _read(self.language, FIRST_FILE)
        found = first[text_id] if text_id in first else _load(self.language)[text_id]
        return _DASHED.vformat(found, (), values)


class _Dashed(string.Formatter):
    """A missing value is no reason to show an officer nothing at all."""

    def get_value(self, key: int | str, args: Any, kwargs: Any) -> Any:
        return kwargs.get(str(key), "—")

    def format_field(self, value: Any, format_spec: str) -> str:
        return str(value)

    def get_field(self, field_name: str, args: Any, kwargs: Any) -> Any:
        return self.get_value(field_name, args, kwargs), field_name


_DASHED = _Dashed()


@functools.cache
def _load(language: str) -> dict[str, str]:
    found: dict[str, str] = {}
    folder = files("resources") / "texts" / language
    for name in sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".toml")):
        found |= _read(language, name)
    return found


@functools.cache
def _read(language: str, name: str) -> dict[str, str]:
    found: dict[str, str] = {}
    entry = files("resources") / "texts" / language / name
    _flatten(tomllib.loads(entry.read_text("utf-8")), "", found)
    return found


def _flatten(table: dict[str, Any], prefix: str, found: dict[str, str]) -> None:
    for key, value in table.items():
        if isinstance(value, dict):
            _flatten(value, f"{prefix}{key}.", found)
        else:
            found[f"{prefix}{key}"] = str(value)
