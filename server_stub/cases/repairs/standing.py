"""What an officer is told about the repair of a record: from when, by whom, with what papers."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import msgspec
from django.db import transaction

from server_stub.accounts.models import Officer
from server_stub.accounts.staff import ROLE
from server_stub.cases.models import REPAIR_OPEN, Repair
from server_stub.cases.repairs.words import both
from server_stub.config.clock import today
from server_stub.errors import Problem
from server_stub.evidence.services import append
from server_stub.queries.selectors import bundle_of, own_query, records_of
from server_stub.records.asking import facts_of
from server_stub.records.models import Record
from server_stub.records.revising import newest
from server_stub.records.selectors import shows
from server_stub.rules.repairing import Eligibility, eligibility, paper_source, repair_kinds
from server_stub.rules.tables_file import RepairKind
from server_stub.subjects.selectors import find_by_key

UNDATED = ("not_yet", "not_repairable", "undated")


def own_record(officer: Officer, query_no: str, rec_id: str) -> Record:
    """The record of an answer that this officer got, and would get today: an old answer opens nothing that is
    repaired, annulled, or hidden since. The centre's staff see what they work on.

    Raises:
        Problem: `not-found`.
    """
    query = own_query(officer, query_no)
    record = Record.objects.filter(pk=rec_id).first()
    told = record is not None and rec_id in records_of(query_no)
    if record is None or not told or not _still(officer, rec_id, query.basis_type):
        raise Problem("not-found", "that answer shows no such record")
    return record


def _still(officer: Officer, rec_id: str, basis: str) -> bool:
    return officer.role == ROLE or shows(rec_id, role=officer.role, on=today(), basis=basis)


def stands(record: Record, on: date) -> Eligibility:
    """How the record stands by the rules of the day; a refusal that named a later day moves the earliest."""
    subject = find_by_key(record.subject_key)
    kind, born_on = (subject.kind, subject.born_on) if subject else ("legal", None)
    found = eligibility(facts_of(record, json.loads(newest(record).payload), kind, born_on), on)
    later = Repair.objects.filter(rec_id=record.rec_id, next_on__gt=on).order_by("-next_on").first()
    if later is not None and later.next_on is not None and found.standing in ("eligible", "not_yet"):
        earliest = max(later.next_on, found.earliest or later.next_on)
        found = msgspec.structs.replace(found, standing="not_yet", earliest=earliest)
    return found


def may(kind: RepairKind, found: Eligibility) -> bool:
    """Whether a record that stands so may be applied for under this kind."""
    return found.standing == "eligible" or (not kind.needs_day and found.standing in UNDATED)


def standing(officer: Officer, query_no: str, rec_id: str) -> dict[str, Any]:
    """The wire's RepairStanding of one record of the officer's own answer. It is news of the record, so that
    it was asked for is a leaf of the log.

    Raises:
        Problem: `not-found`; `letter-expired` when the letter that carried the query has ended.
    """
    with transaction.atomic():
        told = _standing(officer, query_no, rec_id)
        append(
            kind="repair.standing",
            user=officer.user,
            organisation=officer.organisation_id,
            subject_key=own_query(officer, query_no).subject_key,
            query_no=query_no,
            outcome="done",
        )
    return told


def _standing(officer: Officer, query_no: str, rec_id: str) -> dict[str, Any]:
    record, on = own_record(officer, query_no, rec_id), today()
    query = own_query(officer, query_no)
    if query.basis_type == "letter" and bundle_of(query).basis.until < on.isoformat():
        raise Problem("letter-expired", "the letter that carried the query has ended")
    found = stands(record, on)
    held = Repair.objects.filter(rec_id=rec_id, state__in=REPAIR_OPEN).first()
    mine = held is not None and (held.user == officer.user or officer.role == "centre_staff")
    route, rule = found.route, found.rule
    return {
        "rec_id": rec_id,
        "rev": record.rev,
        "document_no": record.document_no,
        "standing": found.standing,
        "words": both(f"standing.{found.standing}"),
        "earliest": found.earliest.isoformat() if found.earliest else "",
        "end": found.end.isoformat() if found.end else "",
        "tier": found.tier,
        "flags": list(found.flags),
        "rule": msgspec.to_builtins(rule) if rule else None,
        "keeper": route.keeper if route else "",
        "keeper_words": both(f"keeper.{route.keeper}") if route else {"zh": "", "en": ""},
        "basis": f"{route.basis}；{route.text}" if route else "",
        "open": held is not None,
        "number": held.number if held is not None and mine else "",
        "kinds": [_kind(one, found, record, on) for one in repair_kinds(officer.role, on)],
    }


def _kind(kind: RepairKind, found: Eligibility, record: Record, on: date) -> dict[str, Any]:
    days = [_check("earliest", found.standing == "eligible")] if kind.needs_day else []
    papers = [_paper(name, record, on) for name in kind.papers]
    return {
        "code": kind.id,
        "words": {"zh": kind.zh, "en": kind.en},
        "effect": kind.effect,
        "may": may(kind, found),
        "checks": days + papers,
        "papers": list(kind.papers),
    }


def _check(name: str, met: bool | None) -> dict[str, Any]:
    """`met` None: nobody told; a paper has to show it."""
    return {"check": name, "words": both(f"check.{name}"), "met": met, "where": {"zh": "", "en": ""}}


def _paper(name: str, record: Record, on: date) -> dict[str, Any]:
    """What a paper has to prove, and where it is to be had."""
    source = paper_source(name, on)
    where = {"zh": source.zh, "en": source.en} if source else {"zh": "", "en": ""}
    return _check(name, record.performed if name == "performed" else None) | {"where": where}
