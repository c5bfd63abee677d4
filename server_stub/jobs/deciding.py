"""`objection`: the centre's staff see objections and move them on."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from django.db import transaction

from app.field.receivers import Receiver
from server_stub.accounts.models import Officer
from server_stub.accounts.staff import require_staff
from server_stub.accounts.staff_looks import note_list, note_look
from server_stub.cases import proposing, selectors, services
from server_stub.cases.models import Objection, Proposal
from server_stub.config.clock import today
from server_stub.errors import Problem
from server_stub.exchange.amending import Amended, amended
from server_stub.jobs.handing import new_file
from server_stub.reasons import reason_of
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


def why_text_stays(typed: str, settings: list[str]) -> str:
    """Why an amount is corrected against the record's text, as the log keeps it; empty where it is not.

    Raises:
        ValueError: without a setting, too long, or with a person's number.
    """
    if typed and not settings:
        raise ValueError("--text-stays goes with --set")
    return reason_of(typed, "a text that stays") if typed else ""


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
    """The end of it; a correction that moves the record's term, or sets an amount against its text, is
    proposed, and ends nothing yet."""
    given: dict[str, Any] = {"outcome": words.outcome, "answer": words.answer}
    settings, stays = settings_of(words.set), why_text_stays(words.text_stays, words.set)
    if not settings:
        return services.conclude(words.number, by=words.by, **given)
    with transaction.atomic():
        case = services.require_end(words.number, by=words.by, changes=True, **given)
        judged = amended(case.rec_id, settings, text_stays=stays)
        term = proposing.moves(case.rec_id, judged.changes)
        if not term and not judged.against_text:
            given |= {"changes": judged.changes, "by": words.by}
            return judged.told | services.conclude(case.number, **given)
        reason, given = case.number, given | {"number": case.number}
        wanted = proposing.Proposed(case.rec_id, judged.rev, settings, stays, reason, **given)
        proposing.propose(wanted, by=words.by)
    return judged.told | {"term": term, "number": case.number, "proposed_by": words.by}


class Weighed(NamedTuple):
    """What was proposed, judged against the record as it is, what of its term it would move, and the digest
    of it all to which a yes is bound."""

    judged: Amended
    term: dict[str, tuple[str, str]]
    digest: str


def weighed(row: Proposal) -> Weighed:
    """A proposal as it would work today."""
    judged = amended(row.rec_id, dict(row.settings), text_stays=row.text_stays)
    term = proposing.moves(row.rec_id, judged.changes)
    return Weighed(judged, term, proposing.digest_of(row, {**judged.told, "all": judged.changes}, term))


def what_waits(row: Proposal, by: str) -> dict[str, Any]:
    """A proposal as who may confirm it reads it, with the digest that his `confirm` names; a leaf says that
    he read it. Inside a transaction."""
    judged, term, digest = weighed(row)
    proposing.looked_at(row, digest, by=by)
    said = {name: getattr(row, name) for name in ("outcome", "answer", "reason", "text_stays", "at")}
    shown = {name: text for name, text in said.items() if text}
    return judged.told | {"term": term, "proposed_by": row.by} | shown | {"digest": digest}


def _proposal(number: str) -> Proposal:
    case = Objection.objects.filter(pk=number).first()
    if case is None:
        raise Problem("not-found", "no such objection")
    return proposing.waiting(case.rec_id, case.number)


def _waiting(words: Words) -> Any:
    with transaction.atomic():
        require_staff(words.by)
        return {"number": words.number} | what_waits(_proposal(words.number), words.by)


def _confirm(words: Words) -> Any:
    """Another of the staff ends the case as it was proposed; judged again, against the record as it is."""
    with transaction.atomic():
        require_staff(words.by)
        row = _proposal(words.number)
        judged, term, digest = weighed(row)
        proposing.confirmed(row, digest, seen=words.of, by=words.by)
        given: dict[str, Any] = {"outcome": row.outcome, "answer": row.answer, "changes": judged.changes}
        given |= {"text_stays": row.text_stays, "by": row.by, "second": words.by}
        return judged.told | {"term": term} | services.conclude(row.number, **given)


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
    "waiting": _waiting,
    "confirm": _confirm,
    "recheck": lambda w: services.recheck(_at_the_window(w.by), w.number, why=w.why),
    "letter": _letter,
    "close": lambda w: services.close(w.number, by=w.by, agreed=w.agreed),
}
