"""How long a record may be given at all, whatever became of it, computed from the dated table."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from app.field.working_days import add_months
from server_stub.rules.days import first
from server_stub.rules.facts import Facts
from server_stub.rules.tables_file import Retention, Tables

# what became of a record on the day `status_on`, and ended it then at the latest
ENDS = ("repaired", "removed")


def retention_over(
    facts: Facts, listed_until: date | None, tables: Tables, on: date, item_months: int = 0
) -> bool:
    """Whether the record may not be given any more; the earlier of the table's end and the item's governs.

    The table says what its months are counted from. The item's are counted from the end of effect, else from
    the decision; 0: the item says nothing. `listed_until` is the end of an entry's term. An entry without a
    term is not over while it stands on its list.
    """
    row = _retention(tables, on, facts.section)
    act = _act_ended(facts)
    if _over(act, item_months, on):
        return True
    if row is None:
        return False
    listing = row.counted_from == "end_of_listing"
    return _over(_listing_ended(facts, listed_until) if listing else act, row.months, on)


def _over(start: date | None, months: int, on: date) -> bool:
    return start is not None and months != 0 and on >= add_months(start, months)


def needs_a_day(section: str, tables: Tables, on: date) -> bool:
    """Whether the records of a section age, so that one without the day of its decision cannot be given."""
    return _retention(tables, on, section) is not None


@lru_cache(maxsize=4096)
def _retention(tables: Tables, on: date, section: str) -> Retention | None:
    row: Retention | None = first(tables, "retention", on, sections=section)
    return row


def undated(facts: Facts, tables: Tables, on: date, item_months: int = 0) -> bool:
    """Whether nobody can say when the record is to end; the item's months may count from its effect alone."""
    if needs_a_day(facts.section, tables, on):
        return facts.decided_on is None
    return bool(item_months) and _act_ended(facts) is None


def _act_ended(facts: Facts) -> date | None:
    return _earliest(facts.effect_until or facts.decided_on, _ended_on(facts))


def _listing_ended(facts: Facts, listed_until: date | None) -> date | None:
    found = _earliest(listed_until, _ended_on(facts))
    if found is None and facts.status in ENDS:
        return facts.decided_on  # nobody said when it left the list
    return found


def _ended_on(facts: Facts) -> date | None:
    return facts.status_on if facts.status in ENDS else None


def _earliest(one: date | None, other: date | None) -> date | None:
    if one is None or other is None:
        return one or other
    return min(one, other)
