"""Whether and from when a record may be repaired, who determines it, and by which rule."""

from __future__ import annotations

from datetime import date

import msgspec

from app.field.records import RuleRef
from server_stub.rules.facts import Facts, Period
from server_stub.rules.periods import list_term, publicity, tier_of
from server_stub.rules.tables_file import RepairKind, RepairPaper, RepairRoute, Tables, reference, shipped

LISTS = ("serious", "abnormal", "honour")


class Eligibility(msgspec.Struct, frozen=True):
    """`standing`: eligible | not_yet (until `earliest`) | not_repairable | over | ended | shielded |
    undated | no_route. `end` is when publicity ends by itself. `rule` is the row that says so.
    """

    standing: str
    route: RepairRoute | None = None
    earliest: date | None = None
    end: date | None = None
    rule: RuleRef | None = None
    tier: str = ""
    flags: tuple[str, ...] = ()


def eligibility(facts: Facts, on: date, tables: Tables | None = None) -> Eligibility:
    """How a record stands on the day `on`."""
    rules = tables or shipped()
    tier = tier_of(facts, rules, on)
    if facts.status != "current":
        return Eligibility("shielded" if facts.status == "shielded" else "ended", tier=tier)
    route = route_of(facts, on, rules)
    if route is None:
        return Eligibility("no_route", tier=tier)
    period = _period(facts, tier, rules, on)
    rule = period.rule if period else reference("repair", route)
    end = period.end if period else None
    flags = period.flags if period else ()
    earliest = period.earliest if period and route.early == "computed" else None

    def stands(word: str) -> Eligibility:
        return Eligibility(word, route, earliest, end, rule, tier, flags)

    if end is not None and on >= end:
        return stands("over")
    if route.early == "any":
        return stands("eligible")
    if period is None or "start-unknown" in flags:
        return stands("undated")
    if earliest is None:
        return stands("not_repairable")
    return stands("not_yet" if on < earliest else "eligible")


def route_of(facts: Facts, on: date, tables: Tables | None = None) -> RepairRoute | None:
    """The first route in force that fits the record."""
    for row in (tables or shipped()).repair_route:
        fits = (
            row.in_force(on)
            and facts.section in row.sections
            and (not row.lists or facts.list_code in row.lists)
            and (not row.channels or facts.channel in row.channels)
        )
        if fits:
            return row
    return None


def route_named(name: str, tables: Tables | None = None) -> RepairRoute:
    """The route by which an application was taken, in force or not.

    Raises:
        LookupError: when the table does not know it any more.
    """
    for row in (tables or shipped()).repair_route:
        if row.id == name:
            return row
    raise LookupError(f"no repair route {name}")


def repair_kind(code: str, on: date, tables: Tables | None = None) -> RepairKind | None:
    """What may be applied for under the name `code` on `on`."""
    return next(
        (row for row in (tables or shipped()).repair_kind if row.id == code and row.in_force(on)), None
    )


def kind_named(name: str, tables: Tables | None = None) -> RepairKind:
    """The kind under which an application was taken, in force or not.

    Raises:
        LookupError: when the table does not know it any more.
    """
    for row in (tables or shipped()).repair_kind:
        if row.id == name:
            return row
    raise LookupError(f"no repair kind {name}")


def repair_kinds(role: str, on: date, tables: Tables | None = None) -> tuple[RepairKind, ...]:
    """What a role may apply for on `on`."""
    rows = (tables or shipped()).repair_kind
    return tuple(row for row in rows if row.in_force(on) and role in row.roles)


def paper_source(check: str, on: date, tables: Tables | None = None) -> RepairPaper | None:
    """Where the paper that proves `check` is to be had on `on`; None when no row says."""
    rows = (tables or shipped()).repair_paper
    return next((row for row in rows if row.id == check and row.in_force(on)), None)


def _period(facts: Facts, tier: str, rules: Tables, on: date) -> Period | None:
    if facts.section in LISTS:
        found = list_term(facts, rules, on)
        return found[0] if found else None
    return publicity(facts, tier, rules, on)
