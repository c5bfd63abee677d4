"""The session an officer gets: tokens, lease, policy, and where feed and chain stand."""

from __future__ import annotations

import base64
from typing import Any

import msgspec

from server_stub.accounts import leases, sign_in
from server_stub.config.clock import today
from server_stub.evidence.services import position
from server_stub.feed import selectors as feed
from server_stub.feed.services import number
from server_stub.queries.policy import figure, signed_policy


def step_out(step: sign_in.Step) -> dict[str, Any]:
    """The answer of every step after the code: a session, or a ticket for the next step."""
    if step.state != "active" or step.device is None:
        return {"state": step.state, "ticket": step.ticket}
    officer, device = step.officer, step.device
    begun = sign_in.begin(step)
    on = today()
    leased = leases.lease(officer, device, figure("lease_s", on), figure("max_subjects", on))
    number()
    last_n, last_hash = position(device.device_id)
    organisation = officer.organisation
    session = {
        **msgspec.to_builtins(begun.pair),
        "user": {
            "user": officer.user,
            "name": officer.name,
            "role": officer.role,
            "organisation": organisation.code,
            "organisation_name": organisation.name,
            "organisation_kind": organisation.kind,
        },
        "device_id": device.device_id,
        "lease": msgspec.to_builtins(leased.lease),
        "lease_share_b64": base64.b64encode(leased.share).decode(),
        "share_id": leased.share_id,
        "policy": msgspec.to_builtins(signed_policy(officer.role)),
        "cursor": feed.newest_cursor(),
        "last_n": last_n,
        "last_hash": last_hash,
    }
    if begun.last is not None:
        session["last_sign_in"] = {"at": begun.last.at, "device": begun.last.device}
    return {"state": "active", "session": session}
