"""The session an officer gets: tokens, lease, policy, and where feed and chain stand; and its renewal."""

from __future__ import annotations

import base64
from typing import Any

import msgspec

from server_stub.accounts import leases, sign_in, tokens
from server_stub.config.clock import today
from server_stub.evidence.services import position
from server_stub.feed import selectors as feed
from server_stub.feed.services import number
from server_stub.queries.policy import figure, signed_policy


def tokens_out(renewed: tokens.Renewed) -> dict[str, Any]:
    """The answer to a refresh: the next tokens, and a lease with them or the word why there is none.

    The tokens are turned by now: whatever keeps the lease back must not keep them back.
    """
    officer, device, on = renewed.officer, renewed.device, today()
    said = {
        "access_token": renewed.pair.access_token,
        "refresh_token": renewed.pair.refresh_token,
        "access_s": renewed.pair.access_s,
    }
    try:
        lease_s, most, silence_s = (figure(name, on) for name in ("lease_s", "max_subjects", "silence_s"))
    except LookupError:
        return {**said, "lease_withheld": "lease-unruled"}
    if leases.is_silent(device, silence_s):
        return {**said, "lease_withheld": "device-silent"}
    return {**said, "lease": _lease_out(leases.lease(officer, device, lease_s, most))}


def _lease_out(leased: leases.Leased) -> dict[str, Any]:
    return {
        "lease": msgspec.to_builtins(leased.lease),
        "lease_share_b64": base64.b64encode(leased.share).decode(),
        "share_id": leased.share_id,
    }


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
        **_lease_out(leased),
        "policy": msgspec.to_builtins(signed_policy(officer.role)),
        "cursor": feed.newest_cursor(),
        "last_n": last_n,
        "last_hash": last_hash,
    }
    if begun.last is not None:
        session["last_sign_in"] = {"at": begun.last.at, "device": begun.last.device}
    return {"state": "active", "session": session}
