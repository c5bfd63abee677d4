"""How a record stood at an earlier revision: the record as it is, with later changes taken back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from server_stub.records.facts import DATES, PLAIN
from server_stub.records.models import Record, Revision

KEPT = (*PLAIN, *DATES, "classes")


def as_fact(value: Any) -> Any:
    """A column as RecordFacts and the revisions write it: days as ISO text, none as an empty one."""
    return value.isoformat() if isinstance(value, date) else value


def replaced_by(record: Record, columns: Mapping[str, Any]) -> dict[str, Any]:
    """Those columns of a record that will say something else, as they stand now."""
    return {
        name: _stands(record, name)
        for name in columns
        if name in KEPT and getattr(record, name) != columns[name]
    }


def columns_at(record: Record, rev: int) -> dict[str, Any]:
    """The columns of a record (facts without payload) as they stood at one of its revisions."""
    stood = {name: _stands(record, name) for name in KEPT}
    later = Revision.objects.filter(record=record, rev__gt=rev).order_by("-rev")
    for replaced in later.values_list("replaced", flat=True):
        stood.update(replaced)
    return stood


def _stands(record: Record, name: str) -> Any:
    value = getattr(record, name)
    if name in DATES and value is None:
        return ""
    return list(value) if name == "classes" else as_fact(value)
