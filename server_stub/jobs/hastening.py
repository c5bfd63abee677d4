"""A repair before its first day, or of a serious record: proposed with its paper by one of the staff, put in
force by another, as a correction that moves a term is.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from server_stub.cases import proposing
from server_stub.cases.models import Proposal
from server_stub.errors import Problem
from server_stub.exchange.amending import require_day
from server_stub.exchange.reasons import reason
from server_stub.reasons import require_numberless
from server_stub.records import services
from server_stub.records.models import Record
from server_stub.records.terms import term_at

REPAIRED = "repaired"
_LONGEST_PAPER = 120


def ends_early(record: Record, on: date) -> dict[str, tuple[str, str]]:
    """What of a record's term a repair on `on` cuts short, old and new, where the record is serious or may
    not be repaired yet; empty where one person enters it.
    """
    term = term_at(record.rec_id, record.rev, on)
    serious = "serious" in (term.tier, record.section)
    if not serious and term.earliest <= on.isoformat():
        return {}
    return {"earliest": (term.earliest, on.isoformat()), "state": (term.state, REPAIRED)}


def propose(record: Record, on: date, why: str, paper: str, *, by: str) -> dict[str, Any]:
    """Keep it until another of the staff confirms it; what is printed of it. Call inside a transaction.

    Raises:
        Problem: `body-invalid` without the number of the paper that grants it; `role-denied`.
        ValueError: the paper's number is that of a person.
    """
    term = ends_early(record, on)
    if not 0 < len(paper) <= _LONGEST_PAPER:
        code = "repair-early" if term["earliest"][0] > on.isoformat() else "repair-serious"
        said = reason("record", code, earliest=term["earliest"][0], limit=_LONGEST_PAPER)
        raise Problem("body-invalid", said)
    require_numberless(paper)
    settings = {"on": on.isoformat(), "paper": paper}
    wanted = proposing.Proposed(record.rec_id, record.rev, settings, "", why, outcome=REPAIRED)
    proposing.propose(wanted, by=by)
    tier = term_at(record.rec_id, record.rev, on).tier
    return {"tier": tier, "term": term, "paper": paper, "proposed_by": by}


def what_waits(row: Proposal, by: str) -> dict[str, Any]:
    """The proposal as who may confirm it reads it; a leaf says that he read it. Inside a transaction.

    Raises:
        Problem: `role-denied`; `rev-conflict` when the record ended meanwhile.
    """
    said, digest = _weighed(row)
    proposing.looked_at(row, digest, by=by)
    return {**said, "reason": row.reason, "at": row.at, "proposed_by": row.by, "digest": digest}


def confirm(row: Proposal, seen: str, *, by: str) -> dict[str, Any]:
    """Another of the staff, who read it, puts it in force. Inside a transaction.

    Raises:
        Problem: `role-denied`; `rev-conflict` when the record moved on, or something else waits.
    """
    if Record.objects.select_for_update().get(pk=row.rec_id).rev != row.rev:
        raise Problem("rev-conflict", "the record has changed; propose it anew")
    said, digest = _weighed(row)
    proposing.confirmed(row, digest, seen=seen, by=by)
    on, why = date.fromisoformat(said["on"]), f"{row.reason}（{said['paper']}）"
    return {**said, "rev": services.repair(row.rec_id, on=on, by=row.by, reason=why)}


def _weighed(row: Proposal) -> tuple[dict[str, Any], str]:
    """The day, the paper and what it takes away, as things stand, with the digest that a yes is bound to."""
    record, settings = Record.objects.get(pk=row.rec_id), dict(row.settings)
    on = date.fromisoformat(settings["on"])
    require_day(record, on)
    term: Mapping[str, Any] = ends_early(record, on)
    tier = term_at(record.rec_id, record.rev, on).tier
    said = {"on": settings["on"], "paper": settings["paper"], "tier": tier, "term": term}
    return said, proposing.digest_of(row, {**settings, "tier": tier}, term)
