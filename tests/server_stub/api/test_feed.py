"""What reaches a device: changes to its copies, notices to its officer, and nothing of others."""

from __future__ import annotations

import base64
import time
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction

from server_stub.config.clock import today
from server_stub.feed.models import Change, FeedHead, Follower, Holding
from server_stub.feed.services import announce, compact
from server_stub.records import services as records
from server_stub.records.models import Record
from tests.server_stub.api.test_queries import bundle, legal
from tests.server_stub.knocking import Knocker

Subject = Callable[[str], dict[str, str]]
SignedIn = Callable[[str], Knocker]
PATH = "/api/v1/changes"


@pytest.fixture
def copy(bank: Knocker, subject: Subject) -> dict[str, Any]:
    """A copy on the bank's device: its number and records."""
    seen = bundle(bank.query(subject=legal(subject("rich"))))
    return {"query_no": seen.query_no, "records": {one.rec_id: one.rev for one in seen.records}}


def correct(rec_id: str) -> int:
    return records.correct(rec_id, {"payload": {"CF_WFSS": "更正后"}}, reason="corrected", by="centre1")


def test_a_corrected_record_reaches_its_holder_once(bank: Knocker, copy: dict[str, Any]) -> None:
    cursor = bank.session["cursor"]
    rec_id = _penalty(copy)
    correct(rec_id)
    page = bank.call("GET", PATH, cursor=cursor).body
    mine = [change for change in page["changes"] if change["rec_id"] == rec_id]
    assert [(change["op"], change["reason"]) for change in mine] == [("revoke", "corrected")]
    again = bank.call("GET", PATH, cursor=page["next_cursor"], acked=page["next_cursor"]).body
    assert (again["changes"], again["more"]) == ([], False)
    follower = Follower.objects.get(device_id=bank.device_id)
    assert follower.acked_seq == mine[-1]["seq"]
    assert (
        bank.call("GET", PATH, cursor=cursor).body["changes"] == page["changes"]
    )  # a lost answer costs nothing


def _penalty(copy: dict[str, Any]) -> str:
    rows = Record.objects.filter(pk__in=list(copy["records"]), section="penalty")
    return str(rows.order_by("pk")[0].pk)


def test_others_learn_nothing(bank: Knocker, signed_in: SignedIn, copy: dict[str, Any]) -> None:
    other = signed_in("bank2")
    correct(_penalty(copy))
    page = other.call("GET", PATH, cursor=other.session["cursor"]).body
    assert page["changes"] == []
    assert page["more"] is False


def test_notices_reach_their_officer_alone(bank: Knocker, signed_in: SignedIn) -> None:
    other = signed_in("bank2")
    with transaction.atomic():
        announce("", op="notice", body={"kind": "report_superseded", "number": "x"}, audience="bank1")
    (notice,) = bank.call("GET", PATH, cursor=bank.session["cursor"]).body["changes"]
    assert (notice["op"], notice["body"]["kind"]) == ("notice", "report_superseded")
    assert other.call("GET", PATH, cursor=other.session["cursor"]).body["changes"] == []


def test_pages_follow_the_scan(bank: Knocker) -> None:
    with transaction.atomic():
        for number in range(7):
            announce("", op="notice", body={"number": number}, audience="bank1" if number % 2 else "other")
    cursor, seen = bank.session["cursor"], []
    while True:
        page = bank.call("GET", PATH, cursor=cursor, limit=2).body
        seen += [change["body"]["number"] for change in page["changes"]]
        cursor = page["next_cursor"]
        if not page["more"]:
            break
    assert seen == [1, 3, 5]
    assert list(Change.objects.order_by("seq").values_list("seq", flat=True)) == sorted(
        Change.objects.values_list("seq", flat=True)
    )


def test_a_released_copy_is_followed_no_more(bank: Knocker, copy: dict[str, Any]) -> None:
    item = bank.item("copy.release", {"query_no": copy["query_no"]})
    result = bank.call("POST", "/api/v1/outbox", {"items": [item]}).body["results"][0]
    assert (result["status"], result["replayed"]) == (200, False)
    assert not Holding.objects.filter(ended_at="").exists()
    time.sleep(0.01)
    correct(_penalty(copy))
    assert bank.call("GET", PATH, cursor=bank.session["cursor"]).body["changes"] == []


def test_a_cursor_of_another_hand_another_life_or_too_old(bank: Knocker) -> None:
    cursor = bank.session["cursor"]
    assert bank.call("GET", PATH, cursor="x" * 40).code == "body-invalid"
    assert bank.call("GET", PATH, cursor=cursor[:-4] + "AAAA").code == "body-invalid"
    other_key = base64.urlsafe_b64encode(b"0" * 16 + base64.urlsafe_b64decode(cursor + "==")[16:]).decode()
    assert bank.call("GET", PATH, cursor=other_key.rstrip("=")).code == "cursor-expired"
    with transaction.atomic():
        announce("", op="notice", body={}, audience="bank1")
    assert bank.call("GET", PATH, cursor=cursor).status == 200
    Change.objects.update(at="2020-01-01T00:00:00.000Z")
    assert compact(180) >= 1
    expired = bank.call("GET", PATH, cursor=cursor)
    assert (expired.status, expired.code) == (410, "cursor-expired")
    FeedHead.objects.update(epoch="another", kept_from=1)
    changed = bank.call("GET", PATH, cursor=cursor)
    assert (changed.status, changed.code) == (409, "epoch-changed")


def test_reconciling_says_what_to_erase_and_what_to_mark(bank: Knocker, copy: dict[str, Any]) -> None:
    gone = _penalty(copy)
    marked = next(one for one in sorted(copy["records"]) if one != gone)
    correct(gone)
    records.unmark(marked, by="centre1")
    records.mark(marked, number="YY-1", accepted_on=today(), due_on=None, by="centre1")
    held = [{"rec_id": one, "rev": rev} for one, rev in copy["records"].items()]
    stranger = {"query_no": "CX-20200101-000001", "records": [{"rec_id": "R" * 26, "rev": 1}]}
    body = {"copies": [{"query_no": copy["query_no"], "records": held}, stranger]}
    answer = bank.call("POST", "/api/v1/reconcile", body).body
    assert {one["rec_id"]: one["reason"] for one in answer["revoke"]} == {
        gone: "corrected",
        "R" * 26: "removed",
    }
    assert [(one["rec_id"], one["reason"]) for one in answer["marks"]] == [(marked, "marked")]
    assert bank.call("GET", PATH, cursor=answer["cursor"]).body["changes"] == []


def test_waiting_ends_when_something_comes_or_time_is_up(bank: Knocker) -> None:
    start = time.monotonic()
    assert bank.call("GET", PATH, cursor=bank.session["cursor"], wait=1).body["changes"] == []
    assert 0.9 < time.monotonic() - start < 5
    assert bank.call("GET", PATH, wait=26).code == "body-invalid"


def test_outbox_items_are_judged_one_by_one(bank: Knocker, copy: dict[str, Any]) -> None:
    good = bank.item("copy.release", {"query_no": copy["query_no"]})
    forged = {**bank.item("copy.release", {"query_no": copy["query_no"]}), "op_id": str(uuid.uuid4())}
    changed = {**bank.item("copy.release", {"query_no": "x"}), "body": {"query_no": copy["query_no"]}}
    strange = bank.item("copy.burn", {})
    foreign = bank.item("copy.release", {"query_no": "CX-20200101-000001"})
    body = {"items": [good, forged, changed, strange, foreign]}
    results = bank.call("POST", "/api/v1/outbox", body).body["results"]
    assert [row["status"] for row in results] == [200, 422, 422, 422, 404]
    assert [row.get("problem", {}).get("code") for row in results] == [
        None,
        "entry-invalid",
        "entry-invalid",
        "body-invalid",
        "not-found",
    ]
    again = bank.call("POST", "/api/v1/outbox", body).body["results"]
    assert [row["replayed"] for row in again] == [True, False, False, True, True]
    assert [row["status"] for row in again] == [200, 422, 422, 422, 404]


def test_an_objection_is_filed_through_the_outbox(bank: Knocker, copy: dict[str, Any]) -> None:
    body = {
        "kind": "data_error",
        "query_no": copy["query_no"],
        "rec_id": _penalty(copy),
        "ground": "content",
        "wish": "correct",
        "statement": "处罚决定书载明的金额是二千元",
    }
    item = bank.item("objection.file", body)
    (result,) = bank.call("POST", "/api/v1/outbox", {"items": [item]}).body["results"]
    assert result["status"] == 200, result
    (view,) = bank.call("GET", "/api/v1/objections").body["objections"]
    assert view["number"] == result["body"]["number"]
