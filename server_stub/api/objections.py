"""How far the officer's own objections have come."""

from __future__ import annotations

from typing import Any

from ninja import Router

from server_stub.api.gate import SignedIn, signed_in
from server_stub.api.schemas import ObjectionsOut
from server_stub.cases import selectors
from server_stub.cases.sending import note_fetched

router = Router(tags=["objections"], auth=signed_in)


@router.get("/objections", response=ObjectionsOut, summary="The officer's objections")
def objections(request: SignedIn) -> dict[str, Any]:
    officer = request.auth.officer
    note_fetched("objection.sent", officer)
    return {"objections": selectors.views(officer)}
