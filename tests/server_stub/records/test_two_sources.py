"""Two sources send the same act: one record, both named, the earlier end, and somebody has to look."""

from __future__ import annotations

import json
from argparse import Namespace
from datetime import date

import pytest

from server_stub.accounts.services import create_officer, create_organisation
from server_stub.errors import Problem
from server_stub.evidence.models import Leaf
from server_stub.jobs import settling
from server_stub.records import conflicts, services
from server_stub.records.facts import RecordFacts
from server_stub.records.models import Record
from server_stub.records.revising import newest
from server_stub.subjects.models import Subject
from tests.server_stub.records.made import BY, penalty, see

pytestmark = pytest.mark.django_db
NO = "衡示市监罚〔2026〕1号"


def sent(source: str, end: str, **payload: str) -> RecordFacts:
    facts = penalty(NO, publicity_end_given=end)
    facts["payload"] |= {"CF_SJLY": source, "CF_SJLYDM": f"code-{source}", "CF_GSJZQ": end, **payload}
    return facts


def test_case_23_one_record_both_sources_and_the_earlier_end(company: Subject) -> None:
    rec_id = services.put(sent("甲局", "2027-03-01"), by=BY)
    assert services.put(sent("乙局", "2027-01-31"), by=BY) == rec_id
    (row,) = see(company).records
    assert row.publicity_end == "2027-01-31"
    assert "甲局；乙局" in dict(row.fields).values()
    assert row.corrections[0].text.startswith("两个来源")
    assert Leaf.objects.filter(kind="record.conflict", subject_key=company.subject_key).count() == 1
    # sent once more by either, nothing moves
    for again in (sent("甲局", "2027-03-01"), sent("乙局", "2027-01-31")):
        assert services.put(again, by=BY) == rec_id
    assert Record.objects.get(pk=rec_id).rev == 2


def test_a_later_end_of_the_second_source_does_not_prolong(company: Subject) -> None:
    rec_id = services.put(sent("甲局", "2027-01-31"), by=BY)
    services.put(sent("乙局", "2027-03-01", CF_NR="罚款三万元", CF_NR_FK="3"), by=BY)
    record = Record.objects.get(pk=rec_id)
    assert (record.publicity_end_given, record.amount_fen) == (date(2027, 1, 31), 2_000_000)
    assert json.loads(newest(record).payload)["CF_NR"] == "罚款二万元"


def test_the_leading_source_still_corrects_itself(company: Subject) -> None:
    rec_id = services.put(sent("甲局", "2027-01-31"), by=BY)
    services.put(sent("乙局", "2027-01-31"), by=BY)
    assert not Leaf.objects.filter(kind="record.conflict").exists()
    services.put(sent("甲局", "2027-01-31", CF_NR="罚款三万元", CF_NR_FK="3"), by=BY)
    (row,) = see(company).records
    assert (row.rec_id, row.amount_fen) == (rec_id, 3_000_000)
    assert "甲局；乙局" in dict(row.fields).values()


def test_control_one_source_alone_may_name_a_later_end(company: Subject) -> None:
    rec_id = services.put(sent("甲局", "2027-01-31"), by=BY)
    services.put(sent("甲局", "2027-03-01"), by=BY)
    assert Record.objects.get(pk=rec_id).publicity_end_given == date(2027, 3, 1)


def test_each_field_in_dispute_is_a_ticket_with_both_words(company: Subject) -> None:
    rec_id = services.put(sent("甲局", "2027-01-31"), by=BY)
    facts = sent("乙局", "2027-03-01", CF_NR="罚款三万元", CF_NR_FK="3")
    services.put({**facts, "source_no": "B20261123-1/2"}, by=BY)
    opened = conflicts.listed()
    assert [(one["field"], one["first"], one["second"]["value"]) for one in opened] == [
        ("CF_NR", {"source": "甲局", "value": "罚款二万元"}, "罚款三万元"),
        ("CF_NR_FK", {"source": "甲局", "value": "2.000000"}, "3"),
        ("CF_GSJZQ", {"source": "甲局", "value": "2027-01-31"}, "2027-03-01"),
    ]
    assert {(one["rec_id"], one["document_no"]) for one in opened} == {(rec_id, NO)}
    assert opened[0]["second"]["source_no"] == "B20261123-1/2"
    assert Leaf.objects.filter(kind="record.conflict").count() == 1
    services.put(facts, by=BY)  # said once more
    assert [one["number"] for one in conflicts.listed(closed=True)] == [one["number"] for one in opened]
    assert json.loads(newest(Record.objects.get(pk=rec_id)).payload)["CF_NR"] == "罚款二万元"


def test_tickets_close_when_the_sources_agree(company: Subject) -> None:
    services.put(sent("甲局", "2027-01-31"), by=BY)
    services.put(sent("乙局", "2027-01-31", CF_NR="罚款三万元", CF_SY="另一事实"), by=BY)
    assert [one["field"] for one in conflicts.listed()] == ["CF_SY", "CF_NR"]
    services.put(sent("甲局", "2027-01-31", CF_NR="罚款三万元"), by=BY)  # as the second says
    assert [one["field"] for one in conflicts.listed()] == ["CF_SY"]
    services.put(sent("乙局", "2027-01-31", CF_NR="罚款三万元"), by=BY)  # and the other way round
    closed = conflicts.listed(closed=True)
    assert [(one["closed_how"], bool(one["closed_at"])) for one in closed] == [("agreed", True)] * 2
    assert conflicts.listed() == []


def test_a_person_settles_once_with_a_reason(company: Subject, centre: str) -> None:
    services.put(sent("甲局", "2027-01-31"), by=BY)
    services.put(sent("乙局", "2027-01-31", CF_NR="罚款三万元"), by=BY)
    (ticket,) = conflicts.listed()
    with pytest.raises(ValueError, match="reason"):
        conflicts.settle(ticket["number"], why=" ", by=centre)
    with pytest.raises(Problem) as refused:
        conflicts.settle(ticket["number"], why="核实", by="nobody")
    assert refused.value.code == "role-denied"
    conflicts.settle(ticket["number"], why="以决定书为准", by=centre)
    (closed,) = conflicts.listed(closed=True)
    assert (closed["closed_how"], closed["closed_by"], closed["why"]) == ("settled", centre, "以决定书为准")
    assert Leaf.objects.filter(kind="record.settled", user=centre).count() == 1
    with pytest.raises(Problem) as again:
        conflicts.settle(ticket["number"], why="再次", by=centre)
    assert again.value.code == "rev-conflict"
    services.put(sent("乙局", "2027-01-31", CF_NR="罚款三万元"), by=BY)  # settled is settled
    assert conflicts.listed() == []


def test_the_command_lists_and_settles(
    company: Subject, centre: str, capsys: pytest.CaptureFixture[str]
) -> None:
    services.put(sent("甲局", "2027-01-31"), by=BY)
    services.put(sent("乙局", "2027-01-31", CF_NR="罚款三万元"), by=BY)

    def said(**words: object) -> list[dict[str, object]]:
        assert (
            settling.run(Namespace(**{"all": False, "settle": None, "why": "", "by": centre, **words})) == 0
        )
        return [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    with pytest.raises(Problem, match="role-denied"):
        said(by="nobody")
    (ticket,) = said()
    read = Leaf.objects.get(kind="conflict.shown")
    assert (read.user, read.subject_key) == (centre, company.subject_key)
    assert said(settle=ticket["number"], why="核实")[0]["closed_by"] == centre
    assert (said(), len(said(all=True))) == ([], 1)


def test_width_and_blanks_are_no_dispute(company: Subject) -> None:
    services.put(sent("甲局", "2027-01-31", CF_NR="罚款 20000 元（示例）"), by=BY)
    services.put(sent("乙局", "2027-01-31", CF_NR="罚款20000元(示例)", CF_YJ="只有乙局填写"), by=BY)
    assert conflicts.listed() == []


@pytest.fixture
def centre(db: None) -> str:
    create_officer(
        "keeper", "测试甲", create_organisation("C009", "示例中心", "centre"), "a long enough pw 1"
    )
    return "keeper"
