"""No role setting, report or day lets a protected record be seen; one broken row would."""

from __future__ import annotations

from datetime import date, timedelta

import msgspec
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from server_stub.rules.explain import explain
from server_stub.rules.facts import Facts
from server_stub.rules.tables_file import Tables, shipped

DAYS = st.dates(date(2019, 7, 1), date(2032, 12, 31))
NEW_RULE = date(2026, 4, 1)
SEALED_FROM = date(2026, 1, 1)

FACTS = st.builds(
    Facts,
    section=st.sampled_from(["penalty", "licence", "serious", "abnormal", "honour", "judgement", "other"]),
    subject_kind=st.sampled_from(["legal", "person"]),
    status=st.sampled_from(["current", "repaired", "removed", "shielded", "annulled", "withdrawn"]),
    objected=st.booleans(),
    decided_on=DAYS,
    acted_on=st.none() | DAYS,
    published_on=st.none() | DAYS,
    publicity_end_given=st.none() | DAYS,
    effect_until=st.none() | DAYS,
    subject_born_on=st.none() | st.dates(date(1950, 1, 1), date(2015, 1, 1)),
    tier=st.sampled_from(["", "minor", "general", "serious", "specified"]),
    procedure=st.sampled_from(["", "simple", "general"]),
    sector=st.sampled_from(["", "food", "fire"]),
    channel=st.sampled_from(["platform", "samr_site"]),
    classes=st.lists(st.sampled_from(["警告", "罚款", "吊销许可证件", "行政拘留"]), max_size=3).map(tuple),
    amount_fen=st.none() | st.integers(1, 10**10),
    public_security=st.booleans(),
    performed=st.sampled_from([None, True, False]),
    list_code=st.sampled_from(["", "debtor", "market", "abnormal", "tax_a"]),
    ground=st.sampled_from(["", "1", "5"]),
    disclosure=st.sampled_from(["", "open", "sharing", "authorised"]),
)
OTHERS = st.sampled_from(["government_officer", "enterprise_officer", "centre_staff"])
BASES = st.sampled_from(["open", "letter", "duty", "own"])


def protected(facts: Facts, on: date) -> str:
    """Why nobody at a bank may see the record; decided here by other means than the engine's."""
    if facts.subject_kind == "person":
        act = facts.acted_on or facts.decided_on
        born = facts.subject_born_on
        if (
            born is None
            or act is None
            or (act.year - born.year - ((act.month, act.day) < (born.month, born.day))) < 18
        ):
            return "minor"
    if facts.status in ("annulled", "withdrawn"):
        return facts.status
    if facts.status == "repaired" and on >= NEW_RULE:
        return "repaired"
    if facts.public_security and on >= SEALED_FROM:
        return "sealed"
    return ""


def visible(facts: Facts, basis: str, on: date, tables: Tables) -> bool:
    return explain(facts, "bank_officer", "standard", on, basis=basis, tables=tables).visible


@settings(max_examples=600, deadline=None)
@given(facts=FACTS, basis=BASES, on=DAYS)
def test_a_bank_never_sees_a_protected_record(facts: Facts, basis: str, on: date) -> None:
    assume(protected(facts, on))
    assert not visible(facts, basis, on, shipped())


@settings(max_examples=300, deadline=None)
@given(facts=FACTS, basis=BASES, on=DAYS, role=OTHERS, report=st.sampled_from(["standard", "special"]))
def test_nobody_sees_a_minors_or_a_sealed_record(
    facts: Facts, basis: str, on: date, role: str, report: str
) -> None:
    assume(protected(facts, on) in ("minor", "sealed", "annulled", "withdrawn"))
    assert not explain(facts, role, report, on, basis=basis).visible


BROKEN = {
    "D-minor-act": "minor",
    "D-annulled": "annulled",
    "D-withdrawn": "withdrawn",
    "D-repaired-36": "repaired",
    "D-sealed": "sealed",
}


@pytest.mark.parametrize(("row_id", "reason"), BROKEN.items())
def test_control_one_broken_row_lets_it_through(row_id: str, reason: str) -> None:
    tables = shipped()
    rows = tuple(msgspec.structs.replace(r, display="show") if r.id == row_id else r for r in tables.display)
    broken = msgspec.structs.replace(tables, display=rows)
    born = date(2010, 1, 1) if reason == "minor" else date(1990, 1, 1)
    on = date(2026, 6, 1)
    facts = Facts(
        section="penalty",
        subject_kind="person",
        subject_born_on=born,
        decided_on=on - timedelta(days=10),
        acted_on=on - timedelta(days=20),
        tier="general",
        status=reason if reason in ("annulled", "withdrawn", "repaired") else "current",
        public_security=reason == "sealed",
    )
    assert protected(facts, on) == reason
    assert visible(facts, "letter", on, broken)
    assert not visible(facts, "letter", on, shipped())


@pytest.mark.parametrize("row_id", BROKEN)
def test_control_a_missing_row_hides(row_id: str) -> None:
    tables = shipped()
    without = msgspec.structs.replace(tables, display=tuple(r for r in tables.display if r.id != row_id))
    facts = Facts(section="penalty", decided_on=date(2026, 5, 1), tier="general", status="repaired")
    assert not explain(facts, "bank_officer", "standard", date(2026, 6, 1), tables=without).visible
