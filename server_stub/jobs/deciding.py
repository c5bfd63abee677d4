"""`objection`: the centre's staff see objections and move them on."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Mapping
from typing import Any

from django.db import transaction

from app.field.receivers import Receiver
from server_stub.accounts.models import Officer
from server_stub.accounts.staff import require_staff
from server_stub.accounts.staff_looks import note_list, note_look
from server_stub.cases import selectors, services
from server_stub.cases.models import Objection
from server_stub.config.clock import today
from server_stub.exchange.amending import amended
from server_stub.jobs.handing import new_file
from server_stub.reports import register
from server_stub.reports.drafted import IssueBody
from server_stub.reports.services import issue_by_staff

Words = argparse.Namespace


def run(words: Words) -> int:
    """Do the step as `--as`; prints the objection, or the list of them, as one line of JSON.

    Raises:
        Problem: `role-denied`, `not-found`, `rev-conflict`, `body-invalid`, `text-too-long`, `text-unfit`,
            `objection-duplicate`; for a letter also `objection-open`, `receiver-needed`, `seal-unavailable`.
        ValueError: when `--set` is not FIELD=VALUE, or the letter's file is there already.
        OSError: the letter's file cannot be written; nothing is issued.
    """
    sys.stdout.write(json.dumps(_ACTS[words.act](words), ensure_ascii=False) + "\n")
    return 0


def settings_of(settings: list[str]) -> Mapping[str, str]:
    """FIELD=VALUE words as fields of a record.

    Raises:
        ValueError: when one is not, or a field comes twice.
    """
    found: dict[str, str] = {}
    for one in settings:
        field, sign, value = (part.strip() for part in one.partition("="))
        if not field or not sign:
            raise ValueError(f"--set takes FIELD=VALUE, not {one}; --help lists the fields")
        if field in found:
            raise ValueError(f"{field} is set twice")
        found[field] = value
    return found


def _at_the_window(by: str) -> Officer:
    return Officer.objects.get(user=require_staff(by))


def _list(words: Words) -> Any:
    on = today()
    with transaction.atomic():
        rows = selectors.board(on, overdue=words.overdue)
        note_list("objection.listed", words.by, f"done:{len(rows)}")
    undated = sum(row["standing"] == "calendar" for row in rows)
    return {"on": on.isoformat(), "calendar_missing": undated, "objections": rows}


def _show(words: Words) -> Any:
    with transaction.atomic():
        require_staff(words.by)
        card, about = selectors.for_staff(words.number, today()), Objection.objects.get(pk=words.number)
        said = f"done:{words.number}"
        note_look("objection.shown", words.by, about.subject_key, query_no=about.query_no, outcome=said)
    return card


def _conclude(words: Words) -> Any:
    given: dict[str, Any] = {"outcome": words.outcome, "answer": words.answer, "by": words.by}
    settings = settings_of(words.set)
    if not settings:
        return services.conclude(words.number, **given)
    judged = amended(selectors.for_staff(words.number, today())["rec_id"], settings)
    return judged.told | services.conclude(words.number, changes=judged.changes, **given)


def _letter(words: Words) -> Any:
    """The sealed letter that answers it, to be handed out at the window; written where the words say, to a
    new file of its owner. Without the file there is no letter, and without the letter no file.
    """
    wanted = IssueBody(
        words.number,
        "answer",
        language="en" if words.language == "en" else "zh_CN",
        receiver=Receiver(words.handed, words.receiver),
    )
    with new_file(words.out) as hand:
        report = issue_by_staff(words.by, wanted, hand)
    return register.card(report.number) | {"file": str(words.out), "pdf_sha256": report.pdf_sha256}


_ACTS: Mapping[str, Callable[[Words], Any]] = {
    "list": _list,
    "show": _show,
    "dates": lambda w: {"dated": services.retime(by=w.by)},
    "accept": lambda w: services.accept(w.number, by=w.by),
    "return": lambda w: services.give_back(w.number, what=w.what, by=w.by),
    "supplement": lambda w: services.supplement(_at_the_window(w.by), w.number, statement=w.statement),
    "add": lambda w: services.add(_at_the_window(w.by), w.number, statement=w.statement),
    "decline": lambda w: services.decline(w.number, answer=w.answer, by=w.by),
    "forward": lambda w: services.forward(w.number, to=w.to, by=w.by),
    "answer": lambda w: services.answer(w.number, answer=w.answer, by=w.by),
    "extend": lambda w: services.extend(w.number, why=w.why, by=w.by),
    "conclude": _conclude,
    "recheck": lambda w: services.recheck(_at_the_window(w.by), w.number, why=w.why),
    "letter": _letter,
    "close": lambda w: services.close(w.number, by=w.by, agreed=w.agreed),
}
