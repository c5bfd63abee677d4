"""What the end of the keys would take from this computer, in sentences; the same in window and command."""

from __future__ import annotations

from app.services.vault_ending import Losses
from app.texts import Texts


def gone(losses: Losses, texts: Texts) -> tuple[str, ...]:
    """What nobody brings back, counted."""
    say = texts.say
    copies = say("losses.copies_shut") if losses.copies is None else say("losses.copies", count=losses.copies)
    lines = [copies, say("losses.entries", count=losses.entries)]
    if losses.requests:
        lines.append(say("losses.requests", count=losses.requests))
    return tuple(lines)


def sealed(losses: Losses, texts: Texts) -> str:
    """What is sealed first and how it comes back; that there is nothing; empty when only requests wait."""
    if losses.sealed:
        return texts.say(
            "losses.sealed", objections=losses.objections, releases=losses.releases, drafts=losses.drafts
        )
    return "" if losses.requests else texts.say("losses.nothing_unsent")


def is_unsent(losses: Losses) -> bool:
    """Whether a synchronisation first would save something."""
    return bool(losses.entries or losses.requests or losses.sealed)
