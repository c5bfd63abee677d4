"""`begin` and `officer`: the first members of the centre's staff, and every officer after them."""

from __future__ import annotations

import argparse
import json
import sys

from django.conf import settings
from django.core.management import call_command

from server_stub.accounts import officers
from server_stub.accounts.models import Device, Officer
from server_stub.jobs import recognising
from server_stub.jobs.handing import hand_over


def run(words: argparse.Namespace) -> int:
    """Do the act; one line of JSON an officer.

    Raises:
        Problem: `role-denied`. LookupError: no such officer or organisation.
        ValueError: a word is missing or not right. OSError: the file for the secrets.
    """
    if words.act == "begin":
        call_command("migrate", verbosity=0, interactive=False)
        recognising.make_keys(settings.HENGXIN_HOME)
        people = [_pair(one) for one in words.officer]
        hand_over(lambda: officers.begin(words.code.strip().upper(), words.name, people), words.secrets)
        return 0
    if words.act == "list":
        for officer in Officer.objects.select_related("organisation").order_by("organisation_id", "user"):
            _say(officer)
        return 0
    user, by = words.user, words.by
    if not user:
        raise ValueError("which officer? the user is missing")
    if words.act == "add":
        hand_over(lambda: [officers.add(user, words.name, words.organisation, by=by)], words.secrets)
    elif words.act == "reset-password":
        hand_over(lambda: [officers.reset_password(user, by=by)], words.secrets)
    elif words.act == "reset-totp":
        hand_over(lambda: [officers.reset_totp(user, by=by)], words.secrets)
    elif words.act == "approve":
        _say(officers.approve(user, by=by))
    else:
        _say(officers.stop(user, by=by, why=words.why))
    return 0


def _pair(text: str) -> tuple[str, str]:
    user, sign, name = text.partition("=")
    if not sign:
        raise ValueError(f"{text} is not USER=NAME")
    return user, name


def _say(officer: Officer) -> None:
    card = {
        "user": officer.user,
        "name": officer.name,
        "organisation": officer.organisation_id,
        "role": officer.role,
        "state": "active" if officer.active else "not-active",
        "acted_by": officer.acted_by,
        "devices": Device.objects.filter(officer=officer, state="active").count(),
    }
    sys.stdout.write(json.dumps(card, ensure_ascii=False) + "\n")
