"""Signing in and out; every step carries a proof by the same key."""

from __future__ import annotations

from typing import Any

import msgspec
from ninja import Router

from server_stub.accounts import sign_in, tokens
from server_stub.api.gate import Proven, SignedIn, proof, signed_in
from server_stub.api.schemas import (
    ChallengeOut,
    CodeIn,
    Empty,
    EnrolIn,
    PasswordIn,
    RefreshIn,
    StepOut,
    TokensOut,
    WaitIn,
)
from server_stub.api.session import step_out, tokens_out

router = Router(tags=["sign-in"])


@router.post("/sign-in/password", auth=proof, response=ChallengeOut, summary="First factor")
def password(request: Proven, body: PasswordIn) -> dict[str, Any]:
    begun = sign_in.password(body.user, body.password, request.auth.device_id)
    return {"factor": "totp", **msgspec.to_builtins(begun)}


@router.post("/sign-in/code", auth=proof, response=StepOut, exclude_none=True, summary="Second factor")
def code(request: Proven, body: CodeIn) -> dict[str, Any]:
    prover = request.auth
    return step_out(sign_in.code(body.challenge, body.code, prover.device_id, prover.key.plain()))


@router.post("/sign-in/enrol", auth=proof, response=StepOut, exclude_none=True, summary="Enrol this device")
def enrol(request: Proven, body: EnrolIn) -> dict[str, Any]:
    device_id = request.auth.device_id
    return step_out(sign_in.enrol(body.ticket, body.enrolment_code, body.device_name, device_id))


@router.post(
    "/sign-in/wait", auth=proof, response=StepOut, exclude_none=True, summary="Was the device approved?"
)
def wait(request: Proven, body: WaitIn) -> dict[str, Any]:
    return step_out(sign_in.wait(body.ticket, request.auth.device_id))


@router.post(
    "/tokens", auth=proof, response=TokensOut, exclude_none=True, summary="Rotate the tokens, renew the lease"
)
def rotate(request: Proven, body: RefreshIn) -> dict[str, Any]:
    return tokens_out(tokens.rotate(body.refresh_token, request.auth.device_id))


@router.post("/sign-out", auth=signed_in, response=Empty, summary="End this sign-in")
def sign_out(request: SignedIn, body: Empty) -> dict[str, Any]:
    tokens.sign_out(request.auth.token)
    return {}
