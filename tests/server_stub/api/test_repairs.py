"""Repair and the later steps of an objection over the wire: looked up, applied for once, supplemented."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from server_stub.cases import services as objections
from server_stub.cases.models import Attachment, Objection, Paper, Repair
from server_stub.cases.repairs import services as repairs
from server_stub.config.clock import today
from server_stub.evidence.models import Leaf
from server_stub.records import services as records
from server_stub.subjects.selectors import find_legal
from tests.server_stub.api.test_queries import bundle, legal
from tests.server_stub.api.test_uploads import deliver, filing
from tests.server_stub.cases.test_attachments import PNG
from tests.server_stub.knocking import Answer, Knocker
from tests.server_stub.records.made import penalty as fine

SCAN = PNG + b"paper"


@pytest.fixture
def firm(signed_in: Callable[[str], Knocker]) -> Knocker:
    return signed_in("firm1")


@pytest.fixture
def asked(firm: Knocker, subject: Callable[[str], dict[str, str]]) -> Answer:
    """The firm about itself, a penalty of six months ago on record."""
    unit = find_legal(subject("certified")["code"])
    assert unit is not None
    decided = (today() - timedelta(days=180)).isoformat()
    records.put(fine(decided=decided, subject_key=unit.subject_key), by="centre1")
    answer = firm.query(subject=legal(subject("certified")), purpose="B06")
    assert answer.status == 201, answer.body
    return answer


def standing(device: Knocker, query_no: str, rec_id: str) -> Answer:
    return device.call("POST", "/api/v1/repairs/standing", {"query_no": query_no, "rec_id": rec_id})


def penalty(device: Knocker, asked: Answer) -> dict[str, Any]:
    """How a penalty of the answer stands that may be applied for with an explanation."""
    for record in bundle(asked).records:
        seen = standing(device, asked.body["query_no"], record.rec_id)
        assert seen.status == 200, seen.body
        if record.section == "penalty":
            assert [kind for kind in seen.body["kinds"] if kind["code"] == "explanation" and kind["may"]]
            return dict(seen.body)
    raise AssertionError("the sample shows the firm no penalty of its own")


def brought(device: Knocker, content: bytes) -> str:
    url = device.upload(content).body["upload_url"]
    assert device.part(url, 0, content).body["arrived"]
    return hashlib.sha256(content).hexdigest()


def application(asked: Answer, seen: dict[str, Any], **more: Any) -> dict[str, Any]:
    digest = hashlib.sha256(SCAN).hexdigest()
    paper = {"check": "explanation", "name": "说明.png", "sha256": digest, "size": len(SCAN)}
    plain = {
        "kind": "explanation",
        "query_no": asked.body["query_no"],
        "rec_id": seen["rec_id"],
        "base_rev": seen["rev"],
        "statement": "示例：已整改",
        "papers": [paper],
    }
    return {**plain, **more}


def test_an_application_waits_for_its_paper_and_is_taken_once(firm: Knocker, asked: Answer) -> None:
    seen = penalty(firm, asked)
    item = firm.item("repair.apply", application(asked, seen))
    early = deliver(firm, item)
    assert (early["status"], early["problem"]["code"]) == (409, "evidence-awaited")
    brought(firm, SCAN)
    first = deliver(firm, item)
    assert (first["status"], first["body"]["state"]) == (200, "submitted")
    again = deliver(firm, item)
    assert again["replayed"]
    assert again["body"]["number"] == first["body"]["number"]
    assert (Repair.objects.count(), Paper.objects.count()) == (1, 1)
    (listed,) = firm.call("GET", "/api/v1/repairs").body["repairs"]
    assert (listed["number"], listed["papers"][0]["check"]) == (first["body"]["number"], "explanation")
    now = standing(firm, asked.body["query_no"], seen["rec_id"]).body
    assert (now["open"], now["number"]) == (True, listed["number"])


def test_nobody_looks_up_or_lists_what_is_anothers(
    firm: Knocker, asked: Answer, signed_in: Callable[[str], Knocker]
) -> None:
    seen = penalty(firm, asked)
    brought(firm, SCAN)
    assert deliver(firm, firm.item("repair.apply", application(asked, seen)))["status"] == 200
    bank, centre = signed_in("bank1"), signed_in("centre1")
    assert standing(bank, asked.body["query_no"], seen["rec_id"]).status == 404
    assert bank.call("GET", "/api/v1/repairs").body["repairs"] == []
    sent = Leaf.objects.filter(kind__in=("repair.sent", "objection.sent"))
    assert not sent.exists()
    assert len(centre.call("GET", "/api/v1/repairs").body["repairs"]) == 1
    centre.call("GET", "/api/v1/objections")
    told = [(one.kind, one.user, bool(one.subject_key)) for one in sent]
    kinds = ("objection.sent", "repair.sent")  # each case; and once a day that they were fetched
    assert set(told) == {(kind, "centre1", of_a_subject) for kind in kinds for of_a_subject in (True, False)}
    assert told.count(("repair.sent", "centre1", True)) == 1


def test_a_bank_applies_for_nobody_without_a_letter(
    asked: Answer, signed_in: Callable[[str], Knocker], subject: Callable[[str], dict[str, str]]
) -> None:
    bank = signed_in("bank1")
    own = bank.query(subject=legal(subject("certified")))
    seen = penalty(bank, own)
    brought(bank, SCAN)
    refused = deliver(bank, bank.item("repair.apply", application(own, seen)))
    assert (refused["status"], refused["problem"]["code"]) == (403, "repair-letter")
    assert Repair.objects.count() == 0


def test_what_is_missing_comes_by_the_outbox_for_the_revision_that_was_seen(
    firm: Knocker, asked: Answer
) -> None:
    seen = penalty(firm, asked)
    brought(firm, SCAN)
    number = deliver(firm, firm.item("repair.apply", application(asked, seen)))["body"]["number"]
    repairs.give_back(number, what="缺盖章", by="centre1")
    body = {"number": number, "base_rev": 1, "statement": "已盖章", "papers": []}
    stale = deliver(firm, firm.item("repair.supplement", body))
    assert (stale["status"], stale["problem"]["code"]) == (409, "rev-conflict")
    done = deliver(firm, firm.item("repair.supplement", {**body, "base_rev": 2}))
    assert done["body"]["state"] == "submitted"
    gone = deliver(firm, firm.item("repair.withdraw", {"number": number, "base_rev": 3, "why": "不再申请"}))
    assert gone["body"]["state"] == "withdrawn"
    assert standing(firm, asked.body["query_no"], seen["rec_id"]).body["open"] is False


def test_an_objection_is_supplemented_and_rechecked_by_the_outbox(
    firm: Knocker, subject: Callable[[str], dict[str, str]]
) -> None:
    filed = filing(firm, subject)
    filed = firm.item("objection.file", {**filed["body"], "kind": "objection"})
    number = deliver(firm, filed)["body"]["number"]
    objections.give_back(number, what="缺决定书", by="centre1")
    digest = brought(firm, SCAN)
    paper = {"name": "决定书.png", "sha256": digest, "size": len(SCAN)}
    more = {"number": number, "base_rev": 2, "statement": "附决定书", "attachments": [paper]}
    assert deliver(firm, firm.item("objection.supplement", more))["body"]["state"] == "filed"
    assert Attachment.objects.get().sha256 == digest
    objections.accept(number, by="centre1")
    ended = objections.conclude(number, outcome="kept", answer="一致（示例）", by="centre1")
    (seen,) = firm.call("GET", "/api/v1/objections").body["objections"]
    assert seen["notice"] == ended["notice"] != ""
    why = {"number": number, "base_rev": seen["rev"], "why": "决定书写明二千元（示例）"}
    assert deliver(firm, firm.item("objection.recheck", why))["body"]["state"] == "rechecking"
    assert Objection.objects.get(pk=number).rev == seen["rev"] + 1


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("repair.apply", {"kind": "explanation"}),
        ("repair.supplement", {"number": "XF-1"}),
        ("repair.withdraw", {"number": "XF-1", "base_rev": "1", "why": "x"}),
        ("objection.recheck", {"number": "YY-1", "base_rev": 1, "why": "x", "more": 1}),
        ("objection.supplement", {}),
        ("repair.decide", {}),
    ],
)
def test_control_a_body_that_is_none_is_refused(firm: Knocker, kind: str, body: dict[str, Any]) -> None:
    refused = deliver(firm, firm.item(kind, body))
    assert (refused["status"], refused["problem"]["code"]) == (422, "body-invalid")


def test_an_item_that_is_repeated_does_not_name_a_record_hidden_since(firm: Knocker, asked: Answer) -> None:
    seen = penalty(firm, asked)
    brought(firm, SCAN)
    hint = {"kind": "data_error", "query_no": asked.body["query_no"], "rec_id": seen["rec_id"],
        "ground": "content", "wish": "correct", "statement": "示例", "attachments": []}  # fmt: skip
    items = (firm.item("repair.apply", application(asked, seen)), firm.item("objection.file", hint))
    first = [deliver(firm, item)["body"] for item in items]
    unchanged = [deliver(firm, item) for item in items]
    assert [one["body"] for one in unchanged] == first  # the control: nothing was hidden yet
    assert [one["rec_id"] for one in first] == [seen["rec_id"]] * 2
    assert all(one["document_no"] for one in first)
    records.annul(seen["rec_id"], reason="示例", by="centre1")
    counts = (Repair.objects.count(), Objection.objects.count(), Leaf.objects.count())
    again = [deliver(firm, item) for item in items]
    assert [(one["status"], one["replayed"]) for one in again] == [(200, True)] * 2
    assert [one["body"]["number"] for one in again] == [one["number"] for one in first]
    assert [(one["body"]["rec_id"], one["body"]["document_no"]) for one in again] == [("", "")] * 2
    assert all(one["document_no"] not in str(again) for one in first)
    assert (Repair.objects.count(), Objection.objects.count(), Leaf.objects.count()) == counts
