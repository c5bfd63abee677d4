"""Signing in: password, code, and a device that is known; each step is bound to the key that proved it."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any, Literal

import msgspec
from django.db import transaction

from app.field.evidence import LeafEntry
from server_stub.accounts import enrolment, passwords, throttle, tokens, totp
from server_stub.accounts.models import Challenge, Device, Officer, Ticket
from server_stub.accounts.sealing import digest, unseal
from server_stub.config.clock import now
from server_stub.errors import Problem
from server_stub.evidence.selectors import latest
from server_stub.evidence.services import append

CHALLENGE_S = 300
TICKET_S = 3600
State = Literal["active", "enrol", "pending", "revoked"]


class Challenged(msgspec.Struct, frozen=True):
    """The password was right; the code is next."""

    challenge: str
    tries_left: int
    expires_s: int


class Step(msgspec.Struct, frozen=True):
    """Where the sign-in stands: a device that may act, or a ticket for the next step."""

    state: State
    officer: Officer
    device: Device | None = None
    ticket: str = ""


def password(user: str, secret: str, device_id: str) -> Challenged:
    """First factor.

    Raises:
        Problem: `credentials-wrong`, `account-locked`, `account-suspended`, `rate-limited`.
    """
    tries_left = throttle.reserve(user)
    officer = Officer.objects.select_related("organisation").filter(user=user).first()
    if not passwords.verify(secret, officer.password if officer else None) or officer is None:
        raise Problem("credentials-wrong", "user or password", context={"tries_left": tries_left})
    throttle.give_back(user)
    _require_active(officer)
    if passwords.needs_rehash(officer.password):
        officer.password = passwords.encode(secret)
        officer.save(update_fields=["password"])
    challenge = secrets.token_urlsafe(32)
    Challenge(
        challenge_hash=digest(challenge),
        officer=officer,
        device_id=device_id,
        expires_at=now() + timedelta(seconds=CHALLENGE_S),
    ).save(force_insert=True)
    return Challenged(challenge, tries_left + 1, CHALLENGE_S)


def code(challenge: str, digits: str, device_id: str, jwk: dict[str, Any]) -> Step:
    """Second factor.

    Raises:
        Problem: `challenge-expired`, `code-wrong`, `account-locked`, `account-suspended`, `device-frozen`,
            `proof-invalid` for a key enrolled for another officer.
    """
    row = (
        Challenge.objects.select_related("officer__organisation")
        .filter(challenge_hash=digest(challenge))
        .first()
    )
    if row is None or row.device_id != device_id or row.used_at is not None or row.expires_at <= now():
        raise Problem("challenge-expired", "start again")
    officer = row.officer
    tries_left = throttle.reserve(officer.user)
    secret = unseal(officer.totp_secret, officer.user)
    step = totp.matching_step(secret, digits, now(), officer.last_step)
    if step is None or not _take_step(officer, step):
        raise Problem("code-wrong", "not the code of now", context={"tries_left": tries_left})
    if not Challenge.objects.filter(pk=row.pk, used_at=None).update(used_at=now()):
        raise Problem("challenge-expired", "start again")
    throttle.forget(officer.user)
    _require_active(officer)
    device = Device.objects.select_related("officer").filter(device_id=device_id).first()
    if device is not None and device.officer_id != officer.pk:
        raise Problem("proof-invalid", "this key belongs to another officer")
    return _step(officer, device, _new_ticket(officer, device_id, jwk))


def enrol(ticket: str, enrolment_code: str, device_name: str, device_id: str) -> Step:
    """Enrol the key of the ticket.

    Raises:
        Problem: `challenge-expired` for a ticket that does not hold, and those of `enrolment.enrol`.
    """
    row = _open_ticket(ticket, device_id)
    return _step(row.officer, enrolment.enrol(row, enrolment_code, device_name), ticket)


def wait(ticket: str, device_id: str) -> Step:
    """Ask whether the device was approved meanwhile.

    Raises:
        Problem: `challenge-expired`, `account-suspended`, `device-frozen`.
    """
    row = _open_ticket(ticket, device_id)
    return _step(row.officer, Device.objects.filter(device_id=device_id).first(), ticket)


class LastTime(msgspec.Struct, frozen=True):
    """The sign-in before this one, for the officer to recognise."""

    at: str
    device: str


class Begun(msgspec.Struct, frozen=True):
    """The tokens of a new sign-in."""

    pair: tokens.Pair
    last: LastTime | None


def begin(step: Step) -> Begun:
    """Tokens for a sign-in that reached an active device; its ticket ends and a leaf says so.

    Raises:
        Problem: `challenge-expired` when another request was faster.
    """
    if step.device is None:
        raise ValueError("no device to begin with")
    with transaction.atomic():
        if not Ticket.objects.filter(ticket_hash=digest(step.ticket), used_at=None).update(used_at=now()):
            raise Problem("challenge-expired", "start again")
        officer, device = step.officer, step.device
        before = latest("sign-in", officer.user)
        append(
            kind="sign-in",
            user=officer.user,
            organisation=officer.organisation_id,
            device_id=device.device_id,
        )
        return Begun(tokens.issue(officer, device), _last_time(before))


def _last_time(before: LeafEntry | None) -> LastTime | None:
    if before is None:
        return None
    device = Device.objects.filter(device_id=before.device_id).first()
    return LastTime(before.at, device.name if device else "")


def _step(officer: Officer, device: Device | None, ticket: str) -> Step:
    if device is None:
        return Step("enrol", officer, None, ticket)
    if device.state == "frozen":
        raise Problem("device-frozen", "this device was stopped")
    state: State = device.state  # type: ignore[assignment]  # the other three states are the wire's own words
    return Step(state, officer, device, ticket)


def _take_step(officer: Officer, step: int) -> bool:
    """Use a step up; of two requests with one code only one gets it."""
    rows = Officer.objects.filter(pk=officer.pk, last_step__lt=step)
    return bool(rows.update(last_step=step))


def _require_active(officer: Officer) -> None:
    if not officer.active or not officer.organisation.active:
        raise Problem("account-suspended", "this officer may not act")


def _new_ticket(officer: Officer, device_id: str, jwk: dict[str, Any]) -> str:
    ticket = secrets.token_urlsafe(32)
    Ticket(
        ticket_hash=digest(ticket),
        officer=officer,
        device_id=device_id,
        jwk=jwk,
        expires_at=now() + timedelta(seconds=TICKET_S),
    ).save(force_insert=True)
    return ticket


def _open_ticket(ticket: str, device_id: str) -> Ticket:
    row = Ticket.objects.select_related("officer__organisation").filter(ticket_hash=digest(ticket)).first()
    if row is None or row.device_id != device_id or row.used_at is not None or row.expires_at <= now():
        raise Problem("challenge-expired", "start again")
    _require_active(row.officer)
    return row
