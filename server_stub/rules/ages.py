"""Who is of age, by the dated row of the policy."""

from __future__ import annotations

from datetime import date

from app.field.identifiers import age_on
from server_stub.rules.periods import policy
from server_stub.rules.tables_file import Tables, shipped


def is_minor(born_on: date | None, day: date, on: date | None = None, tables: Tables | None = None) -> bool:
    """Whether somebody born on that day was not of age on `day`, by the row in force on `on` (left out: on
    `day` itself). Units and persons of unknown age are not; without a row everybody is.
    """
    row = policy(tables or shipped(), "adult_age", on or day)
    return born_on is not None and (row is None or age_on(born_on, day) < row.number)
