"""From the facts of a record to what may be seen of it: one finding, one display row, nothing guessed.

Anything no row speaks about is hidden.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from app.field.records import RuleRef
from server_stub.catalogue.judging import Catalogue, Finding
from server_stub.catalogue.reading import without_city
from server_stub.rules.days import first
from server_stub.rules.disclosing import let_in
from server_stub.rules.facts import Facts, Period, Verdict
from server_stub.rules.findings import ended, finding_of, period_of
from server_stub.rules.periods import tier_of
from server_stub.rules.tables_file import Display, Tables, reference, shipped

__all__ = ["NO_ROW", "Viewpoint", "ended", "explain"]

NO_ROW = RuleRef("display", "none", 0, "")
_Shown = tuple[Display, RuleRef]


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
    asker = Viewpoint(role, report_type, on, basis, tables or shipped(), catalogue or without_city())
    return asker.verdict(facts)


class Viewpoint:
    """Who looks, on what ground, on which day, by which tables and catalogue: all that the records of an
    answer have in common. It is for one answer and no longer.
    """

    def __init__(
        self, role: str, report_type: str, on: date, basis: str, rules: Tables, catalogue: Catalogue
    ) -> None:
        self._role, self._report_type, self._on, self._basis = role, report_type, on, basis
        self._rules, self._catalogue = rules, catalogue
        self._judged: dict[tuple[str, str, str, str], tuple[Finding, bool]] = {}

    def verdict(self, facts: Facts) -> Verdict:
        """What of a record may be seen from here, and why."""
        rules, on = self._rules, self._on
        asked = (facts.item_code, facts.section, facts.subject_kind, facts.disclosure)
        item, seen = self._judged.get(asked) or self._judge(asked)
        tier = tier_of(facts, rules, on)
        period, due = period_of(facts, tier, rules, on)
        state = item.state or finding_of(facts, item.item, rules, on, period, due)
        row = self._row(state)
        display = row[0] if row is not None else "hide"
        if not seen and display in ("show", "label"):
            state = "undisclosed"
        elif display == "show" and facts.objected:
            state = "objected"
        if state in ("undisclosed", "objected"):
            row = self._row(state)
        return Verdict(
            display=row[0] if row is not None else "hide",
            state=state,
            rule=row[1] if row is not None else NO_ROW,
            tier=tier,
            flags=_flags(facts, tier, period, due, on, row is not None),
            earliest_repair=_text(period.earliest) if period is not None else "",
            end=_text(period.end) if period is not None else "",
            period_rule=period.rule if period is not None else None,
            item=item.rule,
        )

    def _judge(self, asked: tuple[str, str, str, str]) -> tuple[Finding, bool]:
        """What the catalogue says of an item, and whether the asker is let in to a record that names such a
        mode of disclosure."""
        code, section, kind, given = asked
        found = self._catalogue.judge(code, section, kind, self._on)
        seen = let_in(section, kind, given, found.item, self._rules, self._on, self._role, self._basis)
        self._judged[asked] = found, seen
        return found, seen

    def _row(self, state: str) -> _Shown | None:
        return _row(self._rules, self._on, state, self._report_type, self._role)


@lru_cache(maxsize=4096)
def _row(rules: Tables, on: date, state: str, report_type: str, role: str) -> _Shown | None:
    """The first row of the table of display for a state; None: no row speaks of it."""
    row = first(rules, "display", on, states=state, report_types=report_type, roles=role)
    return (row.display, reference("display", row)) if row is not None else None


def _flags(
    facts: Facts, tier: str, period: Period | None, due: date | None, on: date, known: bool
) -> tuple[str, ...]:
    """What a person should look at."""
    found: tuple[str, ...] = () if known else ("no-display-rule",)
    if period is None:
        return found
    if period.flags:
        found += period.flags
    if period.end is None or on < period.end:
        return found
    if facts.section != "penalty":
        return (*found, "removal-due" if due is not None and on < due else "term-over-not-removed")
    if tier in ("serious", "specified") and facts.performed is False:
        return (*found, "max-reached-unperformed")
    return found


def _text(day: date | None) -> str:
    return day.isoformat() if day else ""
