"""The handbook's worked cases, arithmetic by hand: dates are visible while day < end."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest

from app.field.working_days import add_months
from server_stub.rules import selectors
from server_stub.rules.selectors import Facts, Verdict, explain
from server_stub.rules.tables_file import shipped

FINE = Facts(
    section="penalty", decided_on=date(2025, 3, 10), published_on=date(2025, 3, 18), classes=("罚款",)
)


def bank(facts: Facts, on: date, report_type: str = "standard") -> Verdict:
    return explain(facts, "bank_officer", report_type, on)


def with_transition(word: str):
    tables = shipped()
    policy = tuple(
        msgspec.structs.replace(row, word=word) if row.id == "transition" else row for row in tables.policy
    )
    return msgspec.structs.replace(tables, policy=policy)


def test_month_arithmetic_clamps() -> None:
    assert add_months(date(2025, 11, 30), 3) == date(2026, 2, 28)


def test_case_1_fine_under_order_58() -> None:
    seen = bank(FINE, date(2025, 9, 1))
    assert (seen.display, seen.earliest_repair, seen.end) == ("show", "2025-06-10", "2028-03-10")
    assert seen.period_rule is not None and seen.period_rule.row == "P58-penalty"
    assert seen.flags == ()


@pytest.mark.parametrize(
    ("word", "display", "end"),
    [
        ("decision", "show", "2028-03-10"),
        ("today", "hide", "2026-03-10"),
        ("favourable", "hide", "2026-03-10"),
    ],
)
def test_case_2_transition_to_order_36(word: str, display: str, end: str) -> None:
    general = msgspec.structs.replace(FINE, tier="general")
    seen = explain(general, "bank_officer", "standard", date(2026, 5, 1), tables=with_transition(word))
    assert (seen.display, seen.end) == (display, end)
    assert ("transition-unverified" in seen.flags) == (word == "favourable")


def test_case_3_special_equipment() -> None:
    facts = Facts(
        section="penalty", decided_on=date(2024, 1, 15), sector="special_equipment", classes=("罚款",)
    )
    seen = bank(facts, date(2025, 2, 1))
    assert (seen.earliest_repair, seen.end) == ("2025-01-15", "2027-01-15")


def test_case_4_notice_of_criticism_on_the_regulators_own_site() -> None:
    notice = Facts(
        section="penalty",
        channel="samr_site",
        classes=("通报批评",),
        decided_on=date(2025, 12, 29),
        published_on=date(2026, 1, 5),
    )
    seen = bank(notice, date(2026, 2, 1))
    assert (seen.display, seen.end) == ("show", "2026-04-05")
    assert bank(notice, date(2026, 4, 5)).display == "hide"
    warning = msgspec.structs.replace(notice, classes=("警告",))
    assert bank(warning, date(2026, 1, 6)).state == "unpublished"


def test_case_5_simple_procedure_is_minor() -> None:
    facts = Facts(
        section="penalty",
        procedure="simple",
        classes=("罚款",),
        amount_fen=200_000,
        decided_on=date(2026, 5, 6),
    )
    seen = bank(facts, date(2026, 5, 20))
    assert (seen.display, seen.state, seen.tier) == ("hide", "unpublished", "minor")
    assert bank(facts, date(2026, 5, 20), "special").display == "show"


def test_case_6_ban_of_five_years() -> None:
    facts = Facts(
        section="penalty",
        channel="samr_site",
        classes=("限制从业",),
        decided_on=date(2024, 1, 20),
        published_on=date(2024, 2, 1),
        effect_until=date(2029, 1, 20),
    )
    seen = bank(facts, date(2028, 6, 1))
    assert (seen.display, seen.earliest_repair, seen.end) == ("show", "", "2029-01-20")


def test_case_7_longest_class_governs() -> None:
    facts = Facts(section="penalty", decided_on=date(2025, 2, 1), classes=("警告", "罚款", "吊销许可证件"))
    seen = bank(facts, date(2025, 6, 1))
    assert (seen.display, seen.tier, seen.end) == ("show", "serious", "2028-02-01")
    # the same decision with the warning alone is not published: the control
    alone = msgspec.structs.replace(facts, classes=("警告",))
    assert bank(alone, date(2025, 6, 1)).display == "hide"


def test_case_8_repaired_is_hidden_and_labelled_only_in_the_special_report() -> None:
    facts = Facts(
        section="penalty",
        tier="general",
        decided_on=date(2026, 2, 1),
        status="repaired",
        status_on=date(2026, 6, 1),
    )
    for role in ("bank_officer", "government_officer", "enterprise_officer", "centre_staff"):
        assert explain(facts, role, "standard", date(2026, 6, 2)).display == "hide"
    special = bank(facts, date(2026, 7, 1), "special")
    assert (special.display, special.rule.text) == ("label", "已修复")


@pytest.mark.parametrize("role", ["bank_officer", "government_officer", "enterprise_officer", "centre_staff"])
@pytest.mark.parametrize("report_type", ["standard", "special"])
def test_case_9_minor_at_the_act(role: str, report_type: str) -> None:
    act, on = date(2019, 5, 10), date(2026, 11, 22)
    facts = Facts(
        section="serious",
        list_code="debtor",
        ground="1",
        subject_kind="person",
        subject_born_on=date(2001, 6, 11),
        decided_on=act,
        acted_on=act,
    )
    assert explain(facts, role, report_type, on, basis="letter").state == "minor_at_act"
    grown = msgspec.structs.replace(facts, subject_born_on=date(2001, 5, 10))
    assert explain(grown, role, report_type, on, basis="letter").visible


def test_an_undated_act_may_lie_two_years_before_the_decision() -> None:
    facts = Facts(
        section="penalty",
        subject_kind="person",
        subject_born_on=date(2006, 1, 1),
        tier="general",
        decided_on=date(2025, 6, 1),
    )
    assert (
        explain(facts, "bank_officer", "standard", date(2025, 7, 1), basis="letter").state == "minor_at_act"
    )
    dated = msgspec.structs.replace(facts, acted_on=date(2025, 5, 1))
    assert explain(dated, "bank_officer", "standard", date(2025, 7, 1), basis="letter").visible


def test_case_11_annulled_is_hidden_and_its_clocks_differ_by_place() -> None:
    facts = msgspec.structs.replace(FINE, status="annulled")
    assert bank(facts, date(2025, 9, 1)).display == "hide"
    assert explain(facts, "centre_staff", "standard", date(2025, 9, 1)).display == "archive"
    start = date(2026, 9, 18)
    assert selectors.due("law", "withdraw", "delete", start) == date(2026, 9, 21)
    assert selectors.due("samr_site", "withdraw", "delete", start) == date(2026, 9, 22)
    assert selectors.due("henan", "withdraw", "delete", start) == date(2026, 9, 20)


@pytest.mark.parametrize(
    ("given", "end"), [(date(2026, 3, 10), "2026-03-10"), (date(2030, 1, 1), "2028-03-10")]
)
def test_case_13_the_earlier_end_counts(given: date, end: str) -> None:
    seen = bank(msgspec.structs.replace(FINE, publicity_end_given=given), date(2025, 9, 1))
    assert seen.end == end
    assert "end-conflict" in seen.flags


def test_case_16_objection_clock_over_the_october_holidays() -> None:
    assert selectors.due("city", "objection", "total", date(2026, 9, 28)) == date(2026, 10, 13)
    assert selectors.due("city", "objection", "total", date(2026, 12, 28)) is None


def test_case_22_debtor_terms() -> None:
    open_term = Facts(section="serious", list_code="debtor", ground="1", decided_on=date(2024, 5, 1))
    seen = bank(open_term, date(2026, 11, 22))
    assert (seen.display, seen.end) == ("show", "")
    fixed = msgspec.structs.replace(open_term, ground="5")
    before = bank(fixed, date(2026, 5, 7))
    assert (before.display, before.end, before.flags) == ("show", "2026-05-01", ("removal-due",))
    after = bank(fixed, date(2026, 5, 8))
    assert (after.display, after.flags) == ("hide", ("term-over-not-removed",))
    # the court's own date wins over the computed one
    extended = msgspec.structs.replace(fixed, effect_until=date(2027, 5, 1))
    assert bank(extended, date(2026, 11, 22)).display == "show"


def test_case_22_the_courts_word_wins_over_the_computed_date() -> None:
    fixed = Facts(section="serious", list_code="debtor", ground="5", decided_on=date(2024, 5, 1))
    paid = msgspec.structs.replace(fixed, performed=True)
    assert bank(paid, date(2025, 8, 1)).display == "show"
    deleted = msgspec.structs.replace(paid, status="removed", status_on=date(2025, 7, 1))
    assert bank(deleted, date(2025, 8, 1)).display == "hide"


@pytest.mark.parametrize("decided", [date(2026, 2, 3), date(2025, 11, 3)])
def test_case_27_public_security_penalty_is_sealed(decided: date) -> None:
    facts = Facts(
        section="penalty",
        subject_kind="person",
        subject_born_on=date(1990, 1, 1),
        public_security=True,
        classes=("行政拘留",),
        decided_on=decided,
    )
    for role in ("bank_officer", "government_officer"):
        for report_type in ("standard", "special"):
            seen = explain(facts, role, report_type, date(2026, 2, 10), basis="letter")
            assert (seen.display, seen.state) == ("hide", "sealed")
    # before 2026 the same record of 2025 was an ordinary one: the control
    earlier = msgspec.structs.replace(facts, decided_on=date(2025, 11, 3))
    assert explain(earlier, "bank_officer", "standard", date(2025, 12, 1), basis="letter").visible


def test_case_28_clocks_of_a_repair_over_may_day() -> None:
    reached = date(2026, 4, 30)
    assert selectors.due("city", "repair", "accept", reached) == date(2026, 5, 8)
    assert selectors.due("city", "repair", "site", reached) == date(2026, 5, 18)


def test_case_32_no_calendar_no_date() -> None:
    assert selectors.due("city", "objection", "total", date(2026, 12, 28)) is None
    assert selectors.due("city", "objection", "total", date(2026, 12, 21)) == date(2026, 12, 30)


def test_case_33_general_tier_counts_from_determination() -> None:
    facts = Facts(
        section="penalty", tier="general", decided_on=date(2026, 5, 6), published_on=date(2026, 5, 20)
    )
    seen = bank(facts, date(2026, 6, 1))
    assert (seen.earliest_repair, seen.end) == ("2026-08-06", "2027-05-06")


def test_case_34_maximum_reached_and_fine_unpaid() -> None:
    facts = Facts(section="penalty", tier="serious", decided_on=date(2026, 4, 10), performed=False)
    assert bank(facts, date(2029, 4, 9)).display == "show"
    seen = bank(facts, date(2029, 4, 10))
    assert (seen.display, seen.flags) == ("hide", ("max-reached-unperformed",))


def test_case_35_status_digit_depends_on_the_form() -> None:
    assert selectors.code_means("XK_ZT", "2016", "1") == "revoked"
    assert selectors.code_means("XK_ZT", "2018", "1") == "valid"
    assert selectors.code_means("XK_ZT", "2018", "7") == ""


def test_case_36_shielded_then_shown_again() -> None:
    facts = msgspec.structs.replace(FINE, status="shielded")
    assert bank(facts, date(2025, 9, 1)).display == "hide"
    assert bank(facts, date(2025, 9, 1), "special").display == "label"
    assert bank(FINE, date(2025, 9, 1)).display == "show"


def test_objected_is_marked() -> None:
    assert bank(msgspec.structs.replace(FINE, objected=True), date(2025, 9, 1)).display == "mark"
    over = msgspec.structs.replace(FINE, objected=True, tier="general")
    assert bank(over, date(2026, 5, 1)).display == "hide"
    assert bank(over, date(2026, 5, 1), "special").display == "mark"


def test_disclosure_follows_role_and_ground() -> None:
    secret = msgspec.structs.replace(FINE, disclosure="authorised")
    on = date(2025, 9, 1)
    assert explain(secret, "bank_officer", "standard", on).state == "undisclosed"
    assert explain(secret, "bank_officer", "standard", on, basis="letter").display == "show"
    assert explain(secret, "government_officer", "standard", on, basis="duty").display == "show"
    shared = msgspec.structs.replace(FINE, disclosure="sharing")
    assert explain(shared, "bank_officer", "standard", on, basis="letter").state == "undisclosed"
    assert explain(shared, "government_officer", "standard", on).display == "show"
