"""What a case found, held against what was asked for: in the letter, the notice and the steps alike."""

from __future__ import annotations

from app.field.objections import CHOICES
from app.field.paper_facts import Finding
from server_stub.cases.words import say

_WISHED = {"corrected": ("correct", "add"), "supplemented": ("correct", "add")}


def finding_of(outcome: str, wish: str) -> Finding:
    """Whether what was asked for was granted. A correction where removal was asked for grants it in part; a
    wish in somebody's own words, from the window, is granted by whatever was changed.
    """
    if outcome == "removed":
        return "upheld"
    if outcome in _WISHED:
        return "partly" if wish in CHOICES["wish"] and wish not in _WISHED[outcome] else "upheld"
    return {"kept": "rejected", "noted": "unconfirmed"}.get(outcome, "declined")  # type: ignore[return-value]


def result_of(outcome: str, wish: str, kind: str, language: str = "zh_CN") -> str:
    """The finding and what became of the record in one sentence; it says "in part" where `finding_of` does.
    A report of a data error asks for nothing that could be granted in part.
    """
    partly = kind == "objection" and finding_of(outcome, wish) == "partly"
    return say(f"{outcome}_partly" if partly else outcome or "declined", kind, language)
