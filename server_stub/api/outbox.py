"""What devices did while nobody listened: signed items, each judged for itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import transaction
from ninja import Router

from app.field.canonical import canonical, canonical_sha256
from server_stub import jose
from server_stub.api import problems
from server_stub.api.gate import Caller, SignedIn, signed_in
from server_stub.api.schemas import ItemIn, OutboxIn, OutboxOut
from server_stub.cases.items import VERBS as CASES
from server_stub.cases.items import seen_again
from server_stub.errors import Problem
from server_stub.queries import ops, services
from server_stub.queries.sql import StoredOp

router = Router(tags=["outbox"], auth=signed_in)
TYP = "hyc-item+jws"


@router.post("/outbox", response=OutboxOut, exclude_none=True, summary="Deliver signed items")
def outbox(request: SignedIn, body: OutboxIn) -> dict[str, Any]:
    return {"results": [_judge(request, item) for item in body.items]}


def _judge(request: SignedIn, item: ItemIn) -> dict[str, Any]:
    """One item's result; a refusal of one says nothing about the next."""
    caller = request.auth
    try:
        require_signature(caller, item)
        status, response, replayed = _once(caller, item)
        problem = ops.refused(response) if status >= 400 else None
    except Problem as refusal:
        status, response, replayed, problem = refusal.status, {}, False, refusal
    result: dict[str, Any] = {"op_id": item.op_id, "status": status, "replayed": replayed}
    if problem is None:
        result["body"] = response
    else:
        result["problem"] = problems.document(problem, request.META.get("hyc.request_id", ""))
    return result


def _once(caller: Caller, item: ItemIn) -> tuple[int, dict[str, Any], bool]:
    """Do the item, or answer it once more; effect and answer share one transaction."""
    device_id = caller.device.device_id
    with transaction.atomic():
        stored = ops.find(device_id, item.op_id, item.body_sha256)
        if stored is not None:
            return stored.status, _repeated(caller, item, stored), True
        try:
            with transaction.atomic():
                status, response = 200, _verb(item.kind)(caller, item)
        except Problem as problem:
            if not ops.kept(problem):
                raise
            status, response = problem.status, ops.refusal(problem)
        ops.keep(device_id, item.op_id, item.kind, item.body_sha256, status, response)
    return status, response, False


def _repeated(caller: Caller, item: ItemIn, stored: StoredOp) -> dict[str, Any]:
    """What was answered; of a case that was taken as it may be seen now."""
    if stored.status < 400 and item.kind in CASES:
        return seen_again(caller.officer, item.kind, stored.response)
    return dict(stored.response)


def require_signature(caller: Caller, item: ItemIn) -> None:
    """The device signed exactly this item.

    Raises:
        Problem: `entry-invalid`.
    """
    try:
        header, payload = jose.read(item.jws, caller.device.jwk, TYP)
        same = canonical_sha256(item.body) == item.body_sha256
    except (jose.SignatureTrouble, ValueError) as flaw:
        raise Problem("entry-invalid", str(flaw)) from flaw
    claim = {
        "op_id": item.op_id,
        "kind": item.kind,
        "made_at": item.made_at,
        "body_sha256": item.body_sha256,
    }
    if (
        not same
        or payload != canonical(claim)
        or header.get("kid", caller.device.device_id) != (caller.device.device_id)
    ):
        raise Problem("entry-invalid", "the signature is for another item")


def _verb(kind: str) -> Callable[[Caller, ItemIn], dict[str, Any]]:
    if kind == "copy.release":
        return _release_copy
    if kind not in CASES:
        raise Problem("body-invalid", "no such kind of item")
    return lambda caller, item: CASES[kind](caller.officer, item.op_id, item.body, caller.device.device_id)


def _release_copy(caller: Caller, item: ItemIn) -> dict[str, Any]:
    services.release_copy(caller.officer, caller.device, str(item.body.get("query_no", "")))
    return {}
