"""A correction that moves a record's term: proposed by one of the staff, put in force by another."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest

from server_stub.accounts.models import Officer
from server_stub.cases import services as cases
from server_stub.cases.answering import answered
from server_stub.cases.models import Objection, Proposal
from server_stub.cases.proposing import forget_proposals
from server_stub.command import _parser
from server_stub.config.clock import now, stamp, today
from server_stub.errors import Problem
from server_stub.evidence.models import Leaf
from server_stub.jobs import deciding, mending
from server_stub.records import services as records
from server_stub.records.models import Record
from server_stub.records.selectors import shown as records_shown
from server_stub.rules.selectors import kept_days
from server_stub.subjects.models import Subject
from tests.server_stub.cases.conftest import Town, at, town
from tests.server_stub.cases.test_moves import colleague
from tests.server_stub.records.made import PERSON, licence, penalty

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


def confirmed(job: Any, number: str, *, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    """The second reads what waits and confirms that."""
    verb = "record" if job is mending else "objection"
    read = ran(job, verb, "waiting", number, "--as", "centre2", capsys=capsys)["digest"]
    return ran(job, verb, "confirm", number, "--of", read, "--as", "centre2", capsys=capsys)


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
    assert code_of(deciding, "objection", "confirm", case, "--of", "0", "--as", "centre1") == "role-denied"
    done = confirmed(deciding, case, capsys=capsys)
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
    assert code_of(deciding, "objection", "confirm", case, "--of", "0", "--as", "centre2") == "not-found"


def test_control_an_end_that_moves_no_term_is_one_persons(
    case: str, town: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    plain = ("--set", "CF_SY=示例事实")
    said = ran(deciding, "objection", "conclude", case, *END, *plain, "--as", "centre1", capsys=capsys)
    assert said["state"] == "corrected" and "term" not in said
    labels = [one.label for one in answered(case, town.own, "zh_CN").facts.changes]
    assert labels == ["违法事实"]


@pytest.mark.parametrize(
    ("facts", "setting", "states"),
    [
        (penalty("衡示罚〔2026〕9号", provider="示例市公安局", public_security=True,
                 payload=penalty()["payload"] | {"CF_CFJG": "示例市公安局"}),
         "CF_CFJG=示例市监局", ["sealed", "current"]),
        (penalty("衡示罚〔2026〕9号"), "CF_CFJG=示例市公安局", ["current", "sealed"]),
        (licence(XK_ZT="2"), "XK_ZT=1", ["invalid", "current"]),
        (licence(XK_JDRQ="2012-05-05") | {"subject_key": PERSON, "decided_on": "2012-05-05"},
         "XK_JDRQ=2022-05-05", ["minor_at_act", "current"]),
    ],
    ids=["police", "hidden", "licence", "minor"],
)  # fmt: skip
def test_a_correction_that_opens_or_hides_a_record_waits_too(
    town: Town, facts: Any, setting: str, states: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    Subject.objects.create(
        subject_key=PERSON, kind="person", name="测试乙", name_folded="y", born_on=date(2000, 1, 1)
    )
    rec_id = records.put(facts, by="centre1")
    words = ("record", "correct", rec_id, "--reason", "录入有误", "--set", setting, "--as", "centre1")
    said = ran(mending, *words, capsys=capsys)
    assert (said["term"]["state"], said["proposed_by"]) == (states, "centre1")
    assert Record.objects.get(pk=rec_id).rev == 1


def test_the_letter_says_that_it_is_shown_no_more_and_not_why(
    case: str, town: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    police = ("--set", "CF_CFJG=示例市公安局")
    ran(deciding, "objection", "conclude", case, *END, *police, "--as", "centre1", capsys=capsys)
    confirmed(deciding, case, capsys=capsys)
    changes = answered(case, town.centre, "zh_CN").facts.changes
    assert ("依规则是否展示", "展示", "不展示") in [(one.label, one.before, one.after) for one in changes]
    assert "sealed" not in str(changes)


def test_what_was_changed_after_it_was_read_is_not_confirmed(
    case: str, town: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    propose = ("record", "correct", town.rec_id, "--reason", "录入有误", "--as", "centre1")
    ran(mending, *propose, *DEARER, capsys=capsys)
    waiting = ("record", "waiting", town.rec_id, "--as", "centre2")
    read = ran(mending, *waiting, capsys=capsys)["digest"]
    assert json.loads(Leaf.objects.latest("index").entry)["records_sha256"] == read
    ran(mending, *propose, "--set", "CF_JDRQ=2023-05-06", capsys=capsys)
    words = ("record", "confirm", town.rec_id, "--as", "centre2", "--of")
    assert code_of(mending, *words, read) == "rev-conflict"
    assert Record.objects.get(pk=town.rec_id).rev == 2  # the mark of the case, no more
    read = ran(mending, *waiting, capsys=capsys)["digest"]
    ran(mending, *words, read, capsys=capsys)
    leaf = Leaf.objects.get(kind="record.confirmed")
    assert json.loads(leaf.entry)["records_sha256"] == read


def test_a_case_ends_as_its_end_was_read(case: str, capsys: pytest.CaptureFixture[str]) -> None:
    propose = ("objection", "conclude", case, *DEARER, "--outcome", "corrected", "--as", "centre1")
    ran(deciding, *propose, "--answer", "与决定书核对", capsys=capsys)
    read = ran(deciding, "objection", "waiting", case, "--as", "centre2", capsys=capsys)["digest"]
    ran(deciding, *propose, "--answer", "另一答复", capsys=capsys)
    words = ("objection", "confirm", case, "--as", "centre2", "--of", read)
    assert code_of(deciding, *words) == "rev-conflict"
    assert Objection.objects.get().state == "accepted"


def test_no_door_lets_one_person_set_an_amount_against_the_text(case: str, town: Town) -> None:
    given: dict[str, Any] = {"outcome": "corrected", "by": "centre1", "text_stays": "决定书另有更正裁定"}
    given["changes"] = {"fields": {"CF_NR_FK": "3"}}
    with pytest.raises(Problem, match="role-denied"):
        cases.conclude(case, **given)
    assert cases.conclude(case, second="centre2", **given)["state"] == "corrected"


def test_no_door_lets_one_person_move_a_term(case: str, town: Town) -> None:
    changes = {"fields": {"CF_NR_FK": "2000", "CF_NR": "罚款二千万元"}}
    given: dict[str, Any] = {"outcome": "corrected", "by": "centre1", "changes": changes}
    for second, code in (("", "role-denied"), ("centre1", "role-denied"), ("bank1", "role-denied")):
        with pytest.raises(Problem, match=code):
            cases.conclude(case, second=second, **given)
    assert cases.conclude(case, second="centre2", **given)["state"] == "corrected"


def test_who_filed_it_at_the_window_is_not_its_second(town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    Record.objects.filter(pk=town.rec_id).update(tier="")
    said = {"ground": "content", "wish": "correct", "statement": "金额是二千万元"}
    number = cases.take_in(colleague(town), town.rec_id, filed_on=today(), **said)["number"]
    cases.accept(number, by="centre1")
    ran(deciding, "objection", "conclude", number, *END, *DEARER, "--as", "centre1", capsys=capsys)
    words = ("objection", "waiting", number, "--as", "centre2")
    read = ran(deciding, *words, capsys=capsys)["digest"]
    words = ("objection", "confirm", number, "--of", read, "--as", "centre2")
    assert code_of(deciding, *words) == "role-denied"
    assert (Objection.objects.get().state, Proposal.objects.count()) == ("accepted", 1)


def test_what_was_proposed_for_an_earlier_state_is_proposed_anew(
    case: str, town: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    propose = ("objection", "conclude", case, *END, *DEARER, "--as", "centre1")
    ran(deciding, *propose, capsys=capsys)
    waits = ("objection", "waiting", case, "--as", "centre2")
    read = ran(deciding, *waits, capsys=capsys)["digest"]
    cases.forward(case, to="示例市监局", by="centre1")
    words = ("objection", "confirm", case, "--of", read, "--as", "centre2")
    assert (code_of(deciding, *words), Proposal.objects.count()) == ("not-found", 0)
    ran(deciding, *propose, capsys=capsys)
    read = ran(deciding, *waits, capsys=capsys)["digest"]
    fact = (
        "record",
        "correct",
        town.rec_id,
        "--reason",
        "录入有误",
        "--set",
        "CF_SY=示例",
        "--as",
        "centre1",
    )
    ran(mending, *fact, capsys=capsys)  # beside the case
    words = ("objection", "confirm", case, "--of", read, "--as", "centre2")
    assert code_of(deciding, *words) == code_of(deciding, *waits) == "rev-conflict"
    (listed,) = ran(deciding, "objection", "list", "--as", "centre2", capsys=capsys)["objections"]
    shown = ran(deciding, "objection", "show", case, "--as", "centre2", capsys=capsys)
    assert (listed["proposed_by"], shown["proposed"]) == ("", None)
    cases.conclude(case, outcome="kept", answer="一致", by="centre1")  # another end throws it away
    assert Proposal.objects.count() == 0


def test_a_proposal_of_who_is_staff_no_more_is_nobodys(
    case: str, town: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    ran(deciding, "objection", "conclude", case, *END, *DEARER, "--as", "centre2", capsys=capsys)
    correct = ("record", "correct", town.rec_id, "--reason", "金额录入有误", *DEARER, "--as", "centre2")
    ran(mending, *correct, capsys=capsys)
    Officer.objects.filter(user="centre2").update(active=False)
    assert code_of(deciding, "objection", "confirm", case, "--of", "0", "--as", "centre1") == "role-denied"
    record = ("record", "confirm", town.rec_id, "--of", "0", "--as", "centre1")
    assert code_of(mending, *record) == "role-denied"
    (listed,) = ran(deciding, "objection", "list", "--as", "centre1", capsys=capsys)["objections"]
    assert listed["proposed_by"] == ""
    Officer.objects.filter(user="centre2").update(active=True)
    assert code_of(mending, *record) == "rev-conflict"  # the control


def test_who_confirmed_the_end_does_not_end_the_recheck(
    case: str, town: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    ran(deciding, "objection", "conclude", case, *END, *DEARER, "--as", "centre1", capsys=capsys)
    confirmed(deciding, case, capsys=capsys)
    cases.recheck(town.own, case, why="仍不服")
    given = {"outcome": "kept", "answer": "一致"}
    for before in ("centre1", "centre2"):
        with pytest.raises(Problem, match="role-denied"):
            cases.conclude(case, by=before, **given)
    Officer.objects.filter(user="centre2").update(user="centre3")
    done = cases.conclude(case, by="centre3", **given)
    assert done["state"] == "kept"  # the control
    again = f"经复核，维持 {today()} 的处理结论（异议成立，记录已更正）"
    assert done["history"][-1]["text"] == answered(case, town.own, "zh_CN").facts.result == again


def test_what_nobody_can_confirm_is_not_read_and_goes_and_so_does_what_nobody_confirmed(
    case: str, town: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    propose = ("record", "correct", town.rec_id, "--reason", "金额录入有误", *DEARER, "--as", "centre1")
    ran(mending, *propose, capsys=capsys)
    before = stamp(now() - timedelta(days=30))
    assert forget_proposals(before, lambda: False) == 0  # the control
    assert forget_proposals(stamp(now() + timedelta(days=1)), lambda: False) == 1
    ran(mending, *propose, capsys=capsys)
    ran(mending, "record", "repair", town.rec_id, "--reason", "已修复", "--as", "centre1", capsys=capsys)
    assert code_of(mending, "record", "waiting", town.rec_id, "--as", "centre2") == "rev-conflict"
    assert (forget_proposals(before, lambda: False), Proposal.objects.count()) == (1, 0)
    assert kept_days("proposal_keep_days", today()) == 30


def test_a_single_record_is_held_to_the_same(
    case: str, town: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    correct = ("record", "correct", town.rec_id, "--reason", "金额录入有误", *DEARER, "--as", "centre1")
    said = ran(mending, *correct, capsys=capsys)
    assert (said["proposed_by"], "rev" in said) == ("centre1", False)
    read = ran(mending, "record", "waiting", town.rec_id, "--as", "centre2", capsys=capsys)
    assert (read["changed"], read["term"], read["reason"]) == (said["changed"], said["term"], "金额录入有误")
    assert Leaf.objects.latest("index").kind == "record.waiting"
    assert code_of(mending, "record", "confirm", town.rec_id, "--of", "0", "--as", "centre1") == "role-denied"
    done = confirmed(mending, town.rec_id, capsys=capsys)
    assert done["rev"] == Record.objects.get(pk=town.rec_id).rev
    assert Record.objects.get(pk=town.rec_id).amount_fen == 2_000_000_000
    assert code_of(mending, "record", "confirm", town.rec_id, "--of", "0", "--as", "centre2") == "not-found"


def test_why_a_text_stays_is_in_the_log(case: str, town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    words = ("objection", "conclude", case, *END, "--set", "CF_NR_FK=3", "--as", "centre1")
    assert code_of(deciding, *words) == "body-invalid"
    said = ran(deciding, *words, "--text-stays", "决定书另有更正裁定", capsys=capsys)
    assert (said["proposed_by"], said["term"]) == ("centre1", {})
    assert not Leaf.objects.filter(kind="record.text_stays").exists()
    assert confirmed(deciding, case, capsys=capsys)["state"] == "corrected"
    reasons = answered(case, town.own, "zh_CN").facts.reasons
    assert END[-1] in reasons and "决定书另有更正裁定" in reasons and "存疑" in reasons
    bank = {"role": "bank_officer", "organisation_kind": "bank", "on": date(2026, 9, 28)}
    (seen,) = records_shown(town.company, **bank).records  # type: ignore[arg-type]
    assert (seen.amount_fen, seen.amount_doubt) == (None, "text")
    assert any(text.startswith("存疑") for _, text in seen.fields)
    (correction,) = seen.corrections  # who reads that it is disputed reads why the text stays
    assert correction.text == f"{case}（金额与处罚内容所写的不一致，文字不改的理由：决定书另有更正裁定）"
    assert [one.label for one in answered(case, town.own, "zh_CN").facts.changes] == ["罚款金额"]
    assert all("3 万元" not in text for _, text in seen.fields)
    leaf = Leaf.objects.get(kind="record.text_stays")
    assert json.loads(leaf.entry)["outcome"] == f"done:{town.rec_id}: 决定书另有更正裁定"


def test_an_amount_against_the_text_waits_beside_a_case_too(
    town: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    colleague(town)
    words = ("record", "correct", town.rec_id, "--reason", "金额录入有误", "--set", "CF_NR_FK=3")
    kept = ("--text-stays", "决定书另有更正裁定", "--as", "centre1")
    said = ran(mending, *words, *kept, capsys=capsys)
    assert (said["term"], said["proposed_by"]) == ({}, "centre1")
    assert Record.objects.get(pk=town.rec_id).rev == 1
    confirmed(mending, town.rec_id, capsys=capsys)
    assert Record.objects.get(pk=town.rec_id).amount_fen == 3_000_000


@pytest.mark.parametrize("end", [records.annul, records.withdraw], ids=["annulled", "withdrawn"])
def test_what_is_told_to_nobody_any_more_is_not_corrected(
    case: str, town: Town, end: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    propose = ("record", "correct", town.rec_id, "--reason", "金额录入有误", *DEARER, "--as", "centre1")
    ran(mending, *propose, capsys=capsys)
    read = ran(mending, "record", "waiting", town.rec_id, "--as", "centre2", capsys=capsys)["digest"]
    end(town.rec_id, reason="示例撤回", by="centre1")
    state = Record.objects.get(pk=town.rec_id).status
    confirm = ("record", "confirm", town.rec_id, "--of", read, "--as", "centre2")
    conclude = ("objection", "conclude", case, *END, *DEARER, "--as", "centre1")
    plain = ("record", "correct", town.rec_id, "--reason", "有误", "--set", "CF_SY=示例", "--as", "centre1")
    for job, words in ((mending, confirm), (mending, propose), (mending, plain), (deciding, conclude)):
        with pytest.raises(Problem) as caught:
            job.run(_parser().parse_args([*words, "--home", "x"]))
        assert (caught.value.code, caught.value.context["ended"]) == ("rev-conflict", state), words
    assert [row.by for row in Proposal.objects.all()] == ["centre1"]  # the first one, which goes with time
    assert ran(
        deciding, "objection", "conclude", case, "--outcome", "removed", "--as", "centre1", capsys=capsys
    )


def test_a_repaired_record_may_be_wrong_in_a_special_report_and_its_second_reads_that_it_ended(
    town: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    colleague(town)
    Record.objects.filter(pk=town.rec_id).update(tier="")
    records.repair(town.rec_id, on=today(), by="centre1")
    propose = ("record", "correct", town.rec_id, "--reason", "金额录入有误", *DEARER, "--as", "centre1")
    said = ran(mending, *propose, capsys=capsys)
    read = ran(mending, "record", "waiting", town.rec_id, "--as", "centre2", capsys=capsys)
    assert said["ended"] == read["ended"] == f"该记录已于 {today()} 修复"
    assert (read["term"]["tier"], "state" in read["term"]) == (["general", "serious"], False)
    confirmed(mending, town.rec_id, capsys=capsys)
    assert Record.objects.get(pk=town.rec_id).status == "repaired"
