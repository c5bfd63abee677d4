"""Our side as the receiver: a batch is applied once, whole, and answered by a signed acknowledgement."""

from __future__ import annotations

from typing import Any

import msgspec
from django.db import transaction

from app.field.records import Signed
from server_stub.config.clock import stamp
from server_stub.errors import Problem
from server_stub.exchange.province import applying, partners, tickets, turns
from server_stub.exchange.province.credentials import opened, own_id, seal
from server_stub.exchange.province.models import Partner
from server_stub.exchange.province.words import Ack, Batch


def take(partner: Partner, envelope: Any, *, asked_after: int | None = None) -> dict[str, Any]:
    """Apply a batch and return our acknowledgement as it travels; the same batch again gets the same answer.

    Rows, place, tickets, turn and leaf are one transaction. A batch may come late or twice; it may not leave
    a gap. `asked_after` is the place a pull asked from: a batch that answers another question is refused.

    Raises:
        Problem: `role-denied` when nothing is taken from this partner, `proof-invalid`, `body-invalid`;
            `rev-conflict` with the place we are at when numbers are missing in between.
    """
    if not partner.takes:
        raise Problem("role-denied", "nothing is taken from this partner")
    batch, digest = opened(envelope, Batch, partner)
    if batch.upto < batch.after or (asked_after is not None and batch.after != asked_after):
        raise Problem("body-invalid", "the batch does not continue what was asked")
    with transaction.atomic():
        held = partners.locked(partner.partner_id)
        if held.taken_digest == digest and held.taken_ack is not None:
            again: dict[str, Any] = held.taken_ack
            return again
        known = held.taken_epoch in ("", batch.epoch)
        if known and batch.after > held.taken_upto:
            raise Problem("rev-conflict", "numbers are missing", context={"upto": held.taken_upto})
        done = applying.apply(held, batch.rows)
        answer = answered(held, digest, batch.upto, done)
        held.taken_upto = max(held.taken_upto, batch.upto) if known else batch.upto
        held.taken_epoch, held.taken_digest, held.taken_ack = batch.epoch, digest, answer
        held.save()
        note_taken(held, batch.rows, done)
        if batch.upto > batch.after:
            turns.note(
                held, "taken", number=batch.number, digest=digest, after=batch.after, upto=batch.upto,
                accepted=done.accepted, refused=len(done.refused),
            )  # fmt: skip
    return answer


def answered(partner: Partner, digest: str, upto: int, done: applying.Outcome) -> dict[str, Any]:
    """Our signed word over what became of a batch or a segment."""
    ack = Ack(
        v=1,
        sender=own_id(),
        receiver=partner.partner_id,
        digest=digest,
        upto=upto,
        accepted=done.accepted,
        refused=done.refused,
        at=stamp(),
    )
    envelope: Signed = seal(ack)
    plain: dict[str, Any] = msgspec.to_builtins(envelope)
    return plain


def note_taken(partner: Partner, rows: list[dict[str, Any]], done: applying.Outcome) -> None:
    """Tickets for refused rows, and an end to tickets of records that were taken now."""
    refused = {(row.rec_id, row.rev) for row in done.refused}
    tickets.open_for(partner, done.refused, ours=False)
    waiting = set(partner.tickets.filter(ours=False, state="open").values_list("rec_id", flat=True))
    named = [(row.get("rec_id"), row.get("rev")) for row in rows]
    taken = [(rec, rev) for rec, rev in named if isinstance(rec, str) and type(rev) is int and rec in waiting]
    tickets.settle(partner, [one for one in taken if one not in refused], ours=False)
