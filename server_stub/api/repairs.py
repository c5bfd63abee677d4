"""Repair: how a record stands, and how far the officer's own applications have come."""

from __future__ import annotations

from typing import Any

from ninja import Router

from server_stub.api.gate import SignedIn, signed_in
from server_stub.api.repair_schemas import RepairsOut, StandingIn, StandingOut
from server_stub.cases.repairs import selectors
from server_stub.cases.repairs.standing import standing as standing_of
from server_stub.cases.sending import note_fetched

router = Router(tags=["repairs"], auth=signed_in)


@router.post("/repairs/standing", response=StandingOut, summary="From when, by whom and with what papers")
def standing(request: SignedIn, body: StandingIn) -> dict[str, Any]:
    return standing_of(request.auth.officer, body.query_no, body.rec_id)


@router.get("/repairs", response=RepairsOut, summary="The officer's applications for repair")
def repairs(request: SignedIn) -> dict[str, Any]:
    officer = request.auth.officer
    note_fetched("repair.sent", officer)
    return {"repairs": selectors.views(officer)}
