"""What ends a record's being shown: age, list, time, and what became of it. The gravest comes first."""

from __future__ import annotations

from datetime import date

from app.field.working_days import add_years
from server_stub.catalogue.entries import Item
from server_stub.rules.ages import is_minor
from server_stub.rules.facts import Facts, Period
from server_stub.rules.periods import LISTS, list_term, policy, publicity, tier_of
from server_stub.rules.retaining import retention_over, undated
from server_stub.rules.tables_file import Tables, shipped

CURRENT = "current"
_BECOME = frozenset({"annulled", "withdrawn", "repaired", "removed", "shielded"})


def ended(facts: Facts, on: date, item: Item | None = None, tables: Tables | None = None) -> str:
    """The gravest finding by which a record ended on `on`, or current; the catalogue is not asked."""
    rules = tables or shipped()
    period, due = period_of(facts, tier_of(facts, rules, on), rules, on)
    return finding_of(facts, item, rules, on, period, due)


def period_of(facts: Facts, tier: str, rules: Tables, on: date) -> tuple[Period | None, date | None]:
    """Publicity of a penalty; the term of an entry with the day its removal is due."""
    if facts.section in LISTS:
        return list_term(facts, rules, on) or (None, None)
    return publicity(facts, tier, rules, on), None


def finding_of(
    facts: Facts, item: Item | None, rules: Tables, on: date, period: Period | None, due: date | None
) -> str:
    """The gravest finding that ends a record's being shown; none of them: current."""
    if facts.subject_kind == "person" and (found := _of_age(facts, rules, on)):
        return found
    section = facts.section
    listed = section in LISTS
    if listed and period is None:  # no list of that day has its code
        return "baseless_list"
    if facts.public_security and _sealed(rules, on):
        return "sealed"
    months = item.retention_months if item else 0
    if retention_over(facts, period.end if listed and period else None, rules, on, months):
        return "retention_over"
    if undated(facts, rules, on, months):
        return "undated"
    if facts.status != CURRENT:
        return facts.status if facts.status in _BECOME else f"unknown:{facts.status}"
    if not facts.valid:
        return "invalid"
    if period is None:
        return "no_period" if section == "penalty" else CURRENT
    if not period.published:
        return "unpublished"
    if period.end is None:
        return CURRENT
    if section == "penalty":
        return "over" if on >= period.end else CURRENT
    return "term_over" if on >= (due or period.end) else CURRENT


def _sealed(rules: Tables, on: date) -> bool:
    row = policy(rules, "sealed_from", on)
    return row is not None and row.day is not None and on >= row.day


def _of_age(facts: Facts, rules: Tables, on: date) -> str:
    """A person's age at the act; where only the decision is dated, the act may lie years before it. Empty:
    nothing speaks against showing."""
    margin, unknown = (policy(rules, name, on) for name in ("unknown_act_years", "unknown_birth"))
    act = facts.acted_on or facts.decided_on
    if facts.subject_born_on is None or act is None:
        return "" if unknown is not None and unknown.word == "show" else "birth_unknown"
    if facts.acted_on is None and facts.section == "penalty" and margin is not None:
        act = add_years(act, -margin.number)
    return "minor_at_act" if is_minor(facts.subject_born_on, act, on, rules) else ""
