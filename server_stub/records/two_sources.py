"""One act that two sources send is one record: both are named, and the earlier end of publicity counts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import msgspec

from app.field.names import normalise
from server_stub.records.models import Record

JOINT = "；"
# section -> fields of the payload that name the source and its code
_SOURCES = {"penalty": ("CF_SJLY", "CF_SJLYDM"), "licence": ("XK_LYDW", "XK_LYDWDM")}


class Dispute(msgspec.Struct, frozen=True):
    """A field of which the leading source says one thing and another source something else."""

    field: str
    first: str
    first_value: str
    second: str
    second_value: str


class Sent(msgspec.Struct, frozen=True):
    """What an act says once a delivery is laid beside it; `conflict` names what the sources disagree on.

    `disputes` are the fields of which this delivery of the source `by` says something else than the record.
    """

    columns: Mapping[str, Any]
    payload: dict[str, str]
    conflict: str = ""
    disputes: tuple[Dispute, ...] = ()
    by: str = ""


def beside(
    held: Record, kept: Mapping[str, str], columns: Mapping[str, Any], payload: Mapping[str, str]
) -> Sent:
    """The act after a delivery. The source that came first leads: of another one only its name and an
    earlier end count, the rest is for a person to settle.
    """
    name, code = _SOURCES.get(held.section, ("", ""))
    known = [one for one in kept.get(name, "").split(JOINT) if one]
    mine = payload.get(name, "")
    if not mine or not known or known == [mine]:
        return Sent(columns, dict(payload))
    leads = mine == known[0]
    joined = dict(payload if leads else kept)
    for key in (name, code):
        both = [*kept.get(key, "").split(JOINT), payload.get(key, "")]
        joined[key] = JOINT.join(dict.fromkeys(one for one in both if one))
    disputes = () if leads else _disputes(known[0], kept, mine, payload, {name, code})
    given: date | None = columns.get("publicity_end_given")
    ends = {day for day in (held.publicity_end_given, given) if day}
    merged = {**(columns if leads else {}), "publicity_end_given": min(ends, default=None)}
    if ends and held.section == "penalty":
        joined["CF_GSJZQ"] = min(ends).isoformat()
    return Sent(merged, joined, "ends" if len(ends) > 1 else "", disputes, mine)


def _disputes(
    first: str, kept: Mapping[str, str], second: str, sent: Mapping[str, str], naming: set[str]
) -> tuple[Dispute, ...]:
    """A field that only one of them fills is no dispute, nor is one that differs in width or blanks."""
    both = [field for field in sent if field in kept and field not in naming]
    return tuple(
        Dispute(field, first, kept[field], second, sent[field])
        for field in both
        if kept[field] and sent[field] and normalise(kept[field]) != normalise(sent[field])
    )
