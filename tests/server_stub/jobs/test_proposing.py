"""A correction that moves a record's term: proposed by one of the staff, put in force by another."""

from __future__ import annotations

import json
from typing import Any

import pytest

from server_stub.accounts.models import Officer
from server_stub.cases import services as cases
from server_stub.cases.answering import answered
from server_stub.cases.models import Objection, Proposal
from server_stub.command import _parser
from server_stub.errors import Problem
from server_stub.evidence.models import Leaf
from server_stub.jobs import deciding, mending
from server_stub.records.models import Record
from tests.server_stub.cases.conftest import Town, at, town
from tests.server_stub.cases.test_moves import colleague

pytestmark = pytest.mark.django_db
__all__ = ["at", "town"]
DEARER = ("--set", "CF_NR_FK=2000", "--set", "CF_NR=罚款二千万元")
END = ("--outcome", "corrected", "--answer", "与决定书核对")


@pytest.fixture
def case(town: Town) -> str:
    """An objection to a penalty whose tier follows from its amount."""
    Record.objects.filter(pk=town.rec_id).update(tier="")
    colleague(town)
    number = cases.file(town.own, "op1", town.body(town.own))["number"]
    cases.accept(number, by="centre1")
    return str(number)


def ran(job: Any, *words: str, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    capsys.readouterr()
    assert job.run(_parser().parse_args([*words, "--home", "x"])) == 0
    said: dict[str, Any] = json.loads(capsys.readouterr().out)
    return said


def code_of(job: Any, *words: str) -> str:
    with pytest.raises(Problem) as caught:
        job.run(_parser().parse_args([*words, "--home", "x"]))
    return caught.value.code


def test_an_end_that_moves_the_term_waits_for_another_and_the_letter_tells_what_moved(
    case: str, town: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    said = ran(deciding, "objection", "conclude", case, *END, *DEARER, "--as", "centre1", capsys=capsys)
    assert said["term"]["tier"] == ["general", "serious"]
    assert set(said["term"]) == {"tier", "earliest", "end"}
    assert (said["proposed_by"], said["changed"][0]["new"]) == ("centre1", "2000")
    assert (Objection.objects.get().state, Record.objects.get(pk=town.rec_id).amount_fen) == (
        "accepted",
        2_000_000,
    )
    (listed,) = ran(deciding, "objection", "list", "--as", "centre2", capsys=capsys)["objections"]
    assert (listed["number"], listed["proposed_by"]) == (case, "centre1")
    shown = ran(deciding, "objection", "show", case, "--as", "centre2", capsys=capsys)
    assert (shown["proposed"]["by"], shown["proposed"]["outcome"]) == ("centre1", "corrected")
    assert shown["proposed"]["settings"] == [["CF_NR_FK", "2000"], ["CF_NR", "罚款二千万元"]]
    read = ran(deciding, "objection", "waiting", case, "--as", "centre2", capsys=capsys)
    assert (read["term"], read["answer"], read["proposed_by"]) == (said["term"], END[-1], "centre1")
    assert Leaf.objects.latest("index").kind == "objection.waiting"
    assert code_of(deciding, "objection", "waiting", case, "--as", "bank1") == "role-denied"
    assert code_of(deciding, "objection", "confirm", case, "--as", "centre1") == "role-denied"
    done = ran(deciding, "objection", "confirm", case, "--as", "centre2", capsys=capsys)
    assert (done["state"], done["term"]) == ("corrected", said["term"])
    assert Proposal.objects.count() == 0
    assert Record.objects.get(pk=town.rec_id).amount_fen == 2_000_000_000
    leaves = Leaf.objects.filter(kind__in=("objection.proposed", "objection.confirmed")).order_by("index")
    assert [(one.user, one.kind) for one in leaves] == [
        ("centre1", "objection.proposed"),
        ("centre2", "objection.confirmed"),
    ]
    facts = answered(case, town.own, "zh_CN").facts
    told = {one.label: (one.before, one.after) for one in facts.changes}
    assert told["失信程度（决定公示期长短）"] == ("一般", "严重")
    assert told["公示截止期"] == tuple(said["term"]["end"])
    assert told["最早可申请修复日"] == tuple(said["term"]["earliest"])
    english = {one.label: one.after for one in answered(case, town.own, "en").facts.changes}
    assert english["Tier (which sets how long it is published)"] == "serious"
    assert code_of(deciding, "objection", "confirm", case, "--as", "centre2") == "not-found"


def test_control_an_end_that_moves_no_term_is_one_persons(
    case: str, town: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    plain = ("--set", "CF_SY=示例事实")
    said = ran(deciding, "objection", "conclude", case, *END, *plain, "--as", "centre1", capsys=capsys)
    assert said["state"] == "corrected" and "term" not in said
    labels = [one.label for one in answered(case, town.own, "zh_CN").facts.changes]
    assert labels == ["违法事实"]


def test_no_door_lets_one_person_move_a_term(case: str, town: Town) -> None:
    changes = {"fields": {"CF_NR_FK": "2000", "CF_NR": "罚款二千万元"}}
    given: dict[str, Any] = {"outcome": "corrected", "by": "centre1", "changes": changes}
    for second, code in (("", "role-denied"), ("centre1", "role-denied"), ("bank1", "role-denied")):
        with pytest.raises(Problem, match=code):
            cases.conclude(case, second=second, **given)
    assert cases.conclude(case, second="centre2", **given)["state"] == "corrected"


def test_what_was_proposed_for_an_earlier_state_is_proposed_anew(
    case: str, town: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    propose = ("objection", "conclude", case, *END, *DEARER, "--as", "centre1")
    ran(deciding, *propose, capsys=capsys)
    cases.forward(case, to="示例市监局", by="centre1")
    assert code_of(deciding, "objection", "confirm", case, "--as", "centre2") == "rev-conflict"
    ran(deciding, *propose, capsys=capsys)
    cases.conclude(case, outcome="kept", answer="一致", by="centre1")  # another end throws it away
    assert Proposal.objects.count() == 0


def test_a_proposal_of_who_is_staff_no_more_is_nobodys(
    case: str, town: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    ran(deciding, "objection", "conclude", case, *END, *DEARER, "--as", "centre2", capsys=capsys)
    correct = ("record", "correct", town.rec_id, "--reason", "金额录入有误", *DEARER, "--as", "centre2")
    ran(mending, *correct, capsys=capsys)
    Officer.objects.filter(user="centre2").update(active=False)
    assert code_of(deciding, "objection", "confirm", case, "--as", "centre1") == "role-denied"
    assert code_of(mending, "record", "confirm", town.rec_id, "--as", "centre1") == "role-denied"
    Officer.objects.filter(user="centre2").update(active=True)  # the control
    assert "rev" in ran(mending, "record", "confirm", town.rec_id, "--as", "centre1", capsys=capsys)


def test_a_single_record_is_held_to_the_same(
    case: str, town: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    correct = ("record", "correct", town.rec_id, "--reason", "金额录入有误", *DEARER, "--as", "centre1")
    said = ran(mending, *correct, capsys=capsys)
    assert (said["proposed_by"], "rev" in said) == ("centre1", False)
    read = ran(mending, "record", "waiting", town.rec_id, "--as", "centre2", capsys=capsys)
    assert (read["changed"], read["term"], read["reason"]) == (said["changed"], said["term"], "金额录入有误")
    assert Leaf.objects.latest("index").kind == "record.waiting"
    assert code_of(mending, "record", "confirm", town.rec_id, "--as", "centre1") == "role-denied"
    done = ran(mending, "record", "confirm", town.rec_id, "--as", "centre2", capsys=capsys)
    assert done["rev"] == Record.objects.get(pk=town.rec_id).rev
    assert Record.objects.get(pk=town.rec_id).amount_fen == 2_000_000_000
    assert code_of(mending, "record", "confirm", town.rec_id, "--as", "centre2") == "not-found"


def test_why_a_text_stays_is_in_the_log(case: str, town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    words = ("objection", "conclude", case, *END, "--set", "CF_NR_FK=3", "--as", "centre1")
    assert code_of(deciding, *words) == "body-invalid"
    said = ran(deciding, *words, "--text-stays", "决定书另有更正裁定", capsys=capsys)
    assert said["state"] == "corrected"
    leaf = Leaf.objects.get(kind="record.text_stays")
    assert json.loads(leaf.entry)["outcome"] == f"done:{town.rec_id}: 决定书另有更正裁定"
