"""`device`: an administrator lists, approves or revokes devices and hands out enrolment codes."""

from __future__ import annotations

import argparse
import json
import sys

from django.db import transaction

from app.field.fingerprints import read_out
from server_stub.accounts.models import Device, Officer
from server_stub.accounts.services import approve, issue_enrolment_code, revoke


def run(words: argparse.Namespace) -> int:
    """Do the act; one line of JSON a device.

    Raises:
        LookupError: no such user or device. ValueError: approving without `--by`, or what is not pending.
    """
    if words.act == "list":
        for device in Device.objects.filter(officer__user=words.name).order_by("enrolled_at"):
            _say(device)
        return 0
    if words.act == "code":
        officer = Officer.objects.filter(user=words.name).first()
        if officer is None:
            raise LookupError(f"no officer {words.name}")
        sys.stdout.write(json.dumps({"enrolment_code": issue_enrolment_code(officer)}) + "\n")
        return 0
    found = Device.objects.select_related("officer").filter(device_id=words.name).first()
    if found is None:
        raise LookupError(f"no device {words.name}")
    if words.act == "approve":
        if not words.by or words.by == found.officer.user:
            raise ValueError("somebody else approves a device")
        approve(found, words.by)
        found.refresh_from_db()
    else:
        with transaction.atomic():
            revoke(found)
    _say(found)
    return 0


def _say(device: Device) -> None:
    card = {
        "device_id": device.device_id,
        "fingerprint": read_out(device.device_id),
        "name": device.name,
        "state": device.state,
    }
    sys.stdout.write(json.dumps(card, ensure_ascii=False) + "\n")
