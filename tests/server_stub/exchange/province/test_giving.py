"""What leaves: own records in scope as they may go today, and nobody's number."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from server_stub.config.clock import clock
from server_stub.evidence.models import Leaf
from server_stub.exchange.province import giving, journal, persons, standing
from server_stub.exchange.province.models import Entry, Journal, Partner, PersonHandle, Ticket
from server_stub.feed import services as feed
from server_stub.feed.models import FeedHead
from server_stub.records import services as records
from server_stub.records.models import Record
from server_stub.records.sweeping import sweep
from server_stub.subjects.models import Subject
from server_stub.subjects.services import LegalEntry, PersonEntry, register
from tests.server_stub.exchange.province.other import UNIT, Other, ack_for, put
from tests.server_stub.exchange.province.test_taking import number
from tests.server_stub.records.made import penalty

BY = "centre1"


@pytest.fixture
def unit(db: None, home: Path) -> str:
    return register([LegalEntry(name=UNIT["name"], code=UNIT["code"])])[0].subject_key


@pytest.fixture
def person(db: None, home: Path) -> str:
    return register([PersonEntry(name="测试甲", number=number())])[0].subject_key


def pulled(other: Other, after: int = 0, **more: Any) -> dict[str, Any]:
    return other.word(other.send("POST", "pull", {"after": after, **more}))


def facts(subject_key: str, no: int = 1, **more: Any) -> Any:
    return penalty(f"衡示市监罚〔2026〕{no}号", subject_key=subject_key, **more)


def test_no_name_of_a_person_leaves_in_running_text(other: Other, unit: str, person: str) -> None:
    Subject.objects.filter(pk=unit).update(representative="李测试")
    told = "法定代表人李测试、负责人：王测试，经张测试（身份证 430400 19900101 0006）申请"
    for place, (key, known) in enumerate(((unit, "李测试"), (person, "测试甲")), start=1):
        payload = {
            **facts(key)["payload"],
            "CF_SY": told,
            "BZ": f"{known} 138-0000-0001",
            "CF_FRDB": "王测试",
        }
        records.put(facts(key, place, payload=payload, provider="示例局（经办人：张测试）"), by=BY)
    text = json.dumps(pulled(other), ensure_ascii=False)
    assert "申请" in text
    left = ("李测试", "王测试", "张测试", "测试甲", "430400 19900101 0006", "138-0000-0001")
    assert [clear for clear in left if clear in text] == []


def test_a_record_leaves_with_reason_and_provenance(other: Other, unit: str) -> None:
    rec_id = records.put(facts(unit, source_no="批次一/3"), by=BY)
    records.correct(rec_id, {"fields": {"CF_WFXW": "改正后"}}, reason="x", by=BY)
    batch = pulled(other)
    (row,) = batch["rows"]
    assert (row["rec_id"], row["rev"], row["op"], row["reason"]) == (rec_id, 2, "put", "corrected")
    assert row["who"]["code"] == UNIT["code"]
    assert row["payload"]["CF_WFXW"] == "改正后"
    assert row["provenance"]["source_no"] == "批次一/3"
    assert row["provenance"]["item"] == "PT-PENALTY"
    assert row["provenance"]["national_category"]
    assert batch["upto"] == batch["head"] == Journal.objects.get().number
    assert Leaf.objects.filter(kind="exchange.given", user=other.id).count() == 1


def test_no_number_of_a_person_leaves_in_any_field(other: Other, unit: str, person: str) -> None:
    for place, key in enumerate((unit, person), start=1):
        records.put(facts(key, place, acted_on="2026-05-01"), by=BY)
    batch = pulled(other)
    text = json.dumps(batch, ensure_ascii=False)
    assert len(batch["rows"]) == 2
    for clear in (number(), "430400199001010006", "13800000001", "CF_FR_ZJHM", "测试甲公司"):
        assert clear not in text
    mine = next(row["who"] for row in batch["rows"] if row["who"]["kind"] == "person")
    expected = other.person("测试甲", number())
    assert {name: mine[name] for name in expected} == expected
    assert mine["name"] == mine["code"] == ""


def test_two_partners_know_a_person_by_two_tokens(other: Other, person: str) -> None:
    third = Other()
    records.put(facts(person, acted_on="2026-05-01"), by=BY)
    tokens = [pulled(one)["rows"][0]["who"] for one in (other, third)]
    assert tokens[0]["token"] != tokens[1]["token"]
    assert tokens[0]["name_token"] != tokens[1]["name_token"]


def test_minors_sealed_and_over_aged_records_stay(other: Other, unit: str, person: str) -> None:
    records.put(facts(person, 1, decided="2005-05-06"), by=BY)  # a child then
    records.put(facts(unit, 2, public_security=True), by=BY)
    records.put(facts(unit, 3, decided="2015-05-06"), by=BY)
    records.put(facts(unit, 5, item_code="X-unheard-of"), by=BY)  # no catalogue covers it
    seen = records.put(facts(unit, 4), by=BY)
    assert [row["rec_id"] for row in pulled(other)["rows"]] == [seen]


@pytest.mark.parametrize(
    ("scope", "there"),
    [
        ({"sections": ["penalty"]}, True),
        ({"sections": ["licence"]}, False),
        ({"sections": ["penalty"], "items": ["PT-PENALTY"]}, True),
        ({"sections": ["penalty"], "items": ["PT-LICENCE"]}, False),
        ({"sections": ["penalty"], "area": "4304"}, True),
        ({"sections": ["penalty"], "area": "4301"}, False),
        ({"sections": ["penalty"], "since": "2026-05-06", "until": "2026-05-07"}, True),
        ({"sections": ["penalty"], "since": "2026-05-07"}, False),
        ({"sections": ["penalty"], "until": "2026-05-06"}, False),
    ],
)
def test_only_what_was_agreed_leaves(other: Other, unit: str, scope: dict[str, Any], there: bool) -> None:
    Partner.objects.update(scope=scope)
    records.put(facts(unit), by=BY)
    batch = pulled(other)
    assert bool(batch["rows"]) is there
    assert batch["upto"] == 1


def test_what_was_overtaken_is_not_sent_and_what_was_revoked_has_no_content(other: Other, unit: str) -> None:
    rec_id = records.put(facts(unit), by=BY)
    journal.gather()
    records.correct(rec_id, {"fields": {"CF_WFXW": "甲"}}, reason="x", by=BY)
    records.annul(rec_id, reason="撤销", by=BY)
    batch = pulled(other)
    assert [(row["op"], row["rev"], row["reason"]) for row in batch["rows"]] == [("revoke", 3, "annulled")]
    assert not set(batch["rows"][0]) & {"payload", "columns", "who", "digest"}
    assert batch["upto"] == 3


def test_a_record_that_leaves_the_scope_is_revoked_there(other: Other, unit: str) -> None:
    Partner.objects.update(scope={"sections": ["penalty"], "since": "2026-01-01"})
    rec_id = records.put(facts(unit), by=BY)
    pulled(other)
    records.correct(rec_id, {"decided_on": "2025-05-06"}, reason="x", by=BY)
    (row,) = pulled(other, 1)["rows"]
    assert (row["op"], row["reason"]) == ("revoke", "out_of_scope")


def test_publicity_that_ends_is_told(other: Other, unit: str) -> None:
    records.put(facts(unit, decided="2025-12-01", published_on="2025-12-01"), by=BY)
    before = pulled(other)
    assert before["rows"][0]["op"] == "put"
    sweep(date(2027, 1, 5), by="system")
    with clock(lambda: datetime(2027, 1, 5, tzinfo=UTC)):
        (row,) = pulled(other, before["upto"])["rows"]
    assert (row["op"], row["rev"], row["reason"]) == ("revoke", 1, "publicity_over")


def test_foreign_records_are_not_passed_on(other: Other, unit: str) -> None:
    other.word(other.send("POST", "batches", other.batch(put())))
    third = Other()
    assert pulled(third)["rows"] == pulled(other)["rows"] == []


def test_a_first_load_without_feed_rows_is_in_the_first_round(other: Other, unit: str) -> None:
    records.put_many([facts(unit, no) for no in range(1, 31)], by=BY)
    assert len(pulled(other)["rows"]) == 30
    records.put_many([facts(unit, 99)], by=BY)
    assert pulled(other, 30)["rows"] == []
    journal.begin_again()
    assert len(pulled(other, 30)["rows"]) == 31


def test_batches_are_bounded_and_follow_each_other(other: Other, unit: str) -> None:
    records.put_many([facts(unit, no) for no in range(1, 31)], by=BY)
    seen, after = [], 0
    while True:
        batch = pulled(other, after, most=7)
        assert batch["after"] == after
        assert len(batch["rows"]) <= 7
        seen += [row["rec_id"] for row in batch["rows"]]
        after = batch["upto"]
        if after == batch["head"]:
            break
    assert sorted(seen) == sorted(Record.objects.values_list("rec_id", flat=True))


def test_large_rows_make_small_batches(other: Other, unit: str) -> None:
    rows = [facts(unit, no) for no in range(1, 101)]
    for row in rows:
        row["payload"]["CF_SY"] = "文" * 3900
    records.put_many(rows, by=BY)
    answer = other.send("POST", "pull", {"after": 0})
    assert len(answer.content) < 1024 * 1024
    assert 1 < len(other.word(answer)["rows"]) < 100


def test_an_acknowledgement_moves_the_place_and_opens_tickets(other: Other, unit: str) -> None:
    rec_id = records.put(facts(unit), by=BY)
    answer = other.send("POST", "pull", {"after": 0}).json()
    refusal = {"rec_id": rec_id, "rev": 1, "code": "name-code-mismatch", "text": ""}
    word = ack_for(other, answer, accepted=0, refused=[refusal])
    for _ in range(2):
        assert other.send("POST", "acks", word).status_code == 200
    other.partner.refresh_from_db()
    assert other.partner.given_upto == 1
    ticket = Ticket.objects.get()
    assert (ticket.ours, ticket.rec_id, ticket.code) == (True, rec_id, "name-code-mismatch")
    assert standing.given(other.partner) == {}
    assert Leaf.objects.filter(kind="exchange.acked").count() == 1


def test_an_acknowledgement_of_something_else_moves_nothing(other: Other, unit: str) -> None:
    records.put(facts(unit), by=BY)
    answer = other.send("POST", "pull", {"after": 0}).json()
    assert other.send("POST", "acks", ack_for(other, answer, digest="0" * 64)).status_code == 404
    assert other.send("POST", "acks", ack_for(other, answer, upto=900)).status_code == 200
    other.partner.refresh_from_db()
    assert other.partner.given_upto == 0


def test_a_put_back_backup_offers_everything_again_from_a_named_place(other: Other, unit: str) -> None:
    records.put(facts(unit), by=BY)
    first = pulled(other)
    FeedHead.objects.update(epoch="restored")
    answer = other.send("POST", "pull", {"after": 1, "epoch": first["epoch"]})
    assert (answer.status_code, answer.json()["code"]) == (409, "epoch-changed")
    place = answer.json()["context"]
    again = pulled(other, place["after"], epoch=place["epoch"])
    assert [row["rec_id"] for row in again["rows"]] == [row["rec_id"] for row in first["rows"]]


def test_a_feed_that_lost_its_beginning_begins_a_new_round(other: Other, unit: str) -> None:
    pulled(other)
    records.put(facts(unit), by=BY)
    feed.number()
    assert feed.compact(keep_days=-1) == 1
    assert len(pulled(other)["rows"]) == 1


def test_numbers_have_no_gaps(other: Other, unit: str) -> None:
    rec_id = records.put(facts(unit), by=BY)
    for text in "甲乙丙":
        records.correct(rec_id, {"fields": {"CF_WFXW": text}}, reason="x", by=BY)
        journal.gather()
    assert list(Entry.objects.order_by("number").values_list("number", flat=True)) == [1, 2, 3]
    assert giving.batch(other.partner, 0, number=1).upto == 3


def test_nothing_is_given_to_a_partner_that_only_delivers(unit: str) -> None:
    delivering = Other(direction="pull")
    for method, name, body in (("POST", "pull", {"after": 0}), ("GET", "manifest", None)):
        assert delivering.send(method, name, body).json()["code"] == "role-denied"


def test_a_person_without_a_kept_digest_stays_and_is_counted(other: Other, person: str) -> None:
    records.put(facts(person, acted_on="2026-05-01"), by=BY)
    assert persons.unmatched() == 0
    PersonHandle.objects.all().delete()
    assert pulled(other)["rows"] == []
    assert persons.unmatched() == 1
