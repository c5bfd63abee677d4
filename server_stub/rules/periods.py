"""Publicity periods of penalties and terms of lists, computed from the dated tables."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from app.field.working_days import CalendarMissing, add_months, add_working_days
from server_stub.rules.days import named, rows_of, rows_on, stretch
from server_stub.rules.facts import Facts, Period
from server_stub.rules.tables_file import ListType, PolicyRule, Publicity, Tables, TierRule, reference

TRANSITION = "transition-unverified"
END_CONFLICT = "end-conflict"
# sections whose records are entries on a list
LISTS = ("serious", "abnormal", "honour")
# channel, section, tier, sector, procedure and classes of a penalty: all that chooses its row
_Asked = tuple[str, str, str, str, str, tuple[str, ...]]


def policy(tables: Tables, name: str, on: date) -> PolicyRule | None:
    """The platform's own choice `name` in force on `on`."""
    row: PolicyRule | None = named(tables, "policy", on, name)
    return row


def tier_of(facts: Facts, tables: Tables, on: date) -> str:
    """The provider's tier, else the table's; empty when no row fits."""
    if facts.tier or facts.section != "penalty":
        return facts.tier
    fitting = (str(row.tier) for row in rows_on(tables, "tier_map", on) if _tier_fits(row, facts))
    return next(fitting, "")


def term_of(facts: Facts, tables: Tables, on: date) -> tuple[str, Period | None]:
    """Tier and term of a record, whatever its state: publicity of a penalty, the term of a list entry."""
    tier = tier_of(facts, tables, on)
    if facts.section in LISTS:
        found = list_term(facts, tables, on)
        return tier, found[0] if found else None
    return tier, publicity(facts, tier, tables, on)


def _tier_fits(row: TierRule, facts: Facts) -> bool:
    """A bound on the amount fits only a known amount."""
    classes, amount = facts.classes, facts.amount_fen
    if row.any_classes and set(classes).isdisjoint(row.any_classes):
        return False
    if row.only_classes and not (classes and set(classes) <= set(row.only_classes)):
        return False
    if row.procedures and facts.procedure not in row.procedures:
        return False
    if row.min_fen is not None and (amount is None or amount < row.min_fen):
        return False
    return row.max_fen is None or (amount is not None and amount <= row.max_fen)


def publicity(facts: Facts, tier: str, tables: Tables, on: date) -> Period | None:
    """How long a penalty may be shown; None when it is undated or no row speaks of it.

    The law does not say whether the rule of the decision or today's rule governs an older penalty. With the
    policy `favourable` the one that ends earlier governs, and the difference is flagged.
    """
    if facts.section != "penalty" or facts.decided_on is None:
        return None
    choice = policy(tables, "transition", on)
    word = choice.word if choice else "favourable"
    at_decision = _period(facts, tier, tables, facts.decided_on)
    alike = stretch(tables, "publicity", on) == stretch(tables, "publicity", facts.decided_on)
    today = at_decision if alike else _period(facts, tier, tables, on)
    if word == "decision":
        found = at_decision or today
    elif word == "today":
        found = today or at_decision
    else:
        found = _favourable(at_decision, today)
    return None if found is None else _with_given_end(found, facts.publicity_end_given)


def _favourable(older: Period | None, newer: Period | None) -> Period | None:
    if older is None or newer is None:
        return older or newer
    if (older.published, older.end) == (newer.published, newer.end):
        return older
    better = min((older, newer), key=lambda p: (p.published, p.end or date.max))
    return Period(better.published, better.earliest, better.end, better.rule, (*better.flags, TRANSITION))


def _period(facts: Facts, tier: str, tables: Tables, rule_day: date) -> Period | None:
    asked = (facts.channel, facts.section, tier, facts.sector, facts.procedure, facts.classes)
    row = _publicity_row(tables, stretch(tables, "publicity", rule_day), asked)
    if row is None:
        return None
    published, decided = row.start == "publication", facts.decided_on
    start = facts.published_on or decided if published else decided
    if start is None:
        return None
    end = add_months(start, row.max_months)
    early = row.min_months >= 0 and (
        not row.no_early_classes or set(facts.classes).isdisjoint(row.no_early_classes)
    )
    if row.longer_with_effect and facts.effect_until is not None and facts.effect_until > end:
        end, early = facts.effect_until, False
    rule = reference("publicity", row)
    if published and facts.published_on is None:
        # publicity that nobody dated cannot have begun before the decision, and ends as if it had begun then
        return Period(row.published, None, end, rule, ("start-unknown",))
    earliest = add_months(start, row.min_months) if early else None
    return Period(row.published, earliest, end, rule)


@lru_cache(maxsize=8192)
def _publicity_row(tables: Tables, at: int, asked: _Asked) -> Publicity | None:
    rows: tuple[Publicity, ...] = rows_of(tables, "publicity", at)
    return next((row for row in rows if _period_fits(row, asked)), None)


def _period_fits(row: Publicity, asked: _Asked) -> bool:
    channel, section, tier, sector, procedure, given = asked
    classes = set(given)
    return (
        row.channel == channel
        and (not row.sections or section in row.sections)
        and (not row.tiers or tier in row.tiers)
        and (not row.sectors or sector in row.sectors)
        and (not row.procedures or procedure in row.procedures)
        and (not row.only_classes or bool(classes) and classes <= set(row.only_classes))
    )


def _with_given_end(found: Period, given: date | None) -> Period:
    """The earlier of the provider's end and the rule's end governs; a difference is flagged."""
    if given is None or given == found.end:
        return found
    end = given if found.end is None else min(given, found.end)
    return Period(found.published, found.earliest, end, found.rule, (*found.flags, END_CONFLICT))


def list_type(facts: Facts, tables: Tables, on: date) -> ListType | None:
    """The list an entry stands on, as the table knows it on the day of listing, else today."""
    row: ListType | None = None
    if facts.decided_on is not None:
        row = named(tables, "list_type", facts.decided_on, facts.list_code)
    return row or named(tables, "list_type", on, facts.list_code)


def list_term(facts: Facts, tables: Tables, on: date) -> tuple[Period, date | None] | None:
    """Term of a list entry and the day its removal is due; the keeper's own end wins over the computed one.

    The second value is None when the term is open or the calendar of that year is not loaded (then the term's
    own end counts).
    """
    row = list_type(facts, tables, on)
    if row is None:
        return None
    rule, end = reference("list_type", row), facts.effect_until
    fixed = row.term_months > 0 and facts.ground not in row.no_term_grounds
    if end is None and fixed and facts.decided_on is not None:
        end = add_months(facts.decided_on, row.term_months)
    if row.kind == "honour" and not row.hide_after_until:
        end = None
    earliest = None
    if row.early_months and facts.decided_on is not None:
        earliest = add_months(facts.decided_on, row.early_months)
    if end is None:
        return Period(True, earliest, None, rule), None
    try:
        due = add_working_days(end, row.removal_days, tables.calendar)
    except CalendarMissing:
        return Period(True, earliest, end, rule, ("calendar-missing",)), None
    return Period(True, earliest, end, rule), due
