"""Finding a unit by name: register identity only, and every search is a leaf."""

from __future__ import annotations

from typing import Any

import msgspec

from app.field.records import RegisterCard
from server_stub.accounts.models import Officer
from server_stub.config.clock import today
from server_stub.errors import Problem
from server_stub.evidence.services import append_many
from server_stub.queries.errors import not_right, require_text
from server_stub.queries.grounds import allowed_purpose
from server_stub.queries.policy import figure
from server_stub.subjects import selectors as subjects
from server_stub.together import together_as_one


def candidates(officer: Officer, op_id: str, text: str, purpose: str) -> dict[str, Any]:
    """Units that `text` may mean. The words themselves are not kept; that somebody searched is.

    Raises:
        Problem: `purpose-needed`, `purpose-not-allowed`, `number-invalid` for no text, `text-too-long`,
            `text-unfit`, `candidates-many`.
    """
    cards: list[RegisterCard] = []
    outcome, problem = "done", None
    try:
        cards = _found(officer, text, purpose)
    except Problem as refusal:
        outcome, problem = f"refused:{refusal.code}", refusal
    leaf = {
        "source": "server",
        "kind": "search",
        "user": officer.user,
        "organisation": officer.organisation_id,
        "op_id": op_id,
        "purpose": purpose[:16],
        "outcome": outcome,
    }
    together_as_one(append_many, leaf)
    if problem is not None:
        raise problem
    return {"candidates": [msgspec.structs.asdict(card) for card in cards], "more": False}


def _found(officer: Officer, text: str, purpose: str) -> list[RegisterCard]:
    on = today()
    allowed_purpose(officer, purpose, on)
    if not text.strip():
        raise not_right("number-invalid", "text", "empty")
    require_text("search", "text", text)
    most = figure("candidates_max", on)
    cards = subjects.candidates(text, most + 1)
    if len(cards) > most:
        raise Problem("candidates-many", "say more of the name")
    return cards
