"""The log: links of devices come in, checkpoints and proofs go out to anyone."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from django.http import HttpRequest
from ninja import Query, Router

from app.field.evidence import Receipt
from server_stub.api.gate import SignedIn, signed_in
from server_stub.api.schemas import (
    CheckpointOut,
    EntriesIn,
    EntriesOut,
    PathOut,
    ProofOut,
    RestorationsOut,
)
from server_stub.evidence import restorations, selectors
from server_stub.evidence.services import checkpoint
from server_stub.queries import services

router = Router(tags=["log"])


@router.post("/log/entries", auth=signed_in, response=EntriesOut, summary="Links of this device's chain")
def entries(request: SignedIn, body: EntriesIn) -> dict[str, Any]:
    caller = request.auth
    lost = msgspec.convert([one.model_dump() for one in body.lost], list[Receipt])
    return services.receive_entries(caller.officer, caller.device, body.entries, body.tree_size, lost)


@router.get("/log/checkpoint", response=CheckpointOut, summary="The tree as it is now, signed")
def head(request: HttpRequest) -> dict[str, Any]:
    return {"checkpoint": checkpoint()}


@router.get("/log/restorations", response=RestorationsOut, summary="Where the log was cut, signed")
def cuts(request: HttpRequest) -> dict[str, Any]:
    return {"statements": restorations.statements()}


@router.get("/log/consistency", response=PathOut, summary="One tree is the beginning of another")
def consistency(
    request: HttpRequest,
    older: Annotated[int, Query(alias="from", ge=0)],
    newer: Annotated[int, Query(alias="to", ge=0)],
) -> dict[str, Any]:
    return {"path": selectors.consistency(older, newer)}


@router.get("/log/proof", response=ProofOut, summary="A leaf is in the tree")
def proof(request: HttpRequest, leaf: Annotated[str, Query(pattern="^[0-9a-f]{64}$")]) -> dict[str, Any]:
    return selectors.proof(leaf)
