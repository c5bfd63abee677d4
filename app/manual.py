"""The officer's manual as the window shows it: chapters, and which one helps on which page."""

from __future__ import annotations

import functools
import tomllib
from dataclasses import dataclass
from importlib.resources import files


@dataclass(frozen=True)
class Chapter:
    """A heading and its text in Markdown, the heading not repeated."""

    title: str
    text: str

    def holds(self, words: str) -> bool:
        """Whether all words occur in it."""
        whole = f"{self.title} {self.text}".casefold()
        return all(word in whole for word in words.casefold().split())


@functools.cache
def chapters(language: str) -> tuple[Chapter, ...]:
    """The manual of a language, in its order."""
    whole = (files("resources") / "manual" / f"{language}.md").read_text("utf-8")
    parts = [part.partition("\n") for part in whole.split("\n## ")[1:]]
    return tuple(Chapter(title.strip(), text.strip()) for title, _, text in parts)


def chapter_of(place: str, language: str) -> int:
    """The number, from 0, of the chapter for a page of the window; the first one for a page without."""
    title = _places()[language].get(place, "")
    return next((at for at, one in enumerate(chapters(language)) if one.title == title), 0)


@functools.cache
def _places() -> dict[str, dict[str, str]]:
    return tomllib.loads((files("resources") / "manual" / "places.toml").read_text("utf-8"))
