"""Opaque tokens: 256 random bits, stored as SHA-256, bound to one device, rotated on refresh."""

from __future__ import annotations

import secrets
import uuid
from datetime import datetime, timedelta

import msgspec
from django.db import transaction

from app.field.canonical import canonical
from server_stub.accounts import sql
from server_stub.accounts.models import Device, Officer, Token
from server_stub.accounts.sealing import digest
from server_stub.config.clock import now, stamp
from server_stub.config.keys import keys
from server_stub.errors import Problem
from server_stub.evidence.services import append

ACCESS_S = 600
REFRESH_S = 12 * 3600


class Pair(msgspec.Struct, frozen=True):
    """An access and a refresh token with their lives in seconds."""

    access_token: str
    access_s: int
    refresh_token: str
    refresh_s: int


class Renewed(msgspec.Struct, frozen=True):
    """The next pair of a sign-in, and whose it is; both may act now."""

    pair: Pair
    officer: Officer
    device: Device


def issue(officer: Officer, device: Device, family: str = "", until: datetime | None = None) -> Pair:
    """A new pair; a new sign-in is a new family that lives twelve hours, however often it is refreshed."""
    family = family or str(uuid.uuid4())
    until = until or now() + timedelta(seconds=REFRESH_S)
    access, refresh = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    short = min(now() + timedelta(seconds=ACCESS_S), until)
    for kind, secret, expires in (("access", access, short), ("refresh", refresh, until)):
        Token(
            token_hash=digest(secret),
            kind=kind,
            family=family,
            device=device,
            officer=officer,
            expires_at=expires,
            family_until=until,
        ).save(force_insert=True)
    left = int((until - now()).total_seconds())
    return Pair(access, min(ACCESS_S, left), refresh, left)


def holder(access_token: str, device_id: str) -> tuple[Officer, Device]:
    """Whose token this is; both may be used.

    Raises:
        Problem: `token-invalid`, `device-revoked`, `device-frozen`, `device-pending`, `account-suspended`.
    """
    found = sql.behind(digest(access_token), "access", now())
    if found is None or found.device.device_id != device_id:
        raise Problem("token-invalid", "not a token of this device")
    require_usable(found.officer, found.device)
    if not found.alive:
        raise Problem("token-invalid", "the token has ended")
    return found.officer, found.device


def require_usable(officer: Officer, device: Device) -> None:
    """Refuse devices and officers that may not act now.

    Raises:
        Problem: `device-revoked` (context `order`, signed), `device-frozen`, `device-pending`,
            `account-suspended`.
    """
    if device.state == "revoked":
        raise Problem("device-revoked", "this device may not act", context={"order": _order(device)})
    if device.state != "active":
        raise Problem(f"device-{device.state}", "this device may not act")
    if not officer.active or not officer.organisation.active:
        raise Problem("account-suspended", "this officer may not act")


def rotate(refresh_token: str, device_id: str) -> Renewed:
    """A new pair for a refresh token that is used once. A second use ends the family and freezes the device.

    Raises:
        Problem: as `holder`; `device-frozen` for the second use.
    """
    with transaction.atomic():
        row = _find(refresh_token, "refresh", device_id)
        require_usable(row.officer, row.device)
        reused = row.used_at is not None
        if reused:
            freeze(row.device, "refresh-reused")
        else:
            if row.ended_at is not None or row.expires_at <= now():
                raise Problem("token-invalid", "the token has ended")
            Token.objects.filter(family=row.family, kind="access", ended_at=None).update(ended_at=now())
            row.used_at = now()
            row.save(update_fields=["used_at"])
            pair = issue(row.officer, row.device, row.family, row.family_until)
            return Renewed(pair, row.officer, row.device)
    raise Problem("device-frozen", "a refresh token was used twice")


def freeze(device: Device, why: str) -> None:
    """Stop a device until an administrator looks at it; call inside a transaction."""
    Device.objects.filter(pk=device.pk).update(state="frozen")
    device.state = "frozen"
    _end(device, why, "device-frozen")


def revoke(device: Device) -> None:
    """Take a device out for good; call inside a transaction."""
    Device.objects.filter(pk=device.pk).update(state="revoked")
    device.state = "revoked"
    _end(device, "revoked", "device-revoked")


def sign_out(access_token: str) -> None:
    """End every token of this sign-in."""
    row = Token.objects.get(token_hash=digest(access_token))
    Token.objects.filter(family=row.family, ended_at=None).update(ended_at=now())


def _order(device: Device) -> dict[str, str]:
    """The signed order to destroy what the device keeps: a client obeys nothing less."""
    payload = {"type": "device_revoked", "device_id": device.device_id, "at": stamp()}
    order: dict[str, str] = msgspec.to_builtins(keys().answers.sealed(canonical(payload)))
    return order


def _end(device: Device, why: str, kind: str) -> None:
    Token.objects.filter(device=device, ended_at=None).update(ended_at=now())
    append(
        kind=kind,
        user=device.officer.user,
        organisation=device.officer.organisation_id,
        device_id=device.device_id,
        outcome=why,
    )


def _find(secret: str, kind: str, device_id: str) -> Token:
    rows = Token.objects.select_related("officer__organisation", "device__officer")
    row = rows.filter(token_hash=digest(secret), kind=kind).first()
    if row is None or row.device_id != device_id:
        raise Problem("token-invalid", "not a token of this device")
    return row
