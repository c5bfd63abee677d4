"""`record`: the centre corrects, annuls or repairs one record."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import date
from typing import Any

from django.db import transaction

from server_stub.accounts.staff import require_staff
from server_stub.cases import proposing
from server_stub.config.clock import today
from server_stub.errors import Problem
from server_stub.exchange.amending import amended, require_day, require_standing
from server_stub.exchange.reasons import reason
from server_stub.jobs import hastening
from server_stub.jobs.deciding import settings_of, weighed, what_waits, why_text_stays
from server_stub.reasons import require_numberless
from server_stub.records import services
from server_stub.records.models import Record

LONGEST_REASON = 500


def run(words: argparse.Namespace) -> int:
    """Do the act as `--by`; prints the new revision, and what a person should look at. A correction that
    moves the record's term or sets an amount against its text, and a repair before its first day or of a
    serious record, wait until another of the staff confirms them.

    Raises:
        Problem: `role-denied`, `not-found`; `body-invalid` without a reason, for a field or a day that cannot
            stand; `rev-conflict` when the record has ended, or changed meanwhile.
        ValueError: a setting that is none, or a field that is set twice.
    """
    require_staff(words.by)
    if words.act in ("waiting", "confirm"):
        proposed = _confirm if words.act == "confirm" else _waiting
        card = {"rec_id": words.rec_id} | proposed(words)
        sys.stdout.write(json.dumps(card, ensure_ascii=False) + "\n")
        return 0
    why = words.reason.strip()
    if not why or len(why) > LONGEST_REASON:
        code = "reason-long" if why else "reason-missing"
        raise Problem("body-invalid", reason("record", code, limit=LONGEST_REASON))
    require_numberless(why)
    card = {"rec_id": words.rec_id}
    if words.act == "correct":
        card |= _correct(words, why)
    else:
        with transaction.atomic():
            record = Record.objects.select_for_update().filter(pk=words.rec_id).first()
            if record is None:
                raise Problem("not-found", f"no record {words.rec_id}")
            if words.act == "annul":
                require_standing(record)
                card["rev"] = services.annul(words.rec_id, reason=why, by=words.by)
            else:
                card |= _repair(words, record, why)
    sys.stdout.write(json.dumps(card, ensure_ascii=False) + "\n")
    return 0


def _repair(words: argparse.Namespace, record: Record, why: str) -> dict[str, Any]:
    """The repair; one before its first day, or of a serious record, is proposed with its paper."""
    on, paper = date.fromisoformat(words.on) if words.on else today(), words.paper.strip()
    require_day(record, on)
    if hastening.ends_early(record, on):
        return hastening.propose(record, on, why, paper, by=words.by)
    if paper:
        require_numberless(paper)
        why = f"{why}（{paper}）"
    return {"rev": services.repair(words.rec_id, on=on, by=words.by, reason=why)}


def _correct(words: argparse.Namespace, why: str) -> dict[str, Any]:
    """The correction; one that moves the record's term, or sets an amount against its text, is proposed, and
    changes nothing yet."""
    settings, stays = settings_of(words.set), why_text_stays(words.text_stays, words.set)
    with transaction.atomic():
        judged = amended(words.rec_id, settings, text_stays=stays)
        term = proposing.moves(words.rec_id, judged.changes)
        if term or judged.against_text:
            proposing.propose(proposing.Proposed(words.rec_id, judged.rev, settings, stays, why), by=words.by)
            return {**judged.told, "term": term, "proposed_by": words.by}
        given = {"reason": why, "text_stays": "", "by": words.by, "rev": judged.rev}
        return {**judged.told, "rev": proposing.correct(words.rec_id, judged.changes, **given)}


def _waiting(words: argparse.Namespace) -> dict[str, Any]:
    with transaction.atomic():
        row = proposing.waiting(words.rec_id)
        return (hastening.what_waits if row.outcome == hastening.REPAIRED else what_waits)(row, words.by)


def _confirm(words: argparse.Namespace) -> dict[str, Any]:
    """Another of the staff puts what he read into force; judged again, against the record as it is."""
    with transaction.atomic():
        row = proposing.waiting(words.rec_id)
        if row.outcome == hastening.REPAIRED:
            return hastening.confirm(row, words.of, by=words.by)
        judged, term, digest = weighed(row)
        proposing.confirmed(row, digest, seen=words.of, by=words.by)
        given: dict[str, Any] = {
            "reason": row.reason,
            "text_stays": row.text_stays,
            "by": row.by,
            "rev": judged.rev,
        }
        return {**judged.told, "term": term, "rev": proposing.correct(row.rec_id, judged.changes, **given)}
