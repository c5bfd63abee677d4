"""Searching, letters, queries, and reconciling copies."""

from __future__ import annotations

from typing import Any

import msgspec
from ninja import Router, Status

from server_stub.api.gate import SignedIn, signed_in
from server_stub.api.schemas import (
    CandidatesIn,
    CandidatesOut,
    LetterIn,
    LetterOut,
    QueryIn,
    QueryOut,
    ReconcileIn,
    ReconcileOut,
    ScreeningIn,
    ScreeningOut,
)
from server_stub.queries import letters, reconciling, screening, search, services

router = Router(tags=["queries"], auth=signed_in)


@router.post("/candidates", response=CandidatesOut, summary="Units a name may mean")
def candidates(request: SignedIn, body: CandidatesIn) -> dict[str, Any]:
    return search.candidates(request.auth.officer, body.op_id, body.text, body.purpose)


@router.post("/letters", response=LetterOut, summary="Keep an authorisation letter")
def letter(request: SignedIn, body: LetterIn) -> dict[str, Any]:
    caller = request.auth
    return letters.upload(
        caller.officer, caller.device, body.op_id, body.letter, body.scan_name, body.scan_b64
    )


@router.post("/queries", response={201: QueryOut}, summary="Ask about one subject")
def query(request: SignedIn, body: QueryIn) -> Status[dict[str, Any]]:
    caller = request.auth
    answer = services.answer(
        caller.officer, caller.device, body.entries, body.op_id, body.body, body.tree_size
    )
    return Status(201, msgspec.to_builtins(answer))


@router.post("/screenings", response={201: ScreeningOut}, summary="Hold up to 1,000 units against the lists")
def screenings(request: SignedIn, body: ScreeningIn) -> Status[dict[str, Any]]:
    caller = request.auth
    return Status(
        201,
        screening.answer(caller.officer, caller.device, body.entries, body.op_id, body.body, body.tree_size),
    )


@router.post("/reconcile", response=ReconcileOut, summary="Hold copies against the present")
def reconcile(request: SignedIn, body: ReconcileIn) -> dict[str, Any]:
    copies = {copy.query_no: {record.rec_id: record.rev for record in copy.records} for copy in body.copies}
    caller = request.auth
    return reconciling.reconcile(caller.officer, caller.device, copies, screening.told_by)
