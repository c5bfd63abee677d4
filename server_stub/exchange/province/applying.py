"""A partner's rows become records here, by the verbs of the records room; each row stands or falls alone."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable
from datetime import date
from typing import Any

import msgspec
from django.db import transaction

from app.field.identifiers import uscc_fault
from server_stub.config.clock import stamp, today
from server_stub.errors import Problem
from server_stub.exchange.province import lawful, persons
from server_stub.exchange.province.deciding import Standing, decide
from server_stub.exchange.province.guard import origin_speaks
from server_stub.exchange.province.models import Foreign, Partner
from server_stub.exchange.province.words import Refused, Row, Scope
from server_stub.records import services as records
from server_stub.records.facts import RecordFacts
from server_stub.records.labels import word
from server_stub.records.models import Record, Revision
from server_stub.records.reading import fold_document_no
from server_stub.subjects.models import Subject
from server_stub.subjects.selectors import find_legal, name_agrees
from server_stub.subjects.services import LegalEntry, register


class RowRefusedError(Exception):
    """A row that is not taken; its code goes back to the origin."""

    def __init__(self, code: str, text: str = "") -> None:
        super().__init__(code, text)
        self.code, self.text = code, text


class Outcome(msgspec.Struct):
    """How many rows were taken (changing nothing counts), and which were not."""

    accepted: int = 0
    refused: list[Refused] = msgspec.field(default_factory=list)


def apply(partner: Partner, rows: Iterable[dict[str, Any]]) -> Outcome:
    """Apply rows in any order, inside the caller's transaction. One that was applied before does nothing."""
    said, done = list(rows), Outcome()
    if any(isinstance(row.get("who"), dict) and row["who"].get("kind") == "person" for row in said):
        persons.index(partner)
    for raw in said:
        try:
            with transaction.atomic(), origin_speaks(partner.partner_id):
                _apply(partner, read(raw))
            done.accepted += 1
        except RowRefusedError as no:
            done.refused.append(_refused(raw, no.code, no.text))
        except Problem as problem:
            done.refused.append(_refused(raw, problem.code, problem.detail))
    return done


def _refused(raw: dict[str, Any], code: str, text: str) -> Refused:
    rev = raw.get("rev")
    return Refused(
        rec_id=str(raw.get("rec_id", ""))[:26], rev=rev if type(rev) is int else 0, code=code, text=text[:300]
    )


def read(raw: dict[str, Any]) -> Row:
    """A row as it travels.

    Raises:
        RowRefusedError: when it does not fit.
    """
    try:
        row = msgspec.convert(raw, Row)
        if "\\u0000" in json.dumps(raw):
            raise ValueError("a zero character")
        if row.status_on:
            date.fromisoformat(row.status_on)
    except (ValueError, TypeError) as flaw:
        raise RowRefusedError("row-unreadable", str(flaw)) from flaw
    if row.status_on and date.fromisoformat(row.status_on) > today():
        raise RowRefusedError("date-future", f"status_on {row.status_on} is still to come")
    return row


def _apply(partner: Partner, row: Row) -> None:
    held = (
        Foreign.objects.select_for_update()
        .filter(origin=partner.partner_id, origin_rec_id=row.rec_id)
        .first()
    )
    standing = Standing(held.rev, _op(held.op), held.digest) if held else None
    action = decide(standing, Standing(row.rev, row.op, row.digest))
    if action == "fork":
        raise RowRefusedError("rev-fork", "other content came under this revision before")
    if action == "nothing":
        return
    foreign = held or Foreign(origin=partner.partner_id, origin_rec_id=row.rec_id, rec_id="")
    if action == "put":
        _put(partner, row, foreign)
    elif foreign.rec_id and foreign.op == "put":
        _revoke(row, foreign)
    foreign.rev, foreign.op, foreign.reason, foreign.at = row.rev, row.op, row.reason, stamp()
    foreign.digest = row.digest if row.op == "put" else ""
    foreign.provenance = row.provenance or foreign.provenance
    foreign.save()


def checked(partner: Partner, row: Row) -> Subject:
    """The subject of a put that may be taken.

    Raises:
        RowRefusedError: with the reason why not.
    """
    columns, payload = row.columns, row.payload
    if columns is None or payload is None or row.who is None:
        raise RowRefusedError("row-unreadable", "a put without content")
    fault = lawful.faults(row.section, columns, payload, today())
    if fault:
        raise RowRefusedError(fault)
    content = {"section": row.section, "columns": columns, "payload": payload}
    if lawful.digest_of(content) != row.digest:
        raise RowRefusedError("digest-wrong")
    if row.section not in msgspec.convert(partner.scope, Scope).sections:
        raise RowRefusedError("out-of-scope")
    return _subject(partner, row)


def confirmed(rec_id: str, row: Row) -> None:
    """Read back what was written.

    Raises:
        RowRefusedError: when it says something else than the origin said.
    """
    kept = Record.objects.get(pk=rec_id)
    if lawful.digest_of(_content(kept)) != row.digest:
        raise RowRefusedError("content-differs", "kept here it would say something else")


def _content(record: Record) -> dict[str, Any]:
    text = Revision.objects.get(record=record, rev=record.rev).payload
    return lawful.content_of(record, json.loads(text), today())


def _put(partner: Partner, row: Row, foreign: Foreign) -> None:
    subject = checked(partner, row)
    if foreign.rec_id:
        _supersede(partner, row, foreign, subject)
    else:
        facts = facts_of(partner, row, subject)
        if same_act(facts):
            raise RowRefusedError("same-act", "another source delivered this act here")
        foreign.rec_id = records.put(facts, by=partner.partner_id)
    confirmed(foreign.rec_id, row)


def _supersede(partner: Partner, row: Row, foreign: Foreign, subject: Subject) -> None:
    record = Record.objects.get(pk=foreign.rec_id)
    same = lawful.digest_of(_content(record)) == row.digest and record.subject_key == subject.subject_key
    if same and record.status == "current":
        return
    changes = {"payload": row.payload, **(row.columns or {}), "status": "current", "status_on": ""}
    changes["subject_key"] = subject.subject_key
    records.correct(foreign.rec_id, changes, reason=word("origin_corrected"), by=partner.partner_id)


def _revoke(row: Row, foreign: Foreign) -> None:
    on = date.fromisoformat(row.status_on) if row.status_on else today()
    by = foreign.origin
    if row.reason == "annulled":
        records.annul(foreign.rec_id, reason=row.reason, by=by)
    elif row.reason == "repaired":
        records.repair(foreign.rec_id, on=on, by=by)
    elif row.reason == "shielded":
        records.shield(foreign.rec_id, on=on, by=by)
    elif row.reason == "removed":
        records.remove(foreign.rec_id, on=on, reason=row.reason, by=by)
    else:
        records.withdraw(foreign.rec_id, reason=row.reason, by=by)


def _subject(partner: Partner, row: Row) -> Subject:
    who = row.who
    assert who is not None  # noqa: S101 - asked before
    if who.kind == "person":
        person = persons.found(partner, who.token, who.name_token)
        if person is None:
            raise RowRefusedError("person-unknown")
        return person
    if who.code_kind == "uscc" and uscc_fault(who.code) is not None:
        raise RowRefusedError("number-invalid")
    unit = find_legal(who.code)
    if unit is None:
        others = () if who.code_kind == "uscc" else ((who.code_kind, who.code),)
        code = who.code if who.code_kind == "uscc" else ""
        entry = LegalEntry(name=who.name, code=code, other_numbers=others, from_exchange=True)
        return register([entry])[0]
    if not name_agrees(unit, who.name):
        raise RowRefusedError("name-code-mismatch")
    return unit


def facts_of(partner: Partner, row: Row, subject: Subject) -> RecordFacts:
    """The facts of the record a row makes here; its id follows from origin and record."""
    name = hashlib.sha256(f"{partner.partner_id}/{row.rec_id}".encode()).digest()
    facts: Any = {
        **(row.columns or {}),
        "rec_id": "F" + base64.b32encode(name).decode()[:25],
        "subject_key": subject.subject_key,
        "section": row.section,
        "source_no": f"{partner.partner_id}/{row.rec_id}",
        "payload": row.payload or {},
    }
    found: RecordFacts = facts
    return found


def same_act(facts: RecordFacts) -> bool:
    """Whether a record of this act is here already, by the measure of the records room."""
    folded = fold_document_no(facts.get("document_no", ""))
    if not folded:
        return False
    same = Record.objects.filter(
        subject_key=facts["subject_key"],
        section=facts["section"],
        document_no_folded=folded,
        decided_on=facts.get("decided_on") or None,
    )
    if facts.get("provider_code"):
        same = same.filter(provider_code__in=("", facts["provider_code"]))
    else:
        same = same.filter(provider=facts["provider"])
    return same.exclude(status="annulled").exists()


def _op(text: str) -> Any:
    return "revoke" if text == "revoke" else "put"
