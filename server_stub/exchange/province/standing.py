"""Are we equal? What one gave and the other took is named by one digest on each side."""

from __future__ import annotations

import json

from app.field.canonical import canonical_sha256
from server_stub.config.clock import today
from server_stub.exchange.province import composing, lawful
from server_stub.exchange.province.models import Entry, Foreign, Journal, Partner
from server_stub.records.models import Record, Revision

Standing = dict[str, list[object]]


def given(partner: Partner) -> Standing:
    """What the partner should hold of ours: record -> [revision, content digest].

    Only what may go today, and nothing that the partner refused (there is a ticket for it).
    """
    head = Journal.objects.get(pk=1).number
    found: Standing = {}
    for row in composing.rows_between(partner, 0, head, today()):
        if row.op == "put":
            found[row.rec_id] = [row.rev, row.digest]
        else:
            found.pop(row.rec_id, None)
    for ticket in partner.tickets.filter(ours=True, state="open"):
        if found.get(ticket.rec_id, [0])[0] == ticket.rev:
            del found[ticket.rec_id]
    return found


def taken(partner: Partner) -> Standing:
    """What we hold of the partner's in force, read back from the records themselves."""
    found: Standing = {}
    for foreign in Foreign.objects.filter(origin=partner.partner_id, op="put"):
        record = Record.objects.get(pk=foreign.rec_id)
        text = Revision.objects.get(record=record, rev=record.rev).payload
        if record.status == "current":
            content = lawful.content_of(record, json.loads(text), today())
            found[foreign.origin_rec_id] = [foreign.rev, lawful.digest_of(content)]
    return found


def digest(standing: Standing) -> str:
    """One digest over all of it."""
    return canonical_sha256([[rec_id, *standing[rec_id]] for rec_id in sorted(standing)])


def waiting(partner: Partner) -> int:
    """Numbers of our journal that the partner has not acknowledged."""
    return Entry.objects.filter(number__gt=partner.given_upto).count()
