"""Objections as officers see them."""

from __future__ import annotations

from typing import Any

from server_stub.accounts.models import Officer
from server_stub.cases.models import Objection


def view(objection: Objection) -> dict[str, Any]:
    """The wire's ObjectionView."""
    return {
        "number": objection.number,
        "kind": objection.kind,
        "query_no": objection.query_no,
        "rec_id": objection.rec_id,
        "document_no": objection.document_no,
        "state": objection.state,
        "filed_at": objection.filed_at,
        "accepted_on": objection.accepted_on.isoformat() if objection.accepted_on else "",
        "due_on": objection.due_on.isoformat() if objection.due_on else "",
        "holder": objection.holder,
        "answer": objection.answer,
        "history": [
            {"state": step.state, "at": step.at, "text": step.text}
            for step in objection.steps.order_by("rev")
        ],
        "rev": objection.rev,
    }


def views(officer: Officer) -> list[dict[str, Any]]:
    """The officer's own filings, newest first; the centre's staff see all of them."""
    rows = Objection.objects.prefetch_related("steps").order_by("-filed_at", "-number")
    if officer.role != "centre_staff":
        rows = rows.filter(user=officer.user, organisation=officer.organisation_id)
    return [view(row) for row in rows]
