"""`record`: the centre corrects, annuls or repairs one record."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import date

from server_stub.accounts.models import Officer
from server_stub.config.clock import today
from server_stub.records import services


def run(words: argparse.Namespace) -> int:
    """Do the act as `--by`; prints the new revision.

    Raises:
        LookupError: `--by` is not centre staff. ValueError: nothing to set. Problem: `not-found`.
    """
    if not Officer.objects.filter(user=words.by, role="centre_staff", active=True).exists():
        raise LookupError(f"{words.by} is not centre staff")
    if words.act == "correct":
        payload = dict(_pair(one) for one in words.set)
        if not payload:
            raise ValueError("a correction sets at least one field")
        rev = services.correct(words.rec_id, {"fields": payload}, reason=words.reason, by=words.by)
    elif words.act == "annul":
        rev = services.annul(words.rec_id, reason=words.reason, by=words.by)
    else:
        on = date.fromisoformat(words.on) if words.on else today()
        rev = services.repair(words.rec_id, on=on, by=words.by)
    sys.stdout.write(json.dumps({"rec_id": words.rec_id, "rev": rev}) + "\n")
    return 0


def _pair(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign or not name:
        raise ValueError(f"{text} is not FIELD=VALUE")
    return name, value
