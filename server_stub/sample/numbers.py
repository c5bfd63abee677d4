"""Numbers with right check characters that are nobody's: bodies MA00 for units, serial 000 for persons."""

from __future__ import annotations

from datetime import date

from app.field.identifiers import id_card_check, org_check, uscc_check
from server_stub.sample.words import words


def unit_code(serial: int, division: str = "430400", head: str = "91") -> str:
    """An 18-character code of the body MA00; `serial` below 10,000."""
    body = f"MA00{serial:04d}"
    code = f"{head}{division}{body}{org_check(body)}"
    return code + uscc_check(code)


def person_number(born: date, division: str) -> str:
    """An 18-place number of the serial 000."""
    body = f"{division}{born:%Y%m%d}000"
    return body + id_card_check(body)


def record_id(serial: int) -> str:
    """A 26-character id for a seeded record."""
    return f"S{serial:025d}"


def provider_code(provider: str) -> str:
    """The made-up code of a provider, stable by its place in the table."""
    return unit_code(9000 + list(words()["providers"]).index(provider), head="11")
