"""Official letters as the staff read them, and what the log holds of each."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from app.field.canonical import canonical_sha256
from server_stub.accounts.staff_looks import note_list
from server_stub.queries.models import OfficialLetter, Query
from server_stub.queries.official import asked_on, codes


def listed(*, by: str) -> list[dict[str, Any]]:
    """Every official letter with the queries on it, and those that stand on none, for who checks them.

    Raises:
        Problem: `role-denied`.
    """
    with transaction.atomic():
        rows = list(OfficialLetter.objects.order_by("organisation", "pk"))
        note_list("official.listed", by, f"done:{len(rows)}")
    cards = [card(row) for row in rows]
    named = {number for one in cards for number in one["queries"]}
    bare = Query.objects.filter(purpose__in=codes()).exclude(query_no__in=named).order_by("query_no")
    if bare.exists():
        cards.append({"letter_no": "", "queries": list(bare.values_list("query_no", flat=True))})
    return cards


def card(row: OfficialLetter) -> dict[str, Any]:
    """A letter as the staff read it; of its subjects only how many were asked about."""
    queries = asked_on(row).order_by("query_no")
    return {
        "organisation": row.organisation,
        "letter_no": row.letter_no,
        "approver": row.approver,
        "signed_on": row.signed_on.isoformat(),
        "valid_to": row.valid_to.isoformat(),
        "silent_until": row.silent_until.isoformat(),
        "subjects": row.subjects,
        "asked_about": len(set(queries.values_list("subject_key", flat=True))),
        "queries": list(queries.values_list("query_no", flat=True)),
        "officers": sorted(set(queries.values_list("user", flat=True))),
        "sha256": row.sha256,
        "admitted_by": [row.admitted_by, *([row.second] if row.second else [])],
        "admitted_at": row.admitted_at,
        "decisions": row.decisions,
        "waits": row.waits,
        "stopped_at": row.stopped_at,
        "stopped_by": row.stopped_by,
        "withdrawn_at": row.withdrawn_at,
        "digest": digest(row),
    }


def digest(row: OfficialLetter) -> str:
    """What the leaf of each act on a letter holds of it: a row changed elsewhere differs from the log."""
    parts = (
        "organisation", "letter_no", "approver", "subjects", "keys", "sha256", "media", "admitted_by",
        "second", "admitted_at", "decisions", "stopped_at", "stopped_by",
    )  # fmt: skip
    days = ("signed_on", "valid_to", "silent_until")
    said = {name: getattr(row, name) for name in parts}
    said |= {name: getattr(row, name).isoformat() for name in days}
    # left out where they say nothing: the leaves of letters of before have the same digest
    return canonical_sha256(
        said | {name: value for name in ("waits", "withdrawn_at") if (value := getattr(row, name))}
    )
