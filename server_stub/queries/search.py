"""Finding a unit by name: register identity only, and every search is a leaf."""

from __future__ import annotations

from typing import Any

import msgspec
from django.db import transaction

from server_stub.accounts.models import Officer
from server_stub.config.clock import today
from server_stub.errors import Problem
from server_stub.evidence.services import append
from server_stub.queries.errors import not_right, require_text
from server_stub.queries.grounds import allowed_purpose
from server_stub.queries.policy import figure
from server_stub.subjects import selectors as subjects


def candidates(officer: Officer, op_id: str, text: str, purpose: str) -> dict[str, Any]:
    """Units that `text` may mean. The words themselves are not kept; that somebody searched is.

    Raises:
        Problem: `purpose-needed`, `purpose-not-allowed`, `number-invalid` for no text, `text-too-long`,
            `text-unfit`, `candidates-many`.
    """
    with transaction.atomic():
        try:
            cards = _found(officer, text, purpose)
            outcome, problem = "done", None
        except Problem as refusal:
            cards, outcome, problem = [], f"refused:{refusal.code}", refusal
        append(
            kind="search",
            user=officer.user,
            organisation=officer.organisation_id,
            op_id=op_id,
            purpose=purpose[:16],
            outcome=outcome,
        )
    if problem is not None:
        raise problem
    return {"candidates": cards, "more": False}


def _found(officer: Officer, text: str, purpose: str) -> list[dict[str, Any]]:
    on = today()
    allowed_purpose(officer, purpose, on)
    if not text.strip():
        raise not_right("number-invalid", "text", "empty")
    require_text("search", "text", text)
    most = figure("candidates_max", on)
    cards = subjects.candidates(text, most + 1)
    if len(cards) > most:
        raise Problem("candidates-many", "say more of the name")
    return [msgspec.to_builtins(card) for card in cards]
