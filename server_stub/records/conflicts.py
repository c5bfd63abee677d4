"""Tickets of what two sources disagree on: opened by a delivery, closed by agreement or by a person.

A ticket changes nothing of its record. The first source's content stays, of the ends of publicity the earlier
one counts (`two_sources`), and what the other source said stands here word for word.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from app.field.names import normalise
from server_stub.accounts.models import Officer
from server_stub.accounts.staff import require_staff
from server_stub.accounts.staff_looks import note_looks
from server_stub.config.clock import stamp
from server_stub.errors import Problem
from server_stub.evidence import services as evidence
from server_stub.reasons import reason_of
from server_stub.records.models import Conflict, Record
from server_stub.records.two_sources import Sent


def note(record: Record, sent: Sent, delivered: Mapping[str, str], *, source_no: str, by: str) -> int:
    """Open a ticket for each dispute that is not on record yet, close those that this delivery ends; returns
    how many were opened. The same statement of a source never opens a second one, settled or not.

    Inside the transaction of the delivery.
    """
    held = list(Conflict.objects.filter(record=record))
    for ticket in held:
        if not ticket.closed_at and _agree(ticket, sent, delivered):
            _close(ticket, "agreed", by, "")
    known = {(ticket.field, ticket.second, ticket.second_value) for ticket in held}
    fresh = [one for one in sent.disputes if (one.field, one.second, one.second_value) not in known]
    Conflict.objects.bulk_create(
        Conflict(
            record=record,
            document_no=record.document_no,
            field=one.field,
            first=one.first,
            first_value=one.first_value,
            second=one.second,
            second_value=one.second_value,
            source_no=source_no,
            opened_at=stamp(),
        )
        for one in fresh
    )
    return len(fresh)


def settle(number: int, *, why: str, by: str) -> Conflict:
    """Close a ticket; what the record says is changed by `services.correct`, if at all.

    Raises:
        Problem: `role-denied`, `not-found`, `rev-conflict` when it is closed already.
        ValueError: without a reason.
    """
    officer = Officer.objects.filter(user=by, role="centre_staff", active=True).first()
    if officer is None:
        raise Problem("role-denied", f"{by} is not centre staff")
    reason = reason_of(why, "settling a conflict")
    with transaction.atomic():
        ticket = Conflict.objects.select_for_update().select_related("record").filter(pk=number).first()
        if ticket is None:
            raise Problem("not-found", f"no conflict {number}")
        if ticket.closed_at:
            raise Problem("rev-conflict", f"conflict {number} is closed")
        _close(ticket, "settled", by, reason)
        evidence.append(
            kind="record.settled",
            source="server",
            user=by,
            organisation=officer.organisation_id,
            subject_key=ticket.record.subject_key,
            outcome=f"done:{ticket.record_id}:{number}",
        )
    return ticket


def read(*, by: str, closed: bool = False) -> list[dict[str, Any]]:
    """What `listed` finds, for a member of the staff: a leaf in the history of each ticket's subject.

    Raises:
        Problem: `role-denied`.
    """
    with transaction.atomic():
        require_staff(by)
        rows = _rows(closed)
        note_looks(
            "conflict.shown", by, [(row.record.subject_key, f"done:{row.record_id}:{row.pk}") for row in rows]
        )
    return [_card(row) for row in rows]


def listed(*, closed: bool = False) -> list[dict[str, Any]]:
    """Open tickets, the oldest first; with `closed` all of them."""
    return [_card(row) for row in _rows(closed)]


def _rows(closed: bool) -> list[Conflict]:
    rows = Conflict.objects.select_related("record").order_by("id")
    return list(rows if closed else rows.filter(closed_at=""))


def _card(row: Conflict) -> dict[str, Any]:
    return {
        "number": row.pk,
        "rec_id": row.record_id,
        "section": row.record.section,
        "document_no": row.document_no,
        "field": row.field,
        "first": {"source": row.first, "value": row.first_value},
        "second": {"source": row.second, "value": row.second_value, "source_no": row.source_no},
        "opened_at": row.opened_at,
        "closed_at": row.closed_at,
        "closed_how": row.closed_how,
        "closed_by": row.closed_by,
        "why": row.why,
    }


def _agree(ticket: Conflict, sent: Sent, delivered: Mapping[str, str]) -> bool:
    """Whether one of the two has come to what the other said."""
    said = normalise(delivered.get(ticket.field, ""))
    if sent.by == ticket.first:
        return said == normalise(ticket.second_value)
    return sent.by == ticket.second and said == normalise(ticket.first_value)


def _close(ticket: Conflict, how: str, by: str, why: str) -> None:
    ticket.closed_at, ticket.closed_how, ticket.closed_by, ticket.why = stamp(), how, by, why
    ticket.save(update_fields=["closed_at", "closed_how", "closed_by", "why"])
