"""What was typed, held against the field's limits before anything is written down or sent."""

from __future__ import annotations

from collections.abc import Iterable

from app.field.limits import LONGEST, text_flaw
from app.trouble import NotRight, Value


def require_text(field: str, text: str, kept: str = "") -> None:
    """A text that fits its field; blanks around it do not count.

    Raises:
        NotRight: text-too-long (context field, limit, length), text-unfit (context field).
    """
    bare = text.strip()
    flaw = text_flaw(field, bare)
    if flaw == "length":
        context: dict[str, Value] = {"field": field, "limit": LONGEST[field], "length": len(bare)}
        raise NotRight("text-too-long", "problem.text-too-long", context, kept=kept)
    if flaw:
        raise NotRight("text-unfit", "problem.text-unfit", {"field": field}, kept=kept)


def require_whole(field: str, texts: Iterable[str]) -> None:
    """Texts without halves of characters: what cannot be written as UTF-8 cannot be kept either.

    Raises:
        NotRight: text-unfit (context field).
    """
    for text in texts:
        try:
            text.encode("utf-8")
        except UnicodeEncodeError as flaw:
            raise NotRight("text-unfit", "problem.text-unfit", {"field": field}) from flaw


def numbers_in(text: str, most: int) -> tuple[int, ...] | None:
    """Numbers as an officer writes them ("1,3-5", with commas and dashes of either kind), from 1 to `most`;
    None for anything else. An empty text holds none."""
    found: list[int] = []
    plain = text.replace("，", ",").replace("、", ",").replace("—", "-").replace("～", "-")
    for part in filter(None, (piece.strip() for piece in plain.split(","))):
        first, dash, last = (piece.strip() for piece in part.partition("-"))
        if not (first.isdecimal() and (last.isdecimal() if dash else not last)):
            return None
        low, high = int(first), int(last or first)
        if not 1 <= low <= high <= most:
            return None
        found.extend(range(low, high + 1))
    return tuple(found)
