"""Our side as the origin: the next batch for a partner, and what its acknowledgement moves."""

from __future__ import annotations

import hashlib
from base64 import b64decode
from typing import Any

import msgspec
from django.db import transaction

from app.field.records import Signed
from server_stub.config.clock import today
from server_stub.errors import Problem
from server_stub.exchange.province import composing, journal, partners, tickets, turns
from server_stub.exchange.province.credentials import opened, own_id, seal
from server_stub.exchange.province.models import Partner, Segment, Turn
from server_stub.exchange.province.words import Ack, Batch, Row

MOST_ROWS = 100
MOST_BYTES = 500_000  # of the rows as JSON; in base64 a batch stays below the limit of a body


def batch(partner: Partner, after: int, *, number: int, most: int = MOST_ROWS) -> Batch:
    """The rows after a number, at most so many and not too large; nothing of the database changes.

    A batch without rows still moves the place on: its numbers were overtaken or are out of scope.
    """
    head = journal.head()
    rows: list[Row] = []
    upto, size = head.number, 0
    for row in composing.rows_between(partner, after, head.number, today()):
        size += len(msgspec.json.encode(row))
        if len(rows) == most or (rows and size > MOST_BYTES):
            upto = rows[-1].n
            break
        rows.append(row)
    return Batch(
        v=1,
        sender=own_id(),
        receiver=partner.partner_id,
        number=number,
        epoch=head.epoch,
        after=after,
        upto=max(upto, after),
        head=head.number,
        rows=[plain(row) for row in rows],
    )


def give(partner: Partner, after: int, epoch: str, most: int) -> Signed:
    """Answer a pull, signed; that it left is on record before it does.

    Raises:
        Problem: `role-denied` when nothing is given to this partner, `epoch-changed` with the place to begin
            at when our journal began anew, `body-invalid` for a place we never reached.
    """
    if not partner.gives:
        raise Problem("role-denied", "nothing is given to this partner")
    journal.gather()
    head = journal.head()
    if epoch and epoch != head.epoch:
        raise Problem("epoch-changed", context={"epoch": head.epoch, "after": head.round_from})
    if after > head.number:
        raise Problem("body-invalid", "the journal does not reach that far")
    with transaction.atomic():
        held = partners.locked(partner.partner_id)
        said = batch(held, after, number=held.given_number + 1, most=min(most, MOST_ROWS))
        envelope, digest = sealed(said)
        if said.upto > after:
            held.given_number += 1
            held.save(update_fields=["given_number"])
            turns.note(
                held, "given", number=said.number, digest=digest, after=after, upto=said.upto,
                accepted=len(said.rows),
            )  # fmt: skip
    return envelope


def sealed(said: Batch) -> tuple[Signed, str]:
    """A batch in its envelope, and the digest of its bytes."""
    envelope = seal(said)
    return envelope, hashlib.sha256(b64decode(envelope.payload_b64)).hexdigest()


def acknowledged(partner: Partner, envelope: Any) -> None:
    """Take the word of a partner that pulled: its place, and tickets for what it refused.

    Raises:
        Problem: `proof-invalid`; `not-found` for something we never gave it.
    """
    ack, _ = opened(envelope, Ack, partner)
    with transaction.atomic():
        held = partners.locked(partner.partner_id)
        given = Turn.objects.filter(partner=held, kind="given", digest=ack.digest).order_by("-id").first()
        segment = Segment.objects.filter(partner=held, sha256=ack.digest).first()
        if given is None and segment is None:
            raise Problem("not-found", "nothing of this digest was given")
        if Turn.objects.filter(partner=held, kind="acked", digest=ack.digest).exists():
            return
        tickets.open_for(held, ack.refused, ours=True)
        if given is not None and ack.upto == given.upto:
            held.given_upto = max(held.given_upto, given.upto)
            held.save(update_fields=["given_upto"])
        turns.note(
            held, "acked", number=given.number if given else 0, digest=ack.digest,
            after=given.after if given else 0, upto=ack.upto, accepted=ack.accepted,
            refused=len(ack.refused),
        )  # fmt: skip


def plain(row: Row) -> dict[str, Any]:
    """A row as it travels: what is empty is left out."""
    whole: dict[str, Any] = msgspec.to_builtins(row)
    return {name: value for name, value in whole.items() if value is not None and value != ""}
