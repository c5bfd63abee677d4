"""Eligibility by the worked cases, arithmetic by hand; and who determines what."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest

from server_stub.rules.facts import Facts
from server_stub.rules.repairing import eligibility, kind_named, repair_kind, repair_kinds, route_named
from server_stub.rules.tables_file import shipped

FINE = Facts(
    section="penalty", decided_on=date(2025, 3, 10), published_on=date(2025, 3, 18), classes=("罚款",)
)
GENERAL = msgspec.structs.replace(
    FINE, tier="general", decided_on=date(2026, 5, 6), published_on=date(2026, 5, 20)
)
DEBTOR = Facts(section="serious", list_code="debtor", ground="1", decided_on=date(2024, 5, 1))


@pytest.mark.parametrize(
    ("facts", "on", "standing", "earliest", "end"),
    [
        (FINE, "2025-06-09", "not_yet", "2025-06-10", "2028-03-10"),  # case 1
        (FINE, "2025-09-01", "eligible", "2025-06-10", "2028-03-10"),
        (msgspec.structs.replace(FINE, tier="general"), "2026-05-01", "over", "2025-06-10", "2026-03-10"),
        (
            msgspec.structs.replace(FINE, decided_on=date(2024, 1, 15), sector="special_equipment"),
            "2025-01-14", "not_yet", "2025-01-15", "2027-01-15",
        ),  # 3
        (
            Facts(section="penalty", channel="samr_site", classes=("限制从业",), decided_on=date(2024, 1, 20),
                  published_on=date(2024, 2, 1), effect_until=date(2029, 1, 20)),
            "2026-11-23", "not_repairable", "", "2029-01-20",
        ),  # 6
        (GENERAL, "2026-08-05", "not_yet", "2026-08-06", "2027-05-06"),  # 33: not from publication
        (GENERAL, "2026-08-06", "eligible", "2026-08-06", "2027-05-06"),
        (DEBTOR, "2026-11-23", "eligible", "", ""),  # ground 1 has no term; the court judges
        (msgspec.structs.replace(GENERAL, status="repaired"), "2026-11-23", "ended", "", ""),
        (msgspec.structs.replace(GENERAL, status="shielded"), "2026-11-23", "shielded", "", ""),
        (msgspec.structs.replace(GENERAL, section="licence"), "2026-11-23", "no_route", "", ""),
        (
            Facts(section="penalty", channel="samr_site", classes=("罚款",), decided_on=date(2026, 1, 5)),
            "2026-11-23", "undated", "", "2029-01-05",
        ),  # nobody told of the publication: no promise of an early end, and the end counts from the decision
    ],
)  # fmt: skip
def test_how_a_record_stands(facts: Facts, on: str, standing: str, earliest: str, end: str) -> None:
    found = eligibility(facts, date.fromisoformat(on))
    days = [day.isoformat() if day else "" for day in (found.earliest, found.end)]
    assert [found.standing, *days] == [standing, earliest, end]


@pytest.mark.parametrize(
    ("facts", "keeper", "effect"),
    [
        (GENERAL, "credit_china", "repaired"),
        (msgspec.structs.replace(GENERAL, channel="samr_site"), "samr", "repaired"),
        (DEBTOR, "court", "removed"),
        (msgspec.structs.replace(DEBTOR, list_code="market"), "samr", "removed"),
        (msgspec.structs.replace(DEBTOR, list_code="wages"), "list_manager", "removed"),
        (msgspec.structs.replace(DEBTOR, list_code="tax"), "list_manager", "removed"),
        (msgspec.structs.replace(DEBTOR, section="abnormal", list_code="abnormal"), "samr", "removed"),
    ],
)
def test_who_determines_it(facts: Facts, keeper: str, effect: str) -> None:
    route = eligibility(facts, date(2026, 4, 20)).route
    assert route is not None
    assert (route.keeper, route.effect) == (keeper, effect)


def test_the_rule_is_named_and_the_unsure_transition_flagged() -> None:
    found = eligibility(msgspec.structs.replace(FINE, tier="general"), date(2026, 3, 9))
    assert found.rule is not None and found.rule.row == "P58-penalty"
    later = eligibility(msgspec.structs.replace(FINE, tier="general"), date(2026, 5, 1))
    assert "transition-unverified" in later.flags


def test_every_row_says_its_ground_and_two_people() -> None:
    tables = shipped()
    for row in (*tables.repair_kind, *tables.repair_route):
        assert row.basis and row.entered_by != row.approved_by


def test_kinds_follow_the_day_and_old_names_stay_known() -> None:
    assert repair_kind("performance", date(2023, 4, 30)) is None
    assert len(repair_kinds("enterprise_officer", date(2026, 11, 23))) == 5
    assert repair_kinds("nobody", date(2026, 11, 23)) == ()
    assert kind_named("reorganisation").effect == "shield"
    with pytest.raises(LookupError):
        kind_named("gift")
    with pytest.raises(LookupError):
        route_named("R-none")
