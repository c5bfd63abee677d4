"""What the doctor found, in words; the same for window and command line."""

from __future__ import annotations

from app.services.doctoring import Check
from app.texts import Texts

FLAWS = ("number", "link", "text", "digest", "device", "words", "signature", "receipt")


def chain_flaw(detail: str, texts: Texts) -> str:
    """Why an entry of the ledger does not hold, from `ChainVerdict.detail`."""
    return texts.say(f"ledger_page.flaw_{detail if detail in FLAWS else 'other'}")


def finding(check: Check, texts: Texts) -> str:
    """The finding of a check. A code of a trouble stands in brackets, its sentence is the remedy; figures,
    names and versions are told as they came."""
    known = f"doctor_page.found_{check.detail}"
    if texts.has(known):
        return texts.say(known)
    if check.name == "ledger" and check.verdict == "bad" and " " in check.detail:
        entry, _, flaw = check.detail.partition(" ")
        return texts.say("ledger_page.broken", entry=entry, why=chain_flaw(flaw, texts))
    if check.name == "ledger" and "/" in check.detail:
        receipted, _, length = check.detail.partition("/")
        return texts.say("doctor_page.found_ledger", receipted=receipted, length=length)
    if check.move:
        return f"[{check.detail}]"
    return check.detail
