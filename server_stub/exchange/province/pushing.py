"""We send: batch after batch, and our place moves only on an acknowledgement that verifies."""

from __future__ import annotations

from typing import Any

import msgspec
from django.db import transaction

from server_stub.errors import Problem
from server_stub.exchange.province import giving, journal, partners, tickets, turns
from server_stub.exchange.province.credentials import opened
from server_stub.exchange.province.line import Line, PartnerRefused
from server_stub.exchange.province.models import Partner
from server_stub.exchange.province.words import Ack, Batch


class Moved(msgspec.Struct):
    """What one delivery did: rows taken and refused, the place reached, whether there is more."""

    accepted: int
    refused: int
    upto: int
    more: bool


def push(partner: Partner, line: Line, most: int = giving.MOST_ROWS) -> Moved:
    """Deliver the next batch.

    Raises:
        PartnerUnreachable, PartnerRefused: nothing moved here; the same numbers go again next time.
        Problem: `proof-invalid` for an acknowledgement that does not hold; `role-denied` when nothing is
            given to this partner.
    """
    if not partner.gives:
        raise Problem("role-denied", "nothing is given to this partner")
    journal.gather()
    partner.refresh_from_db()
    batch = giving.batch(partner, partner.given_upto, number=partner.given_number + 1, most=most)
    if batch.upto == batch.after and partner.given_epoch == batch.epoch:
        return Moved(0, 0, batch.upto, more=False)
    envelope, digest = giving.sealed(batch)
    try:
        answer = line.post("batches", msgspec.to_builtins(envelope))
    except PartnerRefused as no:
        if no.code == "rev-conflict" and type(no.context.get("upto")) is int:
            _go_back(partner, no.context["upto"])
        raise
    ack = verified(partner, answer, batch, digest)
    _advance(partner, batch, digest, ack)
    return Moved(ack.accepted, len(ack.refused), batch.upto, more=batch.upto < batch.head)


def verified(partner: Partner, answer: dict[str, Any], batch: Batch, digest: str) -> Ack:
    """The acknowledgement of exactly this batch.

    Raises:
        Problem: `proof-invalid` when it is not signed by the partner, or over something else.
    """
    ack, _ = opened(answer, Ack, partner)
    sent = {(str(row["rec_id"]), row["rev"]) for row in batch.rows}
    fits = (
        ack.digest == digest
        and ack.upto == batch.upto
        and ack.accepted + len(ack.refused) == len(batch.rows)
        and all((row.rec_id, row.rev) in sent for row in ack.refused)
    )
    if not fits:
        raise Problem("proof-invalid", "the acknowledgement is about something else")
    return ack


def _advance(partner: Partner, batch: Batch, digest: str, ack: Ack) -> None:
    refused = {(row.rec_id, row.rev) for row in ack.refused}
    taken = [(row["rec_id"], row["rev"]) for row in batch.rows]
    with transaction.atomic():
        held = partners.locked(partner.partner_id)
        held.given_upto, held.given_epoch, held.given_number = batch.upto, batch.epoch, batch.number
        held.save(update_fields=["given_upto", "given_epoch", "given_number"])
        tickets.open_for(held, ack.refused, ours=True)
        tickets.settle(held, [one for one in taken if one not in refused], ours=True)
        turns.note(
            held, "pushed", number=batch.number, digest=digest, after=batch.after, upto=batch.upto,
            accepted=ack.accepted, refused=len(ack.refused),
        )  # fmt: skip


def _go_back(partner: Partner, upto: int) -> None:
    """The partner is behind what it once acknowledged (its backup was put back): send again from there."""
    with transaction.atomic():
        held = partners.locked(partner.partner_id)
        held.given_upto = max(0, min(held.given_upto, upto))
        held.save(update_fields=["given_upto"])
