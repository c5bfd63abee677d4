"""The whole table of moves: every verb in every state, what a forbidden one leaves, and the clocks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from server_stub.accounts.models import Officer
from server_stub.cases import moves, selectors, services
from server_stub.cases.answering import answered
from server_stub.cases.models import ENDED, OPEN, Objection, Step
from server_stub.config.clock import today
from server_stub.errors import Problem
from server_stub.evidence.models import Leaf
from server_stub.feed.models import Change
from server_stub.records.models import Record, Revision
from server_stub.rules.tables_file import PolicyRule
from tests.server_stub.cases.conftest import ACCEPTED, Town
from tests.server_stub.cases.test_attachments import PNG, handed

pytestmark = pytest.mark.django_db
At = Callable[[datetime], None]
FORM = {"fields": {"CF_NR_FK": "0.2"}}


def moment(day: str) -> datetime:
    return datetime.combine(date.fromisoformat(day), datetime.min.time(), UTC).replace(hour=2)


def verbs(town: Town, number: str, by: str = "centre1") -> dict[str, Callable[[], Any]]:
    return {
        "return": lambda: services.give_back(number, what="缺决定书；缺身份证明", by=by),
        "supplement": lambda: services.supplement(town.own, number, statement="已附决定书"),
        "add": lambda: services.add(town.own, number, statement="另附收据", attached=[handed(PNG)]),
        "decline": lambda: services.decline(number, answer="不属于异议范围", by=by),
        "accept": lambda: services.accept(number, by=by),
        "forward": lambda: services.forward(number, to="示例市监局", by=by),
        "answer": lambda: services.answer(number, answer="金额录入有误", by=by),
        "extend": lambda: services.extend(number, why="须调阅案卷", by=by),
        "conclude": lambda: services.conclude(number, outcome="kept", answer="一致", by=by),
        "recheck": lambda: services.recheck(town.own, number, why="决定书写明二千元"),
        "close": lambda: services.close(number, by=by, agreed=True),
    }


WAYS: dict[str, tuple[str, ...]] = {
    "filed": (),
    "returned": ("return",),
    "accepted": ("accept",),
    "forwarded": ("accept", "forward"),
    "answered": ("accept", "forward", "answer"),
    "rechecking": ("accept", "conclude", "recheck"),
    "kept": ("accept", "conclude"),
    "declined": ("decline",),
    "closed": ("decline", "close"),
}
ALL = [(state, verb) for state in WAYS for verb in moves.MOVES]
# the second person of a recheck, and the whole term of a supplement, are asked for beside the state
BESIDE = {("rechecking", "conclude"): "role-denied", ("returned", "decline"): "body-invalid"}


def footprint() -> tuple[int, ...]:
    tables = (Objection, Step, Change, Leaf, Revision)
    revs = sum(Objection.objects.values_list("rev", flat=True))
    return (*(table.objects.count() for table in tables), revs)


def brought_to(town: Town, state: str) -> str:
    number: str = services.file(town.own, "op", town.body(town.own))["number"]
    for verb in WAYS[state]:
        verbs(town, number)[verb]()
    assert Objection.objects.get(pk=number).state == state
    return number


@pytest.mark.parametrize(("state", "verb"), ALL)
def test_each_verb_in_each_state(town: Town, state: str, verb: str) -> None:
    number = brought_to(town, state)
    before = footprint()
    allowed = state in moves.MOVES[verb].states and (state, verb) not in BESIDE
    if allowed:
        verbs(town, number)[verb]()
        one = Objection.objects.get(pk=number)
        assert one.state == (moves.MOVES[verb].to or {"conclude": "kept"}.get(verb, state))
        assert footprint()[1] == before[1] + 1  # one step
        assert Change.objects.filter(op="notice", audience="own1").count() == one.rev
        assert Leaf.objects.filter(kind="objection").count() == one.rev
    else:
        with pytest.raises(Problem) as caught:
            verbs(town, number)[verb]()
        assert caught.value.code == BESIDE.get((state, verb), "rev-conflict")
        assert footprint() == before
    marked = Record.objects.get(pk=town.rec_id).objection_no
    assert (marked == number) == (Objection.objects.get(pk=number).state in moves.MARKED)


TABLE = {
    "filed": "return add decline accept",
    "returned": "supplement decline",
    "accepted": "add forward extend conclude",
    "forwarded": "add forward answer extend conclude",
    "answered": "add forward extend conclude",
    "rechecking": "add forward extend conclude",
    "kept": "recheck close",
    "noted": "recheck close",
    "corrected": "recheck close",
    "supplemented": "recheck close",
    "removed": "close",
    "declined": "close",
    "closed": "",
}


def test_the_table_says_what_the_rules_say() -> None:
    found = {state: {verb for verb, move in moves.MOVES.items() if state in move.states} for state in TABLE}
    assert found == {state: set(words.split()) for state, words in TABLE.items()}
    assert set(TABLE) == {*OPEN, *ENDED}


def test_every_state_is_on_a_way() -> None:
    assert {*OPEN, *ENDED} - {"corrected", "supplemented", "removed", "noted"} == set(WAYS)
    assert {state for move in moves.MOVES.values() for state in move.states} <= {*OPEN, *ENDED}


@pytest.mark.parametrize("verb", sorted(set(moves.MOVES) - {"supplement", "add", "recheck"}))
@pytest.mark.parametrize("by", ["own1", "bank1", "nobody"])
def test_nobody_but_the_centre_moves_it(town: Town, verb: str, by: str) -> None:
    state = moves.MOVES[verb].states[0]
    number = brought_to(town, state if state in WAYS else "kept")
    before = footprint()
    with pytest.raises(Problem) as caught:
        verbs(town, number, by)[verb]()
    assert caught.value.code == "role-denied"
    assert footprint() == before


@pytest.mark.parametrize(
    ("verb", "state"), [("supplement", "returned"), ("add", "accepted"), ("recheck", "kept")]
)
def test_what_who_filed_may_do_nobody_else_does(town: Town, verb: str, state: str) -> None:
    number = brought_to(town, state)
    acts = {
        "supplement": lambda: services.supplement(town.bank, number, statement="x"),
        "add": lambda: services.add(town.bank, number, statement="x", attached=[handed(PNG)]),
        "recheck": lambda: services.recheck(town.bank, number, why="x"),
    }
    with pytest.raises(Problem) as caught:
        acts[verb]()
    assert caught.value.code == "not-found"


def test_an_older_revision_is_not_acted_on(town: Town) -> None:
    number = brought_to(town, "returned")
    with pytest.raises(Problem) as caught:
        services.supplement(town.own, number, statement="x", rev=1)
    assert (caught.value.code, caught.value.context["rev"]) == ("rev-conflict", 2)
    assert services.supplement(town.own, number, statement="x", rev=2)["state"] == "filed"


def test_a_supplement_is_asked_for_once_and_the_clock_begins_anew(town: Town, at: At) -> None:
    number = brought_to(town, "returned")
    assert selectors.running(Objection.objects.get(pk=number), today()) == {
        "clock": "supplement", "standing": "running", "days_left": 5,
    }  # fmt: skip
    at(moment("2026-09-29"))
    back = services.supplement(town.own, number, statement="已附")
    assert (back["state"], back["due_on"]) == ("filed", "2026-10-09")  # 09-30, 10-08, 10-09: 1-7 Oct are off
    with pytest.raises(Problem) as caught:
        services.give_back(number, what="还缺", by="centre1")
    assert caught.value.code == "rev-conflict"


def test_what_was_given_back_keeps_its_whole_term(town: Town, at: At) -> None:
    number = brought_to(town, "returned")
    due = Objection.objects.get(pk=number).due_on
    assert due == date(2026, 10, 9)  # 5 working days from Friday 25 September
    at(moment("2026-10-09"))
    with pytest.raises(Problem):
        services.decline(number, answer="未补正", by="centre1")
    at(moment("2026-10-10"))
    assert services.decline(number, answer="未补正", by="centre1")["state"] == "declined"


@pytest.mark.parametrize(
    ("accepted", "due"),
    [
        ("2026-09-28", "2026-10-13"),
        ("2026-09-24", "2026-10-12"),
        ("2026-12-21", "2026-12-30"),
        ("2026-12-28", ""),
    ],
)
def test_the_worked_cases_of_the_clock(town: Town, at: At, accepted: str, due: str) -> None:
    at(moment("2026-09-18"))
    number = services.file(town.own, "op", town.body(town.own))["number"]
    assert Objection.objects.get(pk=number).due_on == date(2026, 9, 22)  # 3 wd: Sunday 20 September works
    at(moment(accepted))
    assert services.accept(number, by="centre1")["due_on"] == due


def test_the_spring_festival_is_counted_out(town: Town, at: At) -> None:
    at(moment("2026-02-13"))
    number = services.file(town.own, "op", town.body(town.own))["number"]
    assert Objection.objects.get(pk=number).due_on == date(2026, 2, 25)  # Saturday 14 works, 15-23 are off


def test_an_extension_is_given_once_and_the_mark_follows(town: Town, at: At) -> None:
    number = services.file(town.own, "op", town.body(town.own))["number"]
    at(ACCEPTED)
    services.accept(number, by="centre1")
    later = services.extend(number, why="调阅案卷", by="centre1")
    assert later["due_on"] == "2026-10-16"  # 13 October and three working days
    assert Record.objects.get(pk=town.rec_id).objection_due == date(2026, 10, 16)
    with pytest.raises(Problem) as caught:
        services.extend(number, why="再延", by="centre1")
    assert caught.value.code == "rev-conflict"


def test_a_term_that_is_over_is_not_lengthened(town: Town, at: At) -> None:
    number = services.file(town.own, "op", town.body(town.own))["number"]
    at(ACCEPTED)
    services.accept(number, by="centre1")
    at(moment("2026-10-14"))
    with pytest.raises(Problem) as caught:
        services.extend(number, why="调阅案卷", by="centre1")
    assert caught.value.code == "body-invalid"
    (late,) = selectors.board(today(), overdue=True)
    assert (late["number"], late["standing"], late["days_left"]) == (number, "overdue", -1)


def test_the_provider_has_a_clock_of_its_own(town: Town, at: At) -> None:
    number = services.file(town.own, "op", town.body(town.own))["number"]
    at(ACCEPTED)
    services.accept(number, by="centre1")
    services.forward(number, to="示例市监局", by="centre1")
    assert selectors.board(today(), overdue=True) == []
    at(moment("2026-10-09"))  # due on 8 October; the whole is due on the 13th
    (late,) = selectors.board(today(), overdue=True)
    assert (late["provider_due"], late["standing"]) == ("2026-10-08", "running")
    services.answer(number, answer="金额录入有误", by="centre1")
    assert selectors.board(today(), overdue=True) == []


def test_a_missing_calendar_is_said_and_dated_later(
    town: Town, at: At, monkeypatch: pytest.MonkeyPatch
) -> None:
    at(moment("2026-12-28"))
    number = services.file(town.own, "op", town.body(town.own))["number"]
    services.accept(number, by="centre1")
    (row,) = selectors.board(today(), overdue=True)
    assert (row["standing"], row["days_left"]) == ("calendar", None)
    assert services.retime(by="centre1") == []
    monkeypatch.setattr(moves, "due", lambda *words: date(2027, 1, 7))
    (dated,) = services.retime(by="centre1")
    assert (dated["number"], dated["due_on"]) == (number, "2027-01-07")
    assert Record.objects.get(pk=town.rec_id).objection_due == date(2027, 1, 7)


def test_the_end_names_every_way_that_is_open(town: Town, at: At) -> None:
    number = services.file(town.own, "op", town.body(town.own))["number"]
    at(ACCEPTED)
    services.accept(number, by="centre1")
    ended = services.conclude(number, outcome="kept", answer="与决定书一致", by="centre1")
    assert ended["remedies"]["recheck_until"] == "2026-10-16"
    assert ended["remedies"]["reconsider_until"] == "2026-11-27"  # sixty days
    for words in (number, "与决定书一致", "经核查维持原记录", "2026-10-16", "行政复议", "诉讼"):
        assert words in ended["notice"]
    with pytest.raises(Problem) as caught:
        services.close(number, by="centre1")
    assert caught.value.code == "body-invalid"
    at(moment("2026-10-16"))
    assert "recheck" in selectors.for_staff(number, today())["remedies"]  # control: its last day
    at(moment("2026-10-17"))
    late = selectors.for_staff(number, today())
    assert set(late["remedies"]) == {"reconsider", "reconsider_until"}
    assert "复核" not in late["notice"]
    with pytest.raises(Problem):
        services.recheck(town.own, number, why="晚了")
    assert services.close(number, by="centre1")["state"] == "closed"


def test_a_case_that_was_closed_by_agreement_offers_no_recheck(town: Town) -> None:
    number = brought_to(town, "accepted")
    ended = services.conclude(number, outcome="kept", answer="与决定书一致", by="centre1")
    told = answered(number, town.own, "zh_CN").facts.remedies
    assert ("recheck" in ended["remedies"], "复核" in ended["notice"], len(told)) == (
        True,
        True,
        2,
    )  # control
    closed = services.close(number, by="centre1", agreed=True)
    assert ("recheck" in closed["remedies"], "复核" in closed["notice"]) == (False, False)
    (only,) = answered(number, town.own, "zh_CN").facts.remedies
    assert "复议" in only.text
    with pytest.raises(Problem) as caught:
        services.recheck(town.own, number, why="仍有误")
    assert caught.value.code == "rev-conflict"


def test_a_recheck_marks_again_and_is_ended_by_other_hands(town: Town) -> None:
    number = brought_to(town, "rechecking")
    colleague(town)
    ended = services.conclude(number, outcome="corrected", changes=FORM, by="centre2")
    assert ended["state"] == "corrected"
    assert "recheck" not in ended["remedies"]
    with pytest.raises(Problem) as caught:
        services.recheck(town.own, number, why="又一次")
    assert caught.value.code == "rev-conflict"
    assert services.close(number, by="centre1")["state"] == "closed"


def test_what_was_corrected_before_is_no_answer_to_the_recheck(town: Town) -> None:
    number = brought_to(town, "accepted")
    services.conclude(number, outcome="corrected", changes=FORM, by="centre1")
    services.recheck(town.own, number, why="仍有误")
    colleague(town)
    with pytest.raises(Problem) as caught:
        services.conclude(number, outcome="corrected", by="centre2")
    assert caught.value.code == "body-invalid"


def test_four_eyes_where_the_dated_policy_asks_for_them(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    number = brought_to(town, "accepted")
    colleague(town)
    row = PolicyRule(
        id="x",
        word="other",
        effective_from=date(2020, 1, 1),
        basis="示例",
        entered_by="a",
        approved_by="b",
        version=1,
    )
    monkeypatch.setattr(moves, "policy", lambda tables, name, on: row)
    with pytest.raises(Problem) as caught:
        services.conclude(number, outcome="kept", answer="一致", by="centre1")
    assert caught.value.code == "role-denied"
    assert services.conclude(number, outcome="kept", answer="一致", by="centre2")["state"] == "kept"


def test_a_supplemented_record_is_a_new_revision_and_revokes_copies(town: Town) -> None:
    number = brought_to(town, "accepted")
    services.conclude(number, outcome="supplemented", changes={"fields": {"BZ": "已履行"}}, by="centre1")
    newest = Revision.objects.filter(record_id=town.rec_id).order_by("-rev")[0]
    assert "已履行" in newest.payload
    assert Change.objects.filter(rec_id=town.rec_id, op="revoke", reason="corrected").count() == 1


def test_the_staff_see_everything_said_and_the_neighbours(town: Town) -> None:
    first = brought_to(town, "kept")
    second = services.file(town.own, "op2", town.body(town.own))["number"]
    seen = selectors.for_staff(second, today())
    assert seen["linked"] == [first]
    assert selectors.for_staff(first, today())["steps"][-1]["said"] == "一致"
    with pytest.raises(Problem) as caught:
        selectors.for_staff("YY-20000101-0001", today())
    assert caught.value.code == "not-found"
    with pytest.raises(Problem) as again:
        services.recheck(town.own, first, why="x")  # another one about the record is open
    assert (again.value.code, again.value.context) == ("objection-duplicate", {"number": second})


def colleague(town: Town) -> Officer:
    organisation = town.centre.organisation
    facts: dict[str, Any] = {"name": "测试", "organisation": organisation, "role": "centre_staff"}
    return Officer.objects.create(user="centre2", totp_secret=b"x", **facts)


def test_no_move_leads_to_a_state_that_both_sides_do_not_share() -> None:
    shared = {*OPEN, *ENDED}
    assert {state for move in moves.MOVES.values() for state in (*move.states, move.to) if state} <= shared
    assert set(OPEN).isdisjoint(ENDED)
