"""`record`: the centre corrects, annuls or repairs one record."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction

from server_stub.accounts.staff import require_staff
from server_stub.config.clock import today
from server_stub.errors import Problem
from server_stub.exchange.amending import amended, require_day, require_standing
from server_stub.exchange.reasons import reason
from server_stub.jobs.deciding import settings_of
from server_stub.reasons import require_numberless
from server_stub.records import services
from server_stub.records.models import Record

LONGEST_REASON = 500


def run(words: argparse.Namespace) -> int:
    """Do the act as `--by`; prints the new revision, and what a person should look at.

    Raises:
        Problem: `role-denied`, `not-found`; `body-invalid` without a reason, for a field or a day that cannot
            stand; `rev-conflict` when the record has ended, or changed meanwhile.
        ValueError: a setting that is none, or a field that is set twice.
    """
    require_staff(words.by)
    why = words.reason.strip()
    if not why or len(why) > LONGEST_REASON:
        code = "reason-long" if why else "reason-missing"
        raise Problem("body-invalid", reason("record", code, limit=LONGEST_REASON))
    require_numberless(why)
    card: dict[str, Any] = {"rec_id": words.rec_id}
    if words.act == "correct":
        card |= _correct(words.rec_id, settings_of(words.set), why, words.by)
    else:
        with transaction.atomic():
            record = Record.objects.select_for_update().filter(pk=words.rec_id).first()
            if record is None:
                raise Problem("not-found", f"no record {words.rec_id}")
            if words.act == "annul":
                require_standing(record)
                card["rev"] = services.annul(words.rec_id, reason=why, by=words.by)
            else:
                on = date.fromisoformat(words.on) if words.on else today()
                require_day(record, on)
                card["rev"] = services.repair(words.rec_id, on=on, by=words.by, reason=why)
    sys.stdout.write(json.dumps(card, ensure_ascii=False) + "\n")
    return 0


def _correct(rec_id: str, settings: Mapping[str, str], why: str, by: str) -> dict[str, Any]:
    judged = amended(rec_id, settings)
    rev = services.correct(rec_id, judged.changes, reason=why, by=by, rev=judged.rev)
    return {**judged.told, "rev": rev}
