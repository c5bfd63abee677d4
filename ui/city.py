"""The city's names for the brand: read from resources/city.toml, the file another city changes."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass

from ui.look import RESOURCES


@dataclass(frozen=True)
class City:
    """Brand, product, platform and slogan in one language, and the one letter of the brand's mark."""

    brand: str
    product: str
    platform: str
    slogan: str
    letter: str


def city(language: str) -> City:
    """The names in a language."""
    table = tomllib.loads((RESOURCES / "city.toml").read_text("utf-8"))
    names = table["name"][language]
    letter = table["letters"]["logo"]
    return City(names["brand"], names["product"], names["platform"], names["slogan"], letter)
