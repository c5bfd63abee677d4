"""`report`: staff of the centre read the register of issue or have a paper of their own once more, which are
logged, or declare a report void.
"""

from __future__ import annotations

import argparse
import json
import sys
from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction

from app.field.report_numbers import number_in
from server_stub.accounts.staff import require_staff
from server_stub.accounts.staff_looks import note_list, note_look
from server_stub.config.clock import today
from server_stub.errors import Problem
from server_stub.jobs.handing import new_file
from server_stub.reports import register, voiding
from server_stub.reports.models import Report
from server_stub.reports.selectors import file_of, withdrawn_of


def run(words: argparse.Namespace) -> int:
    """`list`: one line of JSON a report of the day; `show`, `file`, `void`: one line.

    Raises:
        Problem: `role-denied`, `not-found`, `answer-withdrawn`, `report-void`, `text-too-long`, `text-unfit`.
        ValueError: what was given is no report number; no reason; the file is there already.
        OSError: the file cannot be written.
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
    elif words.act == "file":
        _fetched(number, words.by, words.out)
        _say({"number": number, "file": str(words.out)})
    else:
        _say(_shown(number, words.by))
    return 0


def _listed(day: date, organisation: str, by: str) -> list[dict[str, Any]]:
    with transaction.atomic():
        rows = register.issued_on(day, organisation)
        note_list("report.listed", by, f"{day}, {organisation or 'all'}: {len(rows)}")
    return rows


def _shown(number: str, by: str) -> dict[str, Any]:
    with transaction.atomic():
        require_staff(by)
        card = register.card(number)
        note_look("report.shown", by, Report.objects.get(pk=number).subject_key, report_no=number)
    return card


def _fetched(number: str, by: str, out: Path) -> None:
    """A paper that the staff issued themselves, byte for byte: no officer's computer has its file. One that a
    unit had issued is the unit's.
    """
    with new_file(out) as put, transaction.atomic():
        require_staff(by)
        report = Report.objects.filter(pk=number, device_id="").first()
        if report is None:
            raise Problem("not-found", "no paper that the staff issued")
        if report.void_at or withdrawn_of(report):
            raise Problem("answer-withdrawn", "the paper is not in force as it was issued")
        note_look("report.fetched", by, report.subject_key, report_no=number)
        put(file_of(report))


def _say(row: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(row, ensure_ascii=False) + "\n")
