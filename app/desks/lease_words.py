"""What there is to say about the lease of this computer: until when copies open, why it is not renewed."""

from __future__ import annotations

from app.desks.desk import Notice
from app.desks.words import Says, left, short_minute
from app.services.leasing import SIGNED_OUT, LeaseCard

SOON_S = 86_400
_TOLD = ("device-silent", "device-frozen", "device-pending", "account-suspended", "lease-unruled")


def lease_notice(card: LeaseCard | None, texts: Says) -> Notice | None:
    """The reason why the lease is not renewed, with what ends when; else the end itself, when it is near."""
    if card is None:
        return None
    facts = (("left", left(card.left_s, texts)), ("time", short_minute(card.until)))
    if card.withheld:
        then = "lease_held.then" if card.state == "live" else ""
        return Notice(held_text(card.withheld), facts, "warning", kept=then)
    if card.state == "live" and card.left_s < SOON_S:
        return Notice("offline.lease", facts, "warning")
    return None


def held_text(code: str) -> str:
    """The text for a code of `LeaseCard.withheld`; a code of a later server has a general one."""
    if code in SIGNED_OUT:
        return "lease_held.signed-out"
    return f"lease_held.{code if code in _TOLD else 'other'}"
