"""What leaves through the one door: only what the rules show, in words an officer may read."""

from __future__ import annotations

from datetime import date, timedelta

import msgspec
import pytest

from app.field import records as field
from server_stub.records import services
from server_stub.rules.tables_file import shipped
from server_stub.subjects.models import Subject
from tests.server_stub.records.made import BY, ON, PERSON, debtor, licence, penalty, see

pytestmark = pytest.mark.django_db


def counted(rows: tuple[field.Counter, ...]) -> dict[str, int]:
    return {row.section: row.active for row in rows}


def test_nothing_for_nobody() -> None:
    seen = see(None)
    assert (seen.records, seen.standing, seen.counters, seen.rules) == ((), (), (), ())


def test_a_penalty_reads_in_order_without_third_persons(company: Subject) -> None:
    services.put(penalty(), by=BY)
    (row,) = see(company).records
    labels = [label for label, _ in row.fields]
    values = dict(row.fields)
    assert labels[:3] == ["行政处罚决定书文号", "违法行为类型", "违法事实"]
    assert values["罚款金额"] == "2.000000 万元"
    assert (row.amount_fen, row.publicity_end) == (2_000_000, "2027-05-06")
    assert values["公示截止期"] == "2027-05-06"
    assert row.repair is not None and row.repair.earliest == "2026-08-06"
    assert row.repair.rule.row == "P36-general"
    whole = msgspec.json.encode(row).decode()
    assert "测试甲" not in whole
    assert "430400199001010006" not in whole
    assert "13800000001" not in whole
    assert values["法定代表人"] == "测**"


def test_a_list_entry_holds_nobody_who_represented_the_unit_now_or_then(company: Subject) -> None:
    company.representative = "测试乙"
    services.put(penalty(payload={**penalty()["payload"], "CF_FRDB": "测试丙"}), by=BY)
    reason = "测试甲、测试乙、测试丙有履行能力而拒不履行，法定代表人张测试隐匿财产，负责人：李测"
    payload = {**debtor()["payload"], "SX_QX": reason, "SX_YY": reason, "SX_YW": reason, "SX_FRDB": "测试甲"}
    services.put(debtor(payload=payload), by=BY)
    seen = see(company)
    (entry,) = seen.standing
    assert entry.reason == "测**、测**、测**有履行能力而拒不履行，法定代表人张**隐匿财产，负责人：李*"
    whole = msgspec.json.encode(seen).decode()
    assert [name for name in ("测试甲", "测试乙", "测试丙", "张测试", "李测，") if name in whole] == []


def test_counters_count_what_is_shown_and_nothing_else(company: Subject) -> None:
    services.put(penalty(), by=BY)
    services.put(penalty(no="衡示〔2026〕2号", procedure="simple", tier="minor"), by=BY)
    services.put(penalty(no="衡示〔2026〕3号", status="repaired"), by=BY)
    services.put(licence(), by=BY)
    seen = see(company)
    assert counted(seen.counters) == {
        **dict.fromkeys(field.SECTIONS, 0),
        "penalty": 1,
        "licence": 1,
    }
    assert [r.section for r in seen.records] == ["penalty", "licence"]
    special = see(company, report_type="special")
    assert {(r.document_no, r.display, r.status) for r in special.records if r.section == "penalty"} == {
        ("衡示市监罚〔2026〕1号", "show", "有效"),
        ("衡示〔2026〕2号", "show", "不公示"),
        ("衡示〔2026〕3号", "label", "已修复"),
    }
    assert counted(special.counters)["penalty"] == 2
    ends = {r.document_no: (r.publicity_end, dict(r.fields).get("公示截止期", "")) for r in special.records}
    assert ends["衡示〔2026〕2号"] == ("", "")  # what is not published has no last day of it
    assert all(ends["衡示市监罚〔2026〕1号"])  # control


def test_control_a_wrong_rule_row_would_be_seen_here(company: Subject) -> None:
    services.put(penalty(status="annulled"), by=BY)
    assert see(company).records == ()
    rows = tuple(
        msgspec.structs.replace(r, display="show") if r.id == "D-annulled" else r for r in shipped().display
    )
    broken = msgspec.structs.replace(shipped(), display=rows)
    assert counted(see(company, tables=broken).counters)["penalty"] == 1


def test_case_12_a_number_in_yuan_is_not_printed_as_ten_thousands(company: Subject) -> None:
    wrong = penalty()
    wrong["payload"] |= {"CF_NR_FK": "200000", "CF_NR": "罚款人民币二十万元整"}
    services.put(wrong, by=BY)
    (row,) = see(company).records
    assert (row.amount_fen, row.amount_doubt) == (None, "unit")
    assert dict(row.fields)["罚款金额"].startswith("存疑：")
    assert "200000" not in str(row)
    assert dict(row.fields)["处罚内容"] == "罚款人民币二十万元整"


@pytest.mark.parametrize("end", ["2099-12-31", "2099-01-31", "2099/12/31"])
def test_case_24_no_end_reads_long_term(end: str, company: Subject) -> None:
    services.put(licence(XK_YXQZI=end), by=BY)
    (row,) = see(company).records
    assert dict(row.fields)["有效期至"] == "长期"
    assert row.valid_to == ""
    (english,) = see(company, language="en").records
    assert dict(english.fields)["Valid until"] == "Long-term"


def test_a_licence_past_its_validity_does_not_read_as_in_force(company: Subject) -> None:
    services.put(licence(XK_YXQZI=str(ON)), by=BY)
    assert [row.status for row in see(company).records] == ["有效"]
    (past,) = see(company, on=ON + timedelta(days=1)).records
    assert (past.status, past.display) == ("已过有效期", "show")


def test_case_35_a_revoked_licence_of_the_old_form_is_not_shown(company: Subject) -> None:
    old = licence()
    old["schema"] = "2016"
    services.put(old, by=BY)
    assert see(company).records == ()


def test_newest_first(company: Subject) -> None:
    for day in ("2026-05-06", "2026-07-01", "2026-06-01"):
        services.put(penalty(no=f"衡示〔{day}〕号", decided=day), by=BY)
    assert [r.decided_on for r in see(company).records] == ["2026-07-01", "2026-06-01", "2026-05-06"]


def test_a_list_entry_carries_measures_for_the_asker(company: Subject) -> None:
    services.put(debtor(), by=BY)
    (bank,) = see(company).standing
    assert (bank.kind, bank.list_name, bank.until) == ("serious", "失信被执行人", "")
    assert [m.group for m in bank.measures if m.for_you] == ["III"]
    (state,) = see(company, role="government_officer", organisation_kind="government").standing
    assert {m.group for m in state.measures if m.for_you} == {"II"}
    assert [m.text for m in bank.measures] != [m.text for m in state.measures]


def test_the_mark_travels_with_record_and_standing(company: Subject) -> None:
    rec_id = services.put(debtor(), by=BY)
    services.mark(rec_id, number="YY-20260928-0001", accepted_on=ON, due_on=date(2026, 12, 2), by=BY)
    seen = see(company)
    mark = field.ObjectionMark("YY-20260928-0001", "2026-11-23", "2026-12-02")
    assert (seen.records[0].objection, seen.standing[0].objection) == (mark, mark)
    assert {c.section: c.objected for c in seen.counters}["serious"] == 1


def test_a_persons_records_need_the_letter(person: Subject) -> None:
    services.put(penalty(subject_key=PERSON), by=BY)
    assert see(person).records == ()
    assert len(see(person, basis="letter").records) == 1


def test_a_person_who_was_a_minor_leaves_no_trace(person: Subject) -> None:
    services.put(penalty(subject_key=PERSON, acted_on="2026-04-01"), by=BY)
    person.born_on = date(2008, 4, 2)
    for role in ("bank_officer", "government_officer", "centre_staff"):
        for report_type in ("standard", "special"):
            seen = see(person, role=role, report_type=report_type, basis="letter")
            assert (seen.records, seen.standing, seen.rules) == ((), (), ())
            assert sum(c.active for c in seen.counters) == 0
    person.born_on = date(2008, 4, 1)
    assert len(see(person, basis="letter").records) == 1


def test_who_is_a_minor_today_leaves_no_trace_whatever_day_an_act_bears(person: Subject) -> None:
    """A mistyped year lets an act be one of an adult; he who is asked about is no adult yet."""
    later = {"subject_key": PERSON, "decided_on": "2029-03-01"}
    services.put(licence(XK_YXQZ="2029-03-01") | later, by=BY)  # type: ignore[arg-type]
    person.born_on = date(2010, 1, 1)
    seen = see(person, basis="letter")
    assert (seen.records, seen.rules) == ((), ())
    person.born_on = date(2000, 1, 1)
    assert len(see(person, basis="letter").records) == 1  # the control


def test_the_rules_used_are_named_with_their_versions(company: Subject) -> None:
    services.put(penalty(), by=BY)
    assert [(r.table, r.row, r.version) for r in see(company).rules] == [
        ("catalogue", "platform/PT-PENALTY", 1),
        ("display", "D-current", 1),
        ("publicity", "P36-general", 1),
    ]


def test_a_penalty_whose_effect_is_over_is_published_and_not_in_force(company: Subject) -> None:
    services.put(penalty() | {"effect_until": str(ON)}, by=BY)
    assert [row.status for row in see(company).records] == ["有效"]
    (past,) = see(company, on=ON + timedelta(days=1)).records
    assert (past.status, past.display) == ("公示期内", "show")
