"""`report`: the centre's staff read the register of issue, and declare a report void, two of them."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import date

from app.field.report_numbers import number_in
from server_stub.accounts.staff import require_staff
from server_stub.config.clock import today
from server_stub.reports import register, voiding


def run(words: argparse.Namespace) -> int:
    """`list`: one line of JSON a report of the day; `show`, `void`: one line.

    Raises:
        Problem: `role-denied`, `not-found`, `report-void`, `text-too-long`, `text-unfit`.
        ValueError: what was given is no report number; no reason.
    """
    if words.act == "list":
        day = date.fromisoformat(words.on) if words.on else today()
        for row in register.issued_on(day, words.organisation):
            _say(row)
        return 0
    number = number_in(words.number)
    if words.act == "void":
        voiding.void(number, why=words.why, by=words.by, second=words.second)
    else:
        require_staff(words.by)
    _say(register.card(number))
    return 0


def _say(row: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(row, ensure_ascii=False) + "\n")
