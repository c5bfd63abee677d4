"""From the filing to the end of an objection: who may, what is marked, which clock runs, who is told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from app.field.names import normalise
from server_stub.accounts.models import Officer
from server_stub.accounts.sealing import pseudonym
from server_stub.cases import selectors, services
from server_stub.cases.models import Objection, Step
from server_stub.config.clock import today
from server_stub.errors import Problem
from server_stub.evidence.models import Leaf
from server_stub.feed.models import Change
from server_stub.queries.models import Letter
from server_stub.records import services as records
from server_stub.records.models import Record
from tests.server_stub.cases.conftest import ACCEPTED, FILED, Town
from tests.server_stub.records.made import see

pytestmark = pytest.mark.django_db
At = Callable[[datetime], None]


def refused(action: Callable[[], Any]) -> Problem:
    with pytest.raises(Problem) as caught:
        action()
    return caught.value


def letter(town: Town, **more: Any) -> Letter:
    plain: dict[str, Any] = {
        "letter_no": "SQ-1",
        "op_id": "x",
        "user": "bank1",
        "organisation": town.bank.organisation_id,
        "id_type": "uscc",
        "number_hash": pseudonym(town.company.code, "letter-number"),
        "name_hash": "",
        "institution": normalise(town.bank.organisation.name),
        "purposes": ["B01"],
        "scope": "",
        "signed_on": date(2026, 9, 1),
        "valid_from": date(2026, 9, 1),
        "valid_to": date(2026, 12, 1),
        "kind": "single",
        "sha256": "",
        "media": "pdf",
        "size": 1,
        "made_at": "",
    }
    return Letter.objects.create(**{**plain, **more})


def test_the_unit_itself_files_and_is_told_each_step(town: Town, at: At) -> None:
    filed = services.file(town.own, "op1", town.body(town.own))
    assert filed["number"] == "YY-20260925-0001"
    assert (filed["state"], filed["due_on"], filed["rev"]) == ("filed", "2026-09-30", 1)
    assert see(town.company, today()).records[0].display == "show"
    at(ACCEPTED)
    accepted = services.accept(filed["number"], by="centre1")
    assert (accepted["accepted_on"], accepted["due_on"]) == ("2026-09-28", "2026-10-13")
    (seen,) = see(town.company, today()).records
    assert seen.display == "mark"
    assert seen.objection is not None and seen.objection.number == filed["number"]
    services.forward(filed["number"], to="示例市监局", by="centre1")
    changes = {"fields": {"CF_NR_FK": "0.2", "CF_NR": "罚款二千元"}}
    ended = services.conclude(filed["number"], outcome="corrected", by="centre1", changes=changes)
    assert [step["state"] for step in ended["history"]] == ["filed", "accepted", "forwarded", "corrected"]
    (seen,) = see(town.company, today()).records
    assert (seen.display, seen.amount_fen, seen.objection) == ("show", 200_000, None)
    assert filed["number"] in seen.corrections[0].text
    told = Change.objects.filter(op="notice", audience="own1").order_by("pk")
    assert [(c.body["state"], c.body["rev"]) for c in told if c.body] == [
        ("filed", 1),
        ("accepted", 2),
        ("forwarded", 3),
        ("corrected", 4),
    ]
    assert all(c.subject_key == "" for c in told)
    assert Leaf.objects.filter(kind="objection").count() == 4
    copies = Change.objects.filter(rec_id=town.rec_id).order_by("id")
    assert [(c.op, c.reason) for c in copies][1:] == [
        ("put", "marked"),
        ("put", "unmarked"),
        ("revoke", "corrected"),
    ]


def test_the_notice_counts_the_day_of_the_city(town: Town, at: At) -> None:
    at(datetime(2026, 9, 24, 23, 30, tzinfo=UTC))  # 25 September, half past seven in the city
    filed = services.file(town.own, "op1", town.body(town.own))
    assert (filed["filed_at"][:10], filed["due_on"]) == ("2026-09-24", "2026-09-30")
    services.accept(filed["number"], by="centre1")
    ended = services.conclude(filed["number"], outcome="kept", answer="一致", by="centre1")
    assert "提出日期：2026-09-25" in ended["notice"]
    assert "2026-09-24" not in ended["notice"]


def test_a_bank_needs_the_subjects_letter(town: Town) -> None:
    body = town.body(town.bank)
    assert refused(lambda: services.file(town.bank, "op", body)).code == "objection-letter"
    named = {**body, "letter_no": "SQ-1"}
    assert refused(lambda: services.file(town.bank, "op", named)).code == "case-letter-unknown"
    letter(town)
    assert services.file(town.bank, "op", named)["state"] == "filed"


@pytest.mark.parametrize(
    "flaw",
    [
        {"organisation": "O-other"},
        {"valid_to": date(2026, 9, 24)},
        {"signed_on": date(2026, 9, 26)},
        {"number_hash": "0" * 64},
        {"institution": "别处"},
    ],
)
def test_control_a_letter_with_one_flaw_does_not_speak(town: Town, flaw: dict[str, Any]) -> None:
    letter(town, **flaw)
    body = town.body(town.bank, letter_no="SQ-1")
    others = "organisation" in flaw  # that another organisation has one is not told
    code = "case-letter-unknown" if others else "case-letter-unfit"
    assert refused(lambda: services.file(town.bank, "op", body)).code == code
    assert Objection.objects.count() == 0


def test_a_data_error_has_no_clock_and_no_mark(town: Town) -> None:
    filed = services.file(town.bank, "op", town.body(town.bank, kind="data_error"))
    assert filed["due_on"] == ""
    taken = services.accept(filed["number"], by="centre1")
    assert taken["due_on"] == ""
    assert Record.objects.get(pk=town.rec_id).objection_no == ""
    ended = services.conclude(filed["number"], outcome="noted", by="centre1", answer="已告知提供单位")
    assert (ended["state"], ended["answer"]) == ("noted", "已告知提供单位")
    assert Record.objects.get(pk=town.rec_id).rev == 1


def test_a_second_objection_names_the_first(town: Town) -> None:
    number = services.file(town.own, "op1", town.body(town.own))["number"]
    problem = refused(lambda: services.file(town.centre, "op2", town.body(town.centre)))
    assert (problem.code, problem.context) == ("objection-duplicate", {"number": number})
    services.accept(number, by="centre1")
    services.conclude(number, outcome="kept", by="centre1", answer="与决定书一致")
    assert services.file(town.own, "op3", town.body(town.own))["number"] == "YY-20260925-0002"


@pytest.mark.parametrize(("outcome", "seen"), [("removed", 0), ("kept", 1), ("noted", 1)])
def test_how_it_ends(town: Town, outcome: str, seen: int) -> None:
    number = services.file(town.own, "op", town.body(town.own))["number"]
    services.accept(number, by="centre1")
    services.conclude(number, outcome=outcome, by="centre1", answer="理由")
    assert len(see(town.company, today()).records) == seen
    assert Record.objects.get(pk=town.rec_id).objection_no == ""


def test_no_calendar_no_date(town: Town, at: At) -> None:
    at(datetime(2026, 12, 28, 2, 0, tzinfo=UTC))
    number = services.file(town.own, "op", town.body(town.own))["number"]
    accepted = services.accept(number, by="centre1")
    assert accepted["due_on"] == ""
    assert "日历未发布" in accepted["history"][-1]["text"]


def test_whom_it_is_passed_on_to_has_a_length_too(town: Town) -> None:
    number = services.file(town.own, "op", town.body(town.own))["number"]
    services.accept(number, by="centre1")
    problem = refused(lambda: services.forward(number, to="局" * 201, by="centre1"))
    assert (problem.code, problem.context) == ("text-too-long", {"field": "holder", "limit": 200})
    assert services.forward(number, to="局" * 200, by="centre1")["holder"] == "局" * 200


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"rec_id": "R" + "9" * 25}, "not-found"),
        ({"query_no": "Q-bank1"}, "not-found"),
        ({"kind": "complaint"}, "body-invalid"),
        ({"statement": " "}, "body-invalid"),
        ({"ground": "内容有误"}, "body-invalid"),
        ({"wish": "delete"}, "body-invalid"),
        ({"statement": "长" * 4001}, "text-too-long"),
        ({"ground": "内容\x00有误"}, "text-unfit"),
        ({"letter_no": "9" * 33}, "text-too-long"),
        ({"unknown": 1}, "body-invalid"),
    ],
)
def test_filings_that_do_not_stand(town: Town, more: dict[str, Any], code: str) -> None:
    assert refused(lambda: services.file(town.own, "op", town.body(town.own, **more))).code == code
    assert (Objection.objects.count(), Step.objects.count()) == (0, 0)


def test_only_the_centre_decides_and_never_its_own_filing(town: Town) -> None:
    number = services.file(town.own, "op", town.body(town.own))["number"]
    for by in ("bank1", "own1", "nobody"):
        assert refused(lambda by=by: services.accept(number, by=by)).code == "role-denied"
    services.accept(number, by="centre1")
    services.conclude(number, outcome="kept", by="centre1", answer="理由")
    mine = services.file(town.centre, "op2", town.body(town.centre))["number"]
    assert refused(lambda: services.accept(mine, by="centre1")).code == "role-denied"


@pytest.mark.parametrize(
    "wrong",
    [
        {"outcome": "forgotten"},
        {"outcome": "kept"},
        {"outcome": "corrected", "answer": "x"},
        {"outcome": "kept", "answer": "x", "changes": {"fields": {"BZ": "x"}}},
    ],
)
def test_an_end_without_what_it_needs(town: Town, wrong: dict[str, Any]) -> None:
    number = services.file(town.own, "op", town.body(town.own))["number"]
    services.accept(number, by="centre1")
    assert refused(lambda: services.conclude(number, by="centre1", **wrong)).code == "body-invalid"
    assert Objection.objects.get(pk=number).state == "accepted"


def test_a_record_corrected_meanwhile_ends_its_objection(town: Town) -> None:
    number = services.file(town.own, "op", town.body(town.own))["number"]
    services.accept(number, by="centre1")
    records.correct(town.rec_id, {"fields": {"BZ": "已更正"}}, reason="提供单位更正", by="centre1")
    assert services.conclude(number, outcome="corrected", by="centre1")["state"] == "corrected"
    assert Record.objects.get(pk=town.rec_id).objection_no == ""


def test_steps_follow_each_other(town: Town) -> None:
    number = services.file(town.own, "op", town.body(town.own))["number"]
    early = refused(lambda: services.conclude(number, outcome="kept", by="centre1", answer="x"))
    assert (early.code, early.context["state"]) == ("rev-conflict", "filed")
    services.accept(number, by="centre1")
    assert refused(lambda: services.accept(number, by="centre1")).code == "rev-conflict"
    assert refused(lambda: services.accept("YY-20000101-0001", by="centre1")).code == "not-found"


def test_everyone_sees_their_own(town: Town) -> None:
    services.file(town.own, "op", town.body(town.own))
    assert [v["number"] for v in selectors.views(town.own)] == ["YY-20260925-0001"]
    assert selectors.views(town.bank) == []
    assert len(selectors.views(town.centre)) == 1


PAPER = {"ground": "金额有误", "wish": "更正", "statement": "到窗口提出（示例）"}


def test_the_window_takes_papers_in_and_a_colleague_decides(town: Town, at: At) -> None:
    colleague = Officer.objects.create(
        user="centre2",
        name="测试",
        organisation=town.centre.organisation,
        role="centre_staff",
        totp_secret=b"x",
    )
    day = FILED.date()
    at(ACCEPTED)
    filed = services.take_in(colleague, town.rec_id, filed_on=day, **PAPER)
    assert (filed["state"], filed["query_no"], filed["filed_at"][:10]) == ("filed", "", str(day))
    assert filed["number"] == f"YY-{day:%Y%m%d}-0001"
    (entered,) = filed["history"]  # of a later day: the step says when the papers came
    assert (entered["at"][:10], str(day) in entered["text"]) == (str(ACCEPTED.date()), True)
    assert refused(lambda: services.accept(filed["number"], by="centre2")).code == "role-denied"
    for wrong in (day - timedelta(days=1), ACCEPTED.date() + timedelta(days=1)):
        assert refused(lambda on=wrong: services.accept(filed["number"], by="centre1", on=on)).code == (
            "body-invalid"
        )
    taken = services.accept(filed["number"], by="centre1", on=day)
    assert (taken["state"], taken["accepted_on"]) == ("accepted", str(day))
    assert taken["due_on"]
    (record,) = see(town.company, ACCEPTED.date()).records
    assert record.objection is not None
    assert record.objection.number == filed["number"]
    ended = services.conclude(filed["number"], outcome="kept", by="centre1", answer="核查无误（示例）")
    assert ended["state"] == "kept"
    (record,) = see(town.company, ACCEPTED.date()).records
    assert record.objection is None
    assert selectors.views(colleague)[0]["number"] == filed["number"]
    assert selectors.views(town.bank) == []


def test_a_refusal_names_no_other_organisations_case(town: Town) -> None:
    number = services.take_in(town.centre, town.rec_id, filed_on=FILED.date(), **PAPER)["number"]
    problem = refused(lambda: services.file(town.own, "op2", town.body(town.own)))
    assert (problem.code, problem.context) == ("objection-duplicate", {})
    assert number not in str(problem)
    known = refused(lambda: services.file(town.centre, "op3", town.body(town.centre)))
    assert known.context == {"number": number}  # the control: the centre handles it


def test_an_old_answer_opens_no_objection_to_what_is_hidden_since(town: Town) -> None:
    body = town.body(town.own)
    services.file(town.own, "op1", town.body(town.own, kind="data_error"))  # the control
    records.annul(town.rec_id, reason="示例", by="centre1")
    problem = refused(lambda: services.file(town.own, "op2", body))
    assert (problem.code, problem.context) == ("not-found", {})
    again = refused(lambda: services.file(town.own, "op3", town.body(town.own, kind="data_error")))
    assert (again.code, again.context) == ("not-found", {})  # it says of no open case either
    assert services.file(town.centre, "op4", town.body(town.centre))["state"] == "filed"


def test_nobody_else_takes_papers_in(town: Town) -> None:
    day = FILED.date()
    for officer in (town.bank, town.own):
        denied = refused(lambda who=officer: services.take_in(who, town.rec_id, filed_on=day, **PAPER))
        assert denied.code == "role-denied"
    unknown = refused(lambda: services.take_in(town.centre, "R" * 26, filed_on=day, **PAPER))
    assert unknown.code == "not-found"
    late = day + timedelta(days=1)
    assert refused(lambda: services.take_in(town.centre, town.rec_id, filed_on=late, **PAPER)).code == (
        "body-invalid"
    )
    services.take_in(town.centre, town.rec_id, filed_on=day, **PAPER)
    twice = refused(lambda: services.take_in(town.centre, town.rec_id, filed_on=day, **PAPER))
    assert twice.code == "objection-duplicate"
    assert Objection.objects.count() == 1


def test_the_notice_says_what_was_chosen_in_words(town: Town) -> None:
    chosen = {"ground": "not_mine", "wish": "remove"}
    number = services.file(town.own, "op", town.body(town.own, **chosen))["number"]
    services.accept(number, by="centre1")
    ended = services.conclude(number, outcome="kept", by="centre1", answer="与决定书一致")
    assert "异议事项：不是本主体；删除" in ended["notice"]
