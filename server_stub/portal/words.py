"""The page's sentences (server_stub/texts/portal.toml) and the language a reader wants."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Literal

Language = Literal["zh", "en"]
_FILE = Path(__file__).parents[1] / "texts" / "portal.toml"


@cache
def words(language: Language) -> Mapping[str, str]:
    """Every sentence of one language by its id."""
    table = tomllib.loads(_FILE.read_text(encoding="utf-8"))[language]
    return {**table["shared"], **table["own"]}


def language_of(wanted: str, accepted: str) -> Language:
    """What the address asks for, else what the browser likes best of the two, else Chinese.

    Args:
        wanted: `lang` of the address.
        accepted: the header Accept-Language.
    """
    if wanted in ("zh", "en"):
        return "en" if wanted == "en" else "zh"
    best: tuple[float, Language] = (0.0, "zh")
    for part in accepted.lower().split(","):
        name, _, weight = part.strip().partition(";q=")
        main = name.partition("-")[0]
        try:
            likes = float(weight or 1)
        except ValueError:
            continue
        if likes > best[0] and main in ("zh", "en"):
            best = (likes, "en" if main == "en" else "zh")
    return best[1]
