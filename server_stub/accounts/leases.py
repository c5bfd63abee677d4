"""What a device gets to work offline: a signed lease and the server's share of its cache key."""

from __future__ import annotations

import secrets
import uuid
from datetime import timedelta

import msgspec
from django.db import transaction

from app.field.canonical import canonical
from app.field.records import Signed
from server_stub.accounts.models import Device, LeaseShare, Officer
from server_stub.accounts.sealing import seal, unseal
from server_stub.config.clock import now, stamp
from server_stub.config.keys import keys
from server_stub.feed import selectors as feed

SHARES_KEPT = 2


class Leased(msgspec.Struct, frozen=True):
    """A signed DeviceLease with the share (32 bytes) it lets the device use."""

    lease: Signed
    share: bytes
    share_id: str


def lease(officer: Officer, device: Device, lease_s: int, max_subjects: int) -> Leased:
    """A lease of `lease_s` seconds over the device's newest share; the first lease makes the share."""
    with transaction.atomic():
        row = LeaseShare.objects.filter(device=device).order_by("-made_at").first() or new_share(device)
    issued = now()
    payload = {
        "type": "lease",
        "lease_id": str(uuid.uuid4()),
        "user": officer.user,
        "device_id": device.device_id,
        "issued": stamp(issued),
        "not_after": stamp(issued + timedelta(seconds=lease_s)),
        "max_subjects": max_subjects,
        "share_id": row.share_id,
    }
    share = unseal(row.share, f"{device.device_id}/{row.share_id}")
    return Leased(keys().answers.sealed(canonical(payload)), share, row.share_id)


def is_silent(device: Device, silence_s: int) -> bool:
    """Whether this device took in no corrections for longer than `silence_s` seconds. A sign-in is no such
    word: it says who sits there, not that the copies were brought into step."""
    since = max(feed.acknowledged_at(device.device_id), stamp(device.enrolled_at))
    return since < stamp(now() - timedelta(seconds=silence_s))


def new_share(device: Device) -> LeaseShare:
    """A fresh share for a device; the two newest are kept."""
    share_id = str(uuid.uuid4())
    row = LeaseShare(
        share_id=share_id,
        device=device,
        share=seal(secrets.token_bytes(32), f"{device.device_id}/{share_id}"),
        made_at=now(),
    )
    row.save(force_insert=True)
    kept = LeaseShare.objects.filter(device=device).order_by("-made_at").values_list("pk", flat=True)
    LeaseShare.objects.filter(device=device).exclude(pk__in=list(kept[:SHARES_KEPT])).delete()
    return row
