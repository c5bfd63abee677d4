"""What a record is made of when it enters: the facts an importer or a sample gives."""

from __future__ import annotations

from datetime import date
from typing import Any, Required, TypedDict

DATES = ("decided_on", "acted_on", "published_on", "publicity_end_given", "effect_until", "status_on")
PLAIN = (
    "subject_key", "section", "provider", "provider_code", "document_no", "tier", "procedure", "sector",
    "channel", "amount_fen", "public_security", "performed", "list_code", "ground", "disclosure",
    "item_code", "schema", "status", "source_no", "received_at",
)  # fmt: skip


class RecordFacts(TypedDict, total=False):
    """One record as it enters. All dates ISO text (YYYY-MM-DD) or "" when the source gives none.

    rec_id: give one only for deterministic seeding (26 characters); else one is drawn.
    subject_key: 26 characters of the subject (subjects.selectors.route_key).
    section: licence | penalty | honour | serious | abnormal | commitment | judgement | other.
    provider, provider_code: the authority that made the act, name as printed and its 18-character code.
    decided_on: day of the decision; for lists the day of listing. acted_on: day of the act if known.
    published_on: day of first publication. publicity_end_given: CF_GSJZQ. effect_until: CF_YXQ, the end of a
        ban or a list's term as its keeper gives it, XK_YXQZI for a licence.
    tier: "" | minor | general | serious | specified (from the provider; "" lets the table of tiers decide).
    procedure: "" | general | simple. sector: "" | food | drug | special_equipment | work_safety | fire | ...
    channel: platform | samr_site. classes: penalty classes as separate texts (罚款, 警告, ...).
    amount_fen: exact fine plus confiscation in fen; None lets the payload's 万元 be read and checked.
    public_security: a penalty by the police. performed: duties fully performed, None = not told.
    list_code: row id of the table list_type (serious, abnormal, honour). ground: "1".."6" for debtors.
    disclosure: "" (item or table decides) | open | sharing | authorised.
    item_code: item of the catalogue; left out, a new record stands under its section's own item and a known
        one stays where it is.
    schema: 2016 | 2018 (status digit).
    status: current | repaired | removed | shielded | annulled | withdrawn; status_on its day. Seeding only:
        later changes go through the verbs of services.
    source_no: batch and row, received_at: UTC text of the wire ("" = now).
    payload: field code -> text exactly as received (XK_..., CF_... or list fields); kept verbatim.
    """

    rec_id: str
    subject_key: Required[str]
    section: Required[str]
    provider: Required[str]
    provider_code: str
    document_no: str
    decided_on: str
    acted_on: str
    published_on: str
    publicity_end_given: str
    effect_until: str
    tier: str
    procedure: str
    sector: str
    channel: str
    classes: list[str]
    amount_fen: int | None
    public_security: bool
    performed: bool | None
    list_code: str
    ground: str
    disclosure: str
    item_code: str
    schema: str
    status: str
    status_on: str
    source_no: str
    received_at: str
    payload: Required[dict[str, str]]


def columns_of(facts: RecordFacts) -> dict[str, Any]:
    """The typed columns of a record from its facts; empty dates become None.

    Raises:
        ValueError: when a date is not YYYY-MM-DD.
    """
    given: dict[str, Any] = {name: facts[name] for name in PLAIN if name in facts}  # type: ignore[literal-required]
    for name in DATES:
        if name in facts:
            text = facts[name]  # type: ignore[literal-required]
            given[name] = date.fromisoformat(text) if text else None
    if "classes" in facts:
        given["classes"] = list(facts["classes"])
    return given
