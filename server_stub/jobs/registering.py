"""`unit`: what the register calls a unit, and its right name by two members of the staff."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import date
from typing import Any

from django.db import transaction

from app.field.names import normalise, printable
from server_stub.accounts import staff
from server_stub.accounts.staff_looks import note_look
from server_stub.config.clock import today
from server_stub.evidence.services import append
from server_stub.reasons import reason_of
from server_stub.subjects import services
from server_stub.subjects.errors import EntryUnfit
from server_stub.subjects.models import Subject
from server_stub.subjects.selectors import find_legal


def run(words: argparse.Namespace) -> int:
    """Print the unit, after the act; one line of JSON.

    Raises:
        Problem: `role-denied`. LookupError: no such unit.
        ValueError: a name that is none or no other one, no reason, a day to come.
    """
    with transaction.atomic():
        staff.require_staff(words.by)
        unit = find_legal(words.code)
        if unit is None:
            raise LookupError(f"the register knows no unit {words.code}")
        if words.act == "rename":
            _rename(unit, words)
            unit.refresh_from_db()
        else:
            note_look("unit.shown", words.by, unit.subject_key)
    sys.stdout.write(json.dumps(_card(unit), ensure_ascii=False) + "\n")
    return 0


def _rename(unit: Subject, words: argparse.Namespace) -> None:
    by, why = staff.require_staff(words.by), reason_of(words.why, "a new name")
    second = staff.require_second(words.second, by)
    if normalise(words.name) == unit.name_folded and printable(words.name) == unit.name:
        raise ValueError("the unit bears this name already")
    until = date.fromisoformat(words.until) if words.until else today()
    if until > today():
        raise ValueError(f"--until {until} is still to come")
    try:
        services.rename(unit.subject_key, words.name, until)
    except EntryUnfit as flaw:
        raise ValueError("a unit has a name of 1 to 200 characters") from flaw
    append(
        kind="unit.renamed",
        user=by,
        subject_key=unit.subject_key,
        outcome=f"done, with {second}: {why}",
    )


def _card(unit: Subject) -> dict[str, Any]:
    former = unit.former_names.order_by("id").values_list("name", "until")
    return {
        "code": unit.code,
        "numbers": list(unit.identifiers.order_by("id").values_list("value", flat=True)),
        "name": unit.name,
        "former": [{"name": name, "until": until.isoformat() if until else ""} for name, until in former],
        "from_file": unit.from_exchange,
        "existing": unit.existing,
    }
