"""`report`: staff of the centre read the register of issue, which is logged, or declare a report void."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import date
from typing import Any

from django.db import transaction

from app.field.report_numbers import number_in
from server_stub.accounts.staff import require_staff
from server_stub.config.clock import today
from server_stub.evidence.services import append
from server_stub.reports import register, voiding


def run(words: argparse.Namespace) -> int:
    """`list`: one line of JSON a report of the day; `show`, `void`: one line.

    Raises:
        Problem: `role-denied`, `not-found`, `report-void`, `text-too-long`, `text-unfit`.
        ValueError: what was given is no report number; no reason.
    """
    if words.act == "list":
        day = date.fromisoformat(words.on) if words.on else today()
        for row in _listed(day, words.organisation, words.by):
            _say(row)
        return 0
    number = number_in(words.number)
    if words.act == "void":
        voiding.void(number, why=words.why, by=words.by, second=words.second)
        _say(register.card(number))
    else:
        _say(_shown(number, words.by))
    return 0


def _listed(day: date, organisation: str, by: str) -> list[dict[str, Any]]:
    with transaction.atomic():
        user = require_staff(by)
        rows = register.issued_on(day, organisation)
        told = f"{day}, {organisation or 'all'}: {len(rows)}"
        append(kind="report.listed", user=user, outcome=told)
    return rows


def _shown(number: str, by: str) -> dict[str, Any]:
    with transaction.atomic():
        user = require_staff(by)
        card = register.card(number)
        append(kind="report.shown", user=user, report_no=number)
    return card


def _say(row: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(row, ensure_ascii=False) + "\n")
