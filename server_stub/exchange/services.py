"""Stage a file, apply it by a second person, take it back. A row is never lost: read = accepted + refused."""

from __future__ import annotations

import hashlib
import json
import secrets
import time
from pathlib import Path
from typing import Any

import msgspec
from django.db import transaction

from server_stub.accounts.models import Officer
from server_stub.catalogue.selectors import current
from server_stub.config.clock import now, stamp, today
from server_stub.config.collecting import not_now
from server_stub.errors import Problem
from server_stub.evidence import services as evidence
from server_stub.exchange import applying, effects, staging
from server_stub.exchange.delivering import Delivery
from server_stub.exchange.errors import NotYours, WrongState
from server_stub.exchange.mapping import forms
from server_stub.exchange.models import Batch
from server_stub.exchange.readers import opened
from server_stub.exchange.rows import Receipt, Rows
from server_stub.reasons import reason_of
from server_stub.rules.tables_file import shipped

CHUNK = 50  # rows of one transaction at most
LONGEST_PROVIDER = 200
LONGEST_ITEM = 24


def stage(
    path: Path,
    provider: str,
    kind: str = "auto",
    *,
    by: str = "",
    item: str = "",
    progress: staging.Progress | None = None,
) -> Batch:
    """Read a department's file, judge every row and keep all of them; no record is changed.

    `kind`: a form's id, a section, or auto. `by`: the importing officer of the centre; without one it is
    the provider's own hand-in, which anyone of the centre may apply. `item`: the item of the catalogue that
    is delivered; without one the rows stand under their section's own item. `progress` is told how many rows
    are in.

    Raises:
        FileRefused: when the file as a whole cannot be taken.
        NotYours: when `by` is named and no active officer of the centre.
        ValueError: when the provider is not named in 1 to 200 characters, or the item in more than 24.
    """
    officer = _staff(by) if by else None
    if not 0 < len(provider.strip()) <= LONGEST_PROVIDER:
        raise ValueError(f"a provider is named in 1 to {LONGEST_PROVIDER} characters")
    if len(item.strip()) > LONGEST_ITEM:
        raise ValueError(f"an item is named in at most {LONGEST_ITEM} characters")
    staging.discard_abandoned()
    at, batch_no = stamp(), f"B{now():%Y%m%d}-{secrets.token_hex(4)}"
    delivery = Delivery(item.strip(), provider.strip(), current())
    with opened(path) as source:
        head, chunks = staging.head(source, forms(kind))
        batch = Batch(
            batch_no=batch_no,
            file_name=path.name[:200],
            sha256=hashlib.sha256(source.content).hexdigest(),
            provider=delivery.provider,
            mapping=head.mapping.id,
            section=head.mapping.section,
            item_code=delivery.item_code,
            schema=head.mapping.schema,
            encoding=source.encoding,
            sheet=head.sheet.name,
            header_row=head.header + head.sheet.row + 1,
            columns=head.columns,
            state="staging",
            read=0,
            accepted=0,
            refused=0,
            importer=by,
            received_at=at,
        )
        batch.save(force_insert=True)
        try:
            rows = Rows(head, Receipt(batch_no, today(), at, shipped().calendar, delivery))
            staging.keep(batch, rows, chunks, progress)
            batch.state, batch.notes = "staged", rows.notes
            with transaction.atomic():
                batch.save()
                _witness("import", officer, batch)
        except BaseException:
            staging.discard(batch)
            raise
    return batch


def apply(
    batch: Batch | str, by: str, *, stop_after: int | None = None, progress: staging.Progress | None = None
) -> Batch:
    """Make records of the accepted rows, chunk by chunk; called again after an interruption it goes on.

    `stop_after`: leave after so many chunks (the batch stays `applying`). `progress` is told how many rows of
    this call are done.

    Raises:
        NotYours: when `by` is the importer or no active officer of the centre.
        WrongState: when the batch is neither staged nor being applied.
    """
    officer = _staff(by)
    held = _begun(batch, by)
    run, chunks, done = applying.Run(held, by), 0, 0
    while stop_after is None or chunks < stop_after:
        wanted = run.box.rows
        taken = run.carry_out(Delivery(held.item_code, held.provider, current()))
        chunks, done = chunks + 1, done + taken
        if progress is not None:
            progress(done)
        if taken < wanted:
            with transaction.atomic():
                held = _locked(held)
                if held.state == "applying":
                    held.state, held.applied_at = "applied", stamp()
                    held.save()
                    _witness("apply", officer, held)
            break
        time.sleep(applying.PAUSE)
    return found(held)


def _begun(batch: Batch | str, by: str) -> Batch:
    """The batch as one that is being applied; what stands in force for its subjects is digested before the
    lock is taken."""
    held = found(batch)
    digest = effects.content_digest(held) if held.state == "staged" else ""
    with transaction.atomic():
        held = _locked(held)
        if held.importer == by:
            raise NotYours("same-person")
        if held.state not in ("staged", "applying"):
            raise WrongState(held.state)
        if held.state == "staged":
            held.state, held.approver, held.content_before = "applying", by, digest
            held.save()
    return held


def reverse(batch: Batch | str, by: str, why: str) -> Batch:
    """Take a batch back: new records are annulled, corrected ones get their earlier content again.

    Raises:
        NotYours: when `by` is no active officer of the centre.
        WrongState: when nothing of the batch was applied or it was reversed before.
        ValueError: when no reason is given.
    """
    officer = _staff(by)
    reason = reason_of(why, "a reversal")
    with transaction.atomic():
        held = _locked(batch)
        if held.state not in ("applying", "applied", "reversing"):
            raise WrongState(held.state)
        held.state, held.reverser, held.why_reversed = "reversing", by, reason
        held.save()
    last = 2**31 - 1
    while held.state == "reversing":
        with not_now(), transaction.atomic():
            held, began = _locked(held), time.perf_counter()
            done = list(held.rows.filter(state="applied", number__lt=last).order_by("-number")[:CHUNK])
            for row in done:
                effects.take_back(row, by, why)
                last = row.number
                if time.perf_counter() - began > applying.LONGEST:
                    break
            if not done:
                held.state, held.reversed_at = "reversed", stamp()
                held.save()
                _witness("reverse", officer, held)
        time.sleep(applying.PAUSE)
    return held


def found(batch: Batch | str) -> Batch:
    """The batch of a number.

    Raises:
        Problem: `not-found`, also for one that is still being read.
    """
    key = batch if isinstance(batch, str) else batch.batch_no
    held = Batch.objects.filter(batch_no=key).exclude(state="staging").first()
    if held is None:
        raise Problem("not-found", f"no batch {key}")
    return held


def _locked(batch: Batch | str) -> Batch:
    key = batch if isinstance(batch, str) else batch.batch_no
    held = Batch.objects.select_for_update().filter(batch_no=key).first()
    if held is None:
        raise Problem("not-found", f"no batch {key}")
    return held


def _staff(user: str) -> Officer:
    officer = Officer.objects.select_related("organisation").filter(user=user).first()
    if officer is None or not officer.active or officer.role != "centre_staff":
        raise NotYours("not-staff")
    return officer


def _witness(kind: str, officer: Officer | None, batch: Batch) -> None:
    """A leaf for the act: the file's digest binds it; provider and counts stand in the outcome's digest."""
    said: dict[str, Any] = {"batch": batch.batch_no, "read": batch.read, "accepted": batch.accepted}
    said["provider"] = batch.provider
    evidence.append(
        kind=kind,
        source="server",
        user=officer.user if officer else "",
        organisation=officer.organisation_id if officer else "",
        op_id=batch.batch_no,
        records_sha256=batch.sha256,
        outcome=f"done:{hashlib.sha256(msgspec.json.encode(said)).hexdigest()[:16]}",
    )


def report(batch: Batch) -> list[dict[str, Any]]:
    """Every refused row with its faults, for the department: row, cell, code and reason."""
    return [
        {"row": row.number, "faults": row.faults, "cells": json.loads(row.raw)}
        for row in batch.rows.filter(state="refused").order_by("number")
    ]
