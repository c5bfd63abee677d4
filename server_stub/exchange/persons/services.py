"""Stage what the population register hands in, enter it by a second person, take it back by the batch."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import secrets
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
from django.db import transaction

from app.field.masks import STAR
from server_stub.accounts import staff
from server_stub.accounts.sealing import seal, unseal
from server_stub.config.clock import now, stamp, today
from server_stub.config.keys import keys
from server_stub.errors import Problem
from server_stub.evidence.services import append, append_many
from server_stub.exchange import staging
from server_stub.exchange.applying import PAUSE
from server_stub.exchange.errors import WrongState
from server_stub.exchange.persons.correcting import ACT
from server_stub.exchange.persons.models import PersonBatch, PersonRow
from server_stub.exchange.persons.reading import Read, form
from server_stub.exchange.persons.rows import Rows, Staged
from server_stub.exchange.persons.settling import Change, changed_by, take_back, verdicts
from server_stub.exchange.readers import opened
from server_stub.exchange.reasons import reason
from server_stub.reasons import reason_of
from server_stub.subjects.persons import Person, enter_persons, take_up
from server_stub.subjects.telling import tell_persons

AT_ONCE = 100  # rows of one transaction: some 20 ms under the lock
ABANDONED = timedelta(hours=1)
_LONG_RUN = re.compile(r"\d{9,}")
Progress = Callable[[int], None]


def stage(path: Path, *, by: str, progress: Progress | None = None) -> PersonBatch:
    """Read a register's file, judge every row and keep digests of the right ones; nobody is entered yet.

    Raises:
        FileRefused: when the file as a whole cannot be taken. Problem: `role-denied`.
    """
    staff.require_staff(by)
    with opened(path) as source:
        head, chunks = staging.head(source, [form()])
        rows = Rows(head, "import", today())
        batch = _begun("import", by, source.content)
        batch.file_name, batch.encoding, batch.columns = _called(path), source.encoding, head.columns
        return _kept(batch, rows.read(chunks), progress)


def _called(path: Path) -> str:
    """The file's name; a run of digits longer than a day may be a person's number."""
    return _LONG_RUN.sub(lambda run: STAR * len(run[0]), path.name)[:200]


def stage_one(cells: Mapping[str, str], act: str, *, by: str) -> PersonBatch:
    """Keep one person that was typed in, by code of the form; `act` is add or document.

    Raises:
        Problem: `role-denied`.
    """
    staff.require_staff(by)
    codes = [field.code for field in form().field]
    batch = _begun(act, by, json.dumps([cells.get(code, "") for code in codes]).encode())
    batch.encoding, batch.columns = "typed", {code: at for at, code in enumerate(codes)}
    return _kept(batch, iter([Rows.typed(act, today()).take([(1, dict(cells), [])])]), None)


def _begun(act: str, by: str, content: bytes) -> PersonBatch:
    """What was cut off earlier is gone; the new batch is not saved yet."""
    for old in PersonBatch.objects.filter(state="staging", received_at__lt=stamp(now() - ABANDONED)):
        _discard(old)
    mark = hmac.new(keys().derived("person-file"), content, hashlib.sha256).hexdigest()
    number = f"P{now():%Y%m%d}-{secrets.token_hex(4)}"
    return PersonBatch(batch_no=number, act=act, mark=mark, importer=by, received_at=stamp())


def _kept(batch: PersonBatch, staged: Iterator[list[Staged]], progress: Progress | None) -> PersonBatch:
    batch.save(force_insert=True)
    try:
        for chunk in staged:
            with transaction.atomic():
                PersonRow.objects.bulk_create(_row(batch, one) for one in chunk)
            batch.read += len(chunk)
            batch.refused += sum(one.read is None for one in chunk)
            if progress is not None:
                progress(batch.read)
        batch.accepted, batch.state = batch.read - batch.refused, "staged"
        with transaction.atomic():
            batch.save()
            _witness("person.import", batch, batch.importer)
    except BaseException:
        _discard(batch)
        raise
    return batch


def _discard(batch: PersonBatch) -> None:
    with transaction.atomic():
        PersonRow.objects.filter(batch_id=batch.batch_no).delete()
        PersonBatch.objects.filter(batch_no=batch.batch_no, state="staging").delete()


class _Waiting(msgspec.Struct, frozen=True):
    """An accepted row as it waits: the person by digests, and the number's own digest sealed."""

    person: Person
    sealed: bytes


def _row(batch: PersonBatch, one: Staged) -> PersonRow:
    row = PersonRow(batch=batch, number=one.number, state="refused", raw=one.raw, faults=one.faults)
    if one.read is not None:
        waiting = _Waiting(one.read.person, seal(one.read.digest, _owner(one.read.subject_key)))
        row.state, row.subject_key = "accepted", one.read.subject_key
        row.facts = msgspec.json.encode(waiting).decode()
    return row


def _read(row: PersonRow) -> Read:
    waiting = msgspec.json.decode(row.facts, type=_Waiting)
    return Read(waiting.person, row.subject_key, unseal(waiting.sealed, _owner(row.subject_key)))


def _owner(subject_key: str) -> str:
    return f"person-row/{subject_key}"


def apply(batch_no: str, *, by: str, progress: Progress | None = None) -> PersonBatch:
    """Enter the accepted persons, chunk by chunk; called again after an interruption it goes on.

    Raises:
        Problem: `role-denied` for who imported; `not-found`; `rev-conflict` in another state.
    """
    with transaction.atomic():
        batch = _locked(batch_no)
        staff.require_second(by, batch.importer)
        if batch.state not in ("staged", "applying"):
            raise WrongState(batch.state)
        batch.state, batch.approver = "applying", by
        batch.save(update_fields=["state", "approver"])
    done = 0
    while True:
        with transaction.atomic():
            batch = _locked(batch_no)
            if batch.state != "applying":
                raise WrongState(batch.state)
            rows = list(batch.rows.filter(state="accepted").order_by("number")[:AT_ONCE])
            if not rows:
                batch.state, batch.applied_at = "applied", stamp()
                batch.save(update_fields=["state", "applied_at"])
                _witness("person.apply", batch, by)
                return batch
            _enter(batch, rows, by)
        time.sleep(PAUSE)
        done += len(rows)
        if progress is not None:
            progress(done)


def _enter(batch: PersonBatch, rows: Sequence[PersonRow], by: str) -> None:
    reads = [_read(row) for row in rows]
    entering, again, leaves = [], [], []
    found = verdicts(reads, batch.act)
    earlier = changed_by([one.known.subject.subject_key for one in found if one.known is not None])
    for row, read, verdict in zip(rows, reads, found, strict=True):
        row.facts = ""
        if not verdict.outcome:
            code, _ = verdict.fault
            row.state, row.subject_key = "refused", ""
            row.faults = [{"cell": "", "field": "", "code": code, "reason": reason("row", code)}]
            continue
        row.state, row.outcome = "applied", verdict.outcome
        if verdict.known is None:
            entering.append((read.subject_key, read.person, read.digest))
            continue
        row.subject_key = verdict.known.subject.subject_key
        if verdict.known.subject.number_hash == read.person.documents[0].number_hash:
            again.append((row.subject_key, read.digest))
        if verdict.outcome == "changed":
            others = earlier.setdefault(row.subject_key, [])
            change = Change(take_up(verdict.known, read.person, today()), tuple(others))
            row.undo = msgspec.json.encode(change).decode()
            others.append(row.pk)
            leaves.append(_leaf("person.changed", by, row.subject_key, f"{batch.batch_no}/{row.number}"))
    enter_persons(entering)
    tell_persons(again)
    if leaves:
        append_many(leaves)
    plain = [row.pk for row in rows if row.outcome == "new"]
    PersonRow.objects.filter(pk__in=plain).update(state="applied", outcome="new", facts="")
    for row in rows:
        if row.outcome != "new":
            row.save(update_fields=["state", "subject_key", "faults", "facts", "outcome", "undo"])
    refused = sum(row.state == "refused" for row in rows)
    if refused:
        batch.accepted, batch.refused = batch.accepted - refused, batch.refused + refused
        batch.save(update_fields=["accepted", "refused"])


def reverse(batch_no: str, *, by: str, why: str) -> PersonBatch:
    """Take a batch back, the last row first; what something came after is kept and counted. One that waits
    yet is thrown away.

    Raises:
        Problem: `role-denied`, `not-found`, `rev-conflict`. ValueError: no reason.
    """
    reason = reason_of(why, "a reversal")
    with transaction.atomic():
        batch = _locked(batch_no)
        staff.require_staff(by)
        if batch.act == ACT or batch.state not in ("staged", "applying", "applied", "reversing"):
            raise WrongState(batch.state)  # a correction by two is corrected again, by two
        batch.state, batch.reverser, batch.why_reversed = "reversing", by, reason
        batch.save(update_fields=["state", "reverser", "why_reversed"])
    below = 2**31 - 1
    while True:
        with transaction.atomic():
            batch = _locked(batch_no)
            if batch.state != "reversing":
                raise WrongState(batch.state)
            rows = list(batch.rows.filter(state="applied", number__lt=below).order_by("-number")[:AT_ONCE])
            if not rows:
                batch.kept = batch.rows.filter(state="applied").count()
                batch.state, batch.reversed_at = "reversed", stamp()
                batch.save(update_fields=["kept", "state", "reversed_at"])
                batch.rows.filter(state="accepted").update(facts="")  # waits for nothing any more
                _witness("person.reverse", batch, by)
                return batch
            undone = take_back(rows)
            changed = [row for row in undone if row.outcome == "changed"]
            if changed:
                places = [(row.subject_key, f"{batch_no}/{row.number}") for row in changed]
                append_many([_leaf("person.changed-back", by, *place) for place in places])
            PersonRow.objects.filter(pk__in=[row.pk for row in undone]).update(state="reversed", undo="")
            below = rows[-1].number
        time.sleep(PAUSE)


def throw_away_waiting(why: str, by: str) -> None:
    """What waits can be entered no more: its digests cannot be read, or are not wanted. A batch of which
    nothing was entered is reversed; a half-entered one is applied as far as it came, and can be taken back.
    """
    with transaction.atomic():
        for batch in PersonBatch.objects.select_for_update().filter(state__in=("staged", "applying")):
            if batch.state == "applying":
                _end_applying(batch, by)
                continue
            batch.rows.filter(state="accepted").update(facts="")
            batch.state, batch.reverser, batch.reversed_at = "reversed", by, stamp()
            batch.why_reversed = why
            batch.save()
            _witness("person.reverse", batch, by)
        PersonRow.objects.filter(state="accepted").update(facts="")


def _end_applying(batch: PersonBatch, by: str) -> None:
    code = "person-key-lost"
    fault = {"cell": "", "field": "", "code": code, "reason": reason("row", code)}
    lost = batch.rows.filter(state="accepted")
    count = lost.update(state="refused", facts="", subject_key="", faults=[fault])
    batch.accepted, batch.refused = batch.accepted - count, batch.refused + count
    batch.state, batch.applied_at = "applied", stamp()
    batch.save()
    _witness("person.apply", batch, by)


def found(batch_no: str) -> PersonBatch:
    """The batch of a number.

    Raises:
        Problem: `not-found`, also for one that is still being read.
    """
    batch = PersonBatch.objects.filter(batch_no=batch_no).exclude(state="staging").first()
    if batch is None:
        raise Problem("not-found", f"no batch {batch_no}")
    return batch


def _locked(batch_no: str) -> PersonBatch:
    found(batch_no)
    return PersonBatch.objects.select_for_update().get(batch_no=batch_no)


def _leaf(kind: str, user: str, subject_key: str, outcome: str) -> dict[str, Any]:
    said = {"source": "server", "kind": kind, "user": user, "organisation": ""}
    return {**said, "subject_key": subject_key, "outcome": outcome}


def _witness(kind: str, batch: PersonBatch, by: str) -> None:
    """A leaf for the act: the mark binds the bytes that came, whoever has them and the home's key."""
    counts = f"read {batch.read}, accepted {batch.accepted}, refused {batch.refused}, kept {batch.kept}"
    why = f": {batch.why_reversed}" if kind == "person.reverse" else ""
    append(kind=kind, user=by, op_id=batch.batch_no, basis_sha256=batch.mark, outcome=f"done, {counts}{why}")
