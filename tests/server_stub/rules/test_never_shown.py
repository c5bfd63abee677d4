"""No role setting, report or day lets a protected record be seen; one broken row would."""

from __future__ import annotations

from datetime import date, timedelta

import msgspec
import pytest
from hypothesis import assume, find, given, settings
from hypothesis import strategies as st

from server_stub.rules.explain import explain
from server_stub.rules.facts import Facts, Verdict
from server_stub.rules.tables_file import Tables, shipped

DAYS = st.dates(date(2019, 7, 1), date(2032, 12, 31))
DECIDED = st.none() | st.dates(date(2000, 1, 1), date(2032, 12, 31))
AGEING = ("penalty", "judgement", "commitment", "other")
NEW_RULE = date(2026, 4, 1)
SEALED_FROM = date(2026, 1, 1)

FACTS = st.builds(
    Facts,
    section=st.sampled_from(
        ["penalty", "licence", "serious", "abnormal", "honour", "judgement", "commitment", "other"]
    ),
    subject_kind=st.sampled_from(["legal", "person"]),
    status=st.sampled_from(["current", "repaired", "removed", "shielded", "annulled", "withdrawn"]),
    objected=st.booleans(),
    decided_on=DECIDED,
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


def later(day: date, years: int) -> date:
    return (
        day.replace(year=day.year + years)
        if (day.month, day.day) != (2, 29)
        else date(day.year + years, 2, 28)
    )


def aged(facts: Facts, on: date) -> bool:
    """Whether five years have passed since what the record tells of ended, or nobody can say; decided here by
    other means than the engine's."""
    ended = facts.status_on if facts.status in ("repaired", "removed") else None
    if facts.section in AGEING:
        if facts.decided_on is None:
            return True
        return later(min(facts.effect_until or facts.decided_on, ended or date.max), 5) <= on
    if facts.section in ("serious", "abnormal"):
        return facts.decided_on is None or (ended is not None and later(ended, 5) <= on)
    return False


@settings(max_examples=600, deadline=None)
@given(
    facts=FACTS,
    ended=DAYS,
    basis=BASES,
    on=DAYS,
    role=OTHERS | st.just("bank_officer"),
    report=st.sampled_from(["standard", "special", "screening"]),
)
def test_nobody_sees_an_over_aged_or_an_undated_record(
    facts: Facts, ended: date, basis: str, on: date, role: str, report: str
) -> None:
    facts = msgspec.structs.replace(facts, status_on=ended)
    assume(aged(facts, on))
    assert not explain(facts, role, report, on, basis=basis).visible


@settings(max_examples=600, deadline=None)
@given(facts=FACTS, since=st.integers(0, 1500), on=DAYS, role=OTHERS | st.just("bank_officer"))
def test_every_penalty_that_is_shown_has_an_end_to_come(
    facts: Facts, since: int, on: date, role: str
) -> None:
    told, decided = told_of_penalty(facts, since, on, role)
    counted = max(decided, facts.published_on or decided)
    last = max(later(counted, 3), facts.effect_until or date.min)
    assert not told.visible or on < date.fromisoformat(told.end) <= last


def test_control_there_are_penalties_that_are_shown() -> None:
    drawn = st.tuples(FACTS, st.integers(0, 1500), DAYS)
    assert find(drawn, lambda one: told_of_penalty(*one, "bank_officer")[0].visible)


def told_of_penalty(facts: Facts, since: int, on: date, role: str) -> tuple[Verdict, date]:
    """The verdict about a firm's current penalty that was decided `since` days before, and that day."""
    decided = on - timedelta(days=since)
    facts = msgspec.structs.replace(
        facts, section="penalty", status="current", subject_kind="legal", public_security=False,
        disclosure="", decided_on=decided,
    )  # fmt: skip
    return explain(facts, role, "standard", on), decided


@pytest.mark.parametrize("section", AGEING)
def test_control_a_longer_term_would_let_it_through(section: str) -> None:
    tables, on = shipped(), date(2026, 11, 26)
    rows = tuple(
        msgspec.structs.replace(row, months=600) if section in row.sections else row
        for row in tables.retention
    )
    longer = msgspec.structs.replace(tables, retention=rows)
    facts = Facts(section=section, decided_on=date(2020, 1, 1), tier="general")
    assert aged(facts, on)
    assert not explain(facts, "bank_officer", "special", on, basis="letter").visible
    assert explain(facts, "bank_officer", "special", on, basis="letter", tables=longer).visible


@pytest.mark.parametrize(
    "facts",
    [
        Facts(section="penalty", tier="general"),
        Facts(section="judgement"),
        Facts(section="serious", list_code="market", effect_until=date(2027, 1, 1)),
        Facts(section="penalty", tier="general", decided_on=date(2026, 5, 6), channel="elsewhere"),
    ],
)
def test_what_has_no_day_or_no_rule_to_count_by_is_hidden(facts: Facts) -> None:
    on = date(2026, 11, 26)
    for role in ("bank_officer", "government_officer", "centre_staff"):
        for report in ("standard", "special", "screening"):
            assert explain(facts, role, report, on).display == "hide"
    known = msgspec.structs.replace(facts, decided_on=date(2026, 5, 6), channel="platform")
    assert explain(known, "bank_officer", "standard", on).display == "show"


def test_a_penalty_on_the_regulators_own_site_without_its_publication_ends_by_its_decision() -> None:
    facts = Facts(section="penalty", channel="samr_site", classes=("罚款",), decided_on=date(2023, 6, 1))
    last = explain(facts, "bank_officer", "standard", date(2026, 5, 31))
    assert (last.display, last.end, last.flags) == ("show", "2026-06-01", ("start-unknown",))
    assert explain(facts, "bank_officer", "standard", date(2026, 6, 1)).state == "over"


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
