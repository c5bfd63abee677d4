"""The letter that answers an objection: who may have it, what it says, and what makes it another's turn."""

from __future__ import annotations

import json
import uuid
from argparse import Namespace
from pathlib import Path
from typing import Any

import msgspec
import pytest

from app.field.paper_facts import AnswerFacts, EarlierFact
from app.field.receivers import Receiver
from app.field.reportdoc import FactsDocument
from server_stub.cases import services as cases
from server_stub.cases.answering import answered
from server_stub.cases.finding import finding_of, result_of
from server_stub.cases.models import Objection
from server_stub.command import _parser
from server_stub.config.clock import today
from server_stub.errors import Problem
from server_stub.evidence.models import Leaf
from server_stub.jobs import deciding, recalling
from server_stub.records import services as records
from server_stub.records.models import Record
from server_stub.reports.answering import source
from server_stub.reports.drafted import IssueBody
from server_stub.reports.models import Report
from server_stub.reports.selectors import file_of, folder, verify
from server_stub.reports.services import issue_by_staff
from server_stub.rules.tables_file import shipped
from server_stub.subjects.models import Subject
from tests.server_stub.reports.conftest import Desk, Watch

pytestmark = pytest.mark.django_db
RIGHT = {"fields": {"CF_SY": "示例事实（更正）", "CF_YJ": ""}}


@pytest.fixture
def case(desk: Desk, rich: Subject, query_no: str) -> str:
    """An objection of the desk's own, accepted."""
    record = Record.objects.filter(subject_key=rich.subject_key, section="penalty").first()
    assert record is not None
    body = {
        "kind": "objection",
        "query_no": query_no,
        "rec_id": record.rec_id,
        "ground": "content",
        "wish": "remove",
        "statement": "陈述只存于案卷",
        "letter_no": "SQ-20261120-000001",
    }
    filed = cases.file(desk.officer, str(uuid.uuid4()), body, letter_ok=lambda *given: True)
    cases.accept(filed["number"], by="centre1")
    return str(filed["number"])


def issue(desk: Desk, number: str, **more: Any) -> dict[str, Any]:
    return desk.issue(number, template="answer", **more)


def facts_of(answer: dict[str, Any]) -> AnswerFacts:
    document = msgspec.json.decode(
        bytes(Report.objects.get(number=answer["number"]).document), type=FactsDocument
    )
    assert isinstance(document.facts, AnswerFacts)
    return document.facts


def test_it_says_what_was_found_what_changed_and_by_when(desk: Desk, case: str, watch: Watch) -> None:
    with pytest.raises(Problem) as raised:
        issue(desk, case)
    assert raised.value.code == "objection-open"
    watch.forward(days=2)
    cases.conclude(case, outcome="corrected", by="centre2", changes=RIGHT, answer="原文书为二千元")
    answer = issue(desk, case)
    facts = facts_of(answer)
    assert (facts.finding, facts.asked, facts.reasons) == ("partly", ("内容有误", "删除"), "原文书为二千元")
    assert facts.result == "异议部分成立，记录已更正，请求的处理未予采纳"
    assert (facts.accepted_on, facts.term_days, facts.term_until) == ("2026-11-23", 7, "2026-12-02")
    assert (facts.concluded_on, facts.days_taken) == ("2026-11-25", 2)
    assert [(one.label, one.after) for one in facts.changes] == [
        ("违法事实", "示例事实（更正）"),
        ("处罚依据", ""),
    ]
    assert all(one.before not in ("", one.after) for one in facts.changes)
    assert [bool(one.until) for one in facts.remedies] == [True, True]
    assert facts.basis == "平台规程"
    kept = bytes(Report.objects.get(number=answer["number"]).document).decode()
    assert "陈述只存于案卷" not in kept
    assert "bundle" not in json.loads(kept)
    row = Report.objects.get(number=answer["number"])
    assert (row.query_no, row.valid_until.isoformat()) == (case, "2099-12-31")
    english = facts_of(issue(desk, case, language="en"))
    assert english.result.startswith("Upheld in part; the record was corrected")
    assert english.asked == ("Content is wrong", "remove it")


def test_no_basis_that_a_letter_prints_holds_a_reservation_of_ours() -> None:
    rows = [row for row in shipped().deadline if row.place == "city" and row.procedure == "objection"]
    assert any("待核对" in row.basis for row in rows)  # control
    assert not any("待核对" in (row.text or row.basis) for row in rows)


def whom(number: str) -> tuple[str, AnswerFacts]:
    document = msgspec.json.decode(bytes(Report.objects.get(number=number).document), type=FactsDocument)
    assert isinstance(document.facts, AnswerFacts)
    return document.subject, document.facts


def test_a_person_who_is_handed_it_is_named_and_another_is_not_told_of_him(
    desk: Desk, case: str, rich: Subject
) -> None:
    cases.conclude(case, outcome="kept", by="centre2", answer="与文书一致")
    unit = whom(issue(desk, case)["number"])
    assert (unit[0], unit[1].code, unit[1].subject_kind) == (rich.name, rich.code, "legal")
    Subject.objects.filter(pk=rich.pk).update(
        kind="person", name="测试甲子", id_type="resident_id", number_masked="430405********0007", code=""
    )
    numbers = [
        issue_by_staff("centre1", IssueBody(case, "answer", receiver=receiver), lambda pdf: None).number
        for receiver in (Receiver("subject"), Receiver("agent", "示例代理人"))
    ]
    own, agents = map(whom, numbers)
    assert (own[0], own[1].code, own[1].subject_kind) == ("测试甲子", "430405********0007", "person")
    assert (agents[0], agents[1].code) == ("测**", "")
    assert Report.objects.get(number=numbers[0]).subject_masked == "测**"


def test_a_second_letter_on_one_answer_says_which_was_the_first(desk: Desk, case: str) -> None:
    cases.conclude(case, outcome="kept", by="centre2", answer="与文书一致")
    first = issue(desk, case)["number"]
    wanted = IssueBody(case, "answer", receiver=Receiver("subject"))
    second = issue_by_staff("centre1", wanted, lambda pdf: None).number
    assert (whom(first)[1].copy_no, whom(first)[1].first_copy) == (1, "")
    assert (whom(second)[1].copy_no, whom(second)[1].first_copy) == (2, first)
    assert {verify(first)["state"], verify(second)["state"]} == {"current"}
    Report.objects.filter(number=first).update(void_at="2026-11-24T00:00:00Z")
    third = issue_by_staff("centre1", wanted, lambda pdf: None).number
    assert (whom(third)[1].copy_no, whom(third)[1].first_copy) == (2, second)
    other = IssueBody(case, "answer", receiver=Receiver("agent", "示例代理人"))
    fourth = issue_by_staff("centre1", other, lambda pdf: None).number
    assert (whom(fourth)[1].copy_no, whom(fourth)[1].first_copy) == (3, "")  # somebody else's number
    cases.recheck(desk.officer, case, why="请再核对")
    cases.conclude(case, outcome="noted", by="centre1", answer="提供单位未留原件")
    assert whom(issue(desk, case)["number"])[1].copy_no == 1  # of another answer


def test_of_two_letters_that_are_set_at_once_one_is_set_anew(desk: Desk, case: str) -> None:
    cases.conclude(case, outcome="kept", by="centre2", answer="与文书一致")
    wanted = IssueBody(case, "answer", receiver=Receiver("subject"))
    begun = source(desk.officer, wanted, today())
    begun.still()  # the control
    assert facts_of(issue(desk, case)).copy_no == 1
    with pytest.raises(Problem, match="query-stale"):
        begun.still()


def test_a_recheck_makes_the_letter_old_and_its_end_is_another_letter(desk: Desk, case: str) -> None:
    cases.conclude(case, outcome="kept", by="centre2", answer="与文书一致")
    first = issue(desk, case)["number"]
    assert verify(first)["state"] == "current"
    cases.recheck(desk.officer, case, why="请再核对")
    assert verify(first)["state"] == "superseded"
    with pytest.raises(Problem) as raised:
        issue(desk, case)
    assert raised.value.code == "objection-open"
    cases.conclude(case, outcome="noted", by="centre1", answer="提供单位未留原件")
    second = issue(desk, case)
    facts = facts_of(second)
    assert (facts.finding, facts.rechecked_on) == ("unconfirmed", "2026-11-23")
    assert (verify(second["number"])["state"], verify(first)["state"]) == ("current", "superseded")


def test_it_is_for_who_filed_and_names_no_record_that_is_hidden_from_him(
    desk: Desk, other_desk: Desk, case: str
) -> None:
    cases.conclude(case, outcome="removed", by="centre2", answer="决定已被撤销")
    with pytest.raises(Problem) as raised:
        issue(other_desk, case)
    assert raised.value.code == "not-found"
    with pytest.raises(Problem) as raised:
        issue(desk, case)  # for the subject: a sheet without content would be all he has
    assert (raised.value.code, raised.value.context["number"]) == ("answer-at-window", case)
    facts = facts_of(issue(desk, case, receiver={"kind": "agent", "name": "示例代理人"}))
    assert (facts.finding, facts.document_no, facts.record_no, facts.reasons) == ("upheld", "", "", "")
    assert (facts.changes, facts.ended) == ((), True)


def test_the_staff_hand_it_out_at_the_window_with_its_own_leaf(
    desk: Desk, case: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cases.conclude(case, outcome="removed", by="centre2", answer="决定已被撤销")
    out = tmp_path / "letter.pdf"
    words = Namespace(act="letter", number=case, by="centre1", out=out, language="zh_CN")
    words.handed, words.receiver = "agent", "示例代理人"
    assert deciding.run(words) == 0
    said = json.loads(capsys.readouterr().out)
    assert out.read_bytes().startswith(b"%PDF")
    assert out.stat().st_mode & 0o777 == 0o600
    facts = facts_of(said)
    assert facts.document_no and facts.reasons == "决定已被撤销"
    assert facts.ended
    row = Report.objects.get(number=said["number"])
    assert (row.receiver_kind, row.receiver, row.user) == ("agent", "示例代理人", "centre1")
    assert Leaf.objects.get(index=row.leaf_index).report_no == row.number
    with pytest.raises(ValueError, match="there already"):
        deciding.run(words)
    assert (Report.objects.count(), file_of(row)) == (1, out.read_bytes())


def fetch(number: str, out: Path, by: str = "centre2") -> int:
    words = ["report", "file", number, "--out", str(out), "--as", by, "--home", "x"]
    return recalling.run(_parser().parse_args(words))


def test_the_staff_have_their_own_paper_once_more_and_nobody_elses(
    desk: Desk, case: str, tmp_path: Path
) -> None:
    cases.conclude(case, outcome="kept", by="centre2", answer="与文书一致")
    wanted = IssueBody(case, "answer", receiver=Receiver("subject", ""))
    own = issue_by_staff("centre1", wanted, lambda pdf: None)
    again = tmp_path / "again.pdf"
    assert fetch(own.number, again) == 0
    assert again.read_bytes() == file_of(own)
    leaf = Leaf.objects.get(kind="report.fetched")
    assert (leaf.user, leaf.report_no) == ("centre2", own.number)
    with pytest.raises(ValueError, match="there already"):
        fetch(own.number, again)
    refused = tmp_path / "refused.pdf"
    with pytest.raises(Problem, match="role-denied"):
        fetch(own.number, refused, "bank1")
    with pytest.raises(Problem, match="not-found"):
        fetch(issue(desk, case)["number"], refused)  # the unit's
    cases.recheck(desk.officer, case, why="请再核对")
    with pytest.raises(Problem, match="answer-withdrawn"):
        fetch(own.number, refused)
    assert not refused.exists()
    assert Leaf.objects.filter(kind="report.fetched").count() == 1


def test_a_letter_that_cannot_be_written_is_not_issued(desk: Desk, case: str, tmp_path: Path) -> None:
    words = Namespace(act="letter", number=case, by="centre1", out=tmp_path / "a.pdf", language="zh_CN")
    words.handed, words.receiver = "subject", ""
    with pytest.raises(Problem, match="objection-open"):
        deciding.run(words)
    assert list(tmp_path.iterdir()) == []  # no file without its letter
    cases.conclude(case, outcome="kept", by="centre2", answer="与文书一致")
    words.out = tmp_path / "none" / "a.pdf"
    with pytest.raises(FileNotFoundError):
        deciding.run(words)

    def full(pdf: bytes) -> None:
        Path("/dev/full").write_bytes(pdf)

    wanted, before = IssueBody(case, "answer", receiver=Receiver("subject", "")), set(folder().glob("*"))
    with pytest.raises(OSError, match="No space left"):
        issue_by_staff("centre1", wanted, full)
    assert (Report.objects.count(), Leaf.objects.filter(kind="issue").count()) == (0, 0)
    assert set(folder().glob("*")) == before
    number = issue_by_staff("centre1", wanted, lambda pdf: None).number  # control
    assert set(folder().glob("*")) - before == {folder() / f"{number}.pdf"}


@pytest.mark.parametrize(
    ("outcome", "wish", "found"),
    [
        ("removed", "correct", "upheld"),
        ("corrected", "correct", "upheld"),
        ("corrected", "stop", "partly"),
        ("supplemented", "remove", "partly"),
        ("corrected", "请按判决书写", "upheld"),
        ("kept", "remove", "rejected"),
        ("noted", "remove", "unconfirmed"),
        ("", "remove", "declined"),
    ],
)
def test_a_finding_is_held_against_what_was_asked_for(outcome: str, wish: str, found: str) -> None:
    assert finding_of(outcome, wish) == found
    told = result_of(outcome, wish, "objection")
    assert ("部分成立" in told, "成立" in told) == (found == "partly", found in ("partly", "upheld"))
    assert "成立" not in result_of(outcome, wish, "data_error")


def test_a_result_without_reasons_is_said_once(desk: Desk, case: str) -> None:
    told = cases.conclude(case, outcome="corrected", by="centre2", changes=RIGHT)
    assert told["history"][-1]["text"].startswith("异议部分成立")
    assert "异议成立" not in told["notice"]
    for language, word in (("zh_CN", "异议部分成立"), ("en", "Upheld in part")):
        facts = answered(case, desk.officer, language).facts
        assert (facts.reasons, facts.result.startswith(word)) == ("", True)


def test_a_correction_beside_the_case_is_told_and_a_later_one_is_not(desk: Desk, case: str) -> None:
    rec_id = Objection.objects.get(pk=case).rec_id
    records.correct(rec_id, {"fields": {"CF_SY": "示例事实（更正）"}}, reason="来源部门更正", by="centre1")
    cases.conclude(case, outcome="corrected", by="centre2", answer="已更正")
    records.correct(rec_id, {"fields": {"CF_YJ": "示例依据（其后）"}}, reason="另案", by="centre1")
    facts = answered(case, desk.officer, "zh_CN").facts
    assert [(one.label, one.after) for one in facts.changes] == [("违法事实", "示例事实（更正）")]


@pytest.mark.parametrize(("outcome", "told"), [("kept", []), ("corrected", ["违法事实"])])
def test_a_recheck_tells_what_it_changed_and_not_what_came_before(
    desk: Desk, case: str, outcome: str, told: list[str]
) -> None:
    cases.conclude(case, outcome="corrected", by="centre2", changes=RIGHT, answer="有误")
    first = answered(case, desk.officer, "zh_CN").facts
    assert [one.label for one in first.changes] == ["违法事实", "处罚依据"]  # control
    cases.recheck(desk.officer, case, why="还不对")
    more = {"changes": {"fields": {"CF_SY": "示例事实（再次更正）"}}} if told else {}
    view = cases.conclude(case, outcome=outcome, by="centre1", answer="与文书一致", **more)
    facts = answered(case, desk.officer, "zh_CN").facts
    assert [one.label for one in facts.changes] == told
    assert all(one.before == "示例事实（更正）" for one in facts.changes)
    assert facts.earlier is not None
    assert (facts.earlier.concluded_on, facts.earlier.changes) == ("2026-11-23", first.changes)
    assert facts.earlier.stands == (outcome == "kept")
    assert facts.finding == ("stands" if outcome == "kept" else "partly")
    assert ("维持 2026-11-23 的处理结论" in facts.result) == (outcome == "kept")
    assert facts.result in view["notice"]


def test_a_recheck_of_what_was_kept_says_no_more_than_that(desk: Desk, case: str) -> None:
    cases.conclude(case, outcome="kept", by="centre2", answer="与文书一致")
    assert answered(case, desk.officer, "zh_CN").facts.earlier is None
    cases.recheck(desk.officer, case, why="请再核对")
    cases.conclude(case, outcome="kept", by="centre1", answer="仍与文书一致")
    facts = answered(case, desk.officer, "zh_CN").facts
    assert facts.earlier == EarlierFact("2026-11-23", "经核查维持原记录", (), stands=False)
    assert (facts.finding, facts.result, facts.ended) == ("rejected", "经核查维持原记录", False)
