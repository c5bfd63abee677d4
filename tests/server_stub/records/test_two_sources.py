"""Two sources send the same act: one record, both named, the earlier end, and somebody has to look."""

from __future__ import annotations

import json
from datetime import date

import pytest

from server_stub.evidence.models import Leaf
from server_stub.records import services
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
