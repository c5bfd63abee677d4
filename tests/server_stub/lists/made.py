"""A batch as a test asks it."""

from __future__ import annotations

from datetime import date
from typing import Any

from app.field.screening import ScreenedRow
from server_stub.catalogue.selectors import current
from server_stub.lists.screening import Asked, Screened, Viewer, screen
from server_stub.records import services
from server_stub.records.facts import RecordFacts
from tests.server_stub.records.made import BY, ON, debtor


def listed(subject_key: str, **more: Any) -> str:
    """An entry on the courts' list, unless `more` says another one."""
    facts: RecordFacts = debtor(subject_key=subject_key, document_no=f"示例-{subject_key[:6]}")
    facts.update(more)  # type: ignore[typeddict-item]
    return services.put(facts, by=BY)


def screened(
    *asked: Asked, on: date = ON, role: str = "bank_officer", kind: str = "bank", **more: Any
) -> Screened:
    lists = more.pop("lists", frozenset())
    return screen(asked, on, Viewer(role, kind, lists=lists), catalogue=current(), **more)


def one(*asked: Asked, **more: Any) -> ScreenedRow:
    return screened(*asked, **more).rows[0]
