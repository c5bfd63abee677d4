"""A batch against the lists: exact numbers hit, names alone are suspects, what is hidden is not there."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from app.field.screening import ScreenCounts
from server_stub.catalogue.selectors import current
from server_stub.lists.screening import Asked, Viewer, screen
from server_stub.records import services
from server_stub.rules.tables_file import shipped
from server_stub.subjects.models import Subject
from server_stub.subjects.selectors import route_key
from server_stub.subjects.services import LegalEntry, PersonEntry, add_identifier, register, rename, renumber
from tests.server_stub.lists.made import listed, one, screened
from tests.server_stub.records.made import BY, ON, debtor, see
from tests.server_stub.subjects.made import code, number, unit

pytestmark = pytest.mark.django_db
NAME = "云石（示例）建材"
HONOUR = {"section": "honour", "list_code": "tax_a", "decided_on": "2015-04-01", "ground": ""}
WAGES = {"list_code": "wages", "ground": "", "decided_on": "2026-01-05"}


@pytest.mark.parametrize("role", ["government_officer", "centre_staff"])
def test_what_was_listed_is_told_for_five_years_and_no_longer(role: str) -> None:
    subject = unit(1, NAME)
    entry = listed(subject.subject_key, list_code="market", ground="", decided_on="2021-11-05")
    services.remove(entry, on=date(2023, 3, 1), reason="移出", by=BY)
    assert one(Asked(code(1)), on=date(2028, 2, 29), role=role, kind="government").state == "former"
    assert one(Asked(code(1)), on=date(2028, 3, 1), role=role, kind="government").state == "none"


def test_what_its_origin_withdrew_is_told_to_nobody() -> None:
    subject = unit(1, NAME)
    entry = listed(subject.subject_key, list_code="market", ground="", decided_on="2026-01-05")
    services.withdraw(entry, reason="out_of_scope", by="C" * 24)
    for role in ("bank_officer", "government_officer", "centre_staff"):
        assert one(Asked(code(1)), role=role, kind="government").state == "none"
        assert see(subject, role=role, report_type="special").records == ()


def test_an_exact_number_on_a_list_is_a_hit_with_all_that_belongs_to_it() -> None:
    subject = unit(1, NAME, representative="测试甲")
    listed(subject.subject_key)
    row = one(Asked(code(1)))
    (entry,) = row.entries
    assert (row.state, row.subject and row.subject.code) == ("hit", code(1))
    assert (entry.standing.list_name, entry.standing.authority, entry.standing.listed_on) == (
        "失信被执行人", "示例人民法院", "2025-02-01",
    )  # fmt: skip
    assert (entry.basis, entry.manager, entry.former) == ("法释〔2017〕7号", "人民法院", False)
    assert row.subject is not None and row.subject.representative == "测**"
    assert "测试甲" not in msgspec.json.encode(row).decode()


def test_an_entry_names_no_person_whoever_it_was() -> None:
    subject = unit(1, NAME, representative="测试乙")
    reason = "法定代表人张测试拖欠，测试甲、测试乙（身份证430400199001010006）知情"
    listed(subject.subject_key, payload={"SX_MD": "失信被执行人", "SX_QX": reason})
    listed(subject.subject_key, document_no="2", payload={"SX_MD": "失信被执行人", "SX_FDDBR": "测试甲"})
    whole = msgspec.json.encode(one(Asked(code(1)))).decode()
    assert "知情" in whole
    left = ("张测试", "测试甲", "测试乙", "430400199001010006")
    assert [clear for clear in left if clear in whole] == []


def test_case_17_a_name_alone_is_a_suspect_and_in_no_count() -> None:
    subject = unit(1, NAME)
    unit(2, "青岚（示例）建材")
    listed(subject.subject_key)
    for asked in (Asked(name="云石(示例)建材"), Asked(code(2), NAME), Asked(code(3), NAME)):
        found = screened(asked)
        (row,) = found.rows
        assert (row.state, row.entries) == ("similar", ())
        assert [n.subject.subject_key for n in row.namesakes] == [subject.subject_key]
        assert found.counts == ScreenCounts()
    rename(subject.subject_key, "白鹭（示例）建材", date(2026, 1, 31))
    assert one(Asked(name=NAME)).state == "similar"
    # the number and the name of one and the same unit are no suspicion
    row = one(Asked(code(1), NAME))
    assert (row.state, row.namesakes) == ("hit", ())


def test_a_namesake_on_no_list_is_nobody() -> None:
    unit(1, NAME)
    row = one(Asked(name=NAME))
    assert (row.state, row.namesakes, row.subject) == ("none", (), None)


def test_both_sides_are_shown() -> None:
    subject = unit(1, NAME)
    listed(subject.subject_key)
    listed(subject.subject_key, **HONOUR)
    found = screened(Asked(code(1)))
    kinds = {entry.standing.kind: entry.standing for entry in found.rows[0].entries}
    assert set(kinds) == {"serious", "honour"}
    assert kinds["honour"].year == "2015"
    assert found.counts == ScreenCounts(serious=1, honour=1)
    only = one(Asked(code(1)), lists=frozenset({"tax_a"}))
    assert [entry.list_code for entry in only.entries] == ["tax_a"]


@pytest.mark.parametrize(
    ("role", "kind", "state"),
    [
        ("bank_officer", "bank", "none"),
        ("enterprise_officer", "enterprise", "none"),
        ("government_officer", "government", "former"),
        ("centre_staff", "centre", "former"),
    ],
)
def test_who_was_listed_is_told_only_to_roles_that_may_see_history(role: str, kind: str, state: str) -> None:
    subject = unit(1, NAME)
    rec_id = listed(subject.subject_key)
    services.remove(rec_id, on=ON, reason="已履行（示例）", by=BY)
    found = screened(Asked(code(1)), Asked(name=NAME), role=role, kind=kind)
    assert [row.state for row in found.rows] == [state, "none"]
    assert found.counts == ScreenCounts(former=int(state == "former"))
    assert all(entry.former and not entry.standing.measures for entry in found.rows[0].entries)


def test_removal_clock_and_term() -> None:
    subject = unit(1, NAME)
    listed(subject.subject_key, ground="5", decided_on="2024-05-01")
    (due,) = one(Asked(code(1)), on=date(2026, 5, 7)).entries
    assert (due.standing.until, due.flags) == ("2026-05-01", ("removal-due",))
    assert one(Asked(code(1)), on=date(2026, 5, 8)).state == "none"
    late = one(Asked(code(1)), on=date(2026, 5, 8), role="government_officer", kind="government")
    assert (late.state, late.entries[0].flags) == ("former", ("term-over-not-removed",))


def test_early_exit_counts_from_the_listing() -> None:
    subject = unit(1, NAME)
    listed(subject.subject_key, **WAGES)
    (entry,) = one(Asked(code(1))).entries
    assert (entry.early_exit, entry.standing.until) == ("2026-07-05", "2029-01-05")


def test_measures_are_worded_for_the_asker() -> None:
    subject = unit(1, NAME)
    listed(subject.subject_key)
    bank = one(Asked(code(1))).entries[0].standing.measures
    state = one(Asked(code(1)), role="government_officer", kind="government").entries[0].standing.measures
    assert {m.group for m in bank} == {m.group for m in state} == {"I", "II", "III"}
    assert all(("供知悉" in m.text) or m.for_you for m in bank)
    assert [m.text for m in bank if m.for_you] == ["从严审慎授信：银行可自行权衡，没有据此拒绝授信的义务"]
    assert all("审核时予以考虑" in m.text for m in state if m.for_you)


def test_the_wages_list_names_persons_by_their_role_only() -> None:
    subject = unit(1, NAME, representative="测试甲")
    listed(subject.subject_key, **WAGES, payload={"SX_MD": "拖欠名单", "SX_YY": "法定代表人测试甲拖欠"})
    row = one(Asked(code(1)))
    assert row.entries[0].note.startswith("法定代表人或者主要负责人")
    assert "测试甲" not in msgspec.json.encode(row).decode()


def test_a_list_without_a_basis_is_no_list() -> None:
    subject = unit(1, NAME)
    listed(subject.subject_key, list_code="local_black", payload={"SX_MD": "某局黑名单"})
    found = screened(Asked(code(1)))
    assert (found.rows[0].state, found.counts) == ("none", ScreenCounts())
    for role in ("bank_officer", "government_officer", "centre_staff"):
        for report_type in ("standard", "special"):
            seen = see(Subject.objects.get(pk=subject.pk), role=role, report_type=report_type)
            assert (seen.records, seen.standing) == ((), ())
            assert sum(c.active for c in seen.counters) == 0


def test_control_with_a_row_for_it_the_list_would_be_shown() -> None:
    subject = unit(1, NAME)
    listed(subject.subject_key, list_code="local_black")
    row = msgspec.structs.replace(shipped().list_type[0], id="local_black")
    tables = msgspec.structs.replace(shipped(), list_type=(*shipped().list_type, row))
    assert one(Asked(code(1)), tables=tables).state == "hit"


def test_every_number_a_unit_bears_or_bore_meets_it() -> None:
    subject = unit(1, NAME, other_numbers=(("registration", "430400000000014"),))
    listed(subject.subject_key)
    assert one(Asked("430400000000014")).state == "hit"
    assert one(Asked(f" {code(1).lower()} ")).state == "hit"
    old = register([LegalEntry(name="青岚（示例）", other_numbers=(("org_code", code(2)[8:17]),))])[0]
    listed(old.subject_key)
    assert one(Asked(code(2))).state == "hit"
    renumber(old.subject_key, "uscc", code(5), date(2026, 1, 1), instead_of="org_code")
    assert one(Asked(code(5))).subject == one(Asked(code(2)[8:17])).subject


def test_a_number_given_again_meets_who_bears_it_on_the_day() -> None:
    no, day = "430400000000014", date(2016, 10, 1)
    first = register([LegalEntry(name="云石（示例）", other_numbers=(("registration", no),))])[0]
    renumber(first.subject_key, "uscc", code(1), day, instead_of="registration")
    second = unit(2, "青岚（示例）")
    listed(first.subject_key)
    assert one(Asked(no)).state == "hit"  # nobody bears it now: the last one who did
    add_identifier(second.subject_key, "registration", no, valid_from=day)
    row = one(Asked(no))
    assert (row.state, row.subject and row.subject.name) == ("none", "青岚（示例）")
    assert one(Asked(no), on=date(2016, 9, 1)).subject == one(Asked(code(1))).subject


def test_persons_are_never_met() -> None:
    entry = PersonEntry(name="测试乙", number=number("19900501"), id_type="resident_id")
    (person,) = register([entry])
    services.put(debtor(subject_key=person.subject_key), by=BY)
    row = one(Asked(name="测试乙"))
    assert (row.state, row.namesakes) == ("none", ())
    assert one(Asked(entry.number)).subject is None


@pytest.mark.parametrize("rows", [1, 1000])
def test_a_batch_of_any_size_is_one_statement(rows: int) -> None:
    subject = unit(1, NAME)
    listed(subject.subject_key)
    batch = [Asked(code(1), NAME), *(Asked(code(n), f"无此{n}") for n in range(2, rows + 1))]
    catalogue = current()
    with CaptureQueriesContext(connection) as seen:
        found = screen(batch, ON, Viewer("bank_officer", "bank"), catalogue=catalogue)
    assert len(seen) == 1
    assert len(found.rows) == rows
    assert [row.state for row in found.rows[:2]] == ["hit", "none"][:rows]
    assert found.subjects[-1] == (route_key("legal", code(rows)),)


def test_the_rules_used_are_named() -> None:
    subject = unit(1, NAME)
    listed(subject.subject_key)
    used = {(rule.table, rule.row) for rule in screened(Asked(code(1))).rules}
    assert ("list_type", "debtor") in used and ("display", "D-current") in used
