"""Whatever the centre writes into a case, no person in it reaches an officer, a bank or the feed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings

from server_stub.accounts.models import Officer
from server_stub.cases import selectors, services
from server_stub.cases.models import Objection, Repair
from server_stub.cases.repairs import selectors as repair_selectors
from server_stub.cases.repairs import services as repairs
from server_stub.config.clock import today
from server_stub.feed.models import Change
from server_stub.records import services as records
from server_stub.records.models import Revision
from tests.server_stub.cases.conftest import Town
from tests.server_stub.cases.test_repairs import body as application
from tests.server_stub.records.made import penalty, see
from tests.server_stub.records.planted import Planted, left_in, planted

pytestmark = pytest.mark.django_db
BY = "centre1"
OF_THE_RECORD = ("rec_id", "document_no", "handed_to", "tracking_no", "result_no", "answer")


def every_way_out(town: Town) -> str:
    """What officers of all kinds and their devices may read of everything that happened."""
    roles = (("bank_officer", "bank"), ("gov_officer", "government"), ("centre_staff", "centre"))
    seen = [see(town.company, today(), role=role, organisation_kind=kind) for role, kind in roles]
    cases = [selectors.views(officer) for officer in (town.own, town.bank, town.centre)]
    applications = [repair_selectors.views(officer) for officer in (town.own, town.bank, town.centre)]
    told = list(Change.objects.values("reason", "body"))
    return str(msgspec.json.encode([seen, cases, applications, told]).decode())


def through_every_verb(town: Town, text: str) -> None:
    """One objection and one application that take every text there is, and the texts of the staff alone."""
    number = services.file(town.own, "op1", town.body(town.own))["number"]
    services.give_back(number, what=text, by=BY)
    services.supplement(town.own, number, statement=text)
    services.accept(number, by=BY)
    services.forward(number, to=text, by=BY)
    services.answer(number, answer=text, by=BY)
    services.extend(number, why=text, by=BY)
    changes = {"fields": {"BZ": text, "CF_NR": text}, "document_no": text, "provider": text}
    services.conclude(number, outcome="corrected", answer=text, changes=changes, by=BY)
    records.correct(town.rec_id, {"fields": {"CF_WFXW": text}}, reason=text, by=BY)
    other = services.file(town.own, "op2", town.body(town.own, rec_id=town.rec_id, kind="objection"))
    services.decline(other["number"], answer=text, by=BY)
    applied = repairs.apply(town.own, "op3", application(town))["number"]
    repairs.give_back(applied, what=text, by=BY)
    repairs.supplement(town.own, applied, statement=text)
    repairs.hand(applied, to=text, tracking_no=text, by=BY)
    repairs.accept(applied, by=BY)
    repairs.extend(applied, why=text, by=BY)
    repairs.refuse(applied, paper_no=text, answer=text, by=BY)
    annulled = records.put(penalty(no="衡示市监罚〔2026〕2号"), by=BY)
    records.annul(annulled, reason=text, by=BY)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(one=planted())
def test_no_person_in_a_text_of_the_centre_leaves(town: Town, one: Planted) -> None:
    point = transaction.savepoint()
    try:
        through_every_verb(town, one.text)
        assert left_in(every_way_out(town), one) == []
    finally:
        transaction.savepoint_rollback(point)


def test_control_a_text_without_a_person_does_leave(town: Town) -> None:
    through_every_verb(town, "示例说明甲")
    whole = every_way_out(town)
    assert whole.count("示例说明甲") > 20


def test_why_a_record_was_corrected_names_the_case_and_not_the_reply(town: Town) -> None:
    number = services.file(town.own, "op1", town.body(town.own))["number"]
    services.accept(number, by=BY)
    changes: dict[str, Any] = {"fields": {"CF_NR_FK": "0.2", "CF_NR": "罚款二千元"}}
    reply = "所述属实，原罚款三十万元有误"
    ended = services.conclude(number, outcome="corrected", answer=reply, changes=changes, by=BY)
    (record,) = see(town.company, today()).records
    assert [change.text for change in record.corrections] == [number]
    assert ended["answer"] == reply
    assert selectors.for_staff(number, today())["steps"][-1]["said"] == reply


def test_the_centre_keeps_what_was_said_whole(town: Town) -> None:
    number = services.file(town.own, "op1", town.body(town.own))["number"]
    said = "请补交张测试（电话13800000001）的委托书"
    services.give_back(number, what=said, by=BY)
    staff = selectors.for_staff(number, today())
    assert staff["steps"][-1]["said"] == said
    assert "13800000001" not in staff["history"][-1]["text"]


def test_an_annulled_record_leaves_with_its_reason(town: Town) -> None:
    records.annul(town.rec_id, reason="经张测试（身份证430400199001010006）申请撤销", by=BY)
    assert see(town.company, today()).records == ()
    assert Revision.objects.get(record_id=town.rec_id, reason="annulled").text


def ended(town: Town) -> str:
    number = str(services.file(town.own, "op1", town.body(town.own))["number"])
    services.give_back(number, what="请补交盖章页", by=BY)
    services.supplement(town.own, number, statement="已补")
    services.accept(number, by=BY)
    services.conclude(number, outcome="kept", answer="金额与决定书一致", by=BY)
    return number


def test_a_case_says_nothing_of_a_record_that_is_not_shown_any_more(town: Town) -> None:
    ended(town)
    (before,) = selectors.views(town.own)
    records.repair(town.rec_id, on=today(), by=BY)
    assert see(town.company, today()).records == ()
    (after,) = selectors.views(town.own)
    kept = ("number", "state", "outcome", "filed_at", "remedies", "rev")
    assert {name: after[name] for name in kept} == {name: before[name] for name in kept}
    assert (after["document_no"], after["answer"]) == ("", "")
    whole = msgspec.json.encode(after).decode()
    for of_the_record in ("衡示市监罚", "金额与决定书一致", "请补交盖章页"):
        assert of_the_record not in whole
        assert of_the_record in msgspec.json.encode(before).decode()
    assert "维持原记录" in after["notice"] and "该记录已不再展示" in after["notice"]


def test_the_centre_still_sees_the_whole_case(town: Town) -> None:
    number = ended(town)
    records.repair(town.rec_id, on=today(), by=BY)
    assert selectors.views(town.centre)[0]["document_no"]
    assert selectors.for_staff(number, today())["answer"] == "金额与决定书一致"


def test_control_while_the_record_is_shown_the_case_names_it(town: Town) -> None:
    ended(town)
    (told,) = selectors.views(town.own)
    assert told["document_no"] == "衡示市监罚〔2026〕1号" in told["notice"]


def test_a_granted_repair_does_not_name_the_record_again(town: Town) -> None:
    number = repairs.apply(town.own, "op3", application(town))["number"]
    repairs.hand(number, to="示例市监局", by=BY)
    assert repair_selectors.views(town.own)[0]["document_no"]
    paper_no = "衡示市监信修〔2026〕1号（衡示市监罚〔2026〕1号）"
    repairs.grant(number, paper_no=paper_no, answer="衡示市监罚〔2026〕1号已履行", by=BY)
    (told,) = repair_selectors.views(town.own)
    assert (told["state"], told["result_on"]) == ("granted", today().isoformat())
    assert "衡示市监罚" not in msgspec.json.encode(told).decode()
    assert [told[name] for name in OF_THE_RECORD] == [""] * len(OF_THE_RECORD)
    kept = repair_selectors.view(Repair.objects.get(pk=number))
    assert (kept["result_no"], kept["handed_to"]) == (paper_no, "示例市监局")


def test_control_what_the_staff_wrote_is_read_while_the_record_is_shown(town: Town) -> None:
    number = repairs.apply(town.own, "op3", application(town))["number"]
    repairs.hand(number, to="示例市监局", tracking_no="示例 1", by=BY)
    repairs.accept(number, by=BY)
    repairs.refuse(number, paper_no="示例〔2026〕2号", answer="未履行", by=BY)
    (told,) = repair_selectors.views(town.own)
    assert all(told[name] for name in OF_THE_RECORD)


def test_to_whom_an_objection_went_goes_with_the_record_and_that_the_centre_has_it_stays(town: Town) -> None:
    number = str(services.file(town.own, "op1", town.body(town.own))["number"])
    services.accept(number, by=BY)
    centre = selectors.views(town.own)[0]["holder"]
    services.forward(number, to="示例局（衡示市监罚〔2026〕1号）", by=BY)
    assert "示例局" in selectors.views(town.own)[0]["holder"]
    records.annul(town.rec_id, reason="示例", by=BY)
    assert selectors.views(town.own)[0]["holder"] == ""
    Objection.objects.filter(pk=number).update(holder=centre)
    assert selectors.views(town.own)[0]["holder"] == centre != ""


def cases_of(officer: Officer, town: Town) -> str:
    """What a report of a data error and an application of one officer about the record say to him."""
    number = services.file(town.own, f"op-{officer.user}", town.body(town.own, kind="data_error"))["number"]
    mine = {"user": officer.user, "organisation": officer.organisation_id, "query_no": f"Q-{officer.user}"}
    Objection.objects.filter(pk=number).update(**mine)
    Repair.objects.create(
        number=f"XF-{officer.user}", kind="performance", rec_id=town.rec_id, rev_seen=1, subject_key="",
        document_no="衡示市监罚〔2026〕1号", route="", keeper="samr", filed_at="2026-09-25T02:00:00Z", **mine,
    )  # fmt: skip
    return told_to(officer)


def told_to(officer: Officer) -> str:
    found = [selectors.views(officer), repair_selectors.views(officer)]
    assert [len(rows) for rows in found] == [1, 1]
    return msgspec.json.encode(found).decode()


HIDDEN: dict[str, Callable[[str], object]] = {
    "repaired": lambda rec_id: records.repair(rec_id, on=today(), by=BY),
    "annulled": lambda rec_id: records.annul(rec_id, reason="示例", by=BY),
    "out of scope": lambda rec_id: records.withdraw(rec_id, reason="out_of_scope", by=BY),
}


@pytest.mark.parametrize("why", HIDDEN)
@pytest.mark.parametrize("role", ["bank_officer", "government_officer", "enterprise_officer"])
def test_a_record_that_is_hidden_from_who_filed_is_not_known_by_its_case(
    town: Town, role: str, why: str
) -> None:
    officer = town.own if role == "enterprise_officer" else town.bank
    officer.role = role
    before = cases_of(officer, town)
    assert (
        before.count(town.rec_id) == before.count('"document_no":"衡示市监罚〔2026〕1号"') == 2
    )  # the control
    HIDDEN[why](town.rec_id)
    after = told_to(officer)
    assert town.rec_id not in after
    assert "衡示市监罚" not in after
    assert after.count('"rec_id":""') == 2
    for number in (f"XF-{officer.user}", selectors.views(officer)[0]["number"]):
        assert number in after
    assert selectors.view(Objection.objects.get())["rec_id"] == town.rec_id  # the centre works on it


def test_control_a_record_whose_term_of_publicity_is_not_over_is_named(
    town: Town, at: Callable[[datetime], None]
) -> None:
    cases_of(town.bank, town)
    at(datetime(2026, 12, 1, 2, tzinfo=UTC))
    assert town.rec_id in told_to(town.bank)
    at(datetime(2036, 12, 1, 2, tzinfo=UTC))
    assert town.rec_id not in told_to(town.bank)
