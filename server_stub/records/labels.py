"""Which fields of a payload are printed, under which words, in which order."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Literal

import msgspec

_FOLDER = Path(__file__).parents[1] / "texts"


class Label(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One printed field: its code, its words, how its value is read, and the typed column it fills."""

    key: str
    zh: str
    en: str
    form: Literal["text", "date", "wan", "end", "person", "code"]
    column: str = ""


class Layout(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One section: its name, where its records' title and matter come from, its fields in order, which of
    them name a person, and key, form and words of each field in Chinese and in English."""

    zh: str
    en: str
    title: tuple[str, ...]
    matter: tuple[str, ...]
    fields: tuple[Label, ...]
    persons: tuple[str, ...] = ()
    printed: tuple[tuple[tuple[str, str, str], ...], ...] = ()


@cache
def layouts() -> dict[str, Layout]:
    """Section -> layout."""
    raw = tomllib.loads((_FOLDER / "labels.toml").read_text(encoding="utf-8"))
    read = msgspec.convert(raw, dict[str, Layout])
    return {section: _prepared(one) for section, one in read.items()}


def _prepared(layout: Layout) -> Layout:
    fields = layout.fields
    return msgspec.structs.replace(
        layout,
        persons=tuple(label.key for label in fields if label.form == "person"),
        printed=(
            tuple((label.key, label.form, label.zh) for label in fields),
            tuple((label.key, label.form, label.en) for label in fields),
        ),
    )


@cache
def _words() -> dict[str, dict[str, str]]:
    flat: dict[str, dict[str, str]] = {}
    for name, value in tomllib.loads((_FOLDER / "words.toml").read_text(encoding="utf-8")).items():
        if "zh" in value:
            flat[name] = value
        else:
            flat.update({f"{name}.{part}": words for part, words in value.items()})
    return flat


@cache
def word(name: str, language: str = "zh_CN") -> str:
    """A single word of an answer; empty when the table has none."""
    found = _words().get(name, {})
    return found.get("en" if language == "en" else "zh", "")
