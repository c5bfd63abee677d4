"""What the platform declares when its database was put back from a backup: where its log was cut."""

from __future__ import annotations

import hashlib
from typing import Literal

from app.field.fours import in_fours
from app.field.records import Part

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford: no I, L, O, U
CODE_BYTES = 10


class Restoration(Part, frozen=True):
    """The payload that the log key signs. `size` and `root` (hex) are the tree that the backup held: what
    stood behind it is gone. `follows` are all earlier epochs, `epoch` is the new one; `previous` is the
    SHA-256 of the declaration before, empty in the first; `by` and `second` declared it together.
    """

    type: Literal["restoration"]
    v: int
    epoch: str
    follows: tuple[str, ...]
    size: int
    root: str
    at: str
    by: str
    second: str
    why: str
    previous: str = ""


def confirmation_code(payload: bytes) -> str:
    """Sixteen characters that two people compare by voice or on paper: 80 bits of the payload's SHA-256.

    A declaration names the one before it, so the newest code stands for all of them.
    """
    number = int.from_bytes(hashlib.sha256(payload).digest()[:CODE_BYTES], "big")
    text = "".join(ALPHABET[number >> shift & 31] for shift in range(CODE_BYTES * 8 - 5, -1, -5))
    return in_fours(text, "-")


def folded_code(text: str) -> str:
    """A code as somebody typed it, in the form of `confirmation_code` without dashes."""
    plain = "".join(text.split()).replace("-", "").upper()
    return plain.translate(str.maketrans("OIL", "011"))
