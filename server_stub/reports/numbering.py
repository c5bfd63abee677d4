"""Numbers of reports: nobody can guess the next one, and a slip of the pen is seen at once."""

from __future__ import annotations

import secrets
from datetime import date

from app.field.report_numbers import CROCKFORD, RANDOM_LENGTH, report_number


def new_number(*, person: bool, on: date) -> str:
    """A fresh number of a day: 100 random bits, so that numbers cannot be tried out."""
    return report_number(person, on, "".join(secrets.choice(CROCKFORD) for _ in range(RANDOM_LENGTH)))
