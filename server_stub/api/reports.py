"""Issuing reports, and telling anyone whether a report is what it says."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router, Status

from server_stub.api.gate import SignedIn, signed_in
from server_stub.api.schemas import ReportIn, ReportOut, VerifyIn, VerifyOut, VoidOut
from server_stub.config.callers import caller
from server_stub.reports import asking, selectors, services, voiding

router = Router(tags=["reports"])


@router.post("/reports", auth=signed_in, response={201: ReportOut}, summary="Issue a sealed report")
def issue(request: SignedIn, body: ReportIn) -> Status[dict[str, Any]]:
    caller = request.auth
    return Status(
        201,
        services.issue(caller.officer, caller.device, body.entries, body.op_id, body.body, body.tree_size),
    )


@router.post(
    "/reports/void", auth=signed_in, response={201: VoidOut}, summary="Declare a report of one's unit void"
)
def void(request: SignedIn, body: ReportIn) -> Status[dict[str, Any]]:
    caller = request.auth
    return Status(
        201,
        voiding.void_by_unit(
            caller.officer, caller.device, body.entries, body.op_id, body.body, body.tree_size
        ),
    )


@router.post("/reports/verify", response=VerifyOut, summary="State of a report, by number or by digest")
def verify(request: HttpRequest, body: VerifyIn) -> dict[str, Any]:
    asking.admit(caller(request.META))
    return selectors.verify(body.number or "", body.pdf_sha256 or "")
