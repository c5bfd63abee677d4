"""Every paper names who was handed it; a void one is void at once; the register tells the staff all of it."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest

from app.field.limits import LONGEST
from server_stub.command import _parser
from server_stub.errors import Problem
from server_stub.evidence import services as evidence
from server_stub.evidence.log import stored
from server_stub.evidence.models import Leaf
from server_stub.feed.models import Change
from server_stub.jobs import recalling
from server_stub.reports import register, voiding
from server_stub.reports.models import Report
from server_stub.reports.selectors import verify
from server_stub.subjects.models import Subject
from tests.server_stub.reports.conftest import Desk

pytestmark = pytest.mark.django_db


def void(desk: Desk, number: str, why: str = "打印有误（示例）") -> dict[str, Any]:
    body, op_id = {"number": number, "why": why}, str(uuid.uuid4())
    link = desk.link("void", op_id, body, report_no=number)
    return voiding.void_by_unit(desk.officer, desk.device, [link], op_id, body, 0)


def staff(capsys: pytest.CaptureFixture[str], *words: str) -> list[dict[str, Any]]:
    assert recalling.run(_parser().parse_args(["report", *words, "--home", "x"])) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_the_register_knows_who_was_handed_the_paper(
    desk: Desk, query_no: str, capsys: pytest.CaptureFixture[str]
) -> None:
    agent = {"kind": "agent", "name": " 示例代理人 "}
    number = desk.issue(query_no, receiver=agent)["number"]
    row = Report.objects.get()
    assert (row.receiver_kind, row.receiver) == ("agent", "示例代理人")
    assert staff(capsys, "list", "--as", "centre1") == [
        {"number": number, "issued_on": "2026-11-23", "template": "standard"}
    ]
    assert staff(capsys, "list", "--on", "2026-11-22", "--as", "centre1") == []
    assert staff(capsys, "list", "--organisation", "none", "--as", "centre1") == []
    shown = staff(capsys, "show", number.lower(), "--as", "centre1")[0]
    assert shown["receiver"] == {"kind": "agent", "name": "示例代理人"}
    assert [act["kind"] for act in shown["acts"]] == ["issue"]
    assert (shown["prints"], shown["reprints"], shown["state"]) == (0, 0, "current")
    assert shown["paper"] == {"template": "standard", "language": "zh_CN", "large": False}


def test_a_list_of_papers_says_of_nobody_who_asked(
    desk: Desk, query_no: str, capsys: pytest.CaptureFixture[str]
) -> None:
    number = desk.issue(query_no, receiver={"kind": "agent", "name": "示例代理人"})["number"]
    row = Report.objects.get()
    about = (row.subject_masked, row.user, row.organisation, row.purpose, row.receiver)
    listed = json.dumps(staff(capsys, "list", "--as", "centre1"), ensure_ascii=False)
    assert [one for one in about if one in listed] == []
    assert not Leaf.objects.filter(kind="report.listed").exclude(subject_key="").exists()
    card = json.dumps(staff(capsys, "show", number, "--as", "centre1"), ensure_ascii=False)
    assert [one for one in about if one not in card] == []  # the control: its card does, and is a look
    assert Leaf.objects.get(kind="report.shown").subject_key == row.subject_key


def test_who_reads_the_register_is_staff_and_stands_in_the_log(
    desk: Desk, query_no: str, capsys: pytest.CaptureFixture[str]
) -> None:
    number = desk.issue(query_no)["number"]
    staff(capsys, "list", "--as", "centre1")
    staff(capsys, "list", "--on", "2026-11-22", "--organisation", "O-x", "--as", "centre1")
    staff(capsys, "show", number, "--as", "centre1")
    for words in (("list", "--as", "bank1"), ("show", number, "--as", "bank1")):
        with pytest.raises(Problem, match="role-denied"):
            staff(capsys, *words)
    leaves = [
        stored(leaf).entry for leaf in Leaf.objects.filter(kind__startswith="report.").order_by("index")
    ]
    assert [(one.kind, one.user, one.report_no, one.outcome) for one in leaves] == [
        ("report.listed", "centre1", "", "2026-11-23, all: 1"),
        ("report.listed", "centre1", "", "2026-11-22, O-x: 0"),
        ("report.shown", "centre1", number, "done"),
    ]
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("receiver", "code"),
    [
        (None, "receiver-needed"),
        ({"kind": "agent", "name": "  "}, "receiver-needed"),
        ({"kind": "office", "name": ""}, "receiver-needed"),
        ({"kind": "agent", "name": "字" * (LONGEST["receiver"] + 1)}, "text-too-long"),
        ({"kind": "agent", "name": "甲\u0007"}, "text-unfit"),
        ({"kind": "agent", "name": "测试甲 11010519491231000X"}, "text-unfit"),
        ({"kind": "nobody", "name": "甲"}, "body-invalid"),
    ],
)
def test_without_a_receiver_nothing_is_issued(desk: Desk, query_no: str, receiver: Any, code: str) -> None:
    with pytest.raises(Problem) as raised:
        desk.issue(query_no, receiver=receiver)
    assert (raised.value.code, Report.objects.count()) == (code, 0)


def test_prints_are_counted_from_the_links_of_the_computer(desk: Desk, query_no: str) -> None:
    number = desk.issue(query_no)["number"]
    links = [
        desk.link("print", str(uuid.uuid4()), {}, report_no=number, query_no=query_no, copies=copies)
        for copies in (1, 2, 1)
    ]
    evidence.accept_device_entries(desk.device, desk.officer, [])
    for accepted in evidence.accept_device_entries(desk.device, desk.officer, links):
        evidence.leaf_for(accepted, organisation=desk.officer.organisation_id)
    told = register.card(number)
    assert (told["prints"], told["reprints"]) == (3, 2)
    assert [act["kind"] for act in told["acts"]] == ["issue", "print", "print", "print"]


def test_the_unit_declares_its_report_void_and_everybody_is_told_at_once(desk: Desk, query_no: str) -> None:
    number = desk.issue(query_no)["number"]
    said = void(desk, number)
    assert (said["number"], said["replayed"], said["receipts"][-1].entry.kind) == (number, False, "void")
    assert verify(number)["state"] == "void"
    body = Change.objects.filter(op="notice", audience="bank1").order_by("-id")[0].body
    assert body == {"kind": "report_superseded", "number": number, "state": "void"}
    leaf = Leaf.objects.order_by("-index")[0]
    assert (leaf.kind, leaf.report_no, leaf.user) == ("void", number, "bank1")
    assert Report.objects.get().void_why == "打印有误（示例）"
    with pytest.raises(Problem, match="report-void"):
        void(desk, number)


def test_the_same_wish_again_is_answered_alike(desk: Desk, query_no: str) -> None:
    number = desk.issue(query_no)["number"]
    body, op_id = {"number": number, "why": "示例"}, str(uuid.uuid4())
    link = desk.link("void", op_id, body, report_no=number)
    told = [voiding.void_by_unit(desk.officer, desk.device, [link], op_id, body, 0) for _ in range(2)]
    assert told[0]["void_at"] == told[1]["void_at"]
    assert [one["replayed"] for one in told] == [False, True]


def test_another_unit_cannot_and_a_colleague_can(desk: Desk, rich: Subject, query_no: str) -> None:
    number = desk.issue(query_no)["number"]
    with pytest.raises(Problem, match="not-found"):
        void(Desk("branch1"), number)
    assert verify(number)["state"] == "current"
    assert void(Desk("bank2"), number)["void_at"]  # of the same bank


@pytest.mark.parametrize("why", ["", "  ", "字" * (LONGEST["void_why"] + 1)])
def test_a_reason_is_needed(desk: Desk, query_no: str, why: str) -> None:
    number = desk.issue(query_no)["number"]
    with pytest.raises(Problem):
        void(desk, number, why)
    assert verify(number)["state"] == "current"


def test_the_staff_void_by_two(desk: Desk, query_no: str, capsys: pytest.CaptureFixture[str]) -> None:
    number = desk.issue(query_no)["number"]
    one = ["void", number, "--why", "印章误用（示例）", "--as", "centre1", "--second"]
    for second in ("centre1", "bank1"):
        with pytest.raises((Problem, ValueError)):
            staff(capsys, *one, second)
    assert verify(number)["state"] == "current"
    told = staff(capsys, *one, "centre2")[0]
    assert (told["state"], told["void_why"]) == ("void", "印章误用（示例）")
    assert [act["kind"] for act in told["acts"]] == ["issue", "report-void"]
    assert told["acts"][-1]["outcome"] == "done, with centre2: 印章误用（示例）"
    assert verify(number)["state"] == "void"
