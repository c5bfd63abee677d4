"""What may be a passphrase: a PIN only beside a keyring secret, something longer without one."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from app.trouble import NotRight

PIN_DIGITS = 6
WORDS = 8
ALONE = 12
LONGEST = 128


def check_passphrase(text: str, has_keyring: bool) -> None:
    """Accept a PIN of 6 digits or more, or 8 characters beside a keyring; 12 characters, not all of them
    digits, without one.

    Raises:
        NotRight: passphrase.short, passphrase.long or passphrase.guessable (context: least, most).
    """
    text = normal(text)
    if len(text) > LONGEST:
        raise NotRight("passphrase.long", context={"most": LONGEST})
    is_pin = re.fullmatch(r"[0-9]+", text) is not None
    least = ALONE if not has_keyring else PIN_DIGITS if is_pin else WORDS
    if len(text) < least:
        raise NotRight("passphrase.short", context={"least": least})
    if is_guessable(text) or (is_pin and not has_keyring):
        raise NotRight("passphrase.guessable")


def normal(text: str) -> str:
    """NFC: one keyboard's composed letter is another's two code points."""
    return unicodedata.normalize("NFC", text)


def is_guessable(text: str) -> bool:
    """One sign repeated, a short group repeated, a run up or down, or (digits) a date of birth."""
    if any(text == text[:size] * (len(text) // size) for size in (1, 2, 3) if len(text) % size == 0):
        return True
    digits = text.isascii() and text.isdigit()
    steps = {ord(b) - ord(a) for a, b in zip(text, text[1:], strict=False)}
    if digits:
        steps = {step % 10 for step in steps}
    if steps in ({1}, {-1}, {9}):
        return True
    return digits and _is_date(text)


def _is_date(digits: str) -> bool:
    if len(digits) == 6:
        year, month, day = digits[:2], digits[2:4], digits[4:]
        return any(_exists(century + year, month, day) for century in ("19", "20"))
    return (
        len(digits) == 8 and "1900" <= digits[:4] <= "2100" and _exists(digits[:4], digits[4:6], digits[6:])
    )


def _exists(year: str, month: str, day: str) -> bool:
    try:
        date(int(year), int(month), int(day))
    except ValueError:
        return False
    return True
