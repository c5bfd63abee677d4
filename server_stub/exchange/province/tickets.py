"""Rows that were not taken, on either side, until somebody has looked."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from server_stub.config.clock import stamp
from server_stub.errors import Problem
from server_stub.exchange.province import journal
from server_stub.exchange.province.models import Partner, Ticket
from server_stub.exchange.province.words import Refused


def open_for(partner: Partner, refused: Iterable[Refused], *, ours: bool) -> None:
    """A ticket for each refused row; the same refusal again opens no second one."""
    for row in refused:
        Ticket.objects.update_or_create(
            partner=partner,
            ours=ours,
            rec_id=row.rec_id,
            rev=row.rev,
            code=row.code,
            defaults={"text": row.text, "at": stamp(), "state": "open", "closed_at": ""},
        )


def settle(partner: Partner, rows: Iterable[tuple[str, int]], *, ours: bool) -> None:
    """Close what a later acceptance of the record has settled."""
    for rec_id, rev in rows:
        Ticket.objects.filter(partner=partner, ours=ours, rec_id=rec_id, rev__lte=rev, state="open").update(
            state="closed", closed_at=stamp()
        )


def retry(number: int) -> Ticket:
    """Offer the record of an own ticket again.

    Raises:
        Problem: `not-found` for no open ticket of ours with this number.
    """
    with transaction.atomic():
        ticket = Ticket.objects.select_for_update().filter(pk=number, ours=True, state="open").first()
        if ticket is None:
            raise Problem("not-found", f"no open ticket {number} of ours")
        journal.offer_again(ticket.rec_id)
    return ticket


def listed(partner: Partner) -> list[dict[str, Any]]:
    """The open tickets with a partner, oldest first."""
    names = ("id", "ours", "rec_id", "rev", "code", "text", "at")
    return list(partner.tickets.filter(state="open").order_by("id").values(*names))
