"""From the facts of a record to what may be seen of it: one finding, one display row, nothing guessed.

Anything no row speaks about is hidden.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from app.field.records import RuleRef
from app.field.working_days import add_years
from server_stub.catalogue.entries import Item
from server_stub.catalogue.judging import Catalogue
from server_stub.catalogue.reading import without_city
from server_stub.rules.ages import is_minor
from server_stub.rules.days import first
from server_stub.rules.disclosing import let_in
from server_stub.rules.facts import Facts, Period, Verdict
from server_stub.rules.periods import LISTS, list_term, list_type, policy, publicity, tier_of
from server_stub.rules.retaining import retention_over, undated
from server_stub.rules.tables_file import Tables, reference, shipped

NO_ROW = RuleRef("display", "none", 0, "")


def explain(
    facts: Facts,
    role: str,
    report_type: str,
    on: date,
    *,
    basis: str = "open",
    tables: Tables | None = None,
    catalogue: Catalogue | None = None,
) -> Verdict:
    """What of the record `role` may see in a report of `report_type` (standard or special) on the day `on`.

    `basis` is the ground of the query: open, letter, duty or own. `catalogue` says which items hold; without
    one only the platform's own items do. What it does not cover is hidden before any other rule is asked.
    """
    rules = tables or shipped()
    held = catalogue or without_city()
    item = held.judge(facts.item_code, facts.section, facts.subject_kind, on)
    tier = tier_of(facts, rules, on)
    period, due = _period(facts, tier, rules, on)
    seen = let_in(facts.section, facts.subject_kind, facts.disclosure, item.item, rules, on, role, basis)
    state = item.state or next(_states(facts, item.item, rules, on, period, due), "current")
    row = first(rules, "display", on, states=state, report_types=report_type, roles=role)
    if row is not None and row.display in ("show", "label") and not seen:
        state = "undisclosed"
    elif row is not None and row.display == "show" and facts.objected:
        state = "objected"
    if state in ("undisclosed", "objected"):
        row = first(rules, "display", on, states=state, report_types=report_type, roles=role)
    return Verdict(
        display=row.display if row else "hide",
        state=state,
        rule=reference("display", row) if row else NO_ROW,
        tier=tier,
        flags=() if period is None and row else tuple(_flags(facts, tier, period, due, on, row is not None)),
        earliest_repair=_text(period.earliest if period else None),
        end=_text(period.end if period else None),
        period_rule=period.rule if period else None,
        item=item.rule,
    )


def ended(facts: Facts, on: date, item: Item | None = None, tables: Tables | None = None) -> str:
    """The gravest finding by which a record ended on `on`, or current; the catalogue is not asked."""
    rules = tables or shipped()
    period, due = _period(facts, tier_of(facts, rules, on), rules, on)
    return next(_states(facts, item, rules, on, period, due), "current")


def _flags(
    facts: Facts, tier: str, period: Period | None, due: date | None, on: date, known: bool
) -> Iterator[str]:
    """What a person should look at."""
    if not known:
        yield "no-display-rule"
    if period is None:
        return
    yield from period.flags
    if period.end is None or on < period.end:
        return
    if facts.section == "penalty" and tier in ("serious", "specified") and facts.performed is False:
        yield "max-reached-unperformed"
    if facts.section != "penalty":
        yield "removal-due" if due is not None and on < due else "term-over-not-removed"


def _period(facts: Facts, tier: str, rules: Tables, on: date) -> tuple[Period | None, date | None]:
    if facts.section in LISTS:
        return list_term(facts, rules, on) or (None, None)
    return publicity(facts, tier, rules, on), None


def _states(
    facts: Facts, item: Item | None, rules: Tables, on: date, period: Period | None, due: date | None
) -> Iterator[str]:
    """Findings that may end a record's being shown, the gravest first; none of them: current."""
    yield from _age_states(facts, rules, on)
    if facts.section in LISTS and list_type(facts, rules, on) is None:
        yield "baseless_list"
    sealed = policy(rules, "sealed_from", on) if facts.public_security else None
    if sealed is not None and sealed.day is not None and on >= sealed.day:
        yield "sealed"
    listed_until = period.end if period is not None and facts.section in LISTS else None
    months = item.retention_months if item else 0
    if retention_over(facts, listed_until, rules, on, months):
        yield "retention_over"
    if undated(facts, rules, on, months):
        yield "undated"
    if facts.status in ("annulled", "withdrawn", "repaired", "removed", "shielded"):
        yield facts.status
    elif facts.status != "current":
        yield f"unknown:{facts.status}"
    if not facts.valid:
        yield "invalid"
    if period is None:
        if facts.section == "penalty":
            yield "no_period"
    else:
        if not period.published:
            yield "unpublished"
        if facts.section == "penalty" and period.end is not None and on >= period.end:
            yield "over"
        if facts.section != "penalty" and period.end is not None and on >= (due or period.end):
            yield "term_over"


def _age_states(facts: Facts, rules: Tables, on: date) -> Iterator[str]:
    """A person's age at the act; where only the decision is dated, the act may lie years before it."""
    if facts.subject_kind != "person":
        return
    margin, unknown = (policy(rules, name, on) for name in ("unknown_act_years", "unknown_birth"))
    act = facts.acted_on or facts.decided_on
    if facts.subject_born_on is None or act is None:
        if unknown is None or unknown.word != "show":
            yield "birth_unknown"
        return
    if facts.acted_on is None and facts.section == "penalty" and margin is not None:
        act = add_years(act, -margin.number)
    if is_minor(facts.subject_born_on, act, on, rules):
        yield "minor_at_act"


def _text(day: date | None) -> str:
    return day.isoformat() if day else ""
