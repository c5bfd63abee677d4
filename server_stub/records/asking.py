"""A stored record in the words of the rules."""

from __future__ import annotations

from datetime import date

from server_stub.records.models import Record
from server_stub.rules.facts import Facts
from server_stub.rules.selectors import code_means, explain


def facts_of(
    record: Record, payload: dict[str, str] | None = None, kind: str = "legal", born_on: date | None = None
) -> Facts:
    """The record as the rules ask about it; `kind` and `born_on` are its subject's."""
    means = ""
    if record.section == "licence" and payload and "XK_ZT" in payload:
        means = code_means("XK_ZT", record.schema, payload["XK_ZT"])
    return Facts(
        section=record.section,
        subject_kind=kind,
        subject_born_on=born_on,
        status=record.status,
        status_on=record.status_on,
        objected=bool(record.objection_no) or means == "objected",
        decided_on=record.decided_on,
        acted_on=record.acted_on,
        published_on=record.published_on,
        publicity_end_given=record.publicity_end_given,
        effect_until=record.effect_until,
        tier=record.tier,
        procedure=record.procedure,
        sector=record.sector,
        channel=record.channel,
        classes=tuple(record.classes),
        amount_fen=record.amount_fen,
        public_security=record.public_security,
        performed=record.performed,
        list_code=record.list_code,
        ground=record.ground,
        disclosure=record.disclosure,
        valid=means not in ("revoked", "invalid"),
    )


def time_over(record: Record, on: date) -> str:
    """Why the record's time has run out on `on` (a reason of the feed), or an empty text."""
    state = explain(facts_of(record), "centre_staff", "standard", on).state
    if state == "sealed":
        return "sealed"
    return "publicity_over" if state in ("over", "term_over", "retention_over", "unpublished") else ""
