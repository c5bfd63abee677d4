"""Who stands behind a token, in one plain statement: every request asks this first."""

from __future__ import annotations

from datetime import datetime

import msgspec

from server_stub import statements
from server_stub.accounts.models import Device, Officer, Organisation

_BEHIND = (
    'SELECT CASE WHEN t."ended_at" IS NULL AND t."expires_at" > %s THEN 1 ELSE 0 END,'
    ' o."id", o."user", o."name", o."role", o."active",'
    ' g."code", g."name", g."kind", g."subject_key", g."active",'
    ' d."device_id", d."jwk", d."officer_id", d."name", d."state"'
    " FROM accounts_token t"
    " JOIN accounts_officer o ON o.id = t.officer_id"
    " JOIN accounts_organisation g ON g.code = o.organisation_id"
    " JOIN accounts_device d ON d.device_id = t.device_id"
    " WHERE t.token_hash = %s AND t.kind = %s"
)


class Behind(msgspec.Struct, frozen=True):
    """The officer and device of a token; `alive` is false once it has ended."""

    officer: Officer
    device: Device
    alive: bool


def behind(token_hash: str, kind: str, now: datetime) -> Behind | None:
    """Officer, organisation and device of a token, or None when there is no such token. Whatever else a row
    has is read when somebody asks for it.
    """
    row = statements.one(_BEHIND, statements.moment(now), token_hash, kind)
    if row is None:
        return None
    alive, number, user, name, role, active, *more = row
    code, org_name, org_kind, subject_key, org_active, device_id, jwk, holder, device_name, state = more
    officer = statements.made(
        Officer,
        {
            "id": number,
            "user": user,
            "name": name,
            "organisation_id": code,
            "role": role,
            "active": bool(active),
        },
    )
    organisation = statements.made(
        Organisation,
        {
            "code": code,
            "name": org_name,
            "kind": org_kind,
            "subject_key": subject_key,
            "active": bool(org_active),
        },
    )
    device = statements.made(
        Device,
        {
            "device_id": device_id,
            "jwk": msgspec.json.decode(jwk) if isinstance(jwk, str) else jwk,
            "officer_id": holder,
            "name": device_name,
            "state": state,
        },
    )
    officer._state.fields_cache["organisation"] = organisation  # what setting it does, without its checks
    if holder == number:
        device._state.fields_cache["officer"] = officer
    return Behind(officer, device, bool(alive))
