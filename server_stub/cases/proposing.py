"""A correction that moves a record's term takes two of the staff, each by a command of his own: for how long
a subject's record is published, and from when it may be repaired, is not one person's word.

It waits as a proposal until another confirms it, and is judged again then, against the record as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from app.field.canonical import canonical_sha256
from server_stub.accounts import staff
from server_stub.accounts.staff_looks import note_look
from server_stub.cases.models import Objection, Proposal
from server_stub.cases.words import say
from server_stub.config.clock import stamp, today
from server_stub.errors import Problem
from server_stub.evidence.services import append
from server_stub.reasons import reason_of
from server_stub.records import services as records
from server_stub.records.models import Record
from server_stub.records.terms import moved, term_at, term_with


class Proposed(msgspec.Struct, frozen=True):
    """What is proposed of a record at its revision `rev`; with `number` as the end of that case."""

    rec_id: str
    rev: int
    settings: Mapping[str, str]
    text_stays: str
    reason: str
    number: str = ""
    outcome: str = ""
    answer: str = ""


def moves(rec_id: str, changes: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    """What of a record's term a correction would move today, old and new; empty when nothing.

    Raises:
        Problem: `body-invalid` when the changes do not fit.
    """
    record = Record.objects.get(pk=rec_id)
    return moved(term_at(rec_id, record.rev, today()), term_with(rec_id, changes, today()))


def propose(wanted: Proposed, *, by: str) -> Proposal:
    """Keep it until another of the staff confirms it; a new proposal takes the place of the one before. Call
    inside a transaction.

    Raises:
        Problem: `role-denied`, `not-found`.
    """
    staff.require_staff(by)
    record, case = _about(wanted.rec_id, wanted.number)
    values = msgspec.structs.asdict(wanted) | {"by": by, "at": stamp()}
    values["settings"] = [list(pair) for pair in wanted.settings.items()]
    values["case_rev"] = case.rev if case else 0
    key = {name: values.pop(name) for name in ("rec_id", "number")}
    row, _ = Proposal.objects.update_or_create(**key, defaults=values)
    _note("proposed", record, case, by, f"done:{wanted.number or record.rec_id}")
    return row


def waiting(rec_id: str, number: str = "") -> Proposal:
    """The proposal for a record, or for the end of a case about it. Call inside a transaction.

    Raises:
        Problem: `not-found`; `role-denied` where who proposed it is staff no more; `rev-conflict` when record
            or case moved on since, with the record's state as context `ended` where it ended.
    """
    row = Proposal.objects.select_for_update().filter(rec_id=rec_id, number=number).first()
    if row is None:
        raise Problem("not-found", "nothing is proposed")
    staff.require_staff(row.by)
    if not stands(row):
        since = Record.objects.filter(pk=rec_id).exclude(status__in=("current", "shielded")).first()
        said = "what was proposed was for an earlier state; propose it anew"
        if since is not None:
            said = f"since it was proposed the record was {since.status} ({since.status_on})"
        raise Problem("rev-conflict", said, context={"ended": since.status} if since else {})
    return row


def stands(row: Proposal) -> bool:
    """Whether a proposal can be confirmed: who made it is staff, and neither record nor case moved on."""
    record = Record.objects.filter(pk=row.rec_id, rev=row.rev)
    case = Objection.objects.filter(pk=row.number, rev=row.case_rev)
    return row.by in staff.active_staff() and record.exists() and (not row.number or case.exists())


def forget_proposals(before: str, stopped: Callable[[], bool]) -> int:
    """Delete what was proposed before a moment (UTC text), and what cannot be confirmed any more; how many.
    That it was proposed stays in the log.
    """
    done = 0
    for row in Proposal.objects.order_by("pk"):
        if stopped():
            break
        if row.at < before or not stands(row):
            row.delete()
            done += 1
    return done


def digest_of(row: Proposal, judged: Mapping[str, Any], term: Mapping[str, Any]) -> str:
    """What a yes is bound to: the proposal as it was typed, with what it was judged to change today and what
    of the term that moves. Another proposal has another one, and so has the same under other rows of rules.
    """
    names = ("rec_id", "number", "outcome", "answer", "settings", "text_stays", "reason", "by", "at")
    said = {name: getattr(row, name) for name in (*names, "rev", "case_rev")}
    return canonical_sha256(
        said | {"judged": judged, "term": {name: list(two) for name, two in term.items()}}
    )


def looked_at(row: Proposal, digest: str, *, by: str) -> None:
    """The leaf of who reads what waits, with its digest. Call inside a transaction, before it is shown.

    Raises:
        Problem: `role-denied`.
    """
    record, case = _about(row.rec_id, row.number)
    _note("waiting", record, case, by, f"done:{row.number or row.rec_id}", digest)


def confirmed(row: Proposal, digest: str, *, seen: str, by: str) -> None:
    """Another of the staff says yes to what he read (`seen`, the digest that `waiting` printed) of a proposal
    that stands (`waiting`); it is done with. Call inside the transaction of its effect.

    Raises:
        Problem: `role-denied` for who proposed it; `rev-conflict` when it is not what he read.
    """
    staff.require_second(by, row.by)
    record, case = _about(row.rec_id, row.number)
    if seen != digest:
        raise Problem("rev-conflict", "what waits is not what was read; read it with `waiting`")
    _note("confirmed", record, case, by, f"done, proposed by {row.by}: {row.number or row.rec_id}", digest)
    row.delete()


def correct(
    rec_id: str, changes: Mapping[str, Any], *, reason: str, text_stays: str, by: str, rev: int
) -> int:
    """`records.services.correct`, with the leaf of an amount that is corrected against the record's text, and
    why the text stays beside the reason: whoever reads the amount as disputed reads it with the correction.
    Call inside a transaction.

    Raises:
        Problem: as `records.services.correct`. ValueError: `text_stays` is no reason for the log.
    """
    if text_stays:
        why = reason_of(text_stays, "a text that stays")
        key = Record.objects.get(pk=rec_id).subject_key
        append(kind="record.text_stays", user=by, subject_key=key, outcome=f"done:{rec_id}: {why}")
        reason = f"{reason}{say('text_kept', why=why)}"
    return records.correct(rec_id, changes, reason=reason, by=by, rev=rev)


def _about(rec_id: str, number: str) -> tuple[Record, Objection | None]:
    record = Record.objects.filter(pk=rec_id).first()
    case = Objection.objects.filter(pk=number).first() if number else None
    if record is None or (number and case is None):
        raise Problem("not-found", "no such record or case")
    return record, case


def _note(act: str, record: Record, case: Objection | None, by: str, told: str, digest: str = "") -> None:
    kind, query_no = f"{'objection' if case else 'record'}.{act}", case.query_no if case else ""
    note_look(kind, by, record.subject_key, query_no=query_no, outcome=told, records_sha256=digest)
