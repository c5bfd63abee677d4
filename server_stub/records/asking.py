"""A stored record in the words of the rules."""

from __future__ import annotations

from datetime import date

import msgspec

from server_stub.catalogue.entries import KINDS, Item
from server_stub.catalogue.judging import Catalogue, section_item
from server_stub.records.models import Record
from server_stub.records.sql import HeldRecord
from server_stub.rules.facts import Facts
from server_stub.rules.selectors import code_means, ended

_OVER = ("over", "term_over", "retention_over", "unpublished", "undated", "no_period")
_VOID = ("revoked", "invalid")


def facts_of(
    record: Record,
    payload: dict[str, str] | None = None,
    kind: str = "legal",
    born_on: date | None = None,
) -> Facts:
    """The record as the rules ask about it; `kind` and `born_on` are its subject's."""
    means = _licence_means(record.section, record.schema, payload)
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
        item_code=record.item_code,
        valid=means not in _VOID,
    )


def facts_held(record: HeldRecord, payload: dict[str, str]) -> Facts:
    """A record as it was read for its subject, with what a licence says of itself: as `facts_of`."""
    means = _licence_means(record.section, record.schema, payload)
    if means in _VOID:
        return msgspec.structs.replace(record, valid=False)
    return msgspec.structs.replace(record, objected=True) if means == "objected" else record


def _licence_means(section: str, schema: str, payload: dict[str, str] | None) -> str:
    """What the state of a licence means in its own form; empty for others."""
    if section != "licence" or not payload or "XK_ZT" not in payload:
        return ""
    return code_means("XK_ZT", schema, payload["XK_ZT"])


def item_of(record: Record, on: date, catalogue: Catalogue) -> Item | None:
    """The record's item as the catalogue has it on a day, whether it holds or not."""
    found = catalogue.find(record.item_code or section_item(record.section), on)
    return found[1] if found else None


def time_over(record: Record, on: date, item: Item | None = None) -> str:
    """Why the record's time has run out on `on` (a reason of the feed), or an empty text.

    `item` is the record's item of that day, whose retention counts too.
    """
    state = ended(facts_of(record), on, item)
    if state == "sealed":
        return "sealed"
    return "publicity_over" if state in _OVER else ""


def withheld(record: Record, on: date, catalogue: Catalogue) -> bool:
    """Whether the catalogue covers the record's item on a day for no kind of subject at all."""
    return all(catalogue.judge(record.item_code, record.section, kind, on).why for kind in KINDS)
