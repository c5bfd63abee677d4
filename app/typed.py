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
