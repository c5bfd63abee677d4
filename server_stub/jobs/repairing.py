"""`repair`: the centre's staff hand applications over, follow them and enter what the keeper determined."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.db import transaction

from server_stub.accounts.models import Officer
from server_stub.accounts.staff import require_staff
from server_stub.accounts.staff_looks import note_list, note_look
from server_stub.cases.models import Repair
from server_stub.cases.repairs import selectors, services
from server_stub.config.clock import today

Words = argparse.Namespace


def run(words: Words) -> int:
    """Do the step as `--as`; prints the application, or the list of them, as one line of JSON.

    Raises:
        Problem: `role-denied`, `not-found`, `rev-conflict`, `body-invalid`, `text-too-long`, `text-unfit`,
            `repair-too-early`, `repair-not-possible`, `repair-duplicate`. ValueError: a day that is none.
    """
    sys.stdout.write(json.dumps(_ACTS[words.act](words), ensure_ascii=False) + "\n")
    return 0


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _window(words: Words) -> Officer:
    return Officer.objects.get(user=require_staff(words.by))


def _list(words: Words) -> Any:
    on = today()
    with transaction.atomic():
        rows = selectors.board(on, overdue=words.overdue)
        note_list("repair.listed", words.by, f"done:{len(rows)}")
    undated = sum(row["standing"] == "calendar" for row in rows)
    return {"on": on.isoformat(), "calendar_missing": undated, "repairs": rows}


def _show(words: Words) -> Any:
    with transaction.atomic():
        require_staff(words.by)
        card, about = selectors.for_staff(words.number, today()), Repair.objects.get(pk=words.number)
        said = f"done:{words.number}"
        note_look("repair.shown", words.by, about.subject_key, query_no=about.query_no, outcome=said)
    return card


def _hand(words: Words) -> Any:
    given = {"to": words.to, "by": words.by, "on": _day(words.on), "tracking_no": words.tracking}
    return services.hand(words.number, **given)


def _grant(words: Words) -> Any:
    given = {"paper_no": words.paper, "by": words.by, "on": _day(words.on), "answer": words.answer}
    return services.grant(words.number, **given)


def _refuse(words: Words) -> Any:
    days = {"on": _day(words.on), "next_on": _day(words.next)}
    return services.refuse(words.number, paper_no=words.paper, answer=words.answer, by=words.by, **days)


_ACTS: Mapping[str, Callable[[Words], Any]] = {
    "list": _list,
    "show": _show,
    "dates": lambda w: {"dated": services.retime(by=w.by)},
    "take-in": lambda w: services.take_in(_window(w), w.rec_id, kind_code=w.kind, statement=w.statement),
    "return": lambda w: services.give_back(w.number, what=w.what, by=w.by),
    "supplement": lambda w: services.supplement(_window(w), w.number, statement=w.statement),
    "withdraw": lambda w: services.withdraw(_window(w), w.number, why=w.why),
    "hand": _hand,
    "accept": lambda w: services.accept(w.number, by=w.by, on=_day(w.on)),
    "check": lambda w: services.check(w.number, by=w.by),
    "extend": lambda w: services.extend(w.number, why=w.why, by=w.by),
    "grant": _grant,
    "refuse": _refuse,
    "plan-done": lambda w: services.plan_done(w.number, paper_no=w.paper, by=w.by, on=_day(w.on)),
    "plan-failed": lambda w: services.plan_failed(w.number, paper_no=w.paper, by=w.by, on=_day(w.on)),
    "sync": lambda w: services.sync(w.number, by=w.by),
}
