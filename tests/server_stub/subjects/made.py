"""Made-up units for the register's tests."""

from __future__ import annotations

from collections.abc import Iterable

from app.field.identifiers import id_card_check, uscc_check
from server_stub.subjects.models import Subject
from server_stub.subjects.services import LegalEntry, register


def code(serial: int) -> str:
    body = f"91430400MA00{serial:05d}"
    return body + uscc_check(body)


def number(born: str, division: str = "430400") -> str:
    body = f"{division}{born}000"
    return body + id_card_check(body)


def unit(serial: int, name: str, **more: object) -> Subject:
    return register([LegalEntry(name=name, code=code(serial), **more)])[0]  # type: ignore[arg-type]


def units(names: Iterable[str]) -> dict[str, str]:
    """Register a unit for each name; names by subject key."""
    entries = [LegalEntry(name=name, code=code(serial)) for serial, name in enumerate(names, 1)]
    return {subject.subject_key: subject.name for subject in register(entries)}
