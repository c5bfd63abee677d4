"""One act that two sources send is one record: both are named, and the earlier end of publicity counts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import msgspec

from server_stub.records.models import Record

JOINT = "；"
# section -> fields of the payload that name the source and its code
_SOURCES = {"penalty": ("CF_SJLY", "CF_SJLYDM"), "licence": ("XK_LYDW", "XK_LYDWDM")}


class Sent(msgspec.Struct, frozen=True):
    """What an act says once a delivery is laid beside it; `conflict` names what the sources disagree on."""

    columns: Mapping[str, Any]
    payload: dict[str, str]
    conflict: str = ""


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
    given: date | None = columns.get("publicity_end_given")
    ends = {day for day in (held.publicity_end_given, given) if day}
    merged = {**(columns if leads else {}), "publicity_end_given": min(ends, default=None)}
    if ends and held.section == "penalty":
        joined["CF_GSJZQ"] = min(ends).isoformat()
    return Sent(merged, joined, "ends" if len(ends) > 1 else "")
