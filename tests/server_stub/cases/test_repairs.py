"""Repair: who may apply, every verb in every state, the clocks of the worked cases, what a result does."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
import pytest

from app.field.records import Basis, write_bundle
from server_stub.accounts.models import Officer
from server_stub.cases import errors
from server_stub.cases.models import REPAIR_ENDED, REPAIR_OPEN, Paper, Repair, RepairStep
from server_stub.cases.repairs import moves, selectors, services
from server_stub.cases.repairs.standing import standing
from server_stub.config.clock import today
from server_stub.errors import Problem
from server_stub.evidence.models import Leaf
from server_stub.feed.models import Change
from server_stub.queries.models import Query
from server_stub.records import services as records
from server_stub.records.models import Record, Revision
from server_stub.subjects.models import Subject
from tests.app.report import samples
from tests.server_stub.cases.conftest import Town
from tests.server_stub.records.made import COMPANY, debtor, see

pytestmark = pytest.mark.django_db
At = Callable[[datetime], None]
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20
PAPER = "国家企业信用修复决定〔2026〕1号（示例）"


def moment(day: str) -> datetime:
    return datetime.combine(date.fromisoformat(day), datetime.min.time(), UTC).replace(hour=2)


def paper(check: str) -> dict[str, Any]:
    content = PNG + check.encode()
    digest = hashlib.sha256(content).hexdigest()
    return {
        "check": check,
        "name": f"{check}.png",
        "sha256": digest,
        "b64": base64.b64encode(content).decode(),
    }


def body(town: Town, user: str = "own1", kind: str = "performance", **more: Any) -> dict[str, Any]:
    needed = {"performance": ("performed", "commitment"), "reorganisation": ("ruling", "commitment"),
              "deferral": ("deferral",), "explanation": ("explanation",)}  # fmt: skip
    plain = {
        "kind": kind,
        "query_no": f"Q-{user}",
        "rec_id": town.rec_id,
        "base_rev": Record.objects.get(pk=town.rec_id).rev,
        "statement": "已缴清罚款（示例）",
        "papers": [paper(name) for name in needed.get(kind, ())],
    }
    return {**plain, **more}


def refused(action: Callable[[], Any]) -> Problem:
    with pytest.raises(Problem) as caught:
        action()
    return caught.value


def applied(town: Town, kind: str = "performance") -> str:
    number: str = services.apply(town.own, "op", body(town, kind=kind))["number"]
    return number


def verbs(town: Town, number: str, by: str = "centre1") -> dict[str, Callable[[], Any]]:
    return {
        "return": lambda: services.give_back(number, what="缺缴款凭证", by=by),
        "supplement": lambda: services.supplement(town.own, number, statement="已补"),
        "withdraw": lambda: services.withdraw(town.own, number, why="不再申请"),
        "hand": lambda: services.hand(number, to="示例市监局", by=by),
        "accept": lambda: services.accept(number, by=by),
        "check": lambda: services.check(number, by=by),
        "extend": lambda: services.extend(number, why="情况复杂", by=by),
        "grant": lambda: services.grant(number, paper_no=PAPER, by=by),
        "refuse": lambda: services.refuse(number, paper_no=PAPER, answer="义务未履行完毕", by=by),
        "done": lambda: services.plan_done(number, paper_no=PAPER, by=by),
        "failed": lambda: services.plan_failed(number, paper_no=PAPER, by=by),
        "sync": lambda: services.sync(number, by=by),
    }


WAYS: dict[str, tuple[str, ...]] = {
    "submitted": (),
    "returned": ("return",),
    "withdrawn": ("withdraw",),
    "handed": ("hand",),
    "accepted": ("hand", "accept"),
    "checking": ("hand", "accept", "check"),
    "granted": ("hand", "grant"),
    "noted": ("hand", "grant"),
    "shielded": ("hand", "grant"),
    "resumed": ("hand", "grant", "failed"),
    "refused": ("hand", "refuse"),
    "synced": ("hand", "grant", "sync"),
}
KINDS = {"noted": "explanation", "shielded": "reorganisation", "resumed": "reorganisation"}


def brought_to(town: Town, state: str) -> str:
    number = applied(town, KINDS.get(state, "performance"))
    for verb in WAYS[state]:
        verbs(town, number)[verb]()
    assert Repair.objects.get(pk=number).state == state
    return number


def footprint() -> tuple[int, ...]:
    tables = (Repair, RepairStep, Paper, Change, Leaf, Revision)
    return (*(table.objects.count() for table in tables), sum(Repair.objects.values_list("rev", flat=True)))


TABLE = {
    "submitted": "return withdraw hand",
    "returned": "supplement withdraw",
    "handed": "withdraw accept grant refuse",
    "accepted": "return check extend grant refuse",
    "checking": "return extend grant refuse",
    "shielded": "done failed",
    "granted": "sync",
    "noted": "sync",
    "refused": "sync",
    "resumed": "sync",
    "withdrawn": "",
    "synced": "",
}


def test_the_platform_ends_nothing_that_was_not_handed_over() -> None:
    found = {state: {verb for verb, move in moves.MOVES.items() if state in move.states} for state in TABLE}
    assert found == {state: set(words.split()) for state, words in TABLE.items()}


def test_every_state_is_on_a_way() -> None:
    assert set(WAYS) == {*REPAIR_OPEN, *REPAIR_ENDED}


@pytest.mark.parametrize(("state", "verb"), [(state, verb) for state in WAYS for verb in moves.MOVES])
def test_each_verb_in_each_state(town: Town, state: str, verb: str) -> None:
    number = brought_to(town, state)
    before = footprint()
    if state in moves.MOVES[verb].states:
        verbs(town, number)[verb]()
        one = Repair.objects.get(pk=number)
        leads = {"supplement": "submitted", "extend": state, "grant": "granted"}
        assert one.state == (moves.MOVES[verb].to or leads[verb])
        assert footprint()[1] == before[1] + 1
        assert Leaf.objects.filter(kind="repair").count() == one.rev
        told = Change.objects.filter(op="notice", audience="own1").order_by("pk")
        assert [change.body["rev"] for change in told if change.body] == list(range(1, one.rev + 1))
    else:
        assert refused(verbs(town, number)[verb]).code == "rev-conflict"
        assert footprint() == before


@pytest.mark.parametrize("verb", sorted(set(moves.MOVES) - {"supplement", "withdraw"}))
@pytest.mark.parametrize("by", ["own1", "bank1", "nobody"])
def test_nobody_but_the_centre_follows_it(town: Town, verb: str, by: str) -> None:
    number = brought_to(town, moves.MOVES[verb].states[0])
    before = footprint()
    assert refused(verbs(town, number, by)[verb]).code == "role-denied"
    assert footprint() == before


@pytest.mark.parametrize(("verb", "state"), [("supplement", "returned"), ("withdraw", "submitted")])
def test_what_is_the_applicants_nobody_else_does(town: Town, verb: str, state: str) -> None:
    number = brought_to(town, state)
    acts = {
        "supplement": lambda: services.supplement(town.bank, number, statement="x"),
        "withdraw": lambda: services.withdraw(town.bank, number, why="x"),
    }
    assert refused(acts[verb]).code == "not-found"
    assert services.withdraw(town.own, number, why="x", rev=Repair.objects.get(pk=number).rev)


def test_who_may_apply(town: Town) -> None:
    denied = refused(lambda: services.apply(town.bank, "op", body(town, "bank1")))
    assert denied.code == "repair-letter"
    unknown = refused(lambda: services.apply(town.bank, "op", body(town, "bank1", letter_no="SQ-0")))
    assert unknown.code == "case-letter-unknown"
    spoken = services.apply(
        town.bank, "op", body(town, "bank1", letter_no="SQ-1"), letter_ok=lambda *words: True
    )
    assert spoken["state"] == "submitted"
    second = refused(lambda: services.apply(town.own, "op2", body(town)))
    assert (second.code, second.context) == ("repair-duplicate", {})  # another organisation's: no number


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"query_no": "Q-bank1"}, "not-found"),
        ({"rec_id": "R" + "9" * 25}, "not-found"),
        ({"kind": "gift"}, "role-denied"),
        ({"papers": []}, "body-invalid"),
        ({"papers": [paper("performed"), paper("commitment"), paper("ruling")]}, "body-invalid"),
        ({"base_rev": 99}, "rev-conflict"),
        ({"statement": "长" * 4001}, "text-too-long"),
        ({"unknown": 1}, "body-invalid"),
    ],
)
def test_applications_that_do_not_stand(town: Town, more: dict[str, Any], code: str) -> None:
    assert refused(lambda: services.apply(town.own, "op", body(town, **more))).code == code
    assert Repair.objects.count() == 0


def test_a_record_that_changed_is_looked_at_first_but_a_mark_is_no_change(town: Town) -> None:
    records.mark(town.rec_id, number="YY-1", accepted_on=today(), due_on=None, by="centre1")
    records.unmark(town.rec_id, by="centre1")
    stale = body(town, base_rev=1)
    records.correct(town.rec_id, {"fields": {"BZ": "x"}}, reason="示例", by="centre1")
    assert refused(lambda: services.apply(town.own, "op", stale)).code == "rev-conflict"


def test_control_a_mark_alone_lets_it_through(town: Town) -> None:
    records.mark(town.rec_id, number="YY-1", accepted_on=today(), due_on=None, by="centre1")
    assert services.apply(town.own, "op", body(town, base_rev=1))["state"] == "submitted"


def test_before_the_day_it_says_the_day(town: Town, at: At) -> None:
    at(moment("2026-08-05"))
    early = refused(lambda: services.apply(town.own, "op", body(town)))
    assert (early.code, early.context) == ("repair-too-early", {"earliest": "2026-08-06"})
    seen = standing(town.own, "Q-own1", town.rec_id)
    assert (seen["standing"], seen["earliest"], seen["end"]) == ("not_yet", "2026-08-06", "2027-05-06")
    assert [kind["code"] for kind in seen["kinds"] if kind["may"]] == [
        "deferral",
        "explanation",
        "reorganisation",
    ]
    at(moment("2026-08-06"))
    seen = standing(town.own, "Q-own1", town.rec_id)
    assert seen["standing"] == "eligible"
    assert all(kind["may"] for kind in seen["kinds"])
    (performance,) = [kind for kind in seen["kinds"] if kind["code"] == "performance"]
    assert [(one["check"], one["met"]) for one in performance["checks"]] == [
        ("earliest", True), ("performed", None), ("commitment", None),
    ]  # fmt: skip
    assert seen["rule"]["row"] == "P36-general"
    assert "信用中国" in seen["keeper_words"]["zh"]
    assert services.apply(town.own, "op", body(town))["state"] == "submitted"


def test_only_of_an_own_answer(town: Town) -> None:
    assert refused(lambda: standing(town.own, "Q-bank1", town.rec_id)).code == "not-found"
    assert refused(lambda: standing(town.own, "Q-own1", "R" + "9" * 25)).code == "not-found"


def test_what_has_no_early_end_says_by_which_rule(town: Town) -> None:
    records.correct(
        town.rec_id,
        {
            "channel": "samr_site",
            "classes": ["限制从业"],
            "published_on": "2026-05-08",
            "effect_until": "2031-05-06",
        },
        reason="示例",
        by="centre1",
    )
    no = refused(lambda: services.apply(town.own, "op", body(town)))
    assert (no.code, no.context["standing"]) == ("repair-not-possible", "not_repairable")
    assert "45" in no.context["basis"]


@pytest.mark.parametrize(
    ("handed", "accept_by", "site_by"),
    [
        ("2026-04-30", "2026-05-08", "2026-05-18"),  # case 28; naive 05-05 and 05-14
        ("2026-09-18", "2026-09-22", "2026-10-09"),  # case 30: Sunday 20 September works
        ("2026-12-28", "2026-12-31", ""),  # case 32: ten days run into a year without calendar
        ("2026-12-29", "", ""),
    ],
)
def test_the_clocks_of_who_determines(town: Town, at: At, handed: str, accept_by: str, site_by: str) -> None:
    at(moment("2026-09-01") if handed > "2026-09-01" else moment(handed))
    number = taken_in(town)
    at(moment(handed))
    seen = services.hand(number, to="示例市监局", by="centre1")
    assert (seen["due_on"], seen["site_due"]) == (accept_by, site_by)
    if not accept_by:
        assert "日历未发布" in seen["history"][-1]["text"]
        (row,) = selectors.board(today(), overdue=True)
        assert (row["standing"], row["days_left"]) == ("calendar", None)


def test_nothing_was_handed_over_before_the_day_of_the_city_it_was_filed_on(town: Town, at: At) -> None:
    at(datetime(2026, 9, 24, 23, 30, tzinfo=UTC))  # 25 September, half past seven in the city
    number = applied(town)
    early = refused(lambda: services.hand(number, to="示例市监局", by="centre1", on=date(2026, 9, 24)))
    assert early.code == "body-invalid"
    seen = services.hand(number, to="示例市监局", by="centre1", on=date(2026, 9, 25))
    assert seen["handed_on"] == "2026-09-25"


def taken_in(town: Town) -> str:
    """On paper, of a kind that asks for no day."""
    clerk = Officer.objects.create(
        user="centre2",
        name="测试",
        organisation=town.centre.organisation,
        role="centre_staff",
        totp_secret=b"x",
    )
    number: str = services.take_in(clerk, town.rec_id, kind_code="explanation", statement="窗口材料（示例）")[
        "number"
    ]
    return number


@pytest.mark.parametrize("verb", ["hand", "return"])
def test_who_took_an_application_in_does_not_carry_it_on(town: Town, verb: str) -> None:
    number = taken_in(town)
    before = footprint()
    assert refused(verbs(town, number, "centre2")[verb]).code == "role-denied"
    assert footprint() == before
    verbs(town, number, "centre1")[verb]()


@pytest.mark.parametrize(
    ("accepted", "result_by"),
    [
        ("2026-09-24", "2026-10-12"),
        ("2026-09-28", "2026-10-13"),
        ("2026-12-21", "2026-12-30"),
        ("2026-12-28", ""),
    ],
)
def test_the_result_is_due_in_seven_working_days_and_ten_more_once(
    town: Town, at: At, accepted: str, result_by: str
) -> None:
    at(moment("2026-09-21"))
    number = applied(town)
    services.hand(number, to="示例市监局", by="centre1")
    at(moment(accepted))
    assert services.accept(number, by="centre1")["due_on"] == result_by  # cases 31, 16, 32
    if accepted == "2026-09-24":
        assert services.extend(number, why="复杂", by="centre1")["due_on"] == "2026-10-26"
        assert refused(lambda: services.extend(number, why="复杂", by="centre1")).code == "rev-conflict"
    if not result_by:
        assert refused(lambda: services.extend(number, why="复杂", by="centre1")).code == "body-invalid"


def test_a_late_keeper_is_seen(town: Town, at: At) -> None:
    at(moment("2026-09-18"))
    number = applied(town)
    services.hand(number, to="示例市监局", by="centre1")
    assert selectors.board(today(), overdue=True) == []
    at(moment("2026-09-23"))
    (late,) = selectors.board(today(), overdue=True)
    assert (late["number"], late["days_left"]) == (number, -1)


def test_a_missing_calendar_is_dated_later(town: Town, at: At, monkeypatch: pytest.MonkeyPatch) -> None:
    at(moment("2026-12-29"))
    number = applied(town)
    services.hand(number, to="示例市监局", by="centre1")
    assert services.retime(by="centre1") == []
    monkeypatch.setattr(moves, "due", lambda *words: date(2027, 1, 4))
    (dated,) = services.retime(by="centre1")
    assert (dated["number"], dated["due_on"]) == (number, "2027-01-04")


def test_an_old_answer_opens_nothing_that_is_annulled_since(town: Town) -> None:
    asked = Leaf.objects.filter(kind="repair.standing", query_no="Q-own1", subject_key=COMPANY)
    assert standing(town.own, "Q-own1", town.rec_id)["standing"] == "eligible"  # the control
    assert asked.count() == 1  # news of the record leaves a trace
    records.annul(town.rec_id, by="centre1", reason="示例")
    assert refused(lambda: standing(town.own, "Q-own1", town.rec_id)).code == "not-found"
    assert refused(lambda: services.apply(town.own, "op9", body(town))).code == "not-found"
    assert asked.count() == 1


def test_a_letter_that_has_ended_and_a_minors_record_open_nothing(town: Town) -> None:
    query = Query.objects.filter(pk="Q-own1")

    def until(day: str) -> None:
        answer = samples.bundle()
        told = (msgspec.structs.replace(answer.records[0], rec_id=town.rec_id, rev=1),)
        answer = msgspec.structs.replace(answer, basis=Basis("letter", "SQ-1", "", day), records=told)
        query.update(basis_type="letter", bundle=write_bundle(answer))

    until(today().isoformat())
    assert standing(town.own, "Q-own1", town.rec_id)["standing"] == "eligible"  # the control: its last day
    until((today() - timedelta(days=1)).isoformat())
    assert refused(lambda: standing(town.own, "Q-own1", town.rec_id)).code == "letter-expired"
    query.update(basis_type="open")
    young = today().replace(year=today().year - 9)
    Subject.objects.filter(pk=town.company.pk).update(kind="person", born_on=young)
    assert refused(lambda: standing(town.own, "Q-own1", town.rec_id)).code == "not-found"


def test_a_granted_repair_ends_the_record_for_everybody(town: Town) -> None:
    number = brought_to(town, "checking")
    done = services.grant(number, paper_no=PAPER, by="centre1")
    assert (done["state"], done["result_no"], done["due_on"]) == ("granted", PAPER, "")
    record = Record.objects.get(pk=town.rec_id)
    assert (record.status, record.status_on) == ("repaired", today())
    assert see(town.company, today()).records == ()
    assert Change.objects.filter(rec_id=town.rec_id, op="revoke", reason="repaired").count() == 1
    assert standing(town.centre, "Q-centre1", town.rec_id)["standing"] == "ended"
    assert refused(lambda: services.apply(town.own, "op2", body(town))).code == "not-found"


def test_a_debtor_goes_by_the_court_and_off_the_list(town: Town) -> None:
    entry = records.put(debtor(), by="centre1")
    told = {"records": [{"rec_id": entry, "rev": 1}], "standing": []}
    Query.objects.filter(pk="Q-own1").update(bundle=json.dumps(told).encode())
    filed = services.apply(town.own, "op", body(town, rec_id=entry, base_rev=1))
    assert filed["keeper"] == "court"
    services.hand(filed["number"], to="示例人民法院", by="centre1")
    services.grant(filed["number"], paper_no=PAPER, by="centre1")
    assert Record.objects.get(pk=entry).status == "removed"


def test_an_explanation_changes_no_record(town: Town) -> None:
    number = brought_to(town, "noted")
    assert Record.objects.get(pk=town.rec_id).rev == 1
    assert services.sync(number, by="centre1")["state"] == "synced"


def test_a_refusal_names_the_next_day_and_holds_it(town: Town, at: At) -> None:
    number = brought_to(town, "accepted")
    early = refused(
        lambda: services.refuse(number, paper_no=PAPER, answer="未履行", by="centre1", next_on=today())
    )
    assert early.code == "body-invalid"
    no = services.refuse(number, paper_no=PAPER, answer="未履行", by="centre1", next_on=date(2026, 12, 1))
    assert (no["state"], no["next_on"], no["answer"]) == ("refused", "2026-12-01", "未履行")
    again = refused(lambda: services.apply(town.own, "op2", body(town)))
    assert (again.code, again.context) == ("repair-too-early", {"earliest": "2026-12-01"})
    at(moment("2026-12-01"))
    assert services.apply(town.own, "op3", body(town))["state"] == "submitted"


def test_case_36_a_plan_shields_and_its_failure_shows_again(town: Town) -> None:
    number = brought_to(town, "shielded")
    assert see(town.company, today()).records == ()
    assert standing(town.centre, "Q-centre1", town.rec_id)["standing"] == "shielded"
    assert refused(lambda: standing(town.own, "Q-own1", town.rec_id)).code == "not-found"
    (gone,) = Change.objects.filter(rec_id=town.rec_id, op="revoke")
    assert gone.reason == "court"
    services.plan_failed(number, paper_no=PAPER, by="centre1")
    (again,) = see(town.company, today()).records
    assert again.rev == Record.objects.get(pk=town.rec_id).rev == 3
    assert standing(town.own, "Q-own1", town.rec_id)["standing"] == "eligible"


def test_a_plan_that_was_carried_out_ends_in_repair(town: Town) -> None:
    number = brought_to(town, "shielded")
    assert services.plan_done(number, paper_no=PAPER, by="centre1")["state"] == "granted"
    assert Record.objects.get(pk=town.rec_id).status == "repaired"


def test_a_result_for_a_record_that_was_annulled_meanwhile_leaves_it_annulled(town: Town) -> None:
    number = brought_to(town, "accepted")
    records.annul(town.rec_id, reason="示例", by="centre1")
    done = services.grant(number, paper_no=PAPER, by="centre1")
    assert Record.objects.get(pk=town.rec_id).status == "annulled"
    assert "未作变更" in done["history"][-1]["text"]


def test_a_result_without_its_paper_is_none(town: Town) -> None:
    number = brought_to(town, "accepted")
    for act in (
        lambda: services.grant(number, paper_no=" ", by="centre1"),
        lambda: services.refuse(number, paper_no="", answer="x", by="centre1"),
        lambda: services.grant(number, paper_no=PAPER, by="centre1", on=date(2026, 1, 1)),
    ):
        assert refused(act).code == "body-invalid"
    assert Record.objects.get(pk=town.rec_id).rev == 1


def test_everyone_sees_their_own(town: Town) -> None:
    number = applied(town)
    assert [one["number"] for one in selectors.views(town.own)] == [number]
    assert selectors.views(town.bank) == []
    assert [one["check"] for one in selectors.views(town.centre)[0]["papers"]] == ["performed", "commitment"]
    assert selectors.for_staff(number, today())["statement"] == "已缴清罚款（示例）"
    assert refused(lambda: selectors.for_staff("XF-1", today())).code == "not-found"


def test_control_the_missing_paper_is_named() -> None:
    problem = errors.papers_missing(["ruling"])
    assert [field["message"] for field in problem.fields] == ["ruling"]
