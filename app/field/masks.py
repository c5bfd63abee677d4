"""What of a person's data may be seen. Masking is one-way and keeps the length of numbers, not of names."""

from __future__ import annotations

import re
from typing import Final

STAR: Final = "*"

# Kept head and tail by identity document.
KEPT: Final[dict[str, tuple[int, int]]] = {
    "resident_id": (6, 4),
    "resident_id_15": (6, 3),
    "residence_permit": (6, 4),
    "pr_card": (6, 4),
    "pr_card_2017": (3, 2),
    "passport": (1, 2),
    "hm_pass": (1, 3),
    "tw_pass": (2, 2),
}

# province or region, city or prefecture, then county, district, county-level city or banner
_TO_COUNTY = re.compile(
    "^(?:[^\u7701]{2,8}(?:\u7701|\u81ea\u6cbb\u533a))?(?:[^\u5e02\u5dde]{1,10}?(?:\u5e02|\u81ea\u6cbb\u5dde|\u5730\u533a|\u76df))?"
    "[^\u53bf\u533a\u5e02\u65d7]{1,10}?(?:\u53bf|\u533a|\u5e02|\u65d7)"
)


def mask_name(name: str) -> str:
    """First character and a star for each further one, two at most (the length of the name stays hidden)."""
    whole = name.strip()
    return whole[:1] + STAR * min(max(len(whole) - 1, 1), 2) if whole else ""


def mask_number(number: str, head: int, tail: int) -> str:
    """Keep `head` and `tail` characters; a number too short for both keeps only its first character."""
    if len(number) <= head + tail:
        return number[:1] + STAR * (len(number) - 1) if number else ""
    return number[:head] + STAR * (len(number) - head - tail) + (number[-tail:] if tail else "")


def mask_id(number: str, id_type: str = "resident_id") -> str:
    """A person's number for a detail screen or a report: 6 + 4 for residents, less for other documents."""
    return mask_number(number, *KEPT.get(id_type, (1, 2)))


def mask_id_short(number: str) -> str:
    """A person's number for lists: 3 + 4."""
    return mask_number(number, 3, 4)


def mask_id_public(number: str) -> str:
    """A person's number for public print: the division only."""
    return mask_number(number, 6, 0)


def mask_phone(phone: str) -> str:
    """Eleven digits keep 3 + 4; anything else keeps its last two."""
    return mask_number(phone, 3, 4) if len(phone) == 11 else mask_number(phone, 0, 2)


def mask_address(address: str) -> str:
    """A person's address up to county or district; an address without one is hidden whole."""
    found = _TO_COUNTY.match(address.strip())
    return f"{found.group()}{STAR * 4}" if found else STAR * 4 if address.strip() else ""
