"""Long codes in groups of four, to be read out, compared and broken over lines between groups."""

from __future__ import annotations


def in_fours(text: str, between: str = " ") -> str:
    """`text` with `between` after every fourth character; nothing is left out."""
    return between.join(text[at : at + 4] for at in range(0, len(text), 4))
