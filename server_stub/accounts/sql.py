"""Who stands behind a token, in one plain statement: every request asks this first."""

from __future__ import annotations

from datetime import datetime
from typing import TypeVar

import msgspec
from django.db import connection

from server_stub import statements
from server_stub.accounts.models import Device, Officer, Organisation

_R = TypeVar("_R", Officer, Organisation, Device)
# Columns read, in this order; whatever else a row has is read when somebody asks for it.
_OFFICER = ("id", "user", "name", "organisation_id", "role", "active")
_ORGANISATION = ("code", "name", "kind", "subject_key", "active")
_DEVICE = ("device_id", "jwk", "officer_id", "name", "state")
_TO_OFFICER = 1 + len(_OFFICER)
_TO_ORG = _TO_OFFICER + len(_ORGANISATION)
_ALIVE = 'CASE WHEN t."ended_at" IS NULL AND t."expires_at" > %s THEN 1 ELSE 0 END'
_BEHIND = (
    "SELECT "  # noqa: S608 - names of our own columns
    + ", ".join(
        [_ALIVE]
        + [f'o."{name}"' for name in _OFFICER]
        + [f'g."{name}"' for name in _ORGANISATION]
        + [f'd."{name}"' for name in _DEVICE]
    )
    + " FROM accounts_token t"
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
    """Officer, organisation and device of a token, or None when there is no such token."""
    moment = connection.ops.adapt_datetimefield_value(now)
    row = statements.one(_BEHIND, moment, token_hash, kind)
    if row is None:
        return None
    officer = _made(Officer, dict(zip(_OFFICER, row[1:_TO_OFFICER], strict=True)))
    organisation = _made(Organisation, dict(zip(_ORGANISATION, row[_TO_OFFICER:_TO_ORG], strict=True)))
    device = _made(Device, dict(zip(_DEVICE, row[_TO_ORG:], strict=True)))
    officer._state.fields_cache["organisation"] = organisation  # what setting it does, without its checks
    if device.officer_id == officer.pk:
        device._state.fields_cache["officer"] = officer
    return Behind(officer, device, bool(row[0]))


def _made(kind: type[_R], values: dict[str, object]) -> _R:
    if "active" in values:
        values["active"] = bool(values["active"])
    if isinstance(jwk := values.get("jwk"), str):
        values["jwk"] = msgspec.json.decode(jwk)
    return statements.made(kind, values)
