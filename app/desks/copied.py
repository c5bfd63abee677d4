"""What leaves the window by the clipboard: rows as shown, persons masked, nothing a sheet would run."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from app.field.formulas import as_text
from app.field.identifiers import id_card_fault
from app.field.masks import mask_id_short, mask_phone

_NUMBER = re.compile(r"[+-]?[\d,]+(\.\d+)?")
_EIGHTEEN = re.compile(r"(?<![0-9A-Za-z])\d{17}[\dXx](?![0-9A-Za-z])")
_MOBILE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")


def cell(text: str) -> str:
    """One cell: one line without tabs, numbers of persons masked, a formula turned into text."""
    plain = " ".join(text.split())
    plain = _EIGHTEEN.sub(_masked, plain)
    plain = _MOBILE.sub(lambda hit: mask_phone(hit[0]), plain)
    return plain if _NUMBER.fullmatch(plain) else as_text(plain)


def _masked(hit: re.Match[str]) -> str:
    """Eighteen digits are masked when they are a resident's number by date and check digit."""
    return hit[0] if id_card_fault(hit[0].upper()) else mask_id_short(hit[0])


def lines(rows: Iterable[Sequence[str]]) -> str:
    """Rows as lines, cells with tabs between: what a sheet takes apart again."""
    return "\n".join("\t".join(cell(one) for one in row) for row in rows)
