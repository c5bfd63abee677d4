"""Devices come in by a one-time code that an administrator handed to the officer."""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.db import transaction

from app.field.fours import in_fours
from server_stub.accounts import throttle
from server_stub.accounts.models import Device, EnrolmentCode, Officer, Ticket
from server_stub.accounts.sealing import digest
from server_stub.config.clock import now
from server_stub.errors import Problem
from server_stub.evidence.services import append

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford: no I, L, O, U
LENGTH = 16  # 80 bits
CODE_HOURS = 24
MOST_DEVICES = 2


def issue_enrolment_code(officer: Officer, approved_beforehand: bool = True, hours: int = CODE_HOURS) -> str:
    """A new code in groups of four; with `approved_beforehand` the device is active at once."""
    code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    EnrolmentCode(
        code_hash=digest(code),
        officer=officer,
        approved_beforehand=approved_beforehand,
        expires_at=now() + timedelta(hours=hours),
    ).save()
    return in_fours(code, "-")


def enrol(ticket: Ticket, code: str, device_name: str) -> Device:
    """Put the ticket's key in as a device of its officer; active or pending, as the code says.

    Raises:
        Problem: `enrolment-code-wrong`, `account-locked`, `device-limit`, `device-revoked`, `device-frozen`.
    """
    officer = ticket.officer
    throttle.reserve(officer.user)
    with transaction.atomic():
        row = (
            EnrolmentCode.objects.select_for_update()
            .filter(code_hash=digest(_normal(code)), officer=officer, used_at=None, expires_at__gt=now())
            .first()
        )
        if row is None:
            raise Problem("enrolment-code-wrong", "not a code of this officer")
        known = Device.objects.filter(device_id=ticket.device_id).first()
        if known is not None and known.state in {"revoked", "frozen"}:
            raise Problem(f"device-{known.state}", "this key may not come back")
        others = Device.objects.filter(officer=officer, state__in=("active", "pending"))
        if others.exclude(device_id=ticket.device_id).count() >= MOST_DEVICES:
            raise Problem("device-limit", "two devices are enrolled already")
        row.used_at = now()
        row.save(update_fields=["used_at"])
        device = Device(
            device_id=ticket.device_id,
            jwk=ticket.jwk,
            officer=officer,
            name=device_name,
            state="active" if row.approved_beforehand else "pending",
            enrolled_at=now(),
        )
        device.save()
        append(
            kind="device-enrolled",
            user=officer.user,
            organisation=officer.organisation_id,
            device_id=device.device_id,
            outcome=device.state,
        )
    throttle.forget(officer.user)
    return device


def approve(device: Device, by: str) -> None:
    """A second person lets a pending device in.

    Raises:
        ValueError: when the device is not pending.
    """
    with transaction.atomic():
        changed = Device.objects.filter(pk=device.pk, state="pending").update(state="active")
        if not changed:
            raise ValueError("only a pending device is approved")
        append(
            kind="device-approved",
            user=by,
            organisation=device.officer.organisation_id,
            device_id=device.device_id,
        )


def _normal(code: str) -> str:
    plain = "".join(code.split()).replace("-", "").upper()
    return plain.translate(str.maketrans("OIL", "011"))
